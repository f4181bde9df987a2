/**
 * The patterns of a policy's actions and resources: `*` any run of characters ("/" and the empty run included),
 * `?` exactly one character, `${name}` a policy variable. MQTT's `+` and `#` are characters like any other
 * (AWS IoT Core Developer Guide, "Using wildcard characters in MQTT and AWS IoT Core policies").
 *
 * Matching walks pattern and subject with two indices and one point to return to, so a hostile pattern costs at most
 * the product of the two lengths, never more.
 * @module
 */

/** Values of policy variables and, later, condition keys, by their full name (`iot:ClientId`). */
export type PolicyContext = Readonly<Record<string, string | undefined>>;

type MatchPart =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "any-character" }
	| { readonly kind: "any-run" };

type PatternPart = MatchPart | { readonly kind: "variable"; readonly name: string };

/** A compiled pattern; `source` is the text in the document. */
export interface Pattern {
	readonly source: string;
	readonly parts: readonly PatternPart[];
	/** Names of the variables it holds; empty where variables are not replaced. */
	readonly variables: readonly string[];
}

/** Action or NotAction, Resource or NotResource of a statement. */
export interface PatternList {
	/** True for NotAction and NotResource: the list says what is left out. */
	readonly negated: boolean;
	/** At least one. */
	readonly patterns: readonly Pattern[];
}

/** Pieces of a pattern: a variable or an escaped character, a wildcard, a run of plain text, a lone "$". */
const PIECES = /\$\{[^}]*\}|\*+|\?|[^*?$]+|\$/g;

/** `${*}`, `${?}` and `${$}` stand for the character itself (IAM User Guide, "Policy variables"). */
const ESCAPED = new Map(["*", "?", "$"].map((character) => [`\${${character}}`, character]));

/**
 * Compiles a pattern.
 * @param variables whether `${...}` is replaced; in a document of Version 2008-10-17 it is plain text (IAM User Guide,
 * "Version").
 */
export function compilePattern(source: string, variables: boolean): Pattern {
	const parts: PatternPart[] = [];
	for (const piece of source.match(variables ? PIECES : /\*+|\?|[^*?]+/g) ?? []) parts.push(partOf(piece, variables));
	const names = parts.flatMap((part) => (part.kind === "variable" ? [part.name] : []));
	return { source, parts, variables: [...new Set(names)] };
}

function partOf(piece: string, variables: boolean): PatternPart {
	if (piece.startsWith("*")) return { kind: "any-run" };
	if (piece === "?") return { kind: "any-character" };
	if (!variables || !piece.startsWith("${")) return { kind: "text", text: piece };
	const escaped = ESCAPED.get(piece);
	return escaped === undefined ? { kind: "variable", name: piece.slice(2, -1) } : { kind: "text", text: escaped };
}

/** The variables of a pattern that have no value in this context. */
export function missingVariables(pattern: Pattern, context: PolicyContext): readonly string[] {
	return pattern.variables.filter((name) => contextValue(name, context) === undefined);
}

/**
 * Whether a pattern covers the whole of `subject`.
 *
 * The value of a variable is matched character by character, so a client id `*` opens nothing. AWS says of certificate
 * attributes that a value with wildcard characters is not replaced at all; taken literally it matches only itself.
 * A pattern with a variable that has no value matches nothing, not even its own text.
 */
export function matchesPattern(pattern: Pattern, subject: string, context: PolicyContext): boolean {
	if (pattern.variables.length === 0) return matchesParts(pattern.parts as readonly MatchPart[], subject);
	const parts: MatchPart[] = [];
	for (const part of pattern.parts) {
		if (part.kind !== "variable") {
			parts.push(part);
			continue;
		}
		const text = contextValue(part.name, context);
		if (text === undefined) return false;
		parts.push({ kind: "text", text });
	}
	return matchesParts(parts, subject);
}

/** Whether a list speaks of this action or resource. */
export function covers(list: PatternList, subject: string, context: PolicyContext): boolean {
	return list.patterns.some((pattern) => matchesPattern(pattern, subject, context)) !== list.negated;
}

/** Own members only: `${constructor}` must not find `Object.prototype`. */
function contextValue(name: string, context: PolicyContext): string | undefined {
	return Object.hasOwn(context, name) ? context[name] : undefined;
}

function matchesParts(parts: readonly MatchPart[], subject: string): boolean {
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
		const next = positionAfter(current, subject, position);
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
function positionAfter(part: MatchPart | undefined, subject: string, position: number): number {
	if (part === undefined) return position === subject.length ? position : -1;
	if (part.kind === "text") return subject.startsWith(part.text, position) ? position + part.text.length : -1;
	return position < subject.length ? position + characterLength(subject, position) : -1;
}

/** UTF-16 units of the character at `position`: `?` takes a whole code point. */
function characterLength(text: string, position: number): number {
	return (text.codePointAt(position) ?? 0) > 0xffff ? 2 : 1;
}
