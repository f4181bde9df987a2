/**
 * Unpacks deployment packages: ZIP archives that anybody may have made, so that nothing is trusted in them, neither
 * sizes nor names.
 * @module
 */
import { crc32 } from "node:zlib";
import { type Entry, fromBufferPromise, getFileNameLowLevel, type ZipFile } from "yauzl";
import { ApiError } from "./errors.js";

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

interface ArchiveEntry {
	/** A folder's ends with a slash. */
	readonly path: string;
	readonly entry: Entry;
}

/** `S_IFMT` and `S_IFLNK` of a Unix file mode, which the upper half of the external attributes holds. */
const FILE_TYPE = 0o170000;
const LINK_TYPE = 0o120000;

/**
 * The files of an archive. Everything that its directory tells is judged before anything is unpacked; unpacking is done
 * beside the event loop, a file at a time.
 * @throws {ApiError} InvalidParameterValueException, in AWS's words for what is no archive and for one that is too large,
 *   in Latchkey's own for links, for paths that lead out of it and for more files or folders than it takes.
 */
export async function unpackArchive(zip: Uint8Array): Promise<readonly ArchiveFile[]> {
	const archive = await orUnreadable(openArchive(zip));
	if (archive.entryCount > MOST_ENTRIES) {
		const extent = `more than ${MOST_ENTRIES} files and folders`;
		throw refusal(`The deployment package holds ${extent}, which Latchkey does not unpack`);
	}
	const entries = await orUnreadable(readDirectory(archive));
	if (entries.length === 0) throw unreadable();
	for (const entry of entries) checkEntry(entry);
	checkClashes(entries.map(({ path }) => path));
	const size = entries.reduce((sum, { entry }) => sum + entry.uncompressedSize, 0);
	if (size > UNPACKED_LIMIT) throw refusal(`Unzipped size must be smaller than ${UNPACKED_LIMIT} bytes`);
	const files: ArchiveFile[] = [];
	for (const { path, entry } of entries) {
		if (!path.endsWith("/")) files.push({ path, bytes: await orUnreadable(unpackEntry(archive, entry)) });
		// A file whose name was damaged: to leave it out would be to unpack something else.
		else if (entry.uncompressedSize !== 0) throw unreadable();
	}
	return files;
}

/** Names stay bytes: what is wrong with one is ours to say. */
function openArchive(zip: Uint8Array): Promise<ZipFile> {
	return fromBufferPromise(Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength), { decodeStrings: false });
}

async function readDirectory(archive: ZipFile): Promise<readonly ArchiveEntry[]> {
	const entries: ArchiveEntry[] = [];
	for await (const entry of archive.eachEntry()) {
		const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
		entries.push({ path: getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true), entry });
	}
	return entries;
}

/** @throws {Error} where the bytes are not those that the archive's directory tells of: the library compares their count. */
async function unpackEntry(archive: ZipFile, entry: Entry): Promise<Uint8Array> {
	const stream = await archive.openReadStreamPromise(entry);
	const bytes = Buffer.concat(await stream.toArray());
	if (crc32(bytes) !== entry.crc32) throw new Error("the file's checksum is not its own");
	return bytes;
}

/** Whatever an archive is broken in, AWS has one answer. */
async function orUnreadable<T>(reading: Promise<T>): Promise<T> {
	try {
		return await reading;
	} catch {
		throw unreadable();
	}
}

function checkEntry({ path, entry }: ArchiveEntry): void {
	if (((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK_TYPE) {
		throw refusal("The deployment package holds a symbolic link, which Latchkey does not unpack");
	}
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
