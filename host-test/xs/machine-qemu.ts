/**
 * A machine in qemu: an rv32 core without an operating system, whose files (two named pipes) semihosting lends it.
 *
 * Of itself qemu would outlive a Node process that is killed. So a shell stands between them: it waits for the end of its
 * standard input, which is the end of Node, and ends qemu.
 * @module
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { TARGETS } from "./engine/targets.js";
import { endOf, type MachineEnd, type MachineProcess } from "./machine-process.js";

/** One instruction a nanosecond of virtual time: only so the count is exact, and the same in every run. */
const COUNTED = ["-icount", "shift=0,sleep=off"];
const BOARD = ["-M", "virt", "-m", "256M", "-cpu", "rv32,f=off,d=off,a=off", "-bios", "none"];
const SILENT = ["-nographic", "-monitor", "none", "-serial", "none"];
const SEMIHOSTING = ["-semihosting-config", "enable=on,target=native"];

/**
 * `$1` is the folder to make for the pipes and to remove at the end, the rest the command. Says `ready` when the pipes are
 * there; ends with the command's exit code. What the shell itself would say after that (that a process was killed) is
 * not for people; what qemu says is.
 */
const GUARD = `
folder=$1
shift
trap '' PIPE
{ mkdir -m 700 "$folder" && cd "$folder" && mkfifo in out; } 2>/dev/null || exit 1
exec 3<&0
"$@" </dev/null >/dev/null 3<&- &
engine=$!
echo ready
exec >/dev/null 2>/dev/null
{ cat <&3; kill -KILL $engine; } &
guard=$!
exec 3<&-
wait $engine
code=$?
kill $guard
rm -rf "$folder"
exit $code
`;

/**
 * Starts qemu with a program for rv32.
 * @param isCounted whether what the core says of its instructions is to be true; it takes a quarter more time.
 * @throws what the system says when it cannot, or its named pipes cannot be made.
 */
export async function startEmulated(program: string, isCounted: boolean): Promise<MachineProcess> {
	const folder = join(tmpdir(), `latchkey-rv32-${randomUUID()}`);
	const options = [...BOARD, ...SILENT, ...SEMIHOSTING, ...(isCounted ? COUNTED : [])];
	const qemu = [TARGETS.rv32.emulator!, ...options, "-kernel", program];
	// A session of its own: what a terminal tells its programs is for Node to answer, and the guard follows.
	const child = spawn("sh", ["-c", GUARD, "sh", folder, ...qemu], {
		detached: true,
		stdio: ["pipe", "pipe", "inherit"],
	});
	child.stdin.on("error", () => undefined);
	const ending = endOf(child);
	const stop = () => void child.stdin.end();
	await ready(child.stdout, ending);
	try {
		const pipes = openPipes(folder);
		return { input: pipes.input, output: pipes.output, ended: drained(ending, pipes), stop, kill: stop };
	} catch (error) {
		stop();
		throw error;
	}
}

/** Waits for the guard's first word. */
async function ready(stdout: Readable, ending: Promise<MachineEnd>): Promise<void> {
	const word = new Promise<undefined>((resolve) => stdout.once("data", () => resolve(undefined)));
	const end = await Promise.race([word, ending]);
	if (end === undefined) return;
	throw "notStarted" in end ? end.notStarted : new Error(`no named pipes in ${tmpdir()}`);
}

interface Pipes {
	readonly input: Socket;
	readonly output: Socket;
	/** Lets `output` end: from then on only the engine keeps it open. */
	release(): void;
}

/** Opens Node's ends; none of the three waits for the engine. */
function openPipes(folder: string): Pipes {
	const input = openSync(join(folder, "in"), "r+");
	// A writer of our own until the engine is gone: without any, a reader is at its end before it has begun.
	const keeper = openSync(join(folder, "out"), "r+");
	const output = openSync(join(folder, "out"), constants.O_RDONLY | constants.O_NONBLOCK);
	return {
		input: new Socket({ fd: input, readable: false, writable: true }),
		output: new Socket({ fd: output, readable: true, writable: false }),
		release: () => closeSync(keeper),
	};
}

async function drained(ending: Promise<MachineEnd>, { input, output, release }: Pipes): Promise<MachineEnd> {
	const read = new Promise((resolve) => output.once("close", resolve));
	const end = await ending;
	input.destroy();
	release();
	await read;
	return end;
}
