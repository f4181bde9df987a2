/**
 * The function behind an authorizer, wherever it runs.
 * @module
 */

/** AWS waits no longer for an authorizer's function, whatever the function's own limit: 5 seconds, in milliseconds. */
export const FUNCTION_TIMEOUT = 5000;

export interface AuthorizerFunction {
	/**
	 * Calls the function once. Calls may overlap.
	 * @param event any value that JSON carries.
	 * @param options.timeout milliseconds from the call to the answer; loading the function's code may have time of its own.
	 * @returns what the function answered, as JSON carries it; nothing of it is checked.
	 * @throws {FunctionError}
	 */
	invoke(event: unknown, options: { readonly timeout: number }): Promise<unknown>;
	/** Ends the function; what is still running fails with `function-crashed`. */
	close(): Promise<void>;
}

export type FunctionErrorCode =
	/** There is nothing to run. */
	| "function-not-found"
	/** What there is exports no function, or one that AWS Lambda would not wait for. */
	| "not-a-handler"
	| "function-threw"
	| "function-timed-out"
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

/** What was thrown, in AWS Lambda's two words; anything may be thrown. */
export function wordsOf(thrown: unknown): { readonly errorType: string; readonly errorMessage: string } {
	if (thrown instanceof Error) return { errorType: thrown.name, errorMessage: thrown.message };
	return { errorType: typeof thrown, errorMessage: String(thrown) };
}
