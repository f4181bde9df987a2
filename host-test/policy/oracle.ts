/**
 * Another way to the same decisions: policies as plain JSON, judged by sets and look-up tables.
 *
 * It shares no code with the engine, uses no regular expression, and knows only the values of its own tables: a number,
 * a date or an address is what the table says it is, so that no reader of such values is trusted.
 * @module
 */

/** A value of each type that the tables know, with what it stands for. */
export const NUMBERS = { "1": 1, "1.0": 1, "2": 2, "-3": -3 } as const;
export const MOMENTS = {
	"1970-01-01T00:00:10Z": 10,
	"10": 10,
	"1970-01-01T01:00:20+01:00": 20,
	"1970-01-01": 0,
} as const;
/** As bits; a range by its first ones. */
export const ADDRESSES = { "10.0.0.1": "00001010", "11.0.0.1": "00001011", "192.0.2.1": "11000000" } as const;
export const RANGES = { "10.0.0.0/8": "00001010", "10.0.0.0/7": "0000101", "0.0.0.0/0": "" } as const;

import type { PolicyOutcome } from "../../src/policy/index.js";

export type Values = string | readonly string[];
export type Context = Readonly<Record<string, Values>>;
export type Condition = Readonly<Record<string, Readonly<Record<string, Values>>>>;

export interface Statement {
	readonly Effect: "Allow" | "Deny";
	readonly Action?: Values;
	readonly NotAction?: Values;
	readonly Resource?: Values;
	readonly NotResource?: Values;
	readonly Condition?: Condition;
}

export interface Request {
	readonly action: string;
	readonly resource: string;
	readonly context: Context;
}

const listOf = (values: Values): readonly string[] => (typeof values === "string" ? [values] : values);

/** A pattern as single characters; wildcards are numbers, so that no value of a variable can be one. */
const ANY = 0;
const ONE = 1;
type Symbols = readonly (string | typeof ANY | typeof ONE)[];

/** The first symbols of a pattern, and how long their text is; undefined where a variable has no value. */
function takeSymbols(
	pattern: string,
	context: Context,
): readonly [symbols: readonly string[] | undefined, length: number] {
	const end = pattern.startsWith("${") ? pattern.indexOf("}") : -1;
	if (end < 0) return [undefined, 0];
	const name = pattern.slice(2, end);
	const value = ["*", "?", "$"].includes(name) ? name : context[name];
	return [typeof value === "string" ? [...value] : undefined, end + 1];
}

/** @returns undefined where a variable has no value. */
function symbolsOf(pattern: string, context: Context, wildcards: boolean): Symbols | undefined {
	const symbols: (string | typeof ANY | typeof ONE)[] = [];
	let rest = pattern;
	while (rest !== "") {
		const [value, length] = takeSymbols(rest, context);
		if (length > 0) {
			if (value === undefined) return undefined;
			symbols.push(...value);
			rest = rest.slice(length);
			continue;
		}
		const [character = ""] = rest;
		const symbol = character === "*" ? ANY : character === "?" ? ONE : character;
		symbols.push(wildcards ? symbol : character);
		rest = rest.slice(character.length);
	}
	return symbols;
}

/** Follows every place in the pattern at once. */
function globMatches(symbols: Symbols, subject: string): boolean {
	const passed = (places: ReadonlySet<number>) => {
		const reached = new Set(places);
		for (const place of reached) if (symbols[place] === ANY) reached.add(place + 1);
		return reached;
	};
	let places = passed(new Set([0]));
	for (const character of subject) {
		const next = new Set<number>();
		for (const place of places) {
			const symbol = symbols[place];
			if (symbol === ANY) next.add(place);
			else if (symbol === ONE || symbol === character) next.add(place + 1);
		}
		places = passed(next);
	}
	return places.has(symbols.length);
}

function glob(pattern: string, subject: string, context: Context, wildcards = true): boolean {
	const symbols = symbolsOf(pattern, context, wildcards);
	return symbols !== undefined && globMatches(symbols, subject);
}

/** The first five parts and the rest. */
function arnParts(text: string): readonly string[] {
	const parts = text.split(":");
	return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

const lookUp = <T>(table: Readonly<Record<string, T>>, text: string): T | undefined =>
	Object.hasOwn(table, text) ? table[text] : undefined;

type Match = (wanted: string, got: string, context: Context) => boolean;

const byOrder = (table: Readonly<Record<string, number>>, holds: (got: number, wanted: number) => boolean): Match => {
	return (wanted, got) => {
		const [one, other] = [lookUp(table, got), lookUp(table, wanted)];
		return one !== undefined && other !== undefined && holds(one, other);
	};
};

const orders = {
	Equals: (got: number, wanted: number) => got === wanted,
	LessThan: (got: number, wanted: number) => got < wanted,
	LessThanEquals: (got: number, wanted: number) => got === wanted || got < wanted,
	GreaterThan: (got: number, wanted: number) => got > wanted,
	GreaterThanEquals: (got: number, wanted: number) => got === wanted || got > wanted,
};

/** The operators that are not "Not" ones. */
const POSITIVE: Readonly<Record<string, Match>> = {
	StringEquals: (wanted, got, context) => glob(wanted, got, context, false),
	StringEqualsIgnoreCase: (wanted, got, context) => {
		const symbols = symbolsOf(wanted, context, false);
		return symbols !== undefined && symbols.join("").toLowerCase() === got.toLowerCase();
	},
	StringLike: (wanted, got, context) => glob(wanted, got, context),
	...Object.fromEntries(Object.entries(orders).map(([name, holds]) => [`Numeric${name}`, byOrder(NUMBERS, holds)])),
	...Object.fromEntries(Object.entries(orders).map(([name, holds]) => [`Date${name}`, byOrder(MOMENTS, holds)])),
	Bool: (wanted, got) => wanted === got,
	BinaryEquals: (wanted, got) => wanted === got,
	IpAddress: (wanted, got) => {
		const [address, range] = [lookUp(ADDRESSES, got), lookUp(RANGES, wanted)];
		return address !== undefined && range !== undefined && address.startsWith(range);
	},
	ArnLike: (wanted, got, context) => {
		const [patterns, parts] = [arnParts(wanted), arnParts(got)];
		return got.split(":").length >= 6 && patterns.every((part, index) => glob(part, parts[index] ?? "", context));
	},
};

/** Every operator with what it asks of one value, but Null. */
const NEGATED: Readonly<Record<string, string>> = {
	StringNotEquals: "StringEquals",
	StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
	StringNotLike: "StringLike",
	NumericNotEquals: "NumericEquals",
	DateNotEquals: "DateEquals",
	NotIpAddress: "IpAddress",
	ArnNotLike: "ArnLike",
	ArnNotEquals: "ArnLike",
};

/** How many of the values in the request agree, of all that are there. */
function countAgreeing(base: string, wanted: readonly string[], values: readonly string[], context: Context): number {
	const negated = Object.hasOwn(NEGATED, base);
	const match = POSITIVE[base === "ArnEquals" ? "ArnLike" : (NEGATED[base] ?? base)];
	if (match === undefined) throw new Error(`no operator ${base}`);
	const matched = values.filter((value) => wanted.filter((text) => match(text, value, context)).length > 0).length;
	return negated ? values.length - matched : matched;
}

function clauseHolds(operator: string, wanted: readonly string[], got: Values | undefined, context: Context): boolean {
	const [base = "", quantifier = ""] = operator.replace("IfExists", "").split(":").reverse();
	const values = got === undefined ? [] : listOf(got);
	const isNull = values.every((value) => value === "");
	if (base === "Null") return wanted.some((text) => text === String(isNull));
	if (values.length === 0 && operator.endsWith("IfExists")) return true;
	if (isNull && quantifier !== "") return quantifier === "ForAllValues";
	const agreeing = countAgreeing(base, wanted, values, context);
	// Without a quantifier a "Not" operator asks all values, any other one of them.
	const asksAll = quantifier === "" ? Object.hasOwn(NEGATED, base) : quantifier === "ForAllValues";
	return asksAll ? agreeing === values.length : agreeing > 0;
}

export function conditionHolds(condition: Condition, context: Context): boolean {
	const failed = Object.entries(condition).flatMap(([operator, keys]) =>
		Object.entries(keys).filter(([key, wanted]) => !clauseHolds(operator, listOf(wanted), context[key], context)),
	);
	return failed.length === 0;
}

function speaksOf(yes: Values | undefined, no: Values | undefined, matches: (pattern: string) => boolean): boolean {
	return yes === undefined ? !listOf(no ?? []).some(matches) : listOf(yes).some(matches);
}

export function applies(statement: Statement, { action, resource, context }: Request): boolean {
	return (
		speaksOf(statement.Action, statement.NotAction, (text) => glob(text.toLowerCase(), action.toLowerCase(), {})) &&
		speaksOf(statement.Resource, statement.NotResource, (text) => glob(text, resource, context)) &&
		conditionHolds(statement.Condition ?? {}, context)
	);
}

/** Deny if any denies, else allow if any allows, else deny. */
export function decide(statements: readonly Statement[], request: Request): PolicyOutcome {
	const effects = new Set(statements.filter((statement) => applies(statement, request)).map(({ Effect }) => Effect));
	return effects.has("Deny") ? "EXPLICIT_DENY" : effects.has("Allow") ? "ALLOWED" : "IMPLICIT_DENY";
}
