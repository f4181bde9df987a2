/**
 * The AWS CLI's table: one section a structure or list, nested ones indented by a bar, all of one width.
 * @module
 */
import {
	isList,
	isScalar,
	type Members,
	nestedNames,
	type Printable,
	scalarNames,
	scalarText,
} from "./answer-value.js";

interface Section {
	readonly title: string;
	readonly indent: number;
	readonly headers: readonly string[];
	readonly rows: readonly (readonly string[])[];
}

/** Columns that a cell is wider than its text. */
const CELL_PADDING = 4;
/** The bars at both ends. */
const BORDER = 2;

/**
 * @param width columns; where a table is wider, sections of one row are turned on their side.
 * @returns nothing for an empty answer.
 */
export function tableOf(title: string, answer: Members, width: number): string {
	let sections = sectionsOf(title, answer, 0);
	if (sections.length === 0) return "";
	if (widthOf(sections) > width) sections = sections.map(onItsSide);
	const total = widthOf(sections);
	return ["-".repeat(total), ...sections.flatMap((section) => sectionLines(section, total))]
		.map((line) => `${line}\n`)
		.join("");
}

function sectionsOf(title: string, value: Printable, indent: number): Section[] {
	if (isScalar(value) || Object.keys(value).length === 0) return [];
	if (!isList(value)) return structureSections(title, value, indent);
	if (value.every(isScalar)) return [{ title, indent, headers: [], rows: value.map((entry) => [scalarText(entry)]) }];
	return listSections(title, value as readonly Members[], indent);
}

function structureSections(title: string, members: Members, indent: number): Section[] {
	const headers = scalarNames([members]);
	const values = headers.map((name) => scalarText(members[name]!));
	const [only] = headers;
	// A single value stands beside its name, not below it.
	const section =
		headers.length === 1
			? { title, indent, headers: [], rows: [[only!, values[0]!]] }
			: { title, indent, headers, rows: headers.length === 0 ? [] : [values] };
	return [section, ...nestedNames([members]).flatMap((name) => sectionsOf(name, members[name]!, indent + 1))];
}

function listSections(title: string, list: readonly Members[], indent: number): Section[] {
	const headers = scalarNames(list);
	const nested = nestedNames(list);
	const rowOf = (members: Members) => headers.map((name) => scalarText(members[name] ?? ""));
	if (nested.length === 0) return [{ title, indent, headers, rows: list.map(rowOf) }];
	return list.flatMap((members) => [
		{ title, indent, headers, rows: [rowOf(members)] },
		...nested
			.filter((name) => Object.hasOwn(members, name))
			.flatMap((name) => sectionsOf(name, members[name]!, indent + 1)),
	]);
}

function onItsSide(section: Section): Section {
	const { headers, rows } = section;
	if (rows.length !== 1 || headers.length === 0) return section;
	return { ...section, headers: [], rows: headers.map((header, index) => [header, rows[0]?.[index] ?? ""]) };
}

function widthOf(sections: readonly Section[]): number {
	return Math.max(
		...sections.map((section) => {
			const cells = widestCells(section).reduce((sum, width) => sum + width + CELL_PADDING, 0);
			return BORDER + 2 * section.indent + Math.max(cells, textWidth(section.title));
		}),
	);
}

function widestCells({ headers, rows }: Section): number[] {
	const lines = headers.length === 0 ? rows : [headers, ...rows];
	const count = lines[0]?.length ?? 0;
	return Array.from({ length: count }, (_, column) => Math.max(...lines.map((line) => textWidth(line[column] ?? ""))));
}

/** Columns of a terminal: two for the wide characters of East Asia (Unicode Standard Annex 11, W and F, by their scripts). */
function textWidth(text: string): number {
	let width = 0;
	for (const character of text) width += WIDE.test(character) ? 2 : 1;
	return width;
}

const WIDE =
	/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Bopomofo}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;

function sectionLines(section: Section, total: number): string[] {
	const width = total - 2 * section.indent;
	const bar = "|".repeat(section.indent);
	return [...titleLines(section, width), ...cellLines(section, width)].map((line) => `${bar}${line}${bar}`);
}

function titleLines({ title, headers, rows }: Section, width: number): string[] {
	const line = centred(title, width, "|");
	return headers.length === 0 && rows.length === 0 ? [line, `+${"-".repeat(width - 2)}+`] : [line];
}

function cellLines(section: Section, width: number): string[] {
	const { headers, rows } = section;
	const widths = scaled(widestCells(section), width);
	if (widths.length === 0) return [];
	const rule = `+${widths.map((column, index) => "-".repeat(column - (index === 0 ? 2 : 1))).join("+")}+`;
	const line = (cells: readonly string[], cell: Cell) =>
		widths.map((column, index) => cell(cells[index] ?? "", column, index === 0 ? "|" : "")).join("");
	return [
		...(headers.length === 0 ? [] : [rule, line(headers, centred)]),
		rule,
		...rows.map((row) => line(row, aligned)),
		rule,
	];
}

/**
 * A text between its borders.
 * @param width columns, both borders included.
 * @param left border; only the first cell of a line has one.
 */
type Cell = (text: string, width: number, left: "|" | "") => string;

function centred(text: string, width: number, left: "|" | ""): string {
	const margin = Math.floor(width / 2) - Math.floor(textWidth(text) / 2) - 1;
	return bordered(text, Math.max(0, margin), width, left);
}

function aligned(text: string, width: number, left: "|" | ""): string {
	const room = width - left.length - 1 - textWidth(text);
	return bordered(text, room >= 2 ? 2 : 0, width, left);
}

function bordered(text: string, margin: number, width: number, left: "|" | ""): string {
	const rest = width - left.length - margin - textWidth(text) - 1;
	return `${left}${" ".repeat(margin)}${text}${" ".repeat(Math.max(0, rest))}|`;
}

/** Column widths that fill the whole width, in the proportion of what they hold. */
function scaled(cells: readonly number[], width: number): number[] {
	const wanted = cells.map((cell) => cell + CELL_PADDING);
	const sum = wanted.reduce((total, one) => total + one, 0);
	const widths = wanted.map((one) => roundedToEven((width / sum) * one));
	let excess = widths.reduce((total, one) => total + one, 0) - width;
	// One column after the other gives one, from the left, or takes one, from the right.
	for (let at = 0; excess !== 0 && widths.length > 0; at = (at + 1) % widths.length) {
		const index = excess > 0 ? at : widths.length - 1 - at;
		widths[index]! -= Math.sign(excess);
		excess -= Math.sign(excess);
	}
	return widths;
}

/** As Python rounds: a half to the even number. */
function roundedToEven(value: number): number {
	const floor = Math.floor(value);
	if (value - floor !== 0.5) return Math.round(value);
	return floor % 2 === 0 ? floor : floor + 1;
}
