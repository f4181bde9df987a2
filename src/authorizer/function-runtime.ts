/**
 * The thread in which a local function runs: loads the module once and answers calls, as the Node.js runtime of AWS
 * Lambda does.
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import type { AuthorizerEvent } from "./event.js";
import type { FunctionErrorCode } from "./function.js";

/** What the thread is started with. */
export interface WorkerStart {
	/** File URL of the function's module. */
	readonly module: string;
}

export interface WorkerCall {
	readonly id: number;
	readonly event: AuthorizerEvent;
}

export type WorkerReply =
	/** `json` is the answer as JSON; what JSON cannot carry is lost here as it is on AWS. */
	| { readonly id: number; readonly json: string }
	| {
			readonly id: number;
			readonly code: FunctionErrorCode;
			readonly errorType: string;
			readonly errorMessage: string;
	  };

type Callback = (error: unknown, answer?: unknown) => void;
type Handler = (event: AuthorizerEvent, context: object, callback: Callback) => unknown;

class NotAHandler extends Error {}

async function load(module: string): Promise<Handler> {
	const exports = (await import(module)) as { handler?: unknown; default?: unknown };
	const fallback = exports.default as { handler?: unknown } | undefined;
	const handler = [exports.handler, fallback?.handler, fallback].find((candidate) => typeof candidate === "function");
	if (handler === undefined) throw new NotAHandler("the module exports neither a function named handler nor one as default");
	return handler as Handler;
}

/**
 * Calls a handler by Lambda's rules: a promise is waited for, the callback too; a plain return value counts for nothing.
 */
function call(handler: Handler, event: AuthorizerEvent): Promise<unknown> {
	return new Promise((resolve, reject) => {
		let answered = false;
		const returned = handler(event, {}, (error, answer) => {
			answered = true;
			if (error === undefined || error === null) resolve(answer);
			else reject(error);
		});
		if (isThenable(returned)) returned.then(resolve, reject);
		else if (!answered && (returned !== undefined || handler.length < 3)) {
			reject(new NotAHandler("the handler returned no promise, and AWS Lambda ignores a plain return value: make it async"));
		}
	});
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
	return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

function failureOf(id: number, error: unknown): WorkerReply {
	if (error instanceof NotAHandler) {
		return { id, code: "not-a-handler", errorType: "Error", errorMessage: error.message };
	}
	if (error instanceof Error) {
		return { id, code: "function-threw", errorType: error.name, errorMessage: error.message };
	}
	return { id, code: "function-threw", errorType: typeof error, errorMessage: String(error) };
}

const handler = load((workerData as WorkerStart).module);
handler.catch(() => {}); // Each call awaits it and tells the failure.

parentPort?.on("message", async ({ id, event }: WorkerCall) => {
	let reply: WorkerReply;
	try {
		reply = { id, json: JSON.stringify(await call(await handler, event)) ?? "null" };
	} catch (error) {
		reply = failureOf(id, error);
	}
	parentPort?.postMessage(reply);
});
