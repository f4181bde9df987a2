/**
 * Standard base64 with padding (RFC 4648 section 4), the only form AWS IoT Core takes for a token signature.
 *
 * XS finds a character by counting from the text's beginning: texts are made in short lines and read as bytes.
 * @module
 */
import { utf8Encode } from "./utf8.js";

/** Thrown by {@link base64Decode}; `offset` counts characters. */
class Base64Error extends RangeError {
	override name = "Base64Error";
	readonly code = "bad-base64";
	readonly offset: number;

	constructor(offset: number, what: string) {
		super(`base64: ${what} at character ${offset}`);
		this.offset = offset;
	}
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const PAD = 61;

export function base64Encode(bytes: Uint8Array): string {
	// An array's elements cost XS a third of a typed array's, and a text's characters far more.
	const digits = ALPHABET.split("");
	const { length } = bytes;
	const whole = length - (length % 3);
	let text = "";
	let line = "";
	for (let at = 0; at < whole; ) {
		const group = (bytes[at++]! << 16) | (bytes[at++]! << 8) | bytes[at++]!;
		line += digits[group >> 18]! + digits[(group >> 12) & 63]! + digits[(group >> 6) & 63]! + digits[group & 63]!;
		if (line.length < 64) continue;
		text += line;
		line = "";
	}
	text += line;
	if (whole === length) return text;
	const group = (bytes[whole]! << 16) | ((bytes[whole + 1] ?? 0) << 8);
	const third = whole + 1 < length ? digits[(group >> 6) & 63]! : "=";
	return `${text}${digits[group >> 18]!}${digits[(group >> 12) & 63]!}${third}=`;
}

/**
 * Bytes of canonical base64: complete groups, padding where it belongs, unused bits zero, no white space.
 * @throws {Base64Error}
 */
export function base64Decode(text: string): Uint8Array {
	const codes = utf8Encode(text);
	const { length } = codes;
	if (length % 4 !== 0) throw new Base64Error(text.length, "group of four cut short");
	const padding = codes[length - 1] !== PAD ? 0 : codes[length - 2] !== PAD ? 1 : 2;
	const bytes = new Uint8Array((length / 4) * 3 - padding);
	const values = digitValues();
	const whole = padding === 0 ? length : length - 4;
	let out = 0;
	for (let at = 0; at < whole; at += 4) {
		const high = (values[codes[at]!]! << 6) | values[codes[at + 1]!]!;
		const low = (values[codes[at + 2]!]! << 6) | values[codes[at + 3]!]!;
		if ((high | low) < 0) throw foreignCharacter(codes, values, at, 4);
		bytes[out++] = high >> 4;
		bytes[out++] = ((high << 4) | (low >> 8)) & 255;
		bytes[out++] = low & 255;
	}
	if (padding === 0) return bytes;
	const group = (values[codes[whole]!]! << 12) | (values[codes[whole + 1]!]! << 6);
	const last = padding === 1 ? values[codes[whole + 2]!]! : 0;
	if ((group | last) < 0) throw foreignCharacter(codes, values, whole, 4 - padding);
	if (((group | last) & (padding === 1 ? 0x3 : 0x3ff)) !== 0)
		throw new Base64Error(whole, "unused bits that are not zero");
	bytes[out++] = group >> 10;
	if (padding === 1) bytes[out] = ((group | last) >> 2) & 255;
	return bytes;
}

/** The error of the first character from `start` on that is no digit. */
function foreignCharacter(codes: Uint8Array, values: Int8Array, start: number, count: number): Base64Error {
	let at = start;
	while (at < start + count - 1 && values[codes[at]!]! >= 0) at++;
	return new Base64Error(at, "character outside the alphabet");
}

/** The values of the characters by their code, -1 where it is no digit. */
function digitValues(): Int8Array {
	const values = new Int8Array(256).fill(-1);
	const digits = utf8Encode(ALPHABET);
	for (let value = 0; value < 64; value++) values[digits[value]!] = value;
	return values;
}
