/**
 * Starts the process of a local function within its limits.
 * @module
 */
import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { FunctionError, wordsOf } from "./function.js";
import { functionEnvironment } from "./function-environment.js";
import type { RuntimeStart } from "./function-messages.js";

/** Descriptor whose other end closes when Latchkey ends, however it does. */
const LIFELINE_FD = 4;

const MB = 1024 * 1024;

/** MB that Node, its threads and the TypeScript loader take before the function has any: about 110, measured on Node 20. */
const RUNTIME_MEMORY = 192;

/**
 * MB beyond the function's own that the kernel lets it have where the kernel counts (RLIMIT_DATA, Linux), should memory
 * grow faster than the watchdog looks. What a limit reached there brings is no fair error, so it is far above the other.
 */
const KERNEL_ALLOWANCE = 1024;

const ENTRY = fileURLToPath(new URL("./function-worker.js", import.meta.url));

type FourSockets = [Socket, Socket, Socket, Socket];

export interface SpawnedFunction {
	readonly child: ChildProcess;
	/** See function-messages.ts. */
	readonly messages: Socket;
	/** Brings a text when the watchdog ends the process for its memory. */
	readonly lifeline: Socket;
	readonly stdout: Socket;
	readonly stderr: Socket;
}

/**
 * Nothing of it keeps this process alive. It leads a process group of its own, so that it can be ended with all it
 * started, and so that an interrupt at the terminal is Latchkey's to handle.
 * @throws {FunctionError} where no process can be started.
 */
export function spawnFunction(start: RuntimeStart, environment: Readonly<Record<string, string>>): SpawnedFunction {
	const { memory } = start;
	const bytes = (memory + RUNTIME_MEMORY) * MB;
	const node = [process.execPath, `--max-old-space-size=${memory}`, ENTRY];
	const [command = "", ...args] = [
		...withinLimits(memory),
		...node,
		String(LIFELINE_FD),
		String(bytes),
		JSON.stringify(start),
	];
	const child = startProcess(command, args, {
		cwd: start.taskRoot,
		env: functionEnvironment(start, environment, process.env),
		stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
		detached: process.platform !== "win32",
		windowsHide: true,
	});
	const [, stdout, stderr, messages, lifeline] = child.stdio as unknown as readonly [null, ...FourSockets];
	for (const stream of [stdout, stderr, messages, lifeline]) {
		stream.on("error", () => undefined); // What became of the process is told by its `close`.
		stream.unref();
	}
	child.unref();
	return { child, messages, lifeline, stdout, stderr };
}

/** `spawn`, whose failures come in three ways, with one. */
function startProcess(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
	let child: ChildProcess;
	try {
		child = spawn(command, args, options);
	} catch (error) {
		throw cannotStart(wordsOf(error).errorMessage); // An environment that no process can have, for one.
	}
	// One that could not be started has no id and says why only later; one that runs has nothing to emit here.
	child.on("error", () => undefined);
	if (child.pid !== undefined) return child;
	throw cannotStart("look for too many processes, too many open files, or too little memory");
}

function cannotStart(why: string): FunctionError {
	return new FunctionError("function-crashed", "Runtime.StartError", `its process cannot be started: ${why}`);
}

/** Words before a command that limit what it runs: no core dumps, and the kernel's bound of memory. */
function withinLimits(memory: number): readonly string[] {
	if (process.platform === "win32") return [];
	const kilobytes = (memory + KERNEL_ALLOWANCE) * 1024;
	// A limit that is lower already cannot be raised, and serves as well.
	return ["/bin/sh", "-c", `ulimit -c 0; ulimit -d ${kilobytes} 2>/dev/null; exec "$0" "$@"`];
}

/** Ends the process at once, and whatever it started. */
export function killFunction({ pid }: ChildProcess): void {
	if (pid === undefined) return;
	try {
		process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
	} catch (error) {
		// It is gone already; EPERM is what macOS says of a group that has ended.
		if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
	}
}
