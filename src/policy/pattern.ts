/**
 * The patterns of a policy: `*` any run of characters ("/" and the empty run included), `?` exactly one character,
 * `${name}` a policy variable. MQTT's `+` and `#` are characters like any other (AWS IoT Core Developer Guide, "Using
 * wildcard characters in MQTT and AWS IoT Core policies").
 *
 * Matching walks pattern and subject with two indices and one point to return to, so a hostile pattern costs at most
 * the product of the two lengths, never more.
 * @module
 */
import type { RequestContext } from "./request-context.js";

type PatternPart =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "any-character" }
	| { readonly kind: "any-run" }
	| { readonly kind: "variable"; readonly name: string; readonly fallback: string | undefined };

/** A compiled pattern; `source` is the text in the document. */
export interface Pattern {
	readonly source: string;
	readonly parts: readonly PatternPart[];
	/** The only text that it matches, where it has neither wildcards nor variables. */
	readonly literal: string | undefined;
	/** Names of the variables that need a value, those without a default; empty where variables are not replaced. */
	readonly variables: readonly string[];
}

/** Pieces up to the last "}": a variable or an escaped character, a wildcard, a run of plain text, a lone "$". */
const PIECES = /\$\{[^}]*\}|\*+|\?|[^*?$]+|\$/g;
const PIECES_WITHOUT_VARIABLES = /\*+|\?|[^*?]+/g;

/** `${*}`, `${?}` and `${$}` stand for the character itself (IAM User Guide, "IAM policy elements: Variables and tags"). */
const ESCAPED = new Map(["*", "?", "$"].map((character) => [`\${${character}}`, character]));

/** A variable with a default: `${name, 'text'}` (the same page, "Specifying default values"). */
const WITH_DEFAULT = /^([^,']*),\s*'([^']*)'$/;

/**
 * Compiles a pattern.
 * @param variables whether `${...}` is replaced; in a document of Version 2008-10-17 it is plain text (IAM User Guide,
 * "IAM JSON policy elements: Version").
 * @param wildcards whether `*` and `?` are wildcards; StringEquals takes them as they are.
 */
export function compilePattern(source: string, variables: boolean, wildcards = true): Pattern {
	// Behind the last "}" no variable ends: looking for one from every "${" there would take the square of the length.
	const closed = variables ? source.lastIndexOf("}") + 1 : 0;
	const parts = [
		...(source.slice(0, closed).match(PIECES) ?? []).map((piece) => partOf(piece, wildcards, true)),
		...(source.slice(closed).match(PIECES_WITHOUT_VARIABLES) ?? []).map((piece) => partOf(piece, wildcards, false)),
	];
	const names = parts.flatMap((part) => (part.kind === "variable" && part.fallback === undefined ? [part.name] : []));
	return { source, parts, literal: literalOf(parts), variables: [...new Set(names)] };
}

function partOf(piece: string, wildcards: boolean, variables: boolean): PatternPart {
	if (wildcards && piece.startsWith("*")) return { kind: "any-run" };
	if (wildcards && piece === "?") return { kind: "any-character" };
	if (!variables || !piece.startsWith("${")) return { kind: "text", text: piece };
	const escaped = ESCAPED.get(piece);
	if (escaped !== undefined) return { kind: "text", text: escaped };
	const inner = piece.slice(2, -1);
	const [, name = inner, fallback] = WITH_DEFAULT.exec(inner) ?? [];
	return { kind: "variable", name, fallback };
}

function literalOf(parts: readonly PatternPart[]): string | undefined {
	let literal = "";
	for (const part of parts) {
		if (part.kind !== "text") return undefined;
		literal += part.text;
	}
	return literal;
}

/** The variables of a pattern that have no value in this context. */
export function missingVariables(pattern: Pattern, context: RequestContext): readonly string[] {
	return pattern.variables.filter((name) => context.text(name) === undefined);
}

/**
 * Whether a pattern covers the whole of `subject`.
 *
 * The value of a variable is matched character by character, so a client id `*` opens nothing. AWS says of certificate
 * attributes that a value with wildcard characters is not replaced at all; taken literally it matches only itself.
 * A pattern with a variable that has no value matches nothing, not even its own text.
 */
export function matchesPattern(pattern: Pattern, subject: string, context: RequestContext): boolean {
	if (pattern.literal !== undefined) return pattern.literal === subject;
	if (pattern.variables.some((name) => context.text(name) === undefined)) return false;
	return matchesParts(pattern.parts, subject, context);
}

/** The one text that a pattern without wildcards stands for; undefined where a variable has no value. */
export function textOf(pattern: Pattern, context: RequestContext): string | undefined {
	if (pattern.literal !== undefined) return pattern.literal;
	let whole = "";
	for (const part of pattern.parts) {
		const text = partText(part, context);
		if (text === undefined) return undefined;
		whole += text;
	}
	return whole;
}

function matchesParts(parts: readonly PatternPart[], subject: string, context: RequestContext): boolean {
	let part = 0;
	let position = 0;
	/** The last `*` met, and where in the subject what follows it is tried next; -1 before the first. */
	let run = -1;
	let retry = 0;
	for (;;) {
		const current = parts[part];
		if (current?.kind === "any-run") {
			run = part++;
			retry = position;
			continue;
		}
		const next = positionAfter(current, subject, position, context);
		if (next >= 0) {
			if (current === undefined) return true;
			part++;
			position = next;
			continue;
		}
		if (run < 0 || retry >= subject.length) return false;
		retry += characterLength(subject, retry);
		part = run + 1;
		position = retry;
	}
}

/** Where the subject goes on after this part, or after the pattern's end, matched at `position`; -1 where it does not. */
function positionAfter(
	part: PatternPart | undefined,
	subject: string,
	position: number,
	context: RequestContext,
): number {
	if (part === undefined) return position === subject.length ? position : -1;
	if (part.kind === "any-character") {
		return position < subject.length ? position + characterLength(subject, position) : -1;
	}
	const text = partText(part, context);
	return text !== undefined && subject.startsWith(text, position) ? position + text.length : -1;
}

/** The characters that a part stands for; undefined for a wildcard and a variable without a value. */
function partText(part: PatternPart, context: RequestContext): string | undefined {
	if (part.kind === "text") return part.text;
	return part.kind === "variable" ? (context.text(part.name) ?? part.fallback) : undefined;
}

/** UTF-16 units of the character at `position`: `?` takes a whole code point. */
function characterLength(text: string, position: number): number {
	return (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
}
