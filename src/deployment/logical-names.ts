/**
 * Names inside of a template, for resources whose own names hold characters that templates do not take.
 * @module
 */

/** Hands out a name for each thing of one kind, unique whatever the things are called. */
export class LogicalNames {
	private readonly taken = new Set<string>();
	private readonly names = new Map<string, string>();
	private readonly nameOf: (words: readonly string[]) => string;

	/** @param nameOf makes a name out of the letters and digits of another. */
	constructor(nameOf: (words: readonly string[]) => string) {
		this.nameOf = nameOf;
	}

	/** The same kind and name always get the same logical name. */
	get(kind: string, name: string): string {
		const key = `${kind}\n${name}`;
		const known = this.names.get(key);
		if (known !== undefined) return known;
		const base = this.nameOf([kind, ...(name.match(/[A-Za-z0-9]+/g) ?? [])]);
		let unique = base;
		for (let count = 2; this.taken.has(unique); count++) unique = `${base}${count}`;
		this.taken.add(unique);
		this.names.set(key, unique);
		return unique;
	}
}

/** `AuthorizerMyDevices`, for CloudFormation. */
export function pascalCase(words: readonly string[]): string {
	return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** `authorizer_my_devices`, for Terraform. */
export function snakeCase(words: readonly string[]): string {
	return words.map((word) => word.toLowerCase()).join("_");
}
