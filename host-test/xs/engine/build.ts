/**
 * Compiles XS and our host into one program.
 *
 * XS's own objects depend on nothing but its sources, the compiler and `config.h` and `platform.h`: they are kept apart
 * from the program, so that a change of our host or of the device's C compiles nothing else.
 * @module
 */
import { mkdir, readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Compiler } from "./compiler.js";
import { XsUnavailableError } from "./errors.js";
import { type NativePart, nativeLink } from "./native-part.js";
import { runProgram } from "./run-program.js";
import { type EngineTarget, TARGETS } from "./targets.js";

/** The C files of our own host. */
export const HOST_FOLDER = fileURLToPath(new URL("../host", import.meta.url));

/** Needs the heap snapshots that our configuration leaves out. */
const LEFT_OUT = "xsSnapshot.c";

export interface Build {
	readonly target: EngineTarget;
	readonly compiler: Compiler;
	readonly environment: NodeJS.ProcessEnv;
	readonly native: NativePart | undefined;
	/** XS's folder with `includes`, `platforms` and `sources`. */
	readonly xs: string;
	/** Where our objects go, and at last the program. */
	readonly folder: string;
}

/** One file to compile. */
interface Unit {
	readonly source: string;
	readonly object: string;
	readonly options: readonly string[];
}

/** The folders of `host` that belong to a build, the one of all targets first. */
export function hostFolders(target: EngineTarget, native: boolean): string[] {
	const folders = ["", TARGETS[target].port, ...(native ? ["mbedtls"] : [])];
	return folders.map((name) => join(HOST_FOLDER, name));
}

/** XS itself; its objects go to `folder`. */
export async function engineUnits(build: Build, folder: string): Promise<Unit[]> {
	const sources = join(build.xs, "sources");
	const options = ["-w", ...xsFolders(build, "-I")];
	return (await cFilesOf(sources))
		.filter((name) => name !== LEFT_OUT)
		.map((name) => unit(sources, name, folder, options));
}

/** Our host for the target, and the device's C. */
export async function hostUnits(build: Build): Promise<Unit[]> {
	const xs = xsFolders(build, "-isystem");
	const native = build.native === undefined ? [] : ["-DLATCHKEY_NATIVE"];
	const units: Unit[] = [];
	for (const folder of hostFolders(build.target, build.native !== undefined)) {
		const options = ["-Wall", "-Wextra", ...native, ...xs];
		for (const name of await cFilesOf(folder)) units.push(unit(folder, name, build.folder, options));
	}
	return units;
}

/** The device's C. Tests see that it is without any warning; a newer compiler's must not keep a user from an engine. */
export async function nativeUnits(build: Build): Promise<Unit[]> {
	if (build.native === undefined) return [];
	const { folder, sources } = build.native;
	const objects = join(build.folder, "native");
	await mkdir(objects, { recursive: true });
	const options = ["-Wall", "-Wextra", `-I${folder}`, ...xsFolders(build, "-isystem")];
	return sources.map((name) => unit(folder, name, objects, options));
}

/**
 * As many at a time as there are cores. After the first that fails no other is begun, and none is left running.
 * @throws {XsUnavailableError} `build-failed`, with what the compiler said.
 */
export async function compile(build: Build, units: readonly Unit[], onCompiled: () => void): Promise<void> {
	const waiting = [...units];
	const workers = Array.from({ length: availableParallelism() }, async () => {
		for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
			try {
				await runCompiler(build, [
					"-c",
					...TARGETS[build.target].compile,
					...["-include", join(HOST_FOLDER, "config.h"), `-I${HOST_FOLDER}`],
					...next.options,
					...[next.source, "-o", next.object],
				]);
			} catch (error) {
				waiting.splice(0);
				throw error;
			}
			onCompiled();
		}
	});
	for (const end of await Promise.allSettled(workers)) if (end.status === "rejected") throw end.reason;
}

/**
 * @returns the path of the program.
 * @throws {XsUnavailableError} `build-failed`
 */
export async function link(
	build: Build,
	parts: Readonly<Record<"engine" | "host" | "native", readonly Unit[]>>,
): Promise<string> {
	const program = join(build.folder, "xs");
	const objects = [...parts.engine, ...parts.host].map(({ object }) => object);
	if (parts.native.length > 0) {
		const native = join(build.folder, "native.o");
		await runCompiler(
			build,
			nativeLink(
				parts.native.map(({ object }) => object),
				native,
			),
		);
		objects.push(native);
	}
	await runCompiler(build, [...objects, ...TARGETS[build.target].link, "-o", program]);
	return program;
}

async function cFilesOf(folder: string): Promise<string[]> {
	return (await readdir(folder)).filter((name) => name.endsWith(".c")).sort();
}

function unit(folder: string, name: string, objects: string, options: readonly string[]): Unit {
	return { source: join(folder, name), object: join(objects, name.replace(/\.c$/, ".o")), options };
}

function xsFolders(build: Build, include: "-I" | "-isystem"): string[] {
	return ["includes", "platforms", "sources"].flatMap((name) => [include, join(build.xs, name)]);
}

async function runCompiler(build: Build, args: readonly string[]): Promise<void> {
	const command = [...build.compiler.command, ...args];
	const end = await runProgram(command, build.folder, build.environment);
	if (end.exitCode === 0) return;
	throw new XsUnavailableError(
		"build-failed",
		`${command.join(" ")}\n${end.stderr.trim()}`,
		`gcc 10 or newer, or a current clang, is needed; ${TARGETS[build.target].remedy}`,
	);
}
