/**
 * The pointer: which of the two records in the store has connected, and how often the other one was tried.
 *
 * ```
 *  0  magic            4 bytes, "LKcu"
 *  4  layout           u8, 1
 *  5  proven slot      u8, 0 none, 1 the first, 2 the second
 *  6  trials           u8
 *  7  first slot       u32 sequence number, u32 checksum of the record that was in it; zeros for none
 * 15  second slot      the same
 * 23  checksum         u32, CRC-32 of everything before
 * ```
 *
 * It tells records by what they are, not by where they lie: what was put into a slot behind its back it does not know.
 * @module
 */
import { crc32 } from "../encoding/crc32.js";

/** What tells a record from every other one. */
export interface RecordMark {
	readonly sequence: number;
	readonly checksum: number;
}

/** Of the two slots: the one that provisioning writes, and the other one. */
export type SlotIndex = 0 | 1;

export interface UseRecord {
	/** The slot whose record has connected. */
	readonly proven: SlotIndex | undefined;
	/** In how many power-ups the candidate was tried, or {@link SETTLED}. */
	readonly trials: number;
	/** What was in the slots. */
	readonly marks: readonly [RecordMark | undefined, RecordMark | undefined];
}

/** In place of trials: the proven record has connected since the other one was tried, or was in use. */
export const SETTLED = 0xff;

const MAGIC = [0x4c, 0x4b, 0x63, 0x75];
const LAYOUT = 1;
const LAYOUT_AT = 4;
const PROVEN_AT = 5;
const TRIALS_AT = 6;
const MARKS_AT = [7, 15] as const;
const CHECKSUM_AT = 23;
const LENGTH = 27;

export function encodeUseRecord({ proven, trials, marks }: UseRecord): Uint8Array {
	const bytes = new Uint8Array(LENGTH);
	const view = new DataView(bytes.buffer);
	bytes.set(MAGIC);
	bytes[LAYOUT_AT] = LAYOUT;
	bytes[PROVEN_AT] = proven === undefined ? 0 : proven + 1;
	bytes[TRIALS_AT] = trials;
	MARKS_AT.forEach((at, slot) => {
		view.setUint32(at, marks[slot]?.sequence ?? 0);
		view.setUint32(at + 4, marks[slot]?.checksum ?? 0);
	});
	view.setUint32(CHECKSUM_AT, crc32(bytes.subarray(0, CHECKSUM_AT)));
	return bytes;
}

/** The pointer; `undefined` for anything but a whole one of this layout: which record is proven is then found out anew. */
export function decodeUseRecord(bytes: Uint8Array): UseRecord | undefined {
	if (bytes.length !== LENGTH || !MAGIC.every((byte, at) => bytes[at] === byte)) return undefined;
	const view = new DataView(bytes.buffer, bytes.byteOffset, LENGTH);
	const proven = bytes[PROVEN_AT]!;
	if (view.getUint32(CHECKSUM_AT) !== crc32(bytes.subarray(0, CHECKSUM_AT))) return undefined;
	if (bytes[LAYOUT_AT] !== LAYOUT || proven > 2) return undefined;
	return {
		proven: proven === 0 ? undefined : ((proven - 1) as SlotIndex),
		trials: bytes[TRIALS_AT]!,
		marks: [markAt(view, MARKS_AT[0]), markAt(view, MARKS_AT[1])],
	};
}

/** No record has sequence number 0. */
function markAt(view: DataView, at: number): RecordMark | undefined {
	const sequence = view.getUint32(at);
	return sequence === 0 ? undefined : { sequence, checksum: view.getUint32(at + 4) };
}
