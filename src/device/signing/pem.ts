/**
 * PEM (RFC 7468), as little of it as a private key file needs: the first block, its label and its bytes.
 *
 * Searched rather than matched: XS takes ten times as long for a regular expression over the whole text.
 * @module
 */
import { base64Decode } from "../encoding/base64.js";

export interface PemBlock {
	/** The words between `-----BEGIN ` and `-----`: capitals, digits and blanks. */
	readonly label: string;
	readonly der: Uint8Array;
}

const BEGIN = "-----BEGIN ";
const DASHES = "-----";

/**
 * The first block of `text`, `undefined` when there is none.
 * @throws {Base64Error} when the block's body is not base64.
 */
export function readPem(text: string): PemBlock | undefined {
	const begin = text.indexOf(BEGIN);
	if (begin < 0) return undefined;
	const labelEnd = text.indexOf(DASHES, begin + BEGIN.length);
	if (labelEnd < 0) return undefined;
	const label = text.slice(begin + BEGIN.length, labelEnd);
	// A label of other characters is none: it might be a part of the key, and labels are told in errors.
	if (!/^[A-Z0-9 ]+$/.test(label)) return undefined;
	const end = text.indexOf(`-----END ${label}-----`, labelEnd);
	if (end < 0) return undefined;
	return { label, der: base64Decode(withoutBlanks(text.slice(labelEnd + DASHES.length, end))) };
}

function withoutBlanks(text: string): string {
	let left = text;
	for (const blank of ["\n", "\r", " ", "\t"]) left = left.split(blank).join("");
	return left;
}
