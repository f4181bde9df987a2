/**
 * Compiles XS and our host into one program.
 * @module
 */
import { readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { COMPILER_REMEDY, type Compiler } from "./compiler.js";
import { XsUnavailableError } from "./errors.js";
import { runProgram } from "./run-program.js";

/** The C files of our own host. */
export const HOST_FOLDER = fileURLToPath(new URL("../host", import.meta.url));

/** Options of every compilation; part of what a cached engine is named by. */
export const COMPILE_OPTIONS: readonly string[] = ["-O2", "-fno-common"];

/** Needs the heap snapshots that our configuration leaves out. */
const LEFT_OUT = "xsSnapshot.c";

export interface Build {
	readonly compiler: Compiler;
	readonly environment: NodeJS.ProcessEnv;
	/** XS's folder with `includes`, `platforms` and `sources`. */
	readonly xs: string;
	/** Where the objects go, and at last the program. */
	readonly folder: string;
	/** Told after each file. */
	readonly onCompiled: (done: number, total: number) => Promise<void>;
	/** Told when all files are compiled. */
	readonly onLink: () => Promise<void>;
}

/**
 * @returns the path of the program.
 * @throws {XsUnavailableError} `build-failed`, with what the compiler said.
 */
export async function buildEngine(build: Build): Promise<string> {
	const engine = (await readdir(join(build.xs, "sources"))).filter((name) => name.endsWith(".c") && name !== LEFT_OUT);
	const host = (await readdir(HOST_FOLDER)).filter((name) => name.endsWith(".c"));
	const commands = [
		...engine.map((name) => compileCommand(build, join(build.xs, "sources", name), "-I", ["-w"])),
		...host.map((name) => compileCommand(build, join(HOST_FOLDER, name), "-isystem", ["-Wall", "-Wextra"])),
	];
	await compileAll(build, commands);
	await build.onLink();
	const program = join(build.folder, "xs");
	const objects = [...engine, ...host].map(objectName);
	await runCompiler(build, [...build.compiler.command, ...objects, "-lm", "-o", program]);
	return program;
}

/** As many at a time as there are cores. After the first that fails no other is begun, and none is left running. */
async function compileAll(build: Build, commands: readonly string[][]): Promise<void> {
	const waiting = [...commands];
	let done = 0;
	const workers = Array.from({ length: availableParallelism() }, async () => {
		for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) {
			try {
				await runCompiler(build, command);
			} catch (error) {
				waiting.splice(0);
				throw error;
			}
			done++;
			await build.onCompiled(done, commands.length);
		}
	});
	for (const end of await Promise.allSettled(workers)) if (end.status === "rejected") throw end.reason;
}

function compileCommand(build: Build, file: string, include: string, warnings: readonly string[]): string[] {
	const folders = ["includes", "platforms", "sources"].flatMap((name) => [include, join(build.xs, name)]);
	const config = ["-include", join(HOST_FOLDER, "config.h"), `-I${HOST_FOLDER}`];
	const options = [...COMPILE_OPTIONS, ...warnings, ...config, ...folders];
	return [...build.compiler.command, "-c", ...options, file, "-o", objectName(basename(file))];
}

function objectName(source: string): string {
	return source.replace(/\.c$/, ".o");
}

async function runCompiler(build: Build, command: readonly string[]): Promise<void> {
	const end = await runProgram(command, build.folder, build.environment);
	if (end.exitCode === 0) return;
	throw new XsUnavailableError(
		"build-failed",
		`${command.join(" ")}\n${end.stderr.trim()}`,
		`gcc 10 or newer, or a current clang, is needed; ${COMPILER_REMEDY}`,
	);
}
