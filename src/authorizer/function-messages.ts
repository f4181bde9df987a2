/**
 * What Latchkey and the process of a local function tell each other: JSON, a line a message, over a pipe of their own.
 *
 * Node's own channel between processes is not used: a function that writes to its descriptor by mistake makes the parent's
 * side of it throw where nobody can catch (Node 20).
 * @module
 */
import type { FunctionErrorCode } from "./function.js";

/** Descriptor of the pipe in the function's process. */
export const MESSAGES_FD = 3;

/** What the process is started with. */
export interface RuntimeStart {
	/** File URL of the function's module. */
	readonly module: string;
	/** Export to call, dots leading into objects; `handler` or the default export where absent. */
	readonly exportName?: string | undefined;
	/** Absolute path of the folder that the function finds itself in. */
	readonly taskRoot: string;
	/** The handler's name as AWS Lambda writes it, `file.export`. */
	readonly handler: string;
	readonly functionName: string;
	readonly functionArn: string;
	readonly logStreamName: string;
	/** MB. */
	readonly memory: number;
}

export interface RuntimeCall {
	readonly id: number;
	/** Milliseconds that the call may take. */
	readonly timeout: number;
	readonly event: unknown;
}

/** What the process says of a call that failed; of all else it cannot speak, because it is gone then or hangs. */
export type FailureCode = Extract<FunctionErrorCode, "not-a-handler" | "function-threw">;

export type RuntimeMessage =
	/** The module is loaded, or cannot be. */
	| { readonly kind: "ready" }
	/** A line that the function printed. */
	| { readonly kind: "line"; readonly line: string }
	| { readonly kind: "answer"; readonly id: number; readonly answer: unknown }
	| {
			readonly kind: "failure";
			readonly id: number;
			readonly code: FailureCode;
			readonly errorType: string;
			readonly errorMessage: string;
	  }
	/** Something was thrown outside of a call; the process ends. */
	| { readonly kind: "crash"; readonly errorType: string; readonly errorMessage: string };

/** Bytes of an answer as JSON: AWS Lambda takes 6 MB (AWS Lambda Developer Guide, "Lambda quotas"). */
export const LONGEST_ANSWER = 6 * 1024 * 1024;

/** Bytes of any message; an answer is the longest. */
export const LONGEST_MESSAGE = LONGEST_ANSWER + 64 * 1024;

/** Bytes of a printed line; AWS's logs end an entry at 256 KB, people sooner. */
export const LONGEST_LINE = 16 * 1024;
