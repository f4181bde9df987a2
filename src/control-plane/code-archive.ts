/**
 * Unpacks deployment packages: ZIP archives that anybody may have made, so that nothing is trusted in them, neither
 * sizes nor names.
 * @module
 */
import { crc32 } from "node:zlib";
import { unzipSync } from "fflate";
import { ApiError } from "./errors.js";
import { type ArchiveEntry, readCentralDirectory } from "./zip-directory.js";

/** Bytes of all files together (AWS Lambda Developer Guide, "Lambda quotas"). */
const UNPACKED_LIMIT = 262_144_000;

/** Bytes; file systems take 4096 for the whole, of which the folder around it needs some. */
const LONGEST_PATH = 1024;

export interface ArchiveFile {
	/** Relative, with slashes, below the folder that it is unpacked into. */
	readonly path: string;
	readonly bytes: Uint8Array;
}

/**
 * The files of an archive.
 * @throws {ApiError} InvalidParameterValueException, in AWS's words for what is no archive and for one that is too large,
 *   in Latchkey's own for links and for paths that lead out of it.
 */
export function unpackArchive(zip: Uint8Array): readonly ArchiveFile[] {
	const entries = readCentralDirectory(zip);
	if (entries === undefined || entries.length === 0) throw unreadable();
	for (const entry of entries) checkEntry(entry);
	checkClashes(entries.map(({ path }) => path));
	const size = entries.reduce((sum, { unpackedSize }) => sum + unpackedSize, 0);
	if (size > UNPACKED_LIMIT) throw refusal(`Unzipped size must be smaller than ${UNPACKED_LIMIT} bytes`);
	const files = unpack(zip);
	return entries
		.filter(({ path }) => !path.endsWith("/"))
		.map((entry) => ({ path: entry.path, bytes: checked(entry, files) }));
}

function unpack(zip: Uint8Array): ReadonlyMap<string, Uint8Array> {
	try {
		let left = UNPACKED_LIMIT;
		const filter = ({ originalSize }: { readonly originalSize: number }) => {
			left -= originalSize;
			return left >= 0;
		};
		return new Map(Object.entries(unzipSync(zip, { filter })));
	} catch {
		// Whatever the archive is broken in, AWS has one answer.
		throw unreadable();
	}
}

/** The file of an entry, if it is what the archive's directory says. */
function checked({ path, checksum, unpackedSize }: ArchiveEntry, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
	const bytes = files.get(path);
	if (bytes === undefined || bytes.length !== unpackedSize || crc32(bytes) !== checksum) throw unreadable();
	return bytes;
}

function checkEntry({ path, isSymbolicLink }: ArchiveEntry): void {
	if (isSymbolicLink) throw refusal("The deployment package holds a symbolic link, which Latchkey does not unpack");
	const parts = path.replace(/\/$/, "").split("/");
	const leadsOut = parts.some((part) => part === "" || part === "." || part === "..");
	const isShort = Buffer.byteLength(path) <= LONGEST_PATH && parts.every((part) => Buffer.byteLength(part) <= 255);
	if (!leadsOut && isShort && !/[\\:\p{Cc}]/u.test(path)) return;
	throw refusal("The deployment package holds a file whose path does not stay inside of it or cannot be written");
}

/** A path twice, or one as a file and as a folder, of which the file system would keep what comes first or last. */
function checkClashes(paths: readonly string[]): void {
	const files = new Set(paths.filter((path) => !path.endsWith("/")));
	const folders = new Set(paths.flatMap(foldersOf));
	const isTwice = files.size !== paths.filter((path) => !path.endsWith("/")).length;
	if (!isTwice && ![...folders].some((folder) => files.has(folder))) return;
	throw refusal("The deployment package holds the same path twice, or as a file and as a folder");
}

/** The folders that a path lies in, and itself where it is one. */
function foldersOf(path: string): readonly string[] {
	const parts = path.split("/").slice(0, -1);
	return parts.map((_part, index) => parts.slice(0, index + 1).join("/"));
}

function unreadable(): ApiError {
	return refusal("Could not unzip uploaded file. Please check your file, then try to upload again.");
}

function refusal(message: string): ApiError {
	return new ApiError("InvalidParameterValueException", message);
}
