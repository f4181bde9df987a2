/**
 * Base64 as the AWS CLI version 2 reads it off the command line: leniently, which hides mistakes that are told here.
 * @module
 */

const ALPHABET = /^[A-Za-z0-9+/]$/;

export interface DecodedBase64 {
	readonly bytes: Uint8Array;
	/** Characters outside the alphabet, and whatever follows the padding: all of them were passed over. */
	readonly ignored: number;
}

/**
 * Decodes RFC 4648 section 4, passing over characters that do not belong; what follows complete padding is not read.
 * @returns undefined where the padding is missing or a single character is left over, and for text outside ASCII.
 */
export function decodeBase64(text: string): DecodedBase64 | undefined {
	if (/[^\p{ASCII}]/u.test(text)) return undefined;
	let digits = "";
	let padding = 0;
	let ignored = 0;
	for (const [index, character] of text.split("").entries()) {
		if (character === "=") {
			const open = digits.length % 4;
			if (open >= 2 && open + ++padding >= 4) return decoded(digits, ignored + text.length - index - 1);
		} else if (ALPHABET.test(character)) {
			padding = 0;
			digits += character;
		} else ignored++;
	}
	return digits.length % 4 === 0 ? decoded(digits, ignored) : undefined;
}

function decoded(digits: string, ignored: number): DecodedBase64 {
	return { bytes: Uint8Array.from(Buffer.from(digits, "base64")), ignored };
}
