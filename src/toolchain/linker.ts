/**
 * What the SDK's linker (xsl) says of a firmware, and what of it is wrong.
 * @module
 */

/** Counts of its last line. */
export interface LinkerFigures {
	/** Objects that lie in flash. */
	readonly instances: number;
	/** Names. */
	readonly keys: number;
}

export interface LinkerReport {
	/** `undefined` where it did not come that far. */
	readonly figures: LinkerFigures | undefined;
	/** Objects of ours that are not frozen: each takes four bytes of RAM, and would be copied there if somebody wrote to it. */
	readonly notFrozen: number;
	/** State of ours in preloaded modules, and what the tools could not find: each is an error. */
	readonly complaints: readonly string[];
}

const FIGURES = /^### (\d+) instances, (\d+) keys/;
const WARNING = /^### (?:warning|error): ((?:device|firmware)\/[^:]+: .*): (not frozen|no const|regexp|generator)$/;
/** Of mcconfig: a file or folder of the manifest that is not there. */
const MISSING = /(?:no (?:modules|resources|data) match|directory not found): /;

/** @param lines of mcconfig and make. */
export function readLinkerReport(lines: readonly string[]): LinkerReport {
	let figures: LinkerFigures | undefined;
	let notFrozen = 0;
	const complaints: string[] = [];
	for (const line of lines) {
		const counts = FIGURES.exec(line);
		if (counts !== null) figures = { instances: Number(counts[1]), keys: Number(counts[2]) };
		const [, what, defect] = WARNING.exec(line) ?? [];
		if (defect === "not frozen") notFrozen++;
		else if (defect !== undefined) complaints.push(`${what}: ${defect}`);
		if (MISSING.test(line)) complaints.push(line.trim());
	}
	return { figures, notFrozen, complaints };
}

/**
 * What the linker did not see itself (SDK 8.2.3).
 * @param text of the file that it made, `mc.xs.c`.
 */
export function readLinkedText(text: string): string[] {
	const complaints: string[] = [];
	// It counts those of preloaded arrays as none, and writes them past the end of its table, which may go unnoticed.
	if (!hasAllBigInts(text)) complaints.push("a preloaded module holds BigInts in an array, which the linker loses");
	if (/^#define mxRegExpCount /m.test(text))
		complaints.push("a preloaded module makes a regular expression, with which the engine damages its memory");
	return complaints;
}

function hasAllBigInts(text: string): boolean {
	const count = Number(/^#define mxBigIntCount (\d+)$/m.exec(text)?.[1] ?? 0);
	for (const [, at, size] of text.matchAll(/&gxBigIntData\[(\d+)\], \.size = (\d+)/g))
		if (Number(at) + Number(size) > count) return false;
	return true;
}
