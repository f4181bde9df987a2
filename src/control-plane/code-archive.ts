/**
 * Unpacks deployment packages: ZIP archives that anybody may have made, so that nothing is trusted in them, neither
 * sizes nor names.
 * @module
 */
import { promisify } from "node:util";
import { crc32, inflateRaw, type ZlibOptions } from "node:zlib";
import { ApiError } from "./errors.js";
import { type ArchiveEntry, DEFLATED, packedBytes, readCentralDirectory, STORED } from "./zip-directory.js";

/** Bytes of all files together (AWS Lambda Developer Guide, "Lambda quotas"). */
const UNPACKED_LIMIT = 262_144_000;

/** Files and folders of a package. AWS has no such limit; the format ends at 65,535, and each is one on the disk. */
const MOST_ENTRIES = 10_000;

/** Names in a path, the file's own included. AWS has no such limit. */
const DEEPEST_PATH = 32;

/** Bytes; file systems take 4096 for the whole, of which the folder around it needs some. */
const LONGEST_PATH = 1024;

export interface ArchiveFile {
	/** Relative, with slashes, below the folder that it is unpacked into. */
	readonly path: string;
	readonly bytes: Uint8Array;
}

/**
 * The files of an archive. Everything that its directory tells is judged before anything is unpacked; unpacking is done
 * beside the event loop, a file at a time.
 * @throws {ApiError} InvalidParameterValueException, in AWS's words for what is no archive and for one that is too large,
 *   in Latchkey's own for links, for paths that lead out of it and for more files or folders than it takes.
 */
export async function unpackArchive(zip: Uint8Array): Promise<readonly ArchiveFile[]> {
	const files: ArchiveFile[] = [];
	for (const entry of checkedEntries(zip)) {
		if (!entry.path.endsWith("/")) files.push({ path: entry.path, bytes: await unpackEntry(zip, entry) });
	}
	return files;
}

function checkedEntries(zip: Uint8Array): readonly ArchiveEntry[] {
	const entries = readCentralDirectory(zip);
	if (entries === undefined || entries.length === 0) throw unreadable();
	if (entries.length > MOST_ENTRIES) {
		const extent = `more than ${MOST_ENTRIES} files and folders`;
		throw refusal(`The deployment package holds ${extent}, which Latchkey does not unpack`);
	}
	for (const entry of entries) checkEntry(entry);
	checkClashes(entries.map(({ path }) => path));
	const size = entries.reduce((sum, { unpackedSize }) => sum + unpackedSize, 0);
	if (size > UNPACKED_LIMIT) throw refusal(`Unzipped size must be smaller than ${UNPACKED_LIMIT} bytes`);
	return entries;
}

/** The file of an entry, if it is what the archive's directory says. Whatever it is broken in, AWS has one answer. */
async function unpackEntry(zip: Uint8Array, entry: ArchiveEntry): Promise<Uint8Array> {
	const packed = packedBytes(zip, entry);
	const bytes = packed === undefined ? undefined : await unpack(packed, entry);
	if (bytes?.length !== entry.unpackedSize || crc32(bytes) !== entry.checksum) throw unreadable();
	return bytes;
}

const inflate: (packed: Uint8Array, options: ZlibOptions) => Promise<Uint8Array> = promisify(inflateRaw);

/** Undefined for what is broken, unpacks to more than it says, or is packed in another way. */
async function unpack(packed: Uint8Array, { method, unpackedSize }: ArchiveEntry): Promise<Uint8Array | undefined> {
	if (method === STORED) return packed;
	if (method !== DEFLATED) return undefined;
	try {
		// A little over its size, so that one piece of memory takes all of it.
		return await inflate(packed, { maxOutputLength: unpackedSize + 1, chunkSize: unpackedSize + 64 });
	} catch {
		return undefined;
	}
}

function checkEntry({ path, isSymbolicLink }: ArchiveEntry): void {
	if (isSymbolicLink) throw refusal("The deployment package holds a symbolic link, which Latchkey does not unpack");
	const parts = path.replace(/\/$/, "").split("/");
	if (parts.length > DEEPEST_PATH) {
		throw refusal(
			`The deployment package holds a path of more than ${DEEPEST_PATH} names, which Latchkey does not unpack`,
		);
	}
	const leadsOut = parts.some((part) => part === "" || part === "." || part === "..");
	const isShort = Buffer.byteLength(path) <= LONGEST_PATH && parts.every((part) => Buffer.byteLength(part) <= 255);
	if (!leadsOut && isShort && !/[\\:\p{Cc}]/u.test(path)) return;
	throw refusal("The deployment package holds a file whose path does not stay inside of it or cannot be written");
}

/**
 * A path twice, or one as a file and as a folder, of which the file system would keep what comes first or last. With the
 * lowest of all characters, which no path has, between their names, sorted paths have everything below a path right
 * behind it.
 */
function checkClashes(paths: readonly string[]): void {
	const sorted = paths.map((path) => path.replaceAll("/", "\0")).sort();
	const clashes = sorted.some((path, index) => {
		const next = sorted[index + 1];
		return !path.endsWith("\0") && (next === path || next?.startsWith(`${path}\0`));
	});
	if (clashes) throw refusal("The deployment package holds the same path twice, or as a file and as a folder");
}

function unreadable(): ApiError {
	return refusal("Could not unzip uploaded file. Please check your file, then try to upload again.");
}

function refusal(message: string): ApiError {
	return new ApiError("InvalidParameterValueException", message);
}
