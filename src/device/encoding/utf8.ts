/**
 * UTF-8, strict in both directions (RFC 3629).
 *
 * `TextEncoder` and `TextDecoder` are no globals on the device, and XS counts strings in code points where Node counts UTF-16
 * units. XS holds strings in UTF-8 itself: where it offers them, its own conversions do the copying (they cost a
 * thousandth of a loop), and the rules are checked here.
 * @module
 */

/** Thrown by {@link utf8Decode}: `offset` is the index of the first byte of the bad sequence. */
export class Utf8Error extends RangeError {
	override name = "Utf8Error";
	readonly code = "bad-utf8";
	readonly offset: number;

	constructor(offset: number) {
		super(`UTF-8: ill-formed sequence at byte ${offset}`);
		this.offset = offset;
	}
}

/** XS's own conversions (Moddable SDK documentation, "XS: differences"); Node has neither. */
const engine = {
	ArrayBuffer: ArrayBuffer as ArrayBufferConstructor & { fromString?(text: string): ArrayBuffer },
	String: String as StringConstructor & { fromArrayBuffer?(buffer: ArrayBuffer): string },
};

/** How many bytes {@link utf8Encode} gives for `text`. */
export function utf8Length(text: string): number {
	return utf8Encode(text).length;
}

/** The UTF-8 bytes of `text`. A lone surrogate becomes U+FFFD, as in the WHATWG encoder. */
export function utf8Encode(text: string): Uint8Array {
	const held = engine.ArrayBuffer.fromString?.(text);
	if (held !== undefined) {
		const bytes = new Uint8Array(held);
		// XS counts code points: as many as bytes means ASCII without U+0000.
		if (bytes.length === text.length || isStandard(text, bytes)) return bytes;
	}
	return encodeByScalar(text);
}

/**
 * The text of UTF-8 `bytes`; no byte order mark is taken away.
 * @throws {Utf8Error} on overlong forms, surrogates, values above U+10FFFF, stray or missing continuation bytes.
 */
export function utf8Decode(bytes: Uint8Array): string {
	const held = decodeByEngine(bytes);
	if (held !== undefined && (held.length === bytes.length || held.length === countScalars(bytes))) return held;
	return decodeByScalar(bytes);
}

/**
 * XS's own reading: it sees to leads and continuation bytes, but takes overlong forms and surrogates, and XS 13 stops at
 * U+0000. XS counts code points: a text as long as the bytes is ASCII, and right as it is. `undefined` where there is none.
 */
function decodeByEngine({ buffer, byteOffset, length }: Uint8Array): string | undefined {
	if (engine.String.fromArrayBuffer === undefined) return undefined;
	try {
		return engine.String.fromArrayBuffer(buffer.slice(byteOffset, byteOffset + length) as ArrayBuffer);
	} catch {
		// Ill-formed: our own reading says where.
		return undefined;
	}
}

/** How many scalars well-formed `bytes` are; throws as {@link utf8Decode}. */
function countScalars(bytes: Uint8Array): number {
	const { length } = bytes;
	let count = 0;
	for (let at = 0; at < length; count++) at += bytes[at]! < 0x80 ? 1 : sequenceLength(readSequence(bytes, at));
	return count;
}

function decodeByScalar(bytes: Uint8Array): string {
	let pending = "";
	let text = "";
	for (let at = 0; at < bytes.length; ) {
		const scalar = readSequence(bytes, at);
		at += sequenceLength(scalar);
		pending += String.fromCodePoint(scalar);
		// Appending to a long text copies it; a short one in between keeps that rare.
		if (pending.length < 64) continue;
		text += pending;
		pending = "";
	}
	return text + pending;
}

/** Whether XS's inner form of a text is UTF-8: it writes U+0000 in two bytes and lone surrogates in three. */
function isStandard(text: string, bytes: Uint8Array): boolean {
	if (text.includes("\0")) return false;
	for (let at = bytes.indexOf(0xed); at >= 0; at = bytes.indexOf(0xed, at + 1))
		if ((bytes[at + 1] ?? 0) >= 0xa0) return false;
	return true;
}

function encodeByScalar(text: string): Uint8Array {
	const bytes: number[] = [];
	for (const character of text) {
		const scalar = scalarOf(character);
		if (scalar < 0x80) {
			bytes.push(scalar);
			continue;
		}
		const length = sequenceLength(scalar);
		bytes.push(LEAD[length]! | (scalar >> (6 * (length - 1))));
		for (let shift = 6 * (length - 2); shift >= 0; shift -= 6) bytes.push(0x80 | ((scalar >> shift) & 0x3f));
	}
	return Uint8Array.from(bytes);
}

/** How long a sequence its first byte says it is, 0 when none begins with that byte. */
function announcedLength(lead: number): number {
	if (lead < 0x80) return 1;
	if (lead >= 0xf5 || lead < 0xc2) return 0;
	return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

/** The scalar of the sequence at `at`. */
function readSequence(bytes: Uint8Array, at: number): number {
	const lead = bytes[at]!;
	const length = announcedLength(lead);
	if (length === 0) throw new Utf8Error(at);
	if (length === 1) return lead;
	let scalar = lead & (0xff >> (length + 1));
	for (let i = 1; i < length; i++) {
		const next = bytes[at + i] ?? 0;
		if ((next & 0xc0) !== 0x80) throw new Utf8Error(at);
		scalar = (scalar << 6) | (next & 0x3f);
	}
	if (sequenceLength(scalar) !== length || isSurrogate(scalar) || scalar > 0x10ffff) throw new Utf8Error(at);
	return scalar;
}

/** The bits that mark the first byte of a sequence, by its length. */
const LEAD = [0, 0, 0xc0, 0xe0, 0xf0] as const;

function sequenceLength(scalar: number): number {
	return scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
}

function scalarOf(character: string): number {
	const scalar = character.codePointAt(0)!;
	return isSurrogate(scalar) ? 0xfffd : scalar;
}

function isSurrogate(scalar: number): boolean {
	return scalar >= 0xd800 && scalar <= 0xdfff;
}
