/**
 * JSON of the command line, with errors that tell the place and never the text: Node's own quote it.
 * @module
 */
import { type ParseError, printParseErrorCode, visit } from "jsonc-parser";

/** A JSON text that cannot be read; `place` is `line 1 column 5 (char 4)`, as Python writes it. */
export class JsonTextError extends Error {
	override readonly name = "JsonTextError";
	readonly place: string;

	constructor(problem: string, place: string) {
		super(`${problem}: ${place}`);
		this.place = place;
	}
}

/** @throws {JsonTextError} */
export function parseJsonText(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		const { problem, offset } = firstError(text);
		throw new JsonTextError(problem, placeOf(text, offset));
	}
}

function firstError(text: string): { readonly problem: string; readonly offset: number } {
	let found: { problem: string; offset: number } | undefined;
	visit(
		text,
		{
			onError: (error: ParseError["error"], offset) => {
				found ??= { problem: PROBLEMS[printParseErrorCode(error)] ?? "Unexpected text", offset };
			},
		},
		{ disallowComments: true, allowTrailingComma: false, allowEmptyContent: false },
	);
	return found ?? { problem: "Unexpected text", offset: 0 };
}

const PROBLEMS: Readonly<Record<string, string>> = {
	PropertyNameExpected: "Expecting property name enclosed in double quotes",
	ValueExpected: "Expecting value",
	ColonExpected: "Expecting ':' delimiter",
	CommaExpected: "Expecting ',' delimiter",
	CloseBraceExpected: "Expecting '}'",
	CloseBracketExpected: "Expecting ']'",
	EndOfFileExpected: "Extra data",
	InvalidCommentToken: "A comment is no JSON",
	UnexpectedEndOfString: "Unterminated string",
	UnexpectedEndOfNumber: "Unfinished number",
	InvalidEscapeCharacter: "Invalid \\escape",
	InvalidUnicode: "Invalid \\uXXXX escape",
	InvalidCharacter: "Invalid control character",
	InvalidSymbol: "Expecting value",
	InvalidNumberFormat: "Invalid number",
};

function placeOf(text: string, offset: number): string {
	const before = [...text.slice(0, offset)];
	const line = before.filter((character) => character === "\n").length + 1;
	const column = before.length - before.lastIndexOf("\n");
	return `line ${line} column ${column} (char ${before.length})`;
}
