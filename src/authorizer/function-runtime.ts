/**
 * The thread in which a local function runs: loads the module once and answers calls, as the Node.js runtime of AWS
 * Lambda does.
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import type { AuthorizerEvent } from "./event.js";
import { type FunctionErrorCode, wordsOf } from "./function.js";

/** What the thread is started with. */
export interface RuntimeStart {
	/** File URL of the function's module. */
	readonly module: string;
}

export interface RuntimeCall {
	readonly id: number;
	readonly event: AuthorizerEvent;
}

export type RuntimeMessage =
	/** The module is loaded, or cannot be. */
	| { readonly kind: "ready" }
	/** A line that the function printed. */
	| { readonly kind: "line"; readonly line: string }
	/** `json` is the answer as JSON; what JSON cannot carry is lost here as it is on AWS. */
	| { readonly kind: "answer"; readonly id: number; readonly json: string }
	| {
			readonly kind: "failure";
			readonly id: number;
			readonly code: FunctionErrorCode;
			readonly errorType: string;
			readonly errorMessage: string;
	  };

type Callback = (error: unknown, answer?: unknown) => void;
type Handler = (event: AuthorizerEvent, context: object, callback: Callback) => unknown;

class NotAHandler extends Error {}

/** Characters of an answer: AWS Lambda takes 6 MB; what is much larger would end the process on its way out of the thread. */
const LONGEST_ANSWER = 6 * 1024 * 1024;

class ResponseTooLarge extends Error {
	override name = "Function.ResponseSizeTooLarge";
}

async function load(module: string): Promise<Handler> {
	const exports = (await import(module)) as { handler?: unknown; default?: unknown };
	const fallback = exports.default as { handler?: unknown } | null | undefined;
	const handler = [exports.handler, fallback?.handler, fallback].find((candidate) => typeof candidate === "function");
	if (handler === undefined) {
		throw new NotAHandler("the module exports no function, neither as handler nor as default");
	}
	return handler as Handler;
}

/** Calls a handler by Lambda's rules: a promise or the callback answers; a plain return value counts for nothing. */
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
			reject(new NotAHandler("the handler returned no promise, and AWS Lambda ignores a plain return value"));
		}
	});
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
	return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

function failureOf(id: number, thrown: unknown): RuntimeMessage {
	const code = thrown instanceof NotAHandler ? "not-a-handler" : "function-threw";
	return { kind: "failure", id, code, ...wordsOf(thrown) };
}

function send(message: RuntimeMessage): void {
	parentPort?.postMessage(message);
}

/**
 * Hands on what the function prints. A worker's own `stdout` option would do, were it not that reading it keeps the
 * process alive (Node 20).
 */
function forwardLines(output: NodeJS.WriteStream): void {
	output.write = (chunk: string | Uint8Array): boolean => {
		for (const line of Buffer.from(chunk).toString().replace(/\n$/, "").split("\n")) send({ kind: "line", line });
		return true;
	};
}

forwardLines(process.stdout);
forwardLines(process.stderr);
const handler = load((workerData as RuntimeStart).module);
// Each call awaits it and tells the failure.
handler.catch(() => {}).then(() => send({ kind: "ready" }));

parentPort?.on("message", async ({ id, event }: RuntimeCall) => {
	try {
		const json = JSON.stringify(await call(await handler, event)) ?? "null";
		if (json.length > LONGEST_ANSWER) throw new ResponseTooLarge(`the answer has ${json.length} characters`);
		send({ kind: "answer", id, json });
	} catch (error) {
		send(failureOf(id, error));
	}
});
