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
		const compiler = await probe(command);
		if (compiler !== undefined) return compiler;
	}
	return undefined;
}

async function probe(command: readonly string[]): Promise<Compiler | undefined> {
	const version = await runProgram([...command, "--version"], tmpdir());
	const target = await runProgram([...command, "-dumpmachine"], tmpdir());
	// Debian's gcc alone comes without the headers of the C library.
	const headers = await runProgram([...command, "-E", "-x", "c", "-include", "stdlib.h", "/dev/null"], tmpdir());
	if ([version, target, headers].some((end) => end.exitCode !== 0)) return undefined;
	return { command, version: `${version.stdout.split("\n")[0]} ${target.stdout.trim()}` };
}
