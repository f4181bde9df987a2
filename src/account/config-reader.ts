/**
 * Reads a JSON document member by member and collects everything that is wrong with it, so that a person mends a file
 * once and not problem by problem.
 * @module
 */

export interface ConfigProblem {
	/** JSON path, for instance `$.authorizers.demo.tokenKeyName`. */
	readonly path: string;
	readonly message: string;
}

/** An object of the document, with its place in it. */
export interface ConfigObject {
	readonly path: string;
	readonly members: Readonly<Record<string, unknown>>;
}

export class ConfigReader {
	readonly problems: ConfigProblem[] = [];

	report(path: string, message: string): void {
		this.problems.push({ path, message });
	}

	/** An object with these members and no others; an empty one stands for anything else. */
	object(value: unknown, path: string, known: readonly string[]): ConfigObject {
		const members = this.members(value, path);
		for (const name of Object.keys(members)) {
			if (!known.includes(name)) this.report(memberPath(path, name), `no such member; expected ${known.join(", ")}`);
		}
		return { path, members };
	}

	/** What an object maps names of the user's choice to; nothing where the member is absent. */
	entries(parent: ConfigObject, name: string): readonly { name: string; value: unknown; path: string }[] {
		const given = parent.members[name];
		if (given === undefined) return [];
		const path = memberPath(parent.path, name);
		return Object.entries(this.members(given, path)).map(([key, value]) => ({
			name: key,
			value,
			path: memberPath(path, key),
		}));
	}

	string(parent: ConfigObject, name: string): string | undefined {
		return this.optional(parent, name, "a string", (value) => typeof value === "string");
	}

	boolean(parent: ConfigObject, name: string): boolean | undefined {
		return this.optional(parent, name, "true or false", (value) => typeof value === "boolean");
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

	/** A string that must be there; where it is not, a problem and "". */
	required(parent: ConfigObject, name: string): string {
		if (parent.members[name] === undefined) {
			this.report(memberPath(parent.path, name), "expected a string, got nothing");
		}
		return this.string(parent, name) ?? "";
	}

	private optional<T>(
		{ path, members }: ConfigObject,
		name: string,
		expected: string,
		fits: (value: unknown) => value is T,
	): T | undefined {
		const value = members[name];
		if (value === undefined || fits(value)) return value;
		this.report(memberPath(path, name), `expected ${expected}, got ${kindOf(value)}`);
		return undefined;
	}

	private members(value: unknown, path: string): ConfigObject["members"] {
		if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as ConfigObject["members"];
		this.report(path, `expected an object, got ${kindOf(value)}`);
		return {};
	}
}

/** `path.name`, or `path["name"]` where the name is no identifier. */
export function memberPath(path: string, name: string): string {
	return /^[A-Za-z_]\w*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

/** The kind of a JSON value, and a short one itself; a long string could be a key. */
function kindOf(value: unknown): string {
	if (value === undefined) return "nothing";
	if (value === null) return "null";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "string")
		return value.length <= 32 ? JSON.stringify(value) : `a string of ${value.length} characters`;
	return typeof value === "object" ? "an object" : String(value);
}
