/**
 * The XS engine of this machine: fetched, checked and compiled the first time, from the cache afterwards.
 * @module
 */
import { createHash } from "node:crypto";
import { access, constants, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Build, compile, engineUnits, HOST_FOLDER, hostFolders, hostUnits, link, nativeUnits } from "./build.js";
import { type Compiler, findCompiler } from "./compiler.js";
import { XsUnavailableError } from "./errors.js";
import { takeLock } from "./lock.js";
import { findNativePart, NATIVE_REMEDY, type NativePart } from "./native-part.js";
import { runProgram } from "./run-program.js";
import { fetchTarball, INTEGRITY, unpackSources, verifyTarball } from "./sources.js";
import { type EngineTarget, TARGETS } from "./targets.js";

/** A program that runs one XS machine; see `host/main.c`. */
export interface XsEngine {
	readonly target: EngineTarget;
	/** To be run as it is, or in qemu. */
	readonly program: string;
	/** Whether the device's own C (`src/firmware/native`) is in it, as the guest's global `native`. */
	readonly native: boolean;
	/** What to install so that it is; `undefined` where it is, or cannot be had for the target. One line. */
	readonly nativeRemedy: string | undefined;
}

/** One step on the way to an engine. Nothing is told when the engine is in the cache. */
export interface EngineProgress {
	readonly step: "fetch" | "verify" | "unpack" | "compile" | "link";
	readonly done: number;
	readonly total: number;
}

export interface EngineOptions {
	/** Default `x64`, the machine's own. */
	readonly target?: EngineTarget | undefined;
	/** `LATCHKEY_CACHE` names the cache folder (default `.cache` in the project), `CC` the compiler. */
	readonly environment?: NodeJS.ProcessEnv | undefined;
	readonly onProgress?: ((progress: EngineProgress) => void) | undefined;
}

/**
 * The engine, built if need be: some 15 seconds on two idle cores. Engines of several targets may be asked for at once.
 * @throws {XsUnavailableError}
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<XsEngine> {
	const place = await findPlace(options.target ?? "x64", options.environment ?? process.env);
	const names = await namesOf(place);
	const program = join(place.cache, names.engine, "xs");
	const engine: XsEngine = {
		target: place.target,
		program,
		native: place.native !== undefined,
		nativeRemedy: place.target === "x64" && place.native === undefined ? NATIVE_REMEDY : undefined,
	};
	if (await exists(program)) return engine;
	await makeCache(place.cache);
	const lock = await takeLock(`${dirname(program)}.lock`, () => exists(program));
	if (lock === undefined) return engine;
	try {
		await buildInto(program, join(place.cache, names.objects), place, options.onProgress ?? (() => undefined));
	} finally {
		await lock.release();
	}
	return engine;
}

/** @throws {XsUnavailableError} `cache-unwritable` */
async function makeCache(folder: string): Promise<void> {
	try {
		await mkdir(folder, { recursive: true });
		await access(folder, constants.W_OK);
	} catch (error) {
		const cause = `the XS engine cannot be kept in ${folder}: ${(error as Error).message}`;
		throw new XsUnavailableError("cache-unwritable", cause, "name a folder that can be written: LATCHKEY_CACHE=…");
	}
}

/** All that decides what is built. */
interface Place {
	readonly target: EngineTarget;
	readonly cache: string;
	readonly environment: NodeJS.ProcessEnv;
	readonly compiler: Compiler;
	readonly native: NativePart | undefined;
}

async function findPlace(target: EngineTarget, environment: NodeJS.ProcessEnv): Promise<Place> {
	const { emulator, remedy } = TARGETS[target];
	const compiler = await findCompiler(environment, target);
	if (compiler === undefined)
		throw new XsUnavailableError("no-compiler", `no C compiler to build the XS engine with (${target})`, remedy);
	if (emulator !== undefined && (await runProgram([emulator, "--version"], tmpdir(), environment)).exitCode !== 0)
		throw new XsUnavailableError("no-emulator", `no ${emulator} to run the XS engine in (${target})`, remedy);
	const native = target === "x64" ? await findNativePart(compiler, environment) : undefined;
	return { target, cache: cacheFolder(environment, "xs"), environment, compiler, native };
}

/** Where what was built for `what` is kept: in the folder that `LATCHKEY_CACHE` names, else in the project's own. */
export function cacheFolder(environment: NodeJS.ProcessEnv, what: string): string {
	const project = fileURLToPath(new URL("../../../", import.meta.url));
	return join(resolve(project, environment["LATCHKEY_CACHE"] || ".cache"), what);
}

/** The same names only for the same objects and the same program: sources, our host, compiler, options, mbedTLS. */
async function namesOf({ target, compiler, native }: Place): Promise<{ objects: string; engine: string }> {
	const hash = createHash("sha256");
	const { compile, link } = TARGETS[target];
	for (const part of [INTEGRITY, compiler.version, ...compiler.command, ...compile]) hash.update(`${part}\n`);
	for (const name of ["config.h", "platform.h"]) hash.update(await readFile(join(HOST_FOLDER, name)));
	const objects = `objects-${target}-${digestOf(hash)}`;
	for (const part of link) hash.update(`${part}\n`);
	for (const folder of hostFolders(target, native !== undefined))
		for (const name of (await readdir(folder)).sort())
			if (/\.[ch]$/.test(name)) hash.update(`${name}\n`).update(await readFile(join(folder, name)));
	if (native !== undefined) hash.update(native.identity);
	return { objects, engine: `engine-${target}-${digestOf(hash)}` };
}

function digestOf(hash: ReturnType<typeof createHash>): string {
	return hash.copy().digest("hex").slice(0, 16);
}

async function buildInto(
	program: string,
	objects: string,
	place: Place,
	tell: (progress: EngineProgress) => void,
): Promise<void> {
	const { cache, environment } = place;
	tell({ step: "fetch", done: 0, total: 1 });
	await fetchTarball(cache, environment);
	tell({ step: "verify", done: 0, total: 1 });
	await verifyTarball(cache);
	const folder = await mkdtemp(join(cache, "build-"));
	try {
		tell({ step: "unpack", done: 0, total: 1 });
		const xs = await unpackSources(cache, folder, environment);
		const built = await buildProgram({ ...place, xs, folder }, objects, tell);
		await mkdir(dirname(program), { recursive: true });
		// Whoever comes last wins, and the program is there as a whole or not at all.
		await rename(built, program);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function buildProgram(build: Build, objects: string, tell: (progress: EngineProgress) => void): Promise<string> {
	// Another engine of this target may be making the same objects.
	const lock = await takeLock(`${objects}.lock`, () => exists(objects));
	const [engine, host, native] = await Promise.all([engineUnits(build, objects), hostUnits(build), nativeUnits(build)]);
	const total = host.length + native.length + (lock === undefined ? 0 : engine.length);
	let compiled = 0;
	const onCompiled = () => tell({ step: "compile", done: ++compiled, total });
	try {
		if (lock !== undefined) await compileEngine(build, objects, onCompiled);
	} finally {
		await lock?.release();
	}
	await compile(build, [...host, ...native], onCompiled);
	tell({ step: "link", done: 0, total: 1 });
	return await link(build, { engine, host, native });
}

async function compileEngine(build: Build, objects: string, onCompiled: () => void): Promise<void> {
	const folder = join(build.folder, "objects");
	await mkdir(folder);
	await compile(build, await engineUnits(build, folder), onCompiled);
	await rename(folder, objects);
}

async function exists(file: string): Promise<boolean> {
	try {
		await access(file);
		return true;
	} catch {
		return false;
	}
}
