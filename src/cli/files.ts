/**
 * Reading what the user named and writing what only the user should read.
 * @module
 */
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { CommandFailure, ExitCode } from "./failure.js";

/**
 * The text of a file, or of standard input for `-`.
 * @param what names the file in an error, for instance `token`.
 */
export async function readInput(file: string, what: string): Promise<string> {
	if (file === "-") return text(process.stdin);
	try {
		return await readFile(file, "utf8");
	} catch (error) {
		throw unreadable(file, what, error);
	}
}

/** Creates a file for its owner alone (mode 0600). An existing one is kept and is an error unless `overwrite`. */
export async function writePrivateFile(file: string, content: string, overwrite = false): Promise<void> {
	await writeNew(file, content, 0o600, overwrite);
}

/** Creates a file that everybody may read (mode 0644). */
export async function writePublicFile(file: string, content: string, overwrite = false): Promise<void> {
	await writeNew(file, content, 0o644, overwrite);
}

export async function exists(file: string): Promise<boolean> {
	return stat(file).then(
		() => true,
		() => false,
	);
}

async function writeNew(file: string, content: string, mode: number, overwrite: boolean): Promise<void> {
	await mkdir(dirname(file), { recursive: true, mode: 0o700 });
	try {
		await writeFile(file, content, { mode, flag: overwrite ? "w" : "wx" });
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
		throw new CommandFailure({
			code: "file-exists",
			cause: `${file} is already there and was left as it is`,
			remedy: "name another file, or move this one away",
		});
	}
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
