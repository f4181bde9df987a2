/**
 * Reads a JSON document member by member and collects everything that is wrong with it, so that a person mends a file
 * once and not problem by problem.
 * @module
 */
import { type ConfigValue, elementsOf, memberPath, membersOf, parseConfigDocument } from "./config-document.js";
import type { ConfigProblem } from "./config-problem.js";

/** An object of the document, by its members. */
export interface ConfigObject extends ConfigValue {
	readonly members: ReadonlyMap<string, ConfigValue>;
}

/** A member whose name the user chose. */
export interface ConfigEntry {
	readonly name: string;
	readonly value: ConfigValue;
}

export class ConfigReader {
	/** In the order of the text. */
	get problems(): readonly ConfigProblem[] {
		return this.found.toSorted((one, other) => one.line - other.line || one.column - other.column);
	}

	private readonly text: string;
	private readonly found: ConfigProblem[] = [];
	/** Members of objects that were looked into before. */
	private readonly known = new Map<ConfigValue["node"], ReadonlyMap<string, ConfigValue>>();

	constructor(text: string) {
		this.text = text;
	}

	/** The document; undefined, with a problem, where the text is no JSON. */
	document(): ConfigValue | undefined {
		return parseConfigDocument(this.text, (path, offset, message) => this.add("syntax", { path, offset }, message));
	}

	/** Something that is not of the shape that the schema asks for. */
	misshapen(place: Pick<ConfigValue, "path" | "offset">, message: string): void {
		this.add("structure", place, message);
	}

	/** Something of the right shape that cannot be meant. */
	refuse(place: Pick<ConfigValue, "path" | "offset">, message: string): void {
		this.add("meaning", place, message);
	}

	/** How many problems of the document's shape there are. */
	get misshapes(): number {
		return this.found.filter(({ code }) => code !== "meaning").length;
	}

	/** An object with these members and no others; an empty one stands for anything else. */
	object(value: ConfigValue, known: readonly string[]): ConfigObject {
		const object = this.anyObject(value);
		for (const [name, member] of object.members) {
			if (!known.includes(name)) this.misshapen(member, `no such member; expected ${known.join(", ")}`);
		}
		return object;
	}

	/** An object with any members; an empty one stands for anything else. */
	anyObject(value: ConfigValue): ConfigObject {
		if (value.node?.type === "object") return { ...value, members: this.membersOf(value) };
		this.misshapen(value, `expected an object, got ${kindOf(value)}`);
		return { ...value, members: new Map() };
	}

	/** What an object maps names of the user's choice to; nothing where the member is absent. */
	entries(parent: ConfigObject, name: string): readonly ConfigEntry[] {
		const given = parent.members.get(name);
		if (given === undefined) return [];
		return [...this.anyObject(given).members].map(([key, value]) => ({ name: key, value }));
	}

	/** The elements of a list; undefined where the member is absent. */
	list(parent: ConfigObject, name: string): readonly ConfigValue[] | undefined {
		const given = parent.members.get(name);
		return given === undefined ? undefined : this.elements(given);
	}

	/** The elements of a value that must be a list. */
	elements(value: ConfigValue): readonly ConfigValue[] {
		if (value.node?.type === "array") return elementsOf(value);
		this.misshapen(value, `expected a list, got ${kindOf(value)}`);
		return [];
	}

	string(parent: ConfigObject, name: string): string | undefined {
		return this.optional(parent, name, "a string", (value) => typeof value === "string");
	}

	boolean(parent: ConfigObject, name: string): boolean | undefined {
		return this.optional(parent, name, "true or false", (value) => typeof value === "boolean");
	}

	/** An integer within bounds, both inclusive. */
	integer(parent: ConfigObject, name: string, least: number, most: number): number | undefined {
		const fits = (value: unknown): value is number => Number.isInteger(value) && isWithin(Number(value), least, most);
		return this.optional(parent, name, `an integer from ${least} to ${most}`, fits);
	}

	/** One of some words. */
	word<W extends string>(parent: ConfigObject, name: string, words: readonly W[]): W | undefined {
		return this.optional(parent, name, words.join(" or "), (value): value is W => words.some((word) => word === value));
	}

	/** A string of a certain shape. */
	pattern(parent: ConfigObject, name: string, shape: RegExp, expected: string): string | undefined {
		return this.optional(
			parent,
			name,
			expected,
			(value): value is string => typeof value === "string" && shape.test(value),
		);
	}

	/** A string of a certain shape that must be there; where it is not, a problem and undefined. */
	required(parent: ConfigObject, name: string, shape: RegExp, expected: string): string | undefined {
		if (!parent.members.has(name)) this.misshapen(this.member(parent, name), `expected ${expected}, got nothing`);
		return this.pattern(parent, name, shape, expected);
	}

	/** Says that the name of an entry has another shape than it should. */
	checkName({ name, value }: ConfigEntry, shape: RegExp, expected: string): void {
		if (!shape.test(name)) this.misshapen(value, expected);
	}

	/** Where a member stands or would stand. */
	member(parent: ConfigValue, name: string): ConfigValue {
		const found = parent.node?.type === "object" ? this.membersOf(parent).get(name) : undefined;
		return found ?? { path: memberPath(parent.path, name), offset: parent.offset, node: undefined };
	}

	/** The document's own text of a value. */
	textOf({ node }: ConfigValue): string {
		return node === undefined ? "" : this.text.slice(node.offset, node.offset + node.length);
	}

	private membersOf(value: ConfigValue): ReadonlyMap<string, ConfigValue> {
		const members = this.known.get(value.node) ?? membersOf(value);
		this.known.set(value.node, members);
		return members;
	}

	private optional<T>(
		parent: ConfigObject,
		name: string,
		expected: string,
		fits: (value: unknown) => value is T,
	): T | undefined {
		const given = parent.members.get(name);
		if (given === undefined) return undefined;
		const value: unknown = given.node?.value;
		if (fits(value)) return value;
		this.misshapen(given, `expected ${expected}, got ${kindOf(given)}`);
		return undefined;
	}

	private add(
		code: ConfigProblem["code"],
		{ path, offset }: Pick<ConfigValue, "path" | "offset">,
		message: string,
	): void {
		const before = this.text.slice(0, offset).split(/\r\n|\r|\n/);
		const column = (before.at(-1)?.length ?? 0) + 1;
		this.found.push({ code, path, message, line: before.length, column });
	}
}

/** Longest text that a problem quotes; a longer one could be a key or a token. */
const LONGEST_QUOTED = 32;

/** The kind of a value, and a short one itself. */
export function kindOf({ node }: ConfigValue): string {
	switch (node?.type) {
		case undefined:
			return "nothing";
		case "object":
			return "an object";
		case "array":
			return "a list";
		case "string":
			return quoted(String(node.value));
		default:
			return String(node?.value);
	}
}

function quoted(text: string): string {
	return text.length <= LONGEST_QUOTED ? JSON.stringify(text) : `a string of ${text.length} characters`;
}

function isWithin(value: number, least: number, most: number): boolean {
	return value >= least && value <= most;
}
