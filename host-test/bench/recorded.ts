/**
 * The figures that `docs/performance.md` keeps of a bench, and what of a new run is worse.
 * @module
 */
import { formatRow, type Row } from "./rows.js";

/** Figures that a machine and its load do not change. */
const EXACT: ReadonlySet<Row["unit"]> = new Set(["bytes", "slots", "opcodes", "instructions"]);

/** What a figure may grow by before somebody has to look at it and keep it anew. */
const TOLERANCE = 1.03;

/** A row as {@link formatRow} writes it: columns are two blanks apart or more. */
const LINE = /^ {4}(\S.*?) {2,}([\d.,]+) {2,}([\d.,]+) {2,}([\d.,]+) {2,}(\S+)$/;

/** The rows between the two comments of a bench. @throws {Error} where the document has none for it. */
export function readRecorded(document: string, bench: string): readonly Row[] {
	const { from, to } = sectionOf(document, bench);
	return document
		.slice(from, to)
		.split("\n")
		.flatMap((line) => {
			const [, name, baseline, ours, ratio, unit] = LINE.exec(line) ?? [];
			if (name === undefined) return [];
			const figures = { baseline: numberOf(baseline!), ours: numberOf(ours!), ratio: numberOf(ratio!) };
			return [{ name, unit: unit as Row["unit"], ...figures }];
		});
}

/** The document with the rows of a run in place of the former ones. */
export function withRecorded(document: string, bench: string, rows: readonly Row[]): string {
	const table = rows.map((row) => `    ${formatRow(row, rows)}`.trimEnd()).join("\n");
	const { from, to } = sectionOf(document, bench);
	return `${document.slice(0, from)}\n\n${table}\n\n${document.slice(to)}`;
}

/** What has to be looked at: exact figures that grew, and rows that the document lacks or has too many; a sentence each. */
export function complaints(recorded: readonly Row[], rows: readonly Row[]): readonly string[] {
	const now = new Map(rows.map((row) => [row.name, row]));
	const before = new Map(recorded.map((row) => [row.name, row]));
	return [
		...rows.filter(({ name }) => !before.has(name)).map(({ name }) => `"${name}" is not in docs/performance.md`),
		...recorded.flatMap(({ name, unit, ours }) => {
			const row = now.get(name);
			if (row === undefined) return [`"${name}" of docs/performance.md was not measured`];
			if (!EXACT.has(unit) || row.ours <= ours * TOLERANCE) return [];
			return [`"${name}" grew from ${ours} to ${row.ours} ${unit}`];
		}),
	];
}

/** Where the text between the two comments is. */
function sectionOf(document: string, bench: string): { readonly from: number; readonly to: number } {
	const [start, end] = [`<!-- ${bench} -->`, `<!-- /${bench} -->`];
	const from = document.indexOf(start);
	const to = document.indexOf(end);
	if (from === -1 || to < from) throw new Error(`docs/performance.md: expected ${start} and ${end}`);
	return { from: from + start.length, to };
}

function numberOf(text: string): number {
	return Number(text.replaceAll(",", ""));
}
