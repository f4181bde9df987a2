/**
 * Reads the members of a JSON document and collects everything that is wrong with them, so that a person mends a file
 * once and not problem by problem.
 * @module
 */

export interface ConfigProblem {
	/** JSON path, for instance `$.authorizers.demo.tokenKeyName`. */
	readonly path: string;
	readonly message: string;
}

type Members = Readonly<Record<string, unknown>>;

export class ConfigReader {
	readonly problems: ConfigProblem[] = [];

	problem(path: string, message: string): void {
		this.problems.push({ path, message });
	}

	/** The members of an object; none for anything else. Members that are not in `known` are problems. */
	members(value: unknown, path: string, known?: readonly string[]): Members {
		if (typeof value !== "object" || value === null || Array.isArray(value)) {
			this.problem(path, `expected an object, got ${kindOf(value)}`);
			return {};
		}
		for (const name of known === undefined ? [] : Object.keys(value)) {
			if (known?.includes(name) === false) {
				this.problem(member(path, name), `no such member; expected ${known.join(", ")}`);
			}
		}
		return value as Members;
	}

	/** The entries of an object that maps names to things; none where it is absent. */
	entries(parent: Members, name: string, path: string): readonly (readonly [name: string, value: unknown, path: string])[] {
		const at = member(path, name);
		if (parent[name] === undefined) return [];
		return Object.entries(this.members(parent[name], at)).map(([key, value]) => [key, value, member(at, key)]);
	}

	string(parent: Members, name: string, path: string): string | undefined {
		return this.optional(parent, name, path, "a string", (value) => typeof value === "string") as string | undefined;
	}

	boolean(parent: Members, name: string, path: string): boolean | undefined {
		return this.optional(parent, name, path, "true or false", (value) => typeof value === "boolean") as
			| boolean
			| undefined;
	}

	/** A string that must be there; "" in its place where it is not, and a problem. */
	required(parent: Members, name: string, path: string): string {
		if (parent[name] === undefined) this.problem(member(path, name), "expected a string, got nothing");
		return this.string(parent, name, path) ?? "";
	}

	/** One of some words. */
	word<W extends string>(parent: Members, name: string, path: string, words: readonly W[]): W | undefined {
		const isWord = (value: unknown) => words.some((word) => word === value);
		return this.optional(parent, name, path, words.join(", "), isWord) as W | undefined;
	}

	private optional(
		parent: Members,
		name: string,
		path: string,
		expected: string,
		fits: (value: unknown) => boolean,
	): unknown {
		const value = parent[name];
		if (value === undefined || fits(value)) return value;
		this.problem(member(path, name), `expected ${expected}, got ${kindOf(value)}`);
		return undefined;
	}
}

/** `path.name`, or `path["name"]` where the name is no identifier. */
export function member(path: string, name: string): string {
	return /^[A-Za-z_]\w*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

/** The kind of a JSON value; not the value, which could be a key. */
function kindOf(value: unknown): string {
	if (value === undefined) return "nothing";
	if (value === null) return "null";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "string") return value.length <= 20 ? `"${value}"` : `a string of ${value.length} characters`;
	return typeof value === "object" ? "an object" : String(value);
}
