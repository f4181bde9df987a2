/**
 * Finds the machine's C compiler.
 * @module
 */
import { tmpdir } from "node:os";
import { runProgram } from "./run-program.js";

export interface Compiler {
	/** Program and leading arguments. */
	readonly command: readonly string[];
	/** The first line of `--version`, with the target it compiles for. */
	readonly version: string;
}

/** What to install when there is none; one line. */
export const COMPILER_REMEDY = "install a C compiler: apt-get install gcc libc6-dev";

/**
 * The compiler named by `CC`, else the first of cc, gcc, clang on the PATH that can compile against the C library;
 * `undefined` where there is none. A `CC` that does not work is not passed over.
 */
export async function findCompiler(environment: NodeJS.ProcessEnv = process.env): Promise<Compiler | undefined> {
	const named = environment["CC"]?.trim();
	const candidates = named ? [named.split(/\s+/)] : [["cc"], ["gcc"], ["clang"]];
	for (const command of candidates) {
		const compiler = await probe(command, environment);
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
