/**
 * A bench's rows, and how they are printed.
 * @module
 */

/** One figure beside its baseline from the same run. */
export interface Row {
	readonly name: string;
	readonly unit: "ms" | "bytes" | "slots" | "opcodes" | "instructions" | "1/s";
	/** What ours is measured beside; the name says what it is. */
	readonly baseline: number;
	readonly ours: number;
	/** `ours / baseline`. */
	readonly ratio: number;
}

export function row(name: string, unit: Row["unit"], baseline: number, ours: number): Row {
	return { name, unit, baseline: rounded(baseline), ours: rounded(ours), ratio: rounded(ours / baseline) };
}

/** A table with a line a row. */
export function printTable(rows: readonly Row[]): void {
	const width = widthOf(rows);
	console.log(`${"".padEnd(width)}  ${"baseline".padStart(12)}  ${"ours".padStart(12)}  ${"ratio".padStart(9)}`);
	for (const each of rows) console.log(formatRow(each, rows));
}

/** A line of the table of `rows`. */
export function formatRow({ name, unit, baseline, ours, ratio }: Row, rows: readonly Row[]): string {
	const figures = [figure(baseline).padStart(12), figure(ours).padStart(12), figure(ratio).padStart(9)];
	return [name.padEnd(widthOf(rows)), ...figures, unit].join("  ");
}

function widthOf(rows: readonly Row[]): number {
	return Math.max(...rows.map(({ name }) => name.length));
}

/** The middle one of an odd number of figures. */
export function median(figures: readonly number[]): number {
	return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)]!;
}

function figure(value: number): string {
	return value.toLocaleString("en", { maximumFractionDigits: 3 });
}

function rounded(value: number): number {
	return Number(value.toPrecision(4));
}
