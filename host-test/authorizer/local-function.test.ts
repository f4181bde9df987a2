import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import {
	type AuthorizerFunction,
	buildAuthorizerEvent,
	FunctionError,
	openLocalFunction,
} from "../../src/authorizer/index.js";
import type { LocalFunctionOptions } from "../../src/authorizer/local-function.js";

/** Milliseconds no test gets near to, and such as a hanging function is given once it is warm. */
const PLENTY = { timeout: 60_000 };
const SHORT = { timeout: 100 };

const event = (token: string) => buildAuthorizerEvent({ connectionId: "0b8e0c5e-5f0a-4f5b-9b0a-1f1f1f1f1f1f" }, token);

function folder(t: ExecutionContext): string {
	const path = mkdtempSync(join(tmpdir(), "latchkey-function-"));
	t.teardown(() => rmSync(path, { recursive: true }));
	return path;
}

/** Opens a function with this source; it and its file are gone after the test. */
function open(
	t: ExecutionContext,
	source: string,
	name = "function.ts",
	options?: LocalFunctionOptions,
): AuthorizerFunction {
	const file = join(folder(t), name);
	writeFileSync(file, source);
	const opened = openLocalFunction(file, options);
	t.teardown(() => opened.close());
	return opened;
}

async function failure(t: ExecutionContext, call: Promise<unknown>): Promise<FunctionError> {
	return (await t.throwsAsync(call, { instanceOf: FunctionError })) as FunctionError;
}

test("runs a TypeScript module and hands it the event", async (t) => {
	const run = open(
		t,
		`interface Event { readonly token: string; readonly signatureVerified: boolean }
		export const handler = async ({ token, signatureVerified }: Event): Promise<unknown> => ({ token, signatureVerified });`,
	);
	t.deepEqual(await run.invoke(event("tok"), PLENTY), { token: "tok", signatureVerified: true });
});

test("loading the module does not count as time of the first call", async (t) => {
	// A thread with TypeScript takes more than this to start, on any machine.
	const run = open(t, "export const handler = async () => 1;");
	t.is(await run.invoke(event("t"), { timeout: 20 }), 1);
});

test("an answer without end ends the call and not the process", async (t) => {
	const run = open(t, "export const handler = async () => 'x'.repeat(7 * 1024 * 1024);");
	const { code, errorType } = await failure(t, run.invoke(event("t"), PLENTY));
	t.is(code, "function-threw");
	t.is(errorType, "Function.ResponseSizeTooLarge");
});

test("what a function posts by itself is not taken for an answer", async (t) => {
	const run = open(
		t,
		`import { parentPort } from "node:worker_threads";
		export const handler = async () => {
			for (const junk of [null, 7, {}, { kind: "other", id: 1 }]) parentPort?.postMessage(junk);
			return "answer";
		};`,
	);
	t.is(await run.invoke(event("t"), PLENTY), "answer");
});

test("the answer is what JSON can carry of it", async (t) => {
	const run = open(t, "export const handler = async () => ({ at: new Date(0), none: undefined, not: Number.NaN });");
	t.deepEqual(await run.invoke(event("t"), PLENTY), { at: "1970-01-01T00:00:00.000Z", not: null });
});

test("runs the CommonJS form of AWS's samples, with a callback", async (t) => {
	const run = open(
		t,
		`exports.handler = function (event, context, callback) {
			context.callbackWaitsForEmptyEventLoop = false;
			setImmediate(() => callback(null, { token: event.token }));
		};`,
		"function.cjs",
	);
	t.deepEqual(await run.invoke(event("tok"), PLENTY), { token: "tok" });
});

for (const [what, source] of [
	["a default function", "export default async () => 1;"],
	["a handler in the default export", "export default { handler: async () => 1 };"],
] as const) {
	test(`runs ${what}`, async (t) => {
		t.is(await open(t, source, "function.mjs").invoke(event("t"), PLENTY), 1);
	});
}

test("is kept warm between calls", async (t) => {
	const run = open(t, "let calls = 0; export const handler = async () => ++calls;");
	t.is(await run.invoke(event("t"), PLENTY), 1);
	t.is(await run.invoke(event("t"), PLENTY), 2);
});

test("is loaded again when its file has changed", async (t) => {
	const file = join(folder(t), "function.mjs");
	writeFileSync(file, "export const handler = async (");
	const run = openLocalFunction(file);
	t.teardown(() => run.close());
	await failure(t, run.invoke(event("t"), PLENTY));
	writeFileSync(file, "export const handler = async () => 1;");
	utimesSync(file, 1, 1); // Two writes may fall into one tick of the file system's clock.
	t.is(await run.invoke(event("t"), PLENTY), 1);
});

test("calls that overlap get their own answers", async (t) => {
	const run = open(
		t,
		`let open; const gate = new Promise((resolve) => { open = resolve; });
		export const handler = async ({ token }) => { if (token === "first") await gate; else open(); return token; };`,
		"function.mjs",
	);
	t.deepEqual(await Promise.all(["first", "second"].map((token) => run.invoke(event(token), PLENTY))), [
		"first",
		"second",
	]);
});

test("an error is told by its type and its message", async (t) => {
	const run = open(t, 'export const handler = async () => { throw new RangeError("too far"); };');
	const { code, errorType, errorMessage, message } = await failure(t, run.invoke(event("t"), PLENTY));
	t.deepEqual([code, errorType, errorMessage], ["function-threw", "RangeError", "too far"]);
	t.is(message, "Lambda function encountered error in execution: too far: RangeError");
});

for (const [what, source] of [
	["thrown at once", 'export const handler = () => { throw "no"; };'],
	["given to the callback", 'export const handler = (event, context, callback) => { callback("no"); };'],
] as const) {
	test(`what is no error but ${what} is told as well`, async (t) => {
		const { code, errorType, errorMessage } = await failure(t, open(t, source, "f.mjs").invoke(event("t"), PLENTY));
		t.deepEqual([code, errorType, errorMessage], ["function-threw", "string", "no"]);
	});
}

test("a module that does not compile fails its calls", async (t) => {
	const { code } = await failure(t, open(t, "export const handler = async (").invoke(event("t"), PLENTY));
	t.is(code, "function-threw");
});

test("a module that exports no function is told apart", async (t) => {
	const { code } = await failure(t, open(t, "export const handler = 5;").invoke(event("t"), PLENTY));
	t.is(code, "not-a-handler");
});

test("a handler that returns no promise is refused, for AWS Lambda ignores what it returns", async (t) => {
	const { code } = await failure(t, open(t, "export const handler = () => ({});").invoke(event("t"), PLENTY));
	t.is(code, "not-a-handler");
});

test("a file that is not there is told apart", async (t) => {
	const run = openLocalFunction(join(folder(t), "missing.ts"));
	t.is((await failure(t, run.invoke(event("t"), PLENTY))).code, "function-not-found");
});

const LOOP = `let calls = 0;
	export const handler = async ({ token }) => { for (calls++; token === "hang"; ); return calls; };`;

test("an endless loop ends when its time is up, and the next call starts afresh", async (t) => {
	const run = open(t, LOOP, "function.mjs");
	t.is(await run.invoke(event("t"), PLENTY), 1);
	t.is((await failure(t, run.invoke(event("hang"), SHORT))).code, "function-timed-out");
	t.is(await run.invoke(event("t"), PLENTY), 1);
});

test("a promise that never settles ends when its time is up, and the next call starts afresh", async (t) => {
	const run = open(
		t,
		`let calls = 0;
		export const handler = async ({ token }) => { calls++; if (token === "hang") await new Promise(() => {}); return calls; };`,
		"function.mjs",
	);
	t.is(await run.invoke(event("t"), PLENTY), 1);
	t.is((await failure(t, run.invoke(event("hang"), SHORT))).code, "function-timed-out");
	t.is(await run.invoke(event("t"), PLENTY), 1);
});

test("a call that hangs does not take another one with it", async (t) => {
	const flag = join(folder(t), "flag");
	const run = open(
		t,
		`import { existsSync } from "node:fs";
		const flagged = () => new Promise((resolve) => {
			const timer = setInterval(() => { if (existsSync(${JSON.stringify(flag)})) { clearInterval(timer); resolve(); } }, 5);
		});
		export const handler = ({ token }) => token === "hang" ? new Promise(() => {}) : token === "wait" ? flagged() : Promise.resolve();`,
		"function.mjs",
	);
	await run.invoke(event("t"), PLENTY);
	const waiting = run.invoke(event("wait"), PLENTY);
	await failure(t, run.invoke(event("hang"), SHORT));
	writeFileSync(flag, "");
	t.is(await waiting, null);
});

for (const [what, statement, errorType] of [
	["leaves the process", "process.exit(3)", "Runtime.ExitError"],
	[
		"throws where nobody waits",
		'setImmediate(() => { throw new TypeError("late"); }); await new Promise(() => {})',
		"TypeError",
	],
	["takes memory without bound", "const all = []; for (;;) all.push(new Array(10_000).fill(0.5))", "Error"],
] as const) {
	test(`a function that ${what} fails its call, and the next call starts afresh`, async (t) => {
		const source = `let calls = 0;
			export const handler = async ({ token }) => { calls++; if (token === "crash") { ${statement}; } return calls; };`;
		const run = open(t, source, "function.mjs", { memory: 32 });
		t.is(await run.invoke(event("t"), PLENTY), 1);
		const error = await failure(t, run.invoke(event("crash"), PLENTY));
		t.deepEqual([error.code, error.errorType], ["function-crashed", errorType]);
		t.is(await run.invoke(event("t"), PLENTY), 1);
	});
}

test("what the function prints is told line by line", async (t) => {
	const lines: string[] = [];
	const source = `export const handler = async () => { console.log("one\\ntwo"); console.error({ three: 3 }); };`;
	await open(t, source, "function.mjs", { log: (line) => lines.push(line) }).invoke(event("t"), PLENTY);
	t.deepEqual(lines, ["one", "two", "{ three: 3 }"]);
});

test("closing fails what is under way", async (t) => {
	const run = open(t, "export const handler = () => new Promise(() => {});");
	const call = failure(t, run.invoke(event("t"), PLENTY));
	await new Promise((resolve) => setImmediate(resolve));
	await run.close();
	t.is((await call).code, "function-crashed");
});

test("a warm function keeps no process alive", async (t) => {
	// Not closed on purpose: AVA fails a file whose process does not end by itself.
	const file = join(folder(t), "function.mjs");
	writeFileSync(file, "export const handler = async () => 1;");
	t.is(await openLocalFunction(file).invoke(event("t"), PLENTY), 1);
});
