/**
 * DER as bytes (X.690): written by hand, because a library that knows the rules will not break them.
 * @module
 */

/** One element: tag, length in its shortest form, contents. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
	const body = Buffer.concat(contents);
	return Buffer.concat([Buffer.of(tag), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
	if (length < 0x80) return Buffer.of(length);
	const digits = Buffer.from(evenHex(length.toString(16)), "hex");
	return Buffer.concat([Buffer.of(0x80 | digits.length), digits]);
}

export const sequence = (...contents: readonly Uint8Array[]): Buffer => element(0x30, ...contents);
export const set = (...contents: readonly Uint8Array[]): Buffer => element(0x31, ...contents);
export const octetString = (...contents: readonly Uint8Array[]): Buffer => element(0x04, ...contents);
export const utf8String = (text: string): Buffer => element(0x0c, Buffer.from(text, "utf8"));
/** [n], constructed, EXPLICIT. */
export const explicit = (n: number, ...contents: readonly Uint8Array[]): Buffer => element(0xa0 | n, ...contents);
/** [n], primitive, IMPLICIT. */
export const implicit = (n: number, contents: Uint8Array): Buffer => element(0x80 | n, contents);
export const boolean = (value: boolean): Buffer => element(0x01, Buffer.of(value ? 0xff : 0));
export const NULL = element(0x05);

/** @param unused bits at the end that say nothing, 0..7. */
export const bitString = (contents: Uint8Array, unused = 0): Buffer => element(0x03, Buffer.of(unused), contents);

/** A whole number of zero or more. */
export function integer(value: number | bigint): Buffer {
	const digits = Buffer.from(evenHex(value.toString(16)), "hex");
	return element(0x02, digits[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

/** @param dotted such as `2.5.29.17`. */
export function objectIdentifier(dotted: string): Buffer {
	const [first = 0, second = 0, ...arcs] = dotted.split(".").map(Number);
	return element(0x06, Buffer.from([first * 40 + second, ...arcs.flatMap(base128)]));
}

function base128(arc: number): number[] {
	const digits = [arc & 0x7f];
	for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(0x80 | (rest & 0x7f));
	return digits;
}

/** UTCTime before 2050, GeneralizedTime from then on (RFC 5280 section 4.1.2.5). */
export function time(moment: Date): Buffer {
	const text = moment.toISOString().replace(/[-:T]|\.\d+/g, "");
	return moment.getUTCFullYear() < 2050 ? element(0x17, Buffer.from(text.slice(2))) : element(0x18, Buffer.from(text));
}

function evenHex(hex: string): string {
	return hex.length % 2 === 0 ? hex : `0${hex}`;
}
