/**
 * PEM (RFC 7468), as little of it as a private key file needs: the first block, its label and its bytes.
 * @module
 */
import { base64Decode } from "../encoding/base64.js";

export interface PemBlock {
	/** The words between `-----BEGIN ` and `-----`. */
	readonly label: string;
	readonly der: Uint8Array;
}

/**
 * The first block of `text`, `undefined` when there is none.
 * @throws {Base64Error} when the block's body is not base64.
 */
export function readPem(text: string): PemBlock | undefined {
	const match = /-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \1-----/.exec(text);
	if (match === null) return undefined;
	return { label: match[1]!, der: base64Decode(match[2]!.replace(/\s+/g, "")) };
}
