/**
 * Values that come from files: `file://` as text, `fileb://` as bytes (AWS CLI User Guide, "Load AWS CLI parameters from a
 * file").
 * @module
 */
import { ParameterError } from "./parameter-error.js";

/**
 * The content of a file; `path` as it was written after the prefix, so `~` and variables are the reader's affair.
 * @throws an error whose `message` names the cause and never the content.
 */
export type ReadBytes = (path: string) => Uint8Array;

/**
 * @returns undefined where `given` has neither prefix.
 * @throws {ParameterError} code `file-unreadable`.
 */
export function resolveParameterFile(
	option: string,
	given: string,
	readBytes: ReadBytes,
): string | Uint8Array | undefined {
	const [, binary, path] = /^file(b?):\/\/(.*)$/s.exec(given) ?? [];
	if (path === undefined) return undefined;
	const bytes = read(option, path, given, readBytes);
	return binary === "b" ? bytes : textOf(option, path, bytes);
}

function read(option: string, path: string, given: string, readBytes: ReadBytes): Uint8Array {
	try {
		return readBytes(path);
	} catch (error) {
		const problem = `Unable to load paramfile ${given}: ${(error as Error).message}`;
		throw ParameterError.of(option, problem, "file-unreadable");
	}
}

function textOf(option: string, path: string, bytes: Uint8Array): string {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		const problem = `Unable to load paramfile (${path}), text contents could not be decoded.  If this is a binary file, please use the fileb:// prefix instead of the file:// prefix.`;
		throw ParameterError.of(option, problem, "file-unreadable");
	}
}
