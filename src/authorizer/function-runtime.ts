/**
 * What runs in the process of a local function: loads the module once and answers calls, as the Node.js runtime of AWS
 * Lambda does.
 * @module
 */
import { Socket } from "node:net";
import { wordsOf } from "./function.js";
import {
	type FailureCode,
	LONGEST_ANSWER,
	LONGEST_LINE,
	MESSAGES_FD,
	type RuntimeCall,
	type RuntimeMessage,
	type RuntimeStart,
} from "./function-messages.js";
import { type Callback, type LambdaContext, lambdaContext } from "./lambda-context.js";
import { LineReader } from "./line-reader.js";

type Handler = (event: unknown, context: LambdaContext, callback: Callback) => unknown;

class NotAHandler extends Error {}

class ResponseTooLarge extends Error {
	override name = "Function.ResponseSizeTooLarge";
}

const start = JSON.parse(process.argv[4] ?? "") as RuntimeStart;
const messages = new Socket({ fd: MESSAGES_FD });

function send(message: RuntimeMessage, sent?: () => void): void {
	messages.write(`${JSON.stringify(message)}\n`, sent);
}

/** Looks up an export, dots leading into objects, by name in the module and in its default export (CommonJS). */
async function load({ module, exportName = "handler" }: RuntimeStart): Promise<Handler> {
	const exports = (await import(module)) as { default?: unknown };
	const found = [memberOf(exports, exportName), memberOf(exports.default, exportName)];
	if (start.exportName === undefined) found.push(exports.default);
	const handler = found.find((candidate) => typeof candidate === "function");
	if (handler !== undefined) return handler as Handler;
	const names = start.exportName === undefined ? "neither as handler nor as default" : `as ${exportName}`;
	throw new NotAHandler(`the module exports no function ${names}`);
}

function memberOf(root: unknown, path: string): unknown {
	return path.split(".").reduce((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], root);
}

/** Calls a handler by Lambda's rules: a promise or the callback answers; a plain return value counts for nothing. */
function call(handler: Handler, { event, timeout }: RuntimeCall): Promise<unknown> {
	return new Promise((resolve, reject) => {
		let answered = false;
		const callback: Callback = (error, answer) => {
			answered = true;
			if (error === undefined || error === null) resolve(answer);
			else reject(error);
		};
		const context = lambdaContext(start, timeout, () => performance.now(), callback);
		const returned = handler(event, context, callback);
		if (isThenable(returned)) returned.then(resolve, reject);
		else if (!answered && (returned !== undefined || handler.length < 2)) {
			reject(new NotAHandler("the handler returned no promise, and AWS Lambda ignores a plain return value"));
		}
	});
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
	return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

function failureOf(id: number, thrown: unknown): RuntimeMessage {
	const code: FailureCode = thrown instanceof NotAHandler ? "not-a-handler" : "function-threw";
	return { kind: "failure", id, code, ...wordsOf(thrown) };
}

/** What JSON cannot carry of an answer is lost here as it is on AWS. */
async function answer(request: RuntimeCall): Promise<void> {
	const { id } = request;
	try {
		await told;
		const json = JSON.stringify(await call(await handler, request)) ?? "null";
		const size = Buffer.byteLength(json);
		if (size > LONGEST_ANSWER) throw new ResponseTooLarge(`the answer has ${size} bytes`);
		for (const output of outputs) output.end();
		messages.write(`{"kind":"answer","id":${id},"answer":${json}}\n`);
	} catch (error) {
		for (const output of outputs) output.end();
		send(failureOf(id, error));
	}
}

/**
 * Hands on what the function prints through the pipe of the answers, so that a call's lines are told before its answer
 * is. What is written to the descriptors past this goes its own way.
 */
function forwardLines(output: NodeJS.WriteStream): LineReader {
	const lines = new LineReader(LONGEST_LINE, (line, cut) => send({ kind: "line", line: cut ? `${line}...` : line }));
	output.write = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
		lines.push(typeof chunk === "string" ? Buffer.from(chunk, encodingOf(rest[0])) : Buffer.from(chunk));
		const done = rest.find((argument) => typeof argument === "function") as (() => void) | undefined;
		if (done !== undefined) process.nextTick(done);
		return true;
	};
	return lines;
}

function encodingOf(value: unknown): BufferEncoding {
	return typeof value === "string" && Buffer.isEncoding(value) ? value : "utf8";
}

const outputs = [forwardLines(process.stdout), forwardLines(process.stderr)];
const handler = load(start);
// Each call awaits it and tells the failure; before that the message is out, for the call may be an endless loop.
const told = handler.catch(() => {}).then(() => new Promise<void>((sent) => send({ kind: "ready" }, sent)));

process.on("uncaughtException", (thrown) => send({ kind: "crash", ...wordsOf(thrown) }, () => process.exit(1)));

const calls = new LineReader(Number.POSITIVE_INFINITY, (line) => void answer(JSON.parse(line) as RuntimeCall));
messages.on("data", (chunk) => calls.push(chunk));
// Without Latchkey there is nobody to run for.
messages.on("error", () => process.exit(1));
messages.on("close", () => process.exit(0));
