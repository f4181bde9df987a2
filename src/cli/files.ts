/**
 * Reading what the user named and writing what only the user should read.
 * @module
 */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { buffer } from "node:stream/consumers";
import { CommandFailure, ExitCode } from "./failure.js";

/**
 * The text of a file, or of standard input for `-`.
 * @param what names the file in an error, for instance `token`.
 */
export async function readInput(file: string, what: string): Promise<string> {
	return decoded(file, what, await bytesOf(file, what));
}

async function bytesOf(file: string, what: string): Promise<Uint8Array> {
	if (file === "-") return buffer(process.stdin);
	try {
		return await readFile(file);
	} catch (error) {
		throw unreadable(file, what, error);
	}
}

function decoded(file: string, what: string, bytes: Uint8Array): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		throw new CommandFailure({
			code: "not-utf8",
			cause: `the ${what} (${file}) is not text in UTF-8`,
			exitCode: ExitCode.usage,
		});
	}
}

/** Creates a file for its owner alone (mode 0600). An existing one is kept, and is an error. */
export async function createPrivateFile(file: string, content: string): Promise<void> {
	await makeFolderOf(file);
	try {
		await writeFile(file, content, { mode: 0o600, flag: "wx" });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "EEXIST") throw alreadyThere(file);
		throw error;
	}
}

/** Puts a file for its owner alone (mode 0600) in place of what is there, whatever mode or link that has. */
export async function replacePrivateFile(file: string, content: string): Promise<void> {
	await makeFolderOf(file);
	const fresh = `${file}.${randomUUID()}`;
	await writeFile(fresh, content, { mode: 0o600, flag: "wx" });
	await rename(fresh, file);
}

/** @throws {CommandFailure} when one of the files is there. */
export async function requireAbsent(...files: readonly string[]): Promise<void> {
	for (const file of files) if (await exists(file)) throw alreadyThere(file);
}

export async function exists(file: string): Promise<boolean> {
	return stat(file).then(
		() => true,
		() => false,
	);
}

async function makeFolderOf(file: string): Promise<void> {
	const folder = dirname(file);
	try {
		await mkdir(folder, { recursive: true, mode: 0o700 });
	} catch (error) {
		throw new CommandFailure({
			code: "folder-unusable",
			cause: `the folder ${folder} cannot be made (${(error as NodeJS.ErrnoException).code})`,
			remedy: "name a folder that you may write to",
		});
	}
}

function alreadyThere(file: string): CommandFailure {
	return new CommandFailure({
		code: "file-exists",
		cause: `${file} is already there and was left as it is`,
		remedy: "name another folder, or move this file away",
	});
}

function unreadable(file: string, what: string, error: unknown): CommandFailure {
	const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
	return new CommandFailure({
		code: "file-unreadable",
		cause: `the ${what} file ${file} cannot be read (${code})`,
		remedy: "check the path and its permissions",
		exitCode: ExitCode.usage,
	});
}
