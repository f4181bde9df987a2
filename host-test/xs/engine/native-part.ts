/**
 * The device's own C (`src/firmware/native`: TLS, signing, digests), where mbedTLS is there to link it with.
 * @module
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Compiler } from "./compiler.js";
import { runProgram } from "./run-program.js";

const NATIVE_FOLDER = fileURLToPath(new URL("../../../src/firmware/native", import.meta.url));
/** The function that the engine's host calls (`host/machine.c`). */
const ENTRY = "latchkey_native_install";

/** What to install to have it; one line. */
export const NATIVE_REMEDY = "install mbedTLS: apt-get install libmbedtls-dev";

/** mbedTLS, in the order of a linker's command. */
const LIBRARIES = ["mbedtls", "mbedx509", "mbedcrypto"];

/** The functions that `host/mbedtls/c_heap.c` stands in for. */
const COUNTED = ["malloc", "calloc", "realloc", "free"];

export interface NativePart {
	readonly folder: string;
	/** Names of its C files. */
	readonly sources: readonly string[];
	/** Version of mbedTLS, such as `2.28.3`. */
	readonly version: string;
	/** Everything that its objects depend on, to name a cached engine by. */
	readonly identity: string;
}

/** `undefined` where there is no mbedTLS with headers and static libraries, or nothing of ours to link with it. */
export async function findNativePart(
	compiler: Compiler,
	environment: NodeJS.ProcessEnv,
): Promise<NativePart | undefined> {
	const run = (...args: string[]) => runProgram([...compiler.command, ...args], tmpdir(), environment);
	const header = await run("-E", "-dM", "-x", "c", "-include", "mbedtls/version.h", "/dev/null");
	const version = /^#define MBEDTLS_VERSION_STRING "(.+)"$/m.exec(header.stdout)?.[1];
	if (header.exitCode !== 0 || version === undefined) return undefined;
	const libraries = await staticLibraries(compiler.command, environment);
	if (libraries === undefined) return undefined;
	const files = (await readdir(NATIVE_FOLDER)).filter((name) => /\.[ch]$/.test(name)).sort();
	const texts = await Promise.all(files.map((name) => readFile(join(NATIVE_FOLDER, name), "utf8")));
	if (!texts.some((text) => text.includes(ENTRY))) return undefined;
	const sources = files.filter((name) => name.endsWith(".c"));
	return { folder: NATIVE_FOLDER, sources, version, identity: [version, libraries, ...files, ...texts].join("\n") };
}

/**
 * mbedTLS's static libraries as this compiler links them: paths, and hashes of what is in them, as a security update of
 * the system leaves the version as it is. `undefined` where one is missing.
 */
export async function staticLibraries(
	command: readonly string[],
	environment: NodeJS.ProcessEnv,
): Promise<string | undefined> {
	const parts = await Promise.all(
		LIBRARIES.map(async (name) => {
			const { stdout } = await runProgram([...command, `-print-file-name=lib${name}.a`], tmpdir(), environment);
			const path = stdout.trim();
			// gcc and clang answer with the mere name where they find no such file.
			return isAbsolute(path) ? `${path} ${await hashOf(path)}` : undefined;
		}),
	);
	return parts.includes(undefined) ? undefined : parts.join("\n");
}

/** A file that cannot be read has none: to say so is the linker's part. */
async function hashOf(path: string): Promise<string> {
	return readFile(path).then(
		(bytes) => createHash("sha256").update(bytes).digest("hex"),
		() => "",
	);
}

/** Arguments that link its objects with mbedTLS into one, their C heap counted. */
export function nativeLink(objects: readonly string[], output: string): string[] {
	const counted = COUNTED.map((name) => `-Wl,--wrap=${name}`);
	const libraries = LIBRARIES.map((name) => `-l${name}`);
	return ["-r", "-nostdlib", ...counted, ...objects, "-Wl,-Bstatic", ...libraries, "-o", output];
}
