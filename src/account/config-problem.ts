/**
 * What is wrong with an account's configuration, and where.
 * @module
 */

export interface ConfigProblem {
	/**
	 * `syntax`: no JSON, or a member twice; `structure`: not the shape that the JSON Schema asks for; `meaning`: something
	 * that only what it refers to can tell, such as an unknown name or a file that cannot be read.
	 */
	readonly code: "syntax" | "structure" | "meaning";
	/** JSON path, for instance `$.authorizers.demo.tokenKeyName`. */
	readonly path: string;
	readonly message: string;
	/** Counted from 1. */
	readonly line: number;
	/** In UTF-16 units, counted from 1. */
	readonly column: number;
}

/** A document that describes no account; every problem of it is listed, in the order of the text. */
export class AccountConfigError extends Error {
	override readonly name = "AccountConfigError";
	readonly code = "account-config-invalid";
	readonly problems: readonly ConfigProblem[];

	/** @param file what the document is called in the message. */
	constructor(problems: readonly ConfigProblem[], file = "latchkey.json") {
		const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
		const list = problems.map(({ path, message, line, column }) => `\n  ${file}:${line}:${column} ${path}: ${message}`);
		super(`${count} in the account's configuration:${list.join("")}`);
		this.problems = problems;
	}
}
