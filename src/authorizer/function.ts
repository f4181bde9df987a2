/**
 * The function behind an authorizer, wherever it runs.
 * @module
 */

/**
 * AWS IoT waits no longer for an authorizer's function, however long its own timeout is: 5 seconds, in milliseconds. A
 * shorter one of its own comes first.
 */
export const FUNCTION_TIMEOUT = 5000;

/**
 * Time for loading a function's code, which a call does not pay for: AWS Lambda's init phase of 10 seconds, in milliseconds
 * (AWS Lambda Developer Guide, "Lambda execution environment").
 */
export const FUNCTION_INIT_TIMEOUT = 10_000;

/** Time that a call of a local function waits for others to end before it may begin: 30 seconds, in milliseconds. */
export const FUNCTION_WAIT_TIMEOUT = 30_000;

export interface AuthorizerFunction {
	/**
	 * Calls the function once. Calls may overlap.
	 * @param event any value that JSON carries.
	 * @param options.timeout milliseconds from the call to the answer; loading the function's code, and waiting until it may
	 * run, may have time of their own.
	 * @returns what the function answered, as JSON carries it; nothing of it is checked.
	 * @throws {FunctionError}
	 */
	invoke(event: unknown, options: { readonly timeout: number }): Promise<unknown>;
	/**
	 * Takes no new calls from now on: they fail with `function-crashed`. Those under way have their own time to end in, and
	 * what ran them goes with the last of them. A function that has nothing to let go of may leave it out.
	 * @returns settles when nothing of the function runs any more.
	 */
	retire?(): Promise<void>;
	/** Ends the function, also one that is retired; what is still running, and every later call, fails with `function-crashed`. */
	close(): Promise<void>;
}

export type FunctionErrorCode =
	/** There is nothing to run. */
	| "function-not-found"
	/** What there is exports no function, or one that AWS Lambda would not wait for. */
	| "not-a-handler"
	| "function-threw"
	/** The call took longer than it may. */
	| "function-timed-out"
	/** Its code took longer to load than it may, so that the call did not begin. */
	| "function-load-timed-out"
	/** So many calls were under way that this one could not begin in time. */
	| "function-busy"
	/** It ended without an answer: it left the process, ran out of memory, or threw outside of the call. */
	| "function-crashed";

/** A call that brought no answer. `errorType` and `errorMessage` are those of AWS Lambda, the function's own words. */
export class FunctionError extends Error {
	override readonly name = "FunctionError";
	readonly code: FunctionErrorCode;
	readonly errorType: string;
	readonly errorMessage: string;

	constructor(code: FunctionErrorCode, errorType: string, errorMessage: string) {
		super(`Lambda function encountered error in execution: ${errorMessage}: ${errorType}`);
		this.code = code;
		this.errorType = errorType;
		this.errorMessage = errorMessage;
	}
}

/** A call of a function that was closed or retired, or that was under way when it was closed. */
export function functionClosed(): FunctionError {
	return new FunctionError("function-crashed", "Runtime.ExitError", "the function was closed");
}

/** What was thrown, in AWS Lambda's two words; anything may be thrown, and errors may have anything for a name. */
export function wordsOf(thrown: unknown): { readonly errorType: string; readonly errorMessage: string } {
	try {
		if (thrown instanceof Error) return { errorType: String(thrown.name), errorMessage: String(thrown.message) };
		return { errorType: typeof thrown, errorMessage: String(thrown) };
	} catch {
		return { errorType: typeof thrown, errorMessage: "what was thrown cannot be written as text" };
	}
}
