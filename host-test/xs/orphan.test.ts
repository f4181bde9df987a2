/**
 * The engine's process never outlives the Node process that started it.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { engineTest } from "./engine-test.js";
import type { XsEngine } from "./index.js";

const test = await engineTest();

/** A Node process that starts a machine and then does `rest` with it. */
function startNode(engine: XsEngine, rest: string): ChildProcess {
	const script = `
		import { XsMachine } from ${JSON.stringify(new URL("index.ts", import.meta.url).href)};
		const machine = await XsMachine.start({
			engine: { program: ${JSON.stringify(engine.program)} },
			opcodeLimit: Number.MAX_SAFE_INTEGER,
			onHostCall: () => { process.stdout.write("ready"); return new Promise(() => undefined) },
		});
		${rest}
	`;
	const args = ["--import=tsx", "--input-type=module", "--eval", script];
	return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
}

for (const [what, rest] of [
	["idle", `process.stdout.write("ready"); setInterval(() => undefined, 1000);`],
	["in a host call", `await machine.evaluate("host.call(new ArrayBuffer(1))");`],
	["in an endless loop", `machine.evaluate("for (;;) {}"); process.stdout.write("ready");`],
] as const) {
	test(`when Node is killed, a machine that is ${what} ends`, async (t, engine) => {
		const node = startNode(engine, rest);
		await once(node.stdout!, "data");
		node.kill("SIGKILL");
		// The engine holds the same stderr: `close` comes when it is gone too.
		await once(node, "close");
		t.is(node.signalCode, "SIGKILL");
	});
}

test("a Node process ends by itself after close", async (t, engine) => {
	const node = startNode(engine, "await machine.evaluate('1'); await machine.close();");
	const [exitCode] = (await once(node, "close")) as [number];
	t.is(exitCode, 0);
});
