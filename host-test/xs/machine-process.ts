/**
 * The process that a machine runs in, whatever the engine was built for: two pipes and an end.
 * @module
 */
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { encodeFrame } from "./frames.js";

/** How a process ended: by itself with a code, by a signal, or it could not be started. */
export type MachineEnd =
	| { readonly exitCode: number | null; readonly signal: string | null }
	| { readonly notStarted: Error };

export interface MachineProcess {
	readonly input: Writable;
	readonly output: Readable;
	/** When it is gone and all that it wrote has been read; never rejects. */
	readonly ended: Promise<MachineEnd>;
	/** Has it end soon, whatever it is doing. Any number of times. */
	stop(): void;
	/** Ends it at once. */
	kill(): void;
}

/** Starts a program of the machine's own; file descriptors 3 and 4 are its pipes. */
export function startNative(program: string): MachineProcess {
	// A session of its own: what a terminal tells its programs is for Node to answer, which says the guest's goodbye first.
	const stdio = ["ignore", "ignore", "inherit", "pipe", "pipe"] as const;
	const child = spawn(program, [], { detached: true, stdio: [...stdio] });
	const input = child.stdio[3] as Writable;
	const output = child.stdio[4] as Readable;
	return {
		input,
		output,
		ended: endOf(child),
		stop: () => void input.end(encodeFrame("q", new Uint8Array(0))),
		kill: () => void child.kill("SIGKILL"),
	};
}

/** The end of a process, its pipes to Node drained. */
export function endOf(child: ChildProcess): Promise<MachineEnd> {
	return new Promise((resolve) => {
		child.once("error", (error) => resolve({ notStarted: error }));
		// `close`, not `exit`: the answers still in the pipe count.
		child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
	});
}
