import { tmpdir } from "node:os";
import test from "ava";
import { runTool } from "../../src/toolchain/run-tool.js";

function run(script: string, onLine: (line: string) => void, signal?: AbortSignal): Promise<number> {
	return runTool({ command: ["sh", "-c", script], folder: tmpdir(), environment: process.env, onLine, signal });
}

test("lines of either output are told as they come, and the exit code at the end", async (t) => {
	const lines: string[] = [];
	const exitCode = await run("echo one; echo two >&2; printf three; exit 7", (line) => void lines.push(line));
	t.deepEqual(lines.sort(), ["one", "three", "two"]);
	t.is(exitCode, 7);
});

test("the signal ends the tool and what it has started", async (t) => {
	const interruption = new AbortController();
	const exitCode = await run(
		"sleep 1000 & echo ready; wait",
		(line) => {
			if (line === "ready") interruption.abort();
		},
		interruption.signal,
	);
	t.is(exitCode, -1);
});

test("a signal that comes when all is over does nothing", async (t) => {
	const interruption = new AbortController();
	t.is(await run("exit 0", () => {}, interruption.signal), 0);
	t.notThrows(() => interruption.abort());
});

test("a tool that is not there is the caller's to hear", async (t) => {
	const command = ["latchkey-no-such-tool"] as const;
	await t.throwsAsync(runTool({ command: [...command], folder: tmpdir(), environment: process.env, onLine() {} }), {
		code: "ENOENT",
	});
});
