/**
 * Base64 (RFC 4648 section 4) as clients send it: padded or not, in the standard alphabet, without white space. Node's
 * own decoder takes anything.
 * @module
 */

const ALPHABET = /^[A-Za-z0-9+/]*={0,2}$/;

/** The bytes, or undefined where the text is no base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
	if (!ALPHABET.test(text)) return undefined;
	const padding = text.endsWith("==") ? 2 : Number(text.endsWith("="));
	if (padding > 0 && text.length % 4 !== 0) return undefined;
	if ((text.length - padding) % 4 === 1) return undefined;
	return new Uint8Array(Buffer.from(text, "base64"));
}
