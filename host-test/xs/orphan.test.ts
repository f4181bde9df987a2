/**
 * The engine's process never outlives the Node process that started it.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { engineTest } from "./engine-test.js";
import type { XsEngine } from "./index.js";

const targetTests = [
	["x64", await engineTest("x64")],
	["rv32", await engineTest("rv32")],
] as const;

/** A Node process that starts a machine and then does `rest` with the promise of it. */
function startNode(engine: XsEngine, rest: string): ChildProcess {
	const script = `
		import { XsMachine } from ${JSON.stringify(new URL("index.ts", import.meta.url).href)};
		const starting = XsMachine.start({
			engine: ${JSON.stringify(engine)},
			opcodeLimit: Number.MAX_SAFE_INTEGER,
			onHostCall: () => { process.stdout.write("ready"); return new Promise(() => undefined) },
		});
		${rest}
	`;
	const args = ["--import=tsx", "--input-type=module", "--eval", script];
	return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
}

const MOMENTS = [
	["is starting", `process.stdout.write("ready"); await starting;`],
	["is idle", `await starting; process.stdout.write("ready"); setInterval(() => undefined, 1000);`],
	["is in a host call", `await (await starting).evaluate("host.call(new ArrayBuffer(1))");`],
	["is in an endless loop", `(await starting).evaluate("for (;;) {}"); process.stdout.write("ready");`],
] as const;

for (const [target, test] of targetTests) {
	for (const [what, rest] of MOMENTS) {
		test(`${target}: when Node is killed, a machine that ${what} ends`, async (t, engine) => {
			const node = startNode(engine, rest);
			await once(node.stdout!, "data");
			node.kill("SIGKILL");
			// The engine holds the same stderr: `close` comes when it is gone too.
			await once(node, "close");
			t.is(node.signalCode, "SIGKILL");
		});
	}

	test(`${target}: a Node process ends by itself after close`, async (t, engine) => {
		const node = startNode(
			engine,
			"const machine = await starting; await machine.evaluate('1'); await machine.close();",
		);
		const [exitCode] = (await once(node, "close")) as [number];
		t.is(exitCode, 0);
	});
}
