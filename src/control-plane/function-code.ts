/**
 * Keeps the code of functions that come as deployment packages: a folder a function, in it a folder a package, named by
 * the package's SHA-256.
 * @module
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unpackArchive } from "./code-archive.js";

export interface StoredCode {
	/** Absolute. */
	readonly directory: string;
	/** Of the package, base64. */
	readonly codeSha256: string;
	/** Of the package, bytes. */
	readonly codeSize: number;
}

export class FunctionCode {
	private readonly folder: string;
	/** The last change under way of each function; none fails. */
	private readonly changes = new Map<string, Promise<void>>();

	/** @param folder absolute; made when it is first needed. */
	constructor(folder: string) {
		this.folder = folder;
	}

	/** Runs a change of a function's code after those under way, so that none removes what another has just stored. */
	async exclusively<T>(functionName: string, change: () => Promise<T>): Promise<T> {
		const outcome = (this.changes.get(functionName) ?? Promise.resolve()).then(change);
		const end = outcome.then(
			() => {},
			() => {},
		);
		this.changes.set(functionName, end);
		try {
			return await outcome;
		} finally {
			if (this.changes.get(functionName) === end) this.changes.delete(functionName);
		}
	}

	/**
	 * Unpacks a package. The folder appears whole or not at all; one that is there already has the same files.
	 * @param functionName of `[A-Za-z0-9-_]`.
	 * @throws {ApiError} for what is no package; the error of the file system where it cannot be written.
	 */
	async store(functionName: string, zip: Uint8Array): Promise<StoredCode> {
		const files = unpackArchive(zip);
		const digest = createHash("sha256").update(zip).digest();
		const directory = join(this.folder, functionName, digest.toString("hex"));
		const draft = join(this.folder, functionName, `draft-${randomUUID()}`);
		try {
			await mkdir(draft, { recursive: true, mode: 0o700 });
			for (const { path, bytes } of files) await writeFileBelow(draft, path, bytes);
			await putInPlace(draft, directory);
		} finally {
			await rm(draft, { recursive: true, force: true });
		}
		return { directory, codeSha256: digest.toString("base64"), codeSize: zip.length };
	}

	/**
	 * Removes the packages of a function.
	 * @param kept folder of the one that it runs.
	 */
	async forget(functionName: string, kept?: string): Promise<void> {
		const folder = join(this.folder, functionName);
		if (kept === undefined) return rm(folder, { recursive: true, force: true });
		const names = await readdir(folder);
		const others = names.map((name) => join(folder, name)).filter((path) => path !== kept);
		await Promise.all(others.map((path) => rm(path, { recursive: true, force: true })));
	}
}

async function writeFileBelow(folder: string, path: string, bytes: Uint8Array): Promise<void> {
	const file = join(folder, ...path.split("/"));
	await mkdir(dirname(file), { recursive: true });
	await writeFile(file, bytes, { flag: "wx" });
}

async function putInPlace(draft: string, directory: string): Promise<void> {
	try {
		await rename(draft, directory);
	} catch (error) {
		// The same package is there already, or was put there by a call at the same time.
		if (!["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
	}
}
