/**
 * JSON text to values that know where in the text they stand.
 *
 * Plain JSON: no comments, no trailing commas. A member that stands twice is refused, since JSON's readers keep one of the
 * two without a word.
 * @module
 */
import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

/** A value of the document, or the place where one is missing. */
export interface ConfigValue {
	/** JSON path, for instance `$.authorizers.demo`. */
	readonly path: string;
	/** Offset in the text, of the value or else of what should hold it. */
	readonly offset: number;
	/** Undefined where there is none. */
	readonly node: Node | undefined;
}

/** Told of something wrong at an offset. */
export type SyntaxReport = (path: string, offset: number, message: string) => void;

/** Levels of nesting; deeper ones could exhaust the stack of whoever reads them. */
const DEEPEST = 64;

/** The document's root; undefined, with at least one report, where the text is no JSON. */
export function parseConfigDocument(source: string, report: SyntaxReport): ConfigValue | undefined {
	// A byte order mark is no JSON, yet editors write it; a blank in its place keeps every offset.
	const text = source.replace(/^\uFEFF/, " ");
	const tooDeep = findTooDeep(text);
	if (tooDeep !== undefined) {
		report("$", tooDeep, `more than ${DEEPEST} levels of nesting`);
		return undefined;
	}
	const errors: ParseError[] = [];
	const node = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
	const [error] = errors;
	if (error !== undefined) {
		// What follows the first error is most often its consequence.
		report("$", error.offset, `not JSON: ${wordsOf(printParseErrorCode(error.error))}`);
		return undefined;
	}
	if (node === undefined || !isJson(text)) {
		report("$", 0, "not JSON");
		return undefined;
	}
	reportDuplicates(node, "$", report);
	return { path: "$", offset: node.offset, node };
}

/** `path.name`, or `path["name"]` where the name is no identifier. */
export function memberPath(path: string, name: string): string {
	return /^[A-Za-z_$]\w*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

/** Members of an object by name. */
export function membersOf({ path, node }: ConfigValue): ReadonlyMap<string, ConfigValue> {
	const properties = (node?.children ?? []).map((property) => property.children ?? []);
	return new Map(
		properties.flatMap(([key, value]) => {
			if (key === undefined || value === undefined) return [];
			const name = String(key.value);
			return [[name, { path: memberPath(path, name), offset: value.offset, node: value }] as const];
		}),
	);
}

/** Elements of a list. */
export function elementsOf({ path, node }: ConfigValue): readonly ConfigValue[] {
	return (node?.children ?? []).map((child, index) => ({
		path: `${path}[${index}]`,
		offset: child.offset,
		node: child,
	}));
}

/** Offset of the bracket that opens a level too many. */
function findTooDeep(text: string): number | undefined {
	let depth = 0;
	for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"?|[[\]{}]/gs)) {
		if (token === "{" || token === "[") depth++;
		if (token === "}" || token === "]") depth--;
		if (depth > DEEPEST) return index;
	}
	return undefined;
}

/** The parser lets a few texts pass that JSON does not, such as control characters in strings. */
function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

function reportDuplicates(node: Node, path: string, report: SyntaxReport): void {
	if (node.type === "array") {
		for (const [index, child] of (node.children ?? []).entries()) reportDuplicates(child, `${path}[${index}]`, report);
		return;
	}
	const names = new Set<string>();
	for (const { children: [key, value] = [] } of node.children ?? []) {
		if (key === undefined || value === undefined) continue;
		const name = String(key.value);
		const at = memberPath(path, name);
		if (names.has(name)) report(at, key.offset, "this member stands here twice");
		names.add(name);
		reportDuplicates(value, at, report);
	}
}

/** `CommaExpected` as `comma expected`. */
function wordsOf(code: string): string {
	return code.replaceAll(/(?<=[a-z])[A-Z]/g, " $&").toLowerCase();
}
