/**
 * What all verbs share in talking to people and programs: when to print JSON, when to use colour, how help shows examples.
 * @module
 */
import type { Command } from "commander";

/** `--json`, or `LATCHKEY_OUTPUT=json` in the environment. */
export function wantsJson(flag: boolean | undefined): boolean {
	return flag ?? process.env["LATCHKEY_OUTPUT"] === "json";
}

/** Colours of a terminal; none of them when it is no terminal or NO_COLOR is set (no-color.org). */
export interface Paint {
	readonly bold: (text: string) => string;
	readonly dim: (text: string) => string;
	readonly green: (text: string) => string;
	readonly red: (text: string) => string;
	readonly cyan: (text: string) => string;
}

export function paintFor(stream: { readonly isTTY?: boolean }): Paint {
	const on = stream.isTTY === true && (process.env["NO_COLOR"] ?? "") === "" && process.env["TERM"] !== "dumb";
	const code = (open: number, close: number) => (text: string) => (on ? `\x1b[${open}m${text}\x1b[${close}m` : text);
	return { bold: code(1, 22), dim: code(2, 22), green: code(32, 39), red: code(31, 39), cyan: code(36, 39) };
}

export function addExamples(command: Command, examples: readonly string[]): void {
	command.addHelpText("after", `\nExamples:\n${examples.map((line) => `  $ ${line}`).join("\n")}`);
}
