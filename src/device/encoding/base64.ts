/**
 * Standard base64 with padding (RFC 4648 section 4), the only form AWS IoT Core takes for a token signature.
 * @module
 */

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

export function base64Encode(bytes: Uint8Array): string {
	let text = "";
	for (let at = 0; at < bytes.length; at += 3) {
		const left = bytes.length - at;
		const group = (bytes[at]! << 16) | ((left > 1 ? bytes[at + 1]! : 0) << 8) | (left > 2 ? bytes[at + 2]! : 0);
		text += digit(group >> 18) + digit((group >> 12) & 63);
		text += left > 1 ? digit((group >> 6) & 63) : "=";
		text += left > 2 ? digit(group & 63) : "=";
	}
	return text;
}

/**
 * Bytes of canonical base64: complete groups, padding where it belongs, unused bits zero, no white space.
 * @throws {Base64Error}
 */
export function base64Decode(text: string): Uint8Array {
	if (text.length % 4 !== 0) throw new Base64Error(text.length, "group of four cut short");
	const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
	const bytes = new Uint8Array((text.length / 4) * 3 - padding);
	let at = 0;
	for (let i = 0; i < text.length; i += 4) {
		const group = groupValue(text, i, i + 4 === text.length ? padding : 0);
		bytes[at++] = group >> 16;
		if (at < bytes.length) bytes[at++] = (group >> 8) & 255;
		if (at < bytes.length) bytes[at++] = group & 255;
	}
	return bytes;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function digit(value: number): string {
	return ALPHABET.charAt(value);
}

/** The 24 bits of the group at `start`, whose last `padding` characters are known to be `=`. */
function groupValue(text: string, start: number, padding: number): number {
	let group = 0;
	for (let i = 0; i < 4 - padding; i++) group |= digitValue(text, start + i) << (18 - 6 * i);
	if ((padding === 1 && (group & 0xff) !== 0) || (padding === 2 && (group & 0xffff) !== 0))
		throw new Base64Error(start, "unused bits that are not zero");
	return group;
}

function digitValue(text: string, at: number): number {
	const code = text.charCodeAt(at);
	if (code >= 65 && code <= 90) return code - 65;
	if (code >= 97 && code <= 122) return code - 71;
	if (code >= 48 && code <= 57) return code + 4;
	if (code === 43) return 62;
	if (code === 47) return 63;
	throw new Base64Error(at, "character outside the alphabet");
}
