/**
 * Builds C programs of the engine for tests, and keeps them by what they are made of.
 * @module
 */
import { createHash } from "node:crypto";
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheFolder } from "../xs/engine/engine.js";
import { staticLibraries } from "../xs/engine/native-part.js";
import { runProgram } from "../xs/engine/run-program.js";

/** The engine and what belongs to it. */
export const NATIVE_FOLDER = fileURLToPath(new URL("../../src/firmware/native", import.meta.url));
const HERE = fileURLToPath(new URL(".", import.meta.url));
const CACHE = cacheFolder(process.env, "native");

/** What has to be installed for these tests; one line. */
const NATIVE_TEST_REMEDY = "apt-get install gcc clang libclang-rt-14-dev cppcheck libc6-dev libmbedtls-dev";

/** The C files of the engine that know nothing of JavaScript. */
export const ENGINE_SOURCES = [
	"tls_engine.c",
	"tls_error.c",
	"tls_name.c",
	"tls_output.c",
	"tls_record_watch.c",
	"tls_server_hello.c",
	"tls_setup.c",
	"tls_verify.c",
	"rsa_sign.c",
	"digest.c",
] as const;

export const WARNINGS = ["-std=c99", "-Wall", "-Wextra", "-Wshadow", "-Wconversion", "-Werror"] as const;

const SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-fno-omit-frame-pointer"];

/** Memory and time go through the test's own functions; the libraries are linked in, so that theirs do, too. */
const WRAPPED_MEMORY = ["malloc", "calloc", "realloc", "free"].map((name) => `-Wl,--wrap=${name}`);
const WRAPPED_TIME = ["-Wl,--wrap=time"];
const LIBRARIES = ["-Wl,-Bstatic", "-lmbedtls", "-lmbedx509", "-lmbedcrypto", "-Wl,-Bdynamic"];

export type ProgramName = "driver" | "repeatable-driver" | "replay" | "fuzz";

interface Recipe {
	readonly compiler: "gcc" | "clang";
	/** Files beside the engine's, relative to this folder. */
	readonly sources: readonly string[];
	readonly options: readonly string[];
}

/** Random numbers and the clock are the test's: what was recorded can be played again. */
const REPEATABLE = ["-DLATCHKEY_TLS_REPEATABLE", ...WRAPPED_TIME];

const RECIPES: Record<ProgramName, Recipe> = {
	driver: {
		compiler: "gcc",
		sources: ["driver/driver.c", "driver/wire.c", "driver/allocation.c"],
		options: [...SANITIZERS, ...WRAPPED_MEMORY],
	},
	"repeatable-driver": {
		compiler: "gcc",
		sources: ["driver/driver.c", "driver/wire.c", "driver/allocation.c", "replay/repeatable.c"],
		options: [...SANITIZERS, ...WRAPPED_MEMORY, ...REPEATABLE],
	},
	replay: {
		compiler: "gcc",
		sources: ["replay/replay.c", "replay/session.c", "replay/repeatable.c"],
		options: [...SANITIZERS, ...REPEATABLE],
	},
	fuzz: {
		compiler: "clang",
		sources: ["replay/fuzz.c", "replay/session.c", "replay/repeatable.c"],
		options: ["-fsanitize=fuzzer,address,undefined", "-fno-sanitize-recover=all", ...REPEATABLE],
	},
};

/** The compiler or a library is not there; the message says what to install. */
export class NativeUnavailableError extends Error {
	override name = "NativeUnavailableError";
}

/**
 * @returns the path of the program, built now or before.
 * @throws {NativeUnavailableError} where a compiler or mbedTLS is missing.
 * @throws {Error} with what the compiler said where it does not compile.
 */
export async function ensureProgram(name: ProgramName): Promise<string> {
	const recipe = RECIPES[name];
	await requireLibrary(recipe.compiler);
	const files = [
		...ENGINE_SOURCES.map((file) => join(NATIVE_FOLDER, file)),
		...recipe.sources.map((f) => join(HERE, f)),
	];
	const program = join(CACHE, `${name}-${await identity(recipe, files)}`);
	if (!(await exists(program))) await build(recipe, files, program);
	return program;
}

/** @throws {NativeUnavailableError} where there is no such program. */
export async function requireTool(tool: string): Promise<void> {
	const run = await runProgram([tool, "--version"], HERE, process.env);
	if (run.exitCode !== 0) throw new NativeUnavailableError(`no ${tool}: ${NATIVE_TEST_REMEDY}`);
}

async function requireLibrary(compiler: string): Promise<void> {
	const run = await runProgram(
		[compiler, "-E", "-x", "c", "-include", "mbedtls/version.h", "/dev/null"],
		HERE,
		process.env,
	);
	if (run.exitCode !== 0) throw new NativeUnavailableError(`no ${compiler} that finds mbedTLS: ${NATIVE_TEST_REMEDY}`);
}

async function identity(recipe: Recipe, files: readonly string[]): Promise<string> {
	const hash = createHash("sha256").update(JSON.stringify(recipe));
	const folders = new Set([NATIVE_FOLDER, ...files.map((file) => dirname(file))]);
	for (const folder of folders) {
		for (const file of (await readdir(folder)).filter((entry) => /\.[ch]$/.test(entry)).sort())
			hash.update(file).update(await readFile(join(folder, file)));
	}
	const version = await runProgram([recipe.compiler, "--version"], HERE, process.env);
	const libraries = await staticLibraries([recipe.compiler], process.env);
	return hash
		.update(version.stdout)
		.update(libraries ?? "")
		.digest("hex")
		.slice(0, 16);
}

/** Built aside and then given its name, so that two test files may build it at once. */
async function build(recipe: Recipe, files: readonly string[], program: string): Promise<void> {
	await mkdir(CACHE, { recursive: true });
	// Beside the place it goes to: a rename does not cross file systems.
	const folder = await mkdtemp(join(CACHE, "building-"));
	try {
		const made = join(folder, "program");
		const options = [...WARNINGS, "-D_GNU_SOURCE", "-O1", "-g", ...recipe.options, `-I${NATIVE_FOLDER}`];
		const end = await runProgram(
			[recipe.compiler, ...options, ...files, ...LIBRARIES, "-o", made],
			folder,
			process.env,
		);
		// Debian only recommends to install clang's own with it.
		if (/cannot find \S*(?:clang_rt|asan|ubsan)/.test(end.stderr))
			throw new NativeUnavailableError(`no sanitizers for ${recipe.compiler}: ${NATIVE_TEST_REMEDY}`);
		if (end.exitCode !== 0) throw new Error(`${recipe.compiler}: ${end.stderr}`);
		await rename(made, program);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function exists(path: string): Promise<boolean> {
	return access(path).then(
		() => true,
		() => false,
	);
}
