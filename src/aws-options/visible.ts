/**
 * Text of the command line made fit for an error.
 * @module
 */

/** Longest name shown whole, in UTF-16 units. */
const LONGEST = 256;

/** What could act on a terminal or turn text around: control characters, line and paragraph ends, direction marks. */
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Cs}]/gu;

/** The text with what cannot be seen as `\u{1b}`, cut where it is very long. */
export function visible(text: string): string {
	const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
	return cut.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
