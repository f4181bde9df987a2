import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import { openLocalFunction } from "../../src/authorizer/index.js";
import { event, failure, folder, open, PLENTY, SHORT } from "./opened-function.js";

const OUT_OF_MEMORY = "Runtime.OutOfMemory";
const EXIT = "Runtime.ExitError";

for (const [what, statement, errorType, message] of [
	[
		"takes native memory without bound",
		"for (const all = [];;) all.push(Buffer.alloc(1 << 22, 1))",
		OUT_OF_MEMORY,
		/32 MB/,
	],
	["kills itself", 'process.kill(process.pid, "SIGKILL"); for (;;);', EXIT, /ended by SIGKILL/],
	["aborts", "process.abort()", EXIT, /ended by SIGABRT/],
	["writes into Latchkey's pipe", 'writeSync(3, "{\\n"); await never', EXIT, /pipe that is not its own/],
	...(
		[
			["null", "null"],
			["a line that is a number", '{"kind":"line","line":42}'],
			["a failure of its own making", '{"kind":"failure","id":2,"code":"bogus","errorType":"x","errorMessage":"y"}'],
			[
				"a failure by an object's member",
				'{"kind":"failure","id":2,"code":"toString","errorType":"x","errorMessage":"y"}',
			],
			["a failure without words", '{"kind":"failure","id":2,"code":"function-threw"}'],
			["a crash without words", '{"kind":"crash","errorType":{"a":1},"errorMessage":7}'],
			["an answer to no call", '{"kind":"answer","id":99,"answer":1}'],
			["a second ready", '{"kind":"ready"}'],
		] as const
	).map(
		([what, line]) =>
			[
				`writes ${what} into Latchkey's pipe`,
				`writeSync(3, ${JSON.stringify(`${line}\n`)}); await never`,
				EXIT,
				/pipe that is not its own/,
			] as const,
	),
] as const) {
	test.serial(`a function that ${what} fails its call, and the next call starts afresh`, async (t) => {
		const source = `import { writeSync } from "node:fs";
			let calls = 0;
			const never = new Promise(() => {});
			export const handler = async ({ token }) => { calls++; if (token === "crash") { ${statement}; } return calls; };`;
		const run = open(t, source, "function.mjs", { memory: 32 });
		t.is(await run.invoke(event("t"), PLENTY), 1);
		const error = await failure(t, run.invoke(event("crash"), PLENTY));
		t.deepEqual([error.code, error.errorType], ["function-crashed", errorType]);
		t.regex(error.errorMessage, message);
		t.is(await run.invoke(event("t"), PLENTY), 1);
	});
}

test.serial("a message without end ends the process and not Latchkey", async (t) => {
	const source = `import { writeSync } from "node:fs";
		export const handler = () => { for (;;) try { writeSync(3, "x".repeat(65536)); } catch {} };`;
	const { code, errorMessage } = await failure(t, open(t, source, "f.mjs").invoke(event("t"), PLENTY));
	t.deepEqual([code, errorMessage], ["function-crashed", "it wrote into a pipe that is not its own"]);
});

test.serial("a function that closes Latchkey's pipe runs out of time, and the next call starts afresh", async (t) => {
	const source = `import { closeSync } from "node:fs";
		export const handler = async ({ token }) => { if (token === "close") closeSync(3); return 1; };`;
	const run = open(t, source, "f.mjs");
	t.is(await run.invoke(event("t"), PLENTY), 1);
	await failure(t, run.invoke(event("close"), SHORT));
	t.is(await run.invoke(event("t"), PLENTY), 1);
});

test.serial("a function runs in a process of its own, in its file's folder", async (t) => {
	const run = open(t, "export const handler = async () => [process.pid, process.cwd(), __filename];");
	const [pid, cwd, file] = (await run.invoke(event("t"), PLENTY)) as [number, string, string];
	t.not(pid, process.pid);
	t.is(basename(cwd), basename(dirname(file)));
});

test.serial("a function sees none of Latchkey's environment but what every program needs", async (t) => {
	process.env["LATCHKEY_TEST_SECRET"] = "S3CRET";
	t.teardown(() => delete process.env["LATCHKEY_TEST_SECRET"]);
	const run = open(t, "export const handler = async () => process.env;", "f.mjs", {
		environment: { TABLE: "devices", AWS_REGION: "nowhere" },
		functionName: "Judge",
		functionArn: "arn:aws:lambda:us-west-2:123456789012:function:Judge",
	});
	const seen = (await run.invoke(event("t"), PLENTY)) as Record<string, string>;
	t.notRegex(JSON.stringify(seen), /S3CRET/);
	const { PATH, TABLE, AWS_REGION, AWS_LAMBDA_FUNCTION_NAME, NODE_OPTIONS } = seen;
	t.deepEqual(
		{ PATH, TABLE, AWS_REGION, AWS_LAMBDA_FUNCTION_NAME, NODE_OPTIONS },
		{
			PATH: process.env["PATH"],
			TABLE: "devices",
			AWS_REGION: "us-west-2",
			AWS_LAMBDA_FUNCTION_NAME: "Judge",
			NODE_OPTIONS: undefined,
		},
	);
});

test.serial("an environment that no process can have fails the call", async (t) => {
	const run = open(t, "export const handler = async () => 1;", "f.mjs", { environment: { A: "\0" } });
	t.is((await failure(t, run.invoke(event("t"), PLENTY))).code, "function-crashed");
});

test.serial("a handler gets the context of AWS Lambda", async (t) => {
	const run = open(
		t,
		`export const handler = async (event, context) =>
			({ ...context, left: context.getRemainingTimeInMillis(), names: Object.keys(context).sort() });`,
		"judge.mjs",
		{ memory: 256 },
	);
	const given = (await run.invoke(event("t"), { timeout: 30_000 })) as Record<string, unknown>;
	t.like(given, {
		functionName: "judge",
		functionVersion: "$LATEST",
		invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:judge",
		memoryLimitInMB: "256",
		logGroupName: "/aws/lambda/judge",
		callbackWaitsForEmptyEventLoop: true,
	});
	t.regex(String(given["awsRequestId"]), /^[0-9a-f-]{36}$/);
	t.regex(String(given["logStreamName"]), /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][0-9a-f]{32}$/);
	t.true(Number(given["left"]) > 0 && Number(given["left"]) <= 30_000);
});

for (const [what, statement, answer] of [
	["succeed", "context.succeed(7)", 7],
	["done", "context.done(null, 7)", 7],
] as const) {
	test.serial(`a handler may answer by context.${what}`, async (t) => {
		const source = `exports.handler = function (event, context) { setImmediate(() => ${statement}); };`;
		t.is(await open(t, source, "f.cjs").invoke(event("t"), PLENTY), answer);
	});
}

test.serial("a handler may fail by context.fail", async (t) => {
	const source = `exports.handler = function (event, context) { context.fail(new RangeError("no")); };`;
	const { code, errorType } = await failure(t, open(t, source, "f.cjs").invoke(event("t"), PLENTY));
	t.deepEqual([code, errorType], ["function-threw", "RangeError"]);
});

/** A place that processes call in at: its connection closes when the process that made it is gone. */
async function callIn(t: ExecutionContext): Promise<Server> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	t.teardown(() => server.close());
	return server;
}

const connect = (server: Server) => `
	const { connect } = await import("node:net");
	const socket = connect(${(server.address() as AddressInfo).port}, "127.0.0.1");
	await new Promise((resolve) => socket.once("connect", resolve));`;

test.serial("what a function started ends with it", async (t) => {
	const server = await callIn(t);
	const source = `import { spawn } from "node:child_process";
		export const handler = async () => {
			spawn(process.execPath, ["--input-type=module", "--eval", ${JSON.stringify(connect(server))}], { stdio: "ignore" });
		};`;
	const file = join(folder(t), "f.mjs");
	writeFileSync(file, source);
	const run = openLocalFunction(file);
	const [[connection]] = await Promise.all([once(server, "connection"), run.invoke(event("t"), PLENTY)]);
	await Promise.all([once((connection as Socket).on("error", () => undefined).resume(), "close"), run.close()]);
	t.pass();
});

/** A Node process that opens a function and does `rest` with it. */
function startNode(file: string, rest: string): ChildProcess {
	const script = `
		import { openLocalFunction } from ${JSON.stringify(new URL("../../src/authorizer/index.ts", import.meta.url).href)};
		const run = openLocalFunction(${JSON.stringify(file)});
		${rest}`;
	const args = ["--import=tsx", "--input-type=module", "--eval", script];
	const cwd = fileURLToPath(new URL("../..", import.meta.url));
	return spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "inherit"] });
}

for (const [what, rest] of [
	["is idle", "return 1;"],
	["is in an endless loop", "for (;;);"],
	["waits for ever", "setInterval(() => {}, 1000); await new Promise(() => {});"],
] as const) {
	test.serial(`when Latchkey is killed, a function that ${what} ends`, async (t) => {
		const server = await callIn(t);
		const file = join(folder(t), "f.mjs");
		writeFileSync(file, `export const handler = async () => { ${connect(server)} ${rest} };`);
		const node = startNode(file, "run.invoke({}, { timeout: 60_000 }); setInterval(() => {}, 1000);");
		const [connection] = (await once(server, "connection")) as [Socket];
		const closed = once(connection.on("error", () => undefined).resume(), "close");
		node.kill("SIGKILL");
		await closed;
		t.pass();
	});
}

test.serial("a call under way keeps Latchkey alive, and nothing does afterwards", async (t) => {
	const file = join(folder(t), "f.mjs");
	writeFileSync(file, "export const handler = () => new Promise((resolve) => setTimeout(resolve, 50, 'done'));");
	const node = startNode(file, "process.stdout.write(await run.invoke({}, { timeout: 60_000 }));");
	const [printed, [exitCode]] = await Promise.all([once(node.stdout!, "data"), once(node, "close")]);
	t.deepEqual([String(printed[0]), exitCode], ["done", 0]);
});
