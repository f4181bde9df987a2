import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import type { Sdk } from "../../src/toolchain/sdk.js";
import { simulate } from "../../src/toolchain/simulator.js";

/** An SDK whose simulator is a script; it finds the device's store in LATCHKEY_STORE. */
async function sdkWith(t: ExecutionContext, script: string): Promise<{ sdk: Sdk; folder: string }> {
	const folder = await mkdtemp(join(tmpdir(), "latchkey-sdk-"));
	t.teardown(() => rm(folder, { recursive: true }));
	mkdirSync(join(folder, "bin"));
	writeFileSync(join(folder, "bin/mcsim"), `#!/bin/sh\n${script}\n`);
	chmodSync(join(folder, "bin/mcsim"), 0o755);
	return { sdk: { folder, version: "8.2.3", bin: join(folder, "bin"), path: process.env["PATH"] ?? "" }, folder };
}

interface Run {
	readonly lines: string[];
	readonly reasons: number[];
	readonly error: Error | undefined;
}

/** Runs until the device has said `end`, or by itself. */
async function run(t: ExecutionContext, script: string, timeServers: readonly string[] = []): Promise<Run> {
	const { sdk, folder } = await sdkWith(t, script);
	const interruption = new AbortController();
	const lines: string[] = [];
	const reasons: number[] = [];
	const ended = simulate({
		sdk,
		library: "mc.so",
		store: folder,
		timeServers,
		display: ":9",
		onLine(line) {
			lines.push(line);
			if (line === "end") interruption.abort();
		},
		onRestart: (reason) => void reasons.push(reason),
		signal: interruption.signal,
	});
	const error = await ended.then(
		() => undefined,
		(caught: Error) => caught,
	);
	return { lines, reasons, error };
}

/** What runs the second time and what the first time. */
function twice(first: string, second: string): string {
	return `if [ -e "$LATCHKEY_STORE/ran" ]; then ${second}; else touch "$LATCHKEY_STORE/ran"; ${first}; fi`;
}

const END = "echo end; exec sleep 1000";

test("the device is told its display, its store, and that it was switched on", async (t) => {
	const { lines, error } = await run(t, `echo "$DISPLAY $LATCHKEY_RESET_REASON $2"; ${END}`);
	t.deepEqual(lines, [":9 1 mc.so", "end"]);
	t.is(error, undefined);
});

test("servers of time reach the device, and without any it asks its own", async (t) => {
	const script = `echo "servers \${LATCHKEY_TIME_SERVERS-unset}"; ${END}`;
	t.is((await run(t, script, ["a:1", "b"])).lines[0], "servers a:1,b");
	t.is((await run(t, script)).lines[0], "servers unset");
});

test("a device that restarts is started again, and told why", async (t) => {
	for (const [code, reason] of [
		[71, 3],
		[73, 6],
	]) {
		const { lines, reasons } = await run(t, twice(`exit ${code}`, `echo "reason $LATCHKEY_RESET_REASON"; ${END}`));
		t.deepEqual(lines, [`reason ${reason}`, "end"]);
		t.deepEqual(reasons, [reason]);
	}
});

test("a device that crashes once it ran is started again, as after a panic", async (t) => {
	const { lines, reasons } = await run(
		t,
		twice("echo up; kill -SEGV $$", `echo "reason $LATCHKEY_RESET_REASON"; ${END}`),
	);
	t.deepEqual(lines, ["up", "reason 4", "end"]);
	t.deepEqual(reasons, [4]);
});

test("a simulator that cannot start is an error, not a restart", async (t) => {
	t.like((await run(t, "exit 1")).error, { code: "simulator-ended", message: "the simulator ended with code 1" });
	const { error, reasons } = await run(t, "kill -SEGV $$");
	t.like(error, { code: "simulator-ended", message: "the simulator ended with signal SIGSEGV" });
	t.deepEqual(reasons, []);
});

test("nothing is left behind", async (t) => {
	const { lines } = await run(t, `echo "$XDG_CONFIG_HOME"; ${END}`);
	await t.throwsAsync(readdir(lines[0]!), { code: "ENOENT" });
});
