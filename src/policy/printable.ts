/**
 * Names that a client or a document chose, made fit for a message to people.
 * @module
 */

/** Longest name shown whole, in UTF-16 units; AWS IoT's topics end at 256 bytes. */
const LONGEST = 256;

/** What could act on a terminal or turn text around: control characters, line and paragraph ends, direction marks. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Cs}]/gu;

/**
 * The text without anything that acts on a terminal (shown as `\u{1b}`), cut where it is very long.
 * @param longest UTF-16 units that are shown.
 */
export function printable(text: string, longest = LONGEST): string {
	const cut = text.length > longest ? `${text.slice(0, longest)}... (${text.length} characters)` : text;
	return cut.replace(UNPRINTABLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
