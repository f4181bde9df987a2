/**
 * Finds the machine's C compiler for a target.
 * @module
 */
import { tmpdir } from "node:os";
import { runProgram } from "./run-program.js";
import { type EngineTarget, TARGETS } from "./targets.js";

export interface Compiler {
	/** Program and leading arguments, those that choose the target among them. */
	readonly command: readonly string[];
	/** The first line of `--version`, with the target it compiles for. */
	readonly version: string;
}

/**
 * The first of the target's compilers on the PATH that can compile against the C library, for `x64` and `x32` the one
 * that `CC` names; `undefined` where there is none. A `CC` that does not work is not passed over.
 */
export async function findCompiler(
	environment: NodeJS.ProcessEnv = process.env,
	target: EngineTarget = "x64",
): Promise<Compiler | undefined> {
	const { compilers, takesCC, machine } = TARGETS[target];
	const named = takesCC ? environment["CC"]?.trim() : undefined;
	const candidates = named ? [named.split(/\s+/)] : compilers;
	for (const candidate of candidates) {
		const compiler = await probe([...candidate, ...machine], environment);
		if (compiler !== undefined) return compiler;
	}
	return undefined;
}

async function probe(command: readonly string[], environment: NodeJS.ProcessEnv): Promise<Compiler | undefined> {
	const run = (...args: string[]) => runProgram([...command, ...args], tmpdir(), environment);
	const [version, target, headers] = await Promise.all([
		run("--version"),
		run("-dumpmachine"),
		// Debian's gcc alone comes without the headers of the C library.
		run("-E", "-x", "c", "-include", "stdlib.h", "/dev/null"),
	]);
	if ([version, target, headers].some((end) => end.exitCode !== 0)) return undefined;
	return { command, version: `${version.stdout.split("\n")[0]} ${target.stdout.trim()}` };
}
