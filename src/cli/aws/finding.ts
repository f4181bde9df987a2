/**
 * One thing that was found out about a test call, and how findings are told.
 * @module
 */
import type { Paint } from "../output.js";

export interface Finding {
	/** Stable, kebab-case. */
	readonly code: string;
	/** `good` is as it should be, `bad` keeps a device out, `note` is worth knowing. */
	readonly verdict: "good" | "bad" | "note";
	/** A sentence without a full stop; no secret in it. */
	readonly text: string;
	readonly remedy?: string | undefined;
}

export function good(code: string, text: string): Finding {
	return { code, verdict: "good", text };
}

export function bad(code: string, text: string, remedy?: string): Finding {
	return { code, verdict: "bad", text, remedy };
}

export function note(code: string, text: string, remedy?: string): Finding {
	return { code, verdict: "note", text, remedy };
}

/** Lines for people. */
export function renderFindings(findings: readonly Finding[], paint: Paint): string {
	const marks = { good: paint.green("ok  "), bad: paint.red("no  "), note: paint.cyan("note") };
	return findings
		.map(({ verdict, text, remedy }) => {
			const below = remedy === undefined ? "" : `       ${paint.bold("remedy:")} ${remedy}\n`;
			return `  ${marks[verdict]} ${text}\n${below}`;
		})
		.join("");
}
