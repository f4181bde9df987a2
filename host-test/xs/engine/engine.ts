/**
 * The XS engine of this machine: fetched, checked and compiled the first time, from the cache afterwards.
 * @module
 */
import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { buildEngine, COMPILE_OPTIONS, HOST_FOLDER } from "./build.js";
import { COMPILER_REMEDY, type Compiler, findCompiler } from "./compiler.js";
import { XsUnavailableError } from "./errors.js";
import { takeLock } from "./lock.js";
import { fetchTarball, INTEGRITY, unpackSources, verifyTarball } from "./sources.js";

/** A program that runs one XS machine; see `host/main.c`. */
export interface XsEngine {
	readonly program: string;
}

/** One step on the way to an engine. Nothing is told when the engine is in the cache. */
export interface EngineProgress {
	readonly step: "fetch" | "verify" | "unpack" | "compile" | "link";
	readonly done: number;
	readonly total: number;
}

export interface EngineOptions {
	/** `LATCHKEY_CACHE` names the cache folder (default `.cache` in the project), `CC` the compiler. */
	readonly environment?: NodeJS.ProcessEnv;
	readonly onProgress?: (progress: EngineProgress) => void;
}

/**
 * The engine, built if need be: some 15 seconds on two idle cores.
 * @throws {XsUnavailableError}
 */
export async function ensureEngine(options: EngineOptions = {}): Promise<XsEngine> {
	const environment = options.environment ?? process.env;
	const cache = cacheFolder(environment);
	const compiler = await findCompiler(environment);
	if (compiler === undefined) {
		throw new XsUnavailableError("no-compiler", "no C compiler to build the XS engine with", COMPILER_REMEDY);
	}
	const program = join(cache, await engineName(compiler), "xs");
	if (await exists(program)) return { program };
	await mkdir(cache, { recursive: true });
	const lock = await takeLock(`${dirname(program)}.lock`, () => exists(program));
	if (lock === undefined) return { program };
	try {
		await buildInto(program, { cache, compiler, environment }, async (progress) => {
			options.onProgress?.(progress);
			await lock.touch();
		});
	} finally {
		await lock.release();
	}
	return { program };
}

function cacheFolder(environment: NodeJS.ProcessEnv): string {
	const project = fileURLToPath(new URL("../../../", import.meta.url));
	return join(resolve(project, environment["LATCHKEY_CACHE"] || ".cache"), "xs");
}

/** The same name only for the same program: sources, our host, compiler, options. */
async function engineName(compiler: Compiler): Promise<string> {
	const hash = createHash("sha256");
	for (const part of [INTEGRITY, compiler.version, ...compiler.command, ...COMPILE_OPTIONS]) hash.update(`${part}\n`);
	for (const name of (await readdir(HOST_FOLDER)).sort()) {
		hash.update(`${name}\n`).update(await readFile(join(HOST_FOLDER, name)));
	}
	return `engine-${hash.digest("hex").slice(0, 16)}`;
}

interface Place {
	readonly cache: string;
	readonly compiler: Compiler;
	readonly environment: NodeJS.ProcessEnv;
}

async function buildInto(
	program: string,
	place: Place,
	tell: (progress: EngineProgress) => Promise<void>,
): Promise<void> {
	const { cache, compiler, environment } = place;
	await tell({ step: "fetch", done: 0, total: 1 });
	await fetchTarball(cache, environment);
	await tell({ step: "verify", done: 0, total: 1 });
	await verifyTarball(cache);
	const folder = await mkdtemp(join(cache, "build-"));
	try {
		await tell({ step: "unpack", done: 0, total: 1 });
		const xs = await unpackSources(cache, folder, environment);
		const onCompiled = (done: number, total: number) => tell({ step: "compile", done, total });
		const onLink = () => tell({ step: "link", done: 0, total: 1 });
		const built = await buildEngine({ compiler, environment, xs, folder, onCompiled, onLink });
		await mkdir(dirname(program), { recursive: true });
		// Whoever comes last wins, and the program is there as a whole or not at all.
		await rename(built, program);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function exists(file: string): Promise<boolean> {
	try {
		await access(file);
		return true;
	} catch {
		return false;
	}
}
