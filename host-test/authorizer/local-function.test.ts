import { existsSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { openLocalFunction } from "../../src/authorizer/index.js";
import { event, failure, folder, open, PLENTY, SHORT } from "./opened-function.js";

/** Counts its calls, or hangs. */
const LOOP = `let calls = 0;
	export const handler = async ({ token }) => { for (calls++; token === "hang"; ); return calls; };`;

test.serial("runs a TypeScript module and hands it the event", async (t) => {
	const run = open(
		t,
		`interface Event { readonly token: string; readonly signatureVerified: boolean }
		export const handler = async ({ token, signatureVerified }: Event): Promise<unknown> => ({ token, signatureVerified });`,
	);
	t.deepEqual(await run.invoke(event("tok"), PLENTY), { token: "tok", signatureVerified: true });
});

test.serial("loading the module does not count as time of the first call", async (t) => {
	// A process with TypeScript takes more than this to start, on any machine.
	const run = open(t, "export const handler = async () => 1;");
	t.is(await run.invoke(event("t"), { timeout: 20 }), 1);
});

test.serial("an answer of 6 MB comes back whole", async (t) => {
	const run = open(t, "export const handler = async () => 'x'.repeat(6 * 1024 * 1024 - 2);");
	t.is(((await run.invoke(event("t"), PLENTY)) as string).length, 6 * 1024 * 1024 - 2);
});

test.serial("an answer is measured in bytes", async (t) => {
	const run = open(t, "export const handler = async () => '\u00e9'.repeat(3 * 1024 * 1024);");
	t.is((await failure(t, run.invoke(event("t"), PLENTY))).errorType, "Function.ResponseSizeTooLarge");
});

test.serial("an answer without end ends the call and not the process", async (t) => {
	const run = open(t, "export const handler = async () => 'x'.repeat(7 * 1024 * 1024);");
	const { code, errorType } = await failure(t, run.invoke(event("t"), PLENTY));
	t.is(code, "function-threw");
	t.is(errorType, "Function.ResponseSizeTooLarge");
});

test.serial("the answer is what JSON can carry of it", async (t) => {
	const run = open(t, "export const handler = async () => ({ at: new Date(0), none: undefined, not: Number.NaN });");
	t.deepEqual(await run.invoke(event("t"), PLENTY), { at: "1970-01-01T00:00:00.000Z", not: null });
});

test.serial("runs the CommonJS form of AWS's samples, with a callback", async (t) => {
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
	test.serial(`runs ${what}`, async (t) => {
		t.is(await open(t, source, "function.mjs").invoke(event("t"), PLENTY), 1);
	});
}

test.serial("is kept warm between calls", async (t) => {
	const run = open(t, "let calls = 0; export const handler = async () => ++calls;");
	t.is(await run.invoke(event("t"), PLENTY), 1);
	t.is(await run.invoke(event("t"), PLENTY), 2);
});

test.serial("is loaded again when its file has changed", async (t) => {
	const file = join(folder(t), "function.mjs");
	writeFileSync(file, "export const handler = async (");
	const run = openLocalFunction(file);
	t.teardown(() => run.close());
	await failure(t, run.invoke(event("t"), PLENTY));
	writeFileSync(file, "export const handler = async () => 1;");
	utimesSync(file, 1, 1); // Two writes may fall into one tick of the file system's clock.
	t.is(await run.invoke(event("t"), PLENTY), 1);
});

test.serial("is loaded again when a file that it imports has changed, or was missing", async (t) => {
	const directory = folder(t);
	const [file, table, inner] = ["function.mjs", "table.mjs", "inner.cjs"].map((name) => join(directory, name)) as [
		string,
		string,
		string,
	];
	writeFileSync(file, 'import value from "./table.mjs"; export const handler = async () => value;');
	const run = openLocalFunction(file);
	t.teardown(() => run.close());
	await failure(t, run.invoke(event("t"), PLENTY));
	writeFileSync(table, 'export { default } from "./inner.cjs";');
	writeFileSync(inner, "module.exports = 1;");
	t.is(await run.invoke(event("t"), PLENTY), 1);
	writeFileSync(inner, "module.exports = 2;");
	utimesSync(inner, 1, 1);
	t.is(await run.invoke(event("t"), PLENTY), 2);
});

test.serial("is kept warm though its module imports others", async (t) => {
	const directory = folder(t);
	writeFileSync(join(directory, "table.json"), "{}");
	const file = join(directory, "function.mjs");
	writeFileSync(
		file,
		'import "node:fs"; import { createRequire } from "node:module"; createRequire(import.meta.url)("./table.json"); let calls = 0; export const handler = async () => ++calls;',
	);
	const run = openLocalFunction(file);
	t.teardown(() => run.close());
	const answers = [await run.invoke(event("t"), PLENTY), await run.invoke(event("t"), PLENTY)];
	t.deepEqual(answers, [1, 2]);
});

test.serial("calls that overlap get their own answers, from processes of their own", async (t) => {
	const flag = join(folder(t), "flag");
	const run = open(
		t,
		`import { existsSync, writeFileSync } from "node:fs";
		const flag = ${JSON.stringify(flag)};
		const flagged = () => new Promise((resolve) => {
			const timer = setInterval(() => { if (existsSync(flag)) { clearInterval(timer); resolve(); } }, 5);
		});
		export const handler = async ({ token }) => {
			if (token === "first") await flagged(); else writeFileSync(flag, "");
			return [token, process.pid];
		};`,
		"function.mjs",
	);
	const answers = await Promise.all(["first", "second"].map((token) => run.invoke(event(token), PLENTY)));
	const [first, second] = answers as [string, number][];
	t.deepEqual([first?.[0], second?.[0]], ["first", "second"]);
	t.not(first?.[1], second?.[1]);
});

test.serial("quick calls that overlap share a process", async (t) => {
	const run = open(t, "export const handler = async () => process.pid;", "function.mjs");
	await run.invoke(event("t"), PLENTY);
	const pids = await Promise.all(Array.from({ length: 20 }, () => run.invoke(event("t"), PLENTY)));
	t.is(new Set(pids).size, 1);
});

for (const [what, statement, code, given] of [
	["end their process", "process.exit(1)", "function-crashed", PLENTY],
	["kill their process", 'process.kill(process.pid, "SIGKILL"); for (;;);', "function-crashed", PLENTY],
	["are endless loops", "for (;;);", "function-timed-out", SHORT],
] as const) {
	test.serial(`of calls that overlap those that ${what} fail, and no other`, async (t) => {
		const source = `export const handler = async ({ token }) => { if (token === "bad") { ${statement}; } return token; };`;
		const run = open(t, source, "function.mjs");
		await run.invoke(event("good"), PLENTY);
		const calls = Array.from({ length: 40 }, (_, index) =>
			index % 10 === 4
				? failure(t, run.invoke(event("bad"), given)).then((error) => error.code)
				: run.invoke(event("good"), PLENTY),
		);
		const ends = await Promise.all(calls);
		t.is(ends.filter((end) => end === "good").length, 36);
		t.is(ends.filter((end) => end === code).length, 4);
	});
}

test.serial("a call that waits for a process does not pay for that", async (t) => {
	const run = open(t, LOOP, "function.mjs", { concurrency: 1 });
	await run.invoke(event("t"), PLENTY);
	const hanging = failure(t, run.invoke(event("hang"), { timeout: 500 }));
	t.is(await run.invoke(event("t"), { timeout: 400 }), 1);
	t.is((await hanging).code, "function-timed-out");
});

test.serial("an error is told by its type and its message", async (t) => {
	const run = open(t, 'export const handler = async () => { throw new RangeError("too far"); };');
	const { code, errorType, errorMessage, message } = await failure(t, run.invoke(event("t"), PLENTY));
	t.deepEqual([code, errorType, errorMessage], ["function-threw", "RangeError", "too far"]);
	t.is(message, "Lambda function encountered error in execution: too far: RangeError");
});

for (const [what, source] of [
	["thrown at once", 'export const handler = () => { throw "no"; };'],
	["given to the callback", 'export const handler = (event, context, callback) => { callback("no"); };'],
] as const) {
	test.serial(`what is no error but ${what} is told as well`, async (t) => {
		const { code, errorType, errorMessage } = await failure(t, open(t, source, "f.mjs").invoke(event("t"), PLENTY));
		t.deepEqual([code, errorType, errorMessage], ["function-threw", "string", "no"]);
	});
}

test.serial("a module that does not compile fails its calls", async (t) => {
	const { code } = await failure(t, open(t, "export const handler = async (").invoke(event("t"), PLENTY));
	t.is(code, "function-threw");
});

test.serial("a module that exports no function is told apart", async (t) => {
	const { code } = await failure(t, open(t, "export const handler = 5;").invoke(event("t"), PLENTY));
	t.is(code, "not-a-handler");
});

for (const [what, exportName, source] of [
	["by its name", "judge", "export const judge = async () => 1; export const handler = async () => 2;"],
	["inside an object", "api.judge", "exports.api = { judge: async () => 1 };"],
] as const) {
	test.serial(`runs an export ${what}`, async (t) => {
		const run = open(t, source, what === "by its name" ? "index.mjs" : "index.js", { exportName });
		t.is(await run.invoke(event("t"), PLENTY), 1);
	});
}

test.serial("an export that is not there is told by its name, whatever else there is", async (t) => {
	const run = open(t, "export const handler = async () => 1;", "f.mjs", { exportName: "judge" });
	const { code, errorMessage } = await failure(t, run.invoke(event("t"), PLENTY));
	t.deepEqual([code, errorMessage], ["not-a-handler", "the module exports no function as judge"]);
});

test.serial("hands on any JSON", async (t) => {
	const run = open(t, "export const handler = async (event) => [event];", "f.mjs");
	for (const given of [null, 7, "text\u2028\n", [], { a: { __proto__: null, b: [] } }]) {
		t.deepEqual(await run.invoke(given, PLENTY), [given]);
	}
});

test.serial("an event that JSON cannot carry fails its call alone", async (t) => {
	const run = open(t, "export const handler = async () => 1;", "f.mjs");
	t.is((await failure(t, run.invoke({ big: 1n }, PLENTY))).errorType, "Runtime.UnmarshalError");
	t.is(await run.invoke(event("t"), PLENTY), 1);
});

test.serial("a handler that returns no promise is refused, for AWS Lambda ignores what it returns", async (t) => {
	const { code } = await failure(t, open(t, "export const handler = () => ({});").invoke(event("t"), PLENTY));
	t.is(code, "not-a-handler");
});

test.serial("a file that is not there is told apart", async (t) => {
	const run = openLocalFunction(join(folder(t), "missing.ts"));
	t.is((await failure(t, run.invoke(event("t"), PLENTY))).code, "function-not-found");
});

test.serial("an endless loop ends when its time is up, and the next call starts afresh", async (t) => {
	const run = open(t, LOOP, "function.mjs");
	t.is(await run.invoke(event("t"), PLENTY), 1);
	t.is((await failure(t, run.invoke(event("hang"), SHORT))).code, "function-timed-out");
	t.is(await run.invoke(event("t"), PLENTY), 1);
});

test.serial("an endless loop of the first call has the call's time, not that of loading", async (t) => {
	const { code, errorMessage } = await failure(t, open(t, LOOP, "function.mjs").invoke(event("hang"), SHORT));
	t.deepEqual([code, errorMessage], ["function-timed-out", "no answer in 100 ms"]);
});

test.serial("a promise that never settles ends when its time is up, and the next call starts afresh", async (t) => {
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

test.serial("a call that hangs does not take another one with it", async (t) => {
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
	[
		"takes memory without bound",
		"const all = []; for (;;) all.push(new Array(10_000).fill(0.5))",
		"Runtime.OutOfMemory",
	],
] as const) {
	test.serial(`a function that ${what} fails its call, and the next call starts afresh`, async (t) => {
		const source = `let calls = 0;
			export const handler = async ({ token }) => { calls++; if (token === "crash") { ${statement}; } return calls; };`;
		const run = open(t, source, "function.mjs", { memory: 32 });
		t.is(await run.invoke(event("t"), PLENTY), 1);
		const error = await failure(t, run.invoke(event("crash"), PLENTY));
		t.deepEqual([error.code, error.errorType], ["function-crashed", errorType]);
		t.is(await run.invoke(event("t"), PLENTY), 1);
	});
}

test.serial("what the function prints is told line by line", async (t) => {
	const lines: string[] = [];
	const source = `export const handler = async () => { console.log("one\\ntwo"); console.error({ three: 3 }); };`;
	await open(t, source, "function.mjs", { log: (line) => lines.push(line) }).invoke(event("t"), PLENTY);
	t.deepEqual(lines, ["one", "two", "{ three: 3 }"]);
});

test.serial("what is printed in pieces is one line, and who waits for a write is told", async (t) => {
	const lines: string[] = [];
	const source = `export const handler = async () => {
		process.stdout.write("o"); process.stdout.write("6e65", "hex");
		await new Promise((resolve) => process.stdout.write("\\nrest", resolve));
	};`;
	await open(t, source, "function.mjs", { log: (line) => lines.push(line) }).invoke(event("t"), PLENTY);
	t.deepEqual(lines, ["one", "rest"]);
});

test.serial("a line without end is cut", async (t) => {
	const lines: string[] = [];
	const source = "export const handler = async () => { console.log('x'.repeat(1_000_000)); console.log('next'); };";
	await open(t, source, "function.mjs", { log: (line) => lines.push(line) }).invoke(event("t"), PLENTY);
	t.deepEqual(lines, [`${"x".repeat(16 * 1024)}...`, "next"]);
});

test.serial("what is written past the console is told as well", async (t) => {
	const source = 'import { writeSync } from "node:fs"; export const handler = async () => { writeSync(2, "raw\\n"); };';
	const told = new Promise<string>((log) => {
		open(t, source, "function.mjs", { log }).invoke(event("t"), PLENTY).catch(log);
	});
	t.is(await told, "raw");
});

test.serial("closing fails what is under way", async (t) => {
	const run = open(t, "export const handler = () => new Promise(() => {});");
	const call = failure(t, run.invoke(event("t"), PLENTY));
	await new Promise((resolve) => setImmediate(resolve));
	await run.close();
	t.is((await call).code, "function-crashed");
});

/** Answers when the file is there, with its process. */
const waitFor = (flag: string) => `import { existsSync } from "node:fs";
	export const handler = () => new Promise((resolve) => {
		console.log("called");
		const timer = setInterval(() => { if (existsSync(${JSON.stringify(flag)})) { clearInterval(timer); resolve(process.pid); } }, 5);
	});`;

/** A function with a call under way that answers when `release` is called. */
async function busy(t: ExecutionContext) {
	const flag = join(folder(t), "flag");
	let called = () => {};
	const told = new Promise<void>((resolve) => {
		called = resolve;
	});
	const run = open(t, waitFor(flag), "function.mjs", { log: called });
	const call = run.invoke(event("t"), PLENTY);
	await told;
	return { run, call, release: () => writeFileSync(flag, "") };
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

test.serial("retiring lets the call under way finish, and then ends its process", async (t) => {
	const { run, call, release } = await busy(t);
	const retired = run.retire();
	t.is((await failure(t, run.invoke(event("t"), PLENTY))).errorMessage, "the function was closed");
	release();
	const pid = (await call) as number;
	await retired;
	t.false(isAlive(pid));
});

test.serial("retiring ends a process that has nothing to do", async (t) => {
	const run = open(t, "export const handler = async () => process.pid;", "f.mjs");
	const pid = (await run.invoke(event("t"), PLENTY)) as number;
	await run.retire();
	t.false(isAlive(pid));
});

test.serial("retiring waits no longer for a call than its own time", async (t) => {
	const run = open(t, LOOP, "function.mjs");
	await run.invoke(event("t"), PLENTY);
	const call = failure(t, run.invoke(event("hang"), SHORT));
	await run.retire();
	t.is((await call).code, "function-timed-out");
});

test.serial("closing ends what is retired as well", async (t) => {
	const { run, call } = await busy(t);
	const failed = failure(t, call);
	const retired = run.retire();
	await run.close();
	t.deepEqual([(await failed).code, (await failed).errorMessage], ["function-crashed", "the function was closed"]);
	await t.notThrowsAsync(retired);
});

for (const end of ["close", "retire"] as const) {
	test.serial(`after ${end} no call starts a process`, async (t) => {
		const started = join(folder(t), "started");
		const source = `import { writeFileSync } from "node:fs";
			writeFileSync(${JSON.stringify(started)}, ""); export const handler = async () => 1;`;
		const run = open(t, source, "f.mjs");
		await run[end]();
		const { code, errorMessage } = await failure(t, run.invoke(event("t"), PLENTY));
		t.deepEqual([code, errorMessage], ["function-crashed", "the function was closed"]);
		t.false(existsSync(started));
	});
}

for (const [what, thrown] of [
	["an error with a number for a message", 'Object.assign(new Error("x"), { message: 42 })'],
	["an error without a name", "Object.assign(new Error('42'), { name: undefined })"],
	["what is no text", "Object.create(null)"],
] as const) {
	test.serial(`${what} is an error of the call and not of the process`, async (t) => {
		const run = open(t, `export const handler = async () => { throw ${thrown}; };`, "f.mjs");
		const { code, errorMessage } = await failure(t, run.invoke(event("t"), PLENTY));
		t.is(code, "function-threw");
		t.regex(errorMessage, /^42$|cannot be written as text/);
	});
}

test.serial("a warm function keeps no process alive", async (t) => {
	// Not closed on purpose: AVA fails a file whose process does not end by itself.
	const file = join(folder(t), "function.mjs");
	writeFileSync(file, "export const handler = async () => 1;");
	t.is(await openLocalFunction(file).invoke(event("t"), PLENTY), 1);
});
