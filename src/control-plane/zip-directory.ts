/**
 * The central directory of a ZIP archive (APPNOTE.TXT 6.3.10, sections 4.3.12 and 4.3.16): what its entries say about
 * themselves, and where their bytes are.
 * @module
 */

export interface ArchiveEntry {
	/** A folder's ends with a slash. */
	readonly path: string;
	/** How it is packed, {@link STORED} or {@link DEFLATED}; archives may have others. */
	readonly method: number;
	/** CRC-32 of the unpacked file. */
	readonly checksum: number;
	/** Bytes. */
	readonly packedSize: number;
	/** Bytes. */
	readonly unpackedSize: number;
	/** Where its local header begins. */
	readonly offset: number;
	readonly isSymbolicLink: boolean;
}

/** Compression methods (section 4.4.5). */
export const STORED = 0;
export const DEFLATED = 8;

const END_SIGNATURE = 0x06054b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 65_535;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_LENGTH = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_LENGTH = 30;
/** `S_IFMT` and `S_IFLNK` of a Unix file mode, which the upper half of the external attributes holds. */
const FILE_TYPE = 0o170000;
const LINK_TYPE = 0o120000;
/** General purpose bit 11: the name is UTF-8. */
const UTF8_NAMES = 0x0800;

/** Undefined for what is no ZIP archive, and for ZIP64, which begins at sizes that no deployment package has. */
export function readCentralDirectory(zip: Uint8Array): readonly ArchiveEntry[] | undefined {
	const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
	const end = findEnd(view);
	if (end === undefined) return undefined;
	const count = view.getUint16(end + 10, true);
	let at = view.getUint32(end + 16, true);
	const entries: ArchiveEntry[] = [];
	for (let index = 0; index < count; index += 1) {
		if (at + ENTRY_LENGTH > end || view.getUint32(at, true) !== ENTRY_SIGNATURE) return undefined;
		const nameLength = view.getUint16(at + 28, true);
		const next = at + ENTRY_LENGTH + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
		if (next > end) return undefined;
		const name = zip.subarray(at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength);
		entries.push({
			path: Buffer.from(name).toString((view.getUint16(at + 8, true) & UTF8_NAMES) === 0 ? "latin1" : "utf8"),
			method: view.getUint16(at + 10, true),
			checksum: view.getUint32(at + 16, true),
			packedSize: view.getUint32(at + 20, true),
			unpackedSize: view.getUint32(at + 24, true),
			offset: view.getUint32(at + 42, true),
			isSymbolicLink: ((view.getUint32(at + 38, true) >>> 16) & FILE_TYPE) === LINK_TYPE,
		});
		at = next;
	}
	return entries;
}

/** The packed bytes of an entry (section 4.3.7); undefined where they are not in the archive. */
export function packedBytes(zip: Uint8Array, { offset, packedSize }: ArchiveEntry): Uint8Array | undefined {
	const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
	if (offset + LOCAL_LENGTH > zip.length || view.getUint32(offset, true) !== LOCAL_SIGNATURE) return undefined;
	const start = offset + LOCAL_LENGTH + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
	return start + packedSize > zip.length ? undefined : zip.subarray(start, start + packedSize);
}

function findEnd(view: DataView): number | undefined {
	const last = view.byteLength - END_LENGTH;
	for (let at = last; at >= 0 && at >= last - LONGEST_COMMENT; at -= 1) {
		if (view.getUint32(at, true) === END_SIGNATURE) return at;
	}
	return undefined;
}
