/**
 * UTF-8, strict in both directions (RFC 3629).
 *
 * `TextEncoder` and `TextDecoder` are no globals on the device, and XS counts strings in code points where
 * Node counts UTF-16 units; iterating by code point gives the same bytes in both.
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

/** How many bytes {@link utf8Encode} gives for `text`. A lone surrogate counts as U+FFFD. */
export function utf8Length(text: string): number {
	let length = 0;
	for (const character of text) length += sequenceLength(scalarOf(character));
	return length;
}

/** The UTF-8 bytes of `text`. A lone surrogate becomes U+FFFD, as in the WHATWG encoder. */
export function utf8Encode(text: string): Uint8Array {
	const bytes = new Uint8Array(utf8Length(text));
	let at = 0;
	for (const character of text) {
		const scalar = scalarOf(character);
		if (scalar < 0x80) {
			bytes[at++] = scalar;
			continue;
		}
		const length = sequenceLength(scalar);
		bytes[at++] = LEAD[length]! | (scalar >> (6 * (length - 1)));
		for (let shift = 6 * (length - 2); shift >= 0; shift -= 6) bytes[at++] = 0x80 | ((scalar >> shift) & 0x3f);
	}
	return bytes;
}

/**
 * The text of UTF-8 `bytes`; no byte order mark is taken away.
 * @throws {Utf8Error} on overlong forms, surrogates, values above U+10FFFF, stray or missing continuation bytes.
 */
export function utf8Decode(bytes: Uint8Array): string {
	let text = "";
	for (let at = 0; at < bytes.length; ) {
		const lead = bytes[at]!;
		if (lead < 0x80) {
			text += String.fromCharCode(lead);
			at++;
			continue;
		}
		const length = announcedLength(lead);
		if (length === 0) throw new Utf8Error(at);
		text += String.fromCodePoint(readSequence(bytes, at, length));
		at += length;
	}
	return text;
}

/** How long a sequence its first byte says it is, 0 when none begins with that byte. */
function announcedLength(lead: number): number {
	if (lead >= 0xf5 || lead < 0xc2) return 0;
	return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
}

/** The scalar of the sequence of `length` bytes (2..4) at `at`. */
function readSequence(bytes: Uint8Array, at: number, length: number): number {
	let scalar = bytes[at]! & (0xff >> (length + 1));
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
