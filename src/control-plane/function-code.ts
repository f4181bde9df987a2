/**
 * Keeps the code of functions that come as deployment packages: a folder a function, in it a folder a package, named by
 * the package's SHA-256.
 * @module
 */
import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { FunctionSource } from "../account/index.js";
import { type ArchiveFile, unpackArchive } from "./code-archive.js";
import { ApiError } from "./errors.js";

export interface PackageFacts {
	/** Of the package, base64. */
	readonly codeSha256: string;
	/** Of the package, bytes. */
	readonly codeSize: number;
}

export interface StoredCode extends PackageFacts {
	/** Below the folder of all packages, so that the whole of them may be moved. */
	readonly directory: string;
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

	/** Where a source's files are, absolute. */
	locate(source: FunctionSource): FunctionSource {
		return "directory" in source ? { ...source, directory: resolve(this.folder, source.directory) } : source;
	}

	/**
	 * What there is to tell of a package, with nothing written.
	 * @throws {ApiError} for what is no package.
	 */
	async inspect(zip: Uint8Array): Promise<PackageFacts> {
		await unpackArchive(zip);
		return factsOf(zip, digestOf(zip));
	}

	/**
	 * Unpacks a package. The folder appears whole or not at all; one that is there already has the same files.
	 * @param functionName of `[A-Za-z0-9-_]`.
	 * @throws {ApiError} for what is no package; CodeStorageExceededException where the disk does not take it.
	 */
	async store(functionName: string, zip: Uint8Array): Promise<StoredCode> {
		const files = await unpackArchive(zip);
		const digest = digestOf(zip);
		const directory = `${functionName}/${digest.toString("hex")}`;
		await this.write(files, functionName, directory).catch((error: unknown) => {
			throw notStored(error);
		});
		return { directory, ...factsOf(zip, digest) };
	}

	/**
	 * Removes the packages of a function but the one that it has.
	 * @param source of the function; undefined where there is none any more.
	 */
	async forgetOthers(functionName: string, source: FunctionSource | undefined): Promise<void> {
		const folder = join(this.folder, functionName);
		if (source === undefined || !("directory" in source)) return rm(folder, { recursive: true, force: true });
		const kept = basename(source.directory);
		const others = (await readdir(folder)).filter((name) => name !== kept);
		await Promise.all(others.map((name) => rm(join(folder, name), { recursive: true, force: true })));
	}

	private async write(files: readonly ArchiveFile[], functionName: string, directory: string): Promise<void> {
		const draft = join(this.folder, functionName, `draft-${randomUUID()}`);
		try {
			await mkdir(draft, { recursive: true, mode: 0o700 });
			for (const { path, bytes } of files) await writeFileBelow(draft, path, bytes);
			await putInPlace(draft, resolve(this.folder, directory));
		} finally {
			await rm(draft, { recursive: true, force: true });
		}
	}
}

function digestOf(zip: Uint8Array): Buffer {
	return createHash("sha256").update(zip).digest();
}

function factsOf(zip: Uint8Array, digest: Buffer): PackageFacts {
	return { codeSha256: digest.toString("base64"), codeSize: zip.length };
}

/** What the file system refuses; anything else is a defect and stays what it is. */
function notStored(error: unknown): unknown {
	const { code, syscall } = error as NodeJS.ErrnoException;
	if (code === undefined || syscall === undefined) return error;
	const problem = `Latchkey cannot keep the deployment package (${code})`;
	const remedy = "make room on the disk or see to the permissions of the data folder";
	return new ApiError("CodeStorageExceededException", `${problem}: ${remedy}`);
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
