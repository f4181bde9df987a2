/**
 * The text of an option with a mark at the place of an error, as the AWS CLI shows it; where the option may hold a secret,
 * everything but its structure is covered.
 * @module
 */
import { visible } from "./visible.js";

/** Characters that a shorthand or JSON text is built of; none of them tells anything of a value. */
const STRUCTURE = /[=,{}[\]"':\s]/;

/** Longest text that is shown with a mark. */
const LONGEST = 1_000;

/**
 * The text up to the end of the line with the error, and a `^` below the place.
 * @param position in characters, from 0.
 * @param names member names that may be seen where they stand before `=` or `:`; absent, everything may be seen.
 */
export function excerpt(text: string, position: number, names?: readonly string[]): string {
	if (text.length > LONGEST) return `a text of ${text.length} characters, at character ${position + 1}`;
	const characters = [...(names === undefined ? text : covered(text, names))];
	const column = position - characters.slice(0, position).lastIndexOf("\n") - 1;
	const lineEnd = characters.indexOf("\n", position);
	const end = lineEnd < 0 ? characters.length : lineEnd;
	const shown = (part: readonly string[]) => part.map((one) => (/[\n\t]/.test(one) ? one : visible(one))).join("");
	return `${shown(characters.slice(0, end))}\n${" ".repeat(column)}^${shown(characters.slice(end))}`;
}

/** What stood where something else was expected: a character, or `EOF` and `<none>` in the AWS CLI's words. */
export function shownCharacter(character: string, secret: boolean): string {
	const isWord = character === "EOF" || character === "<none>";
	return secret && !isWord && !STRUCTURE.test(character) ? "*" : visible(character);
}

/** Every character of a value as `*`, so that places stay the same. */
function covered(text: string, names: readonly string[]): string {
	const words = /(@=)|([^=,{}[\]"':\s]+)(?=["']?\s*@?[=:])|./gsu;
	return text.replace(words, (match: string, at: string | undefined, word: string | undefined) => {
		if (at !== undefined || STRUCTURE.test(match[0] ?? "")) return match;
		if (word !== undefined && names.includes(word)) return word;
		return "*".repeat([...match].length);
	});
}
