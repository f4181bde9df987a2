/**
 * The engine's sources: one npm tarball, checked against a fixed hash, kept in the cache, never in the project.
 *
 * XS is the JavaScript engine of the Moddable SDK (LGPL-3.0-or-later with Apache-2.0 portions); the package carries
 * XS 13.3.0 as it is. An installation of the package would compile its own worker: only the tarball is taken.
 * @module
 */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { XsUnavailableError } from "./errors.js";
import { takeLock } from "./lock.js";
import { runProgram } from "./run-program.js";

const PACKAGE = "@agoric/xsnap@0.15.0";
/** Subresource integrity of the tarball, as npm's own. */
export const INTEGRITY =
	"sha512-ZBm4DZxbtfacxMHVVdJjZi0Y8zOxN77vpu1WwI5RWfPkaRh0aHkz/dVdTGKXalDNzWfz183lljKxlxl3/h0n+A==";

const TARBALL = "xsnap-0.15.0.tgz";
const PROJECT = fileURLToPath(new URL("../../../", import.meta.url));

/** Where the tarball is kept. */
function tarballPath(cache: string): string {
	return join(cache, TARBALL);
}

/**
 * Downloads the tarball into the cache with the user's own npm settings; nothing to do when it is there.
 * @throws {XsUnavailableError} `fetch-failed`
 */
export async function fetchTarball(cache: string, environment: NodeJS.ProcessEnv): Promise<void> {
	const isThere = async () => (await readdir(cache)).includes(TARBALL);
	const lock = await takeLock(`${tarballPath(cache)}.lock`, isThere);
	if (lock === undefined) return;
	const folder = await mkdtemp(join(cache, "fetch-"));
	try {
		const pack = ["npm", "pack", PACKAGE, "--ignore-scripts", "--prefer-offline", "--pack-destination", folder];
		const end = await runProgram(pack, PROJECT, environment);
		const file = (await readdir(folder)).find((name) => name.endsWith(".tgz"));
		if (end.exitCode !== 0 || file === undefined) {
			throw new XsUnavailableError(
				"fetch-failed",
				`npm pack ${PACKAGE} failed:\n${end.stderr.trim()}`,
				`let npm reach its registry, or put the tarball at ${tarballPath(cache)}`,
			);
		}
		await rename(join(folder, file), tarballPath(cache));
	} finally {
		await rm(folder, { recursive: true, force: true });
		await lock.release();
	}
}

/**
 * Compares the tarball with the hash that this project expects; a different one is removed.
 * @throws {XsUnavailableError} `integrity`
 */
export async function verifyTarball(cache: string): Promise<void> {
	const file = tarballPath(cache);
	const actual = `sha512-${createHash("sha512")
		.update(await readFile(file))
		.digest("base64")}`;
	if (actual === INTEGRITY) return;
	await rm(file, { force: true });
	throw new XsUnavailableError(
		"integrity",
		`${PACKAGE}: expected ${INTEGRITY}, got ${actual}`,
		"run it again; if it stays, the registry that npm asks does not serve the published package",
	);
}

/**
 * Unpacks XS into `folder`.
 * @returns the folder that holds XS's `includes`, `platforms` and `sources`.
 * @throws {XsUnavailableError} `build-failed`
 */
export async function unpackSources(cache: string, folder: string, environment: NodeJS.ProcessEnv): Promise<string> {
	const end = await runProgram(["tar", "-xzf", tarballPath(cache), "package/moddable/xs"], folder, environment);
	if (end.exitCode !== 0) {
		throw new XsUnavailableError("build-failed", `tar failed: ${end.stderr.trim()}`, "apt-get install tar gzip");
	}
	return join(folder, "package", "moddable", "xs");
}
