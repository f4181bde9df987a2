/**
 * An answer as the AWS CLI prints it: JSON of four blanks, text of tabs, or a table (AWS CLI User Guide, "Setting the AWS
 * CLI output format").
 * @module
 */
import type { Operation, Shape } from "../../aws-options/index.js";
import { isList, isScalar, type Members, type Printable, scalarNames, scalarText } from "./answer-value.js";
import { tableOf } from "./table.js";

export const OUTPUT_FORMATS = ["json", "text", "table"] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/**
 * The members that the operation has, in its order; what is null or unknown is left out.
 * @param answer of AWS's client, with its metadata.
 */
export function shapedAnswer({ output }: Operation, answer: object): Members {
	return shaped(answer, output) as Members;
}

function shaped(value: unknown, shape: Shape): unknown {
	if (Array.isArray(value)) return value.map((entry) => (shape.type === "list" ? shaped(entry, shape.member) : entry));
	if (typeof value !== "object" || value === null || shape.type !== "structure") return value;
	const members = value as Readonly<Record<string, unknown>>;
	return Object.fromEntries(
		Object.entries(shape.members)
			.filter(([name]) => Object.hasOwn(members, name) && members[name] !== undefined && members[name] !== null)
			.map(([name, member]) => [name, shaped(members[name], member.shape)]),
	);
}

/**
 * @param answer of {@link shapedAnswer}; an empty one prints nothing.
 * @param width of the terminal, columns; a table that is wider is turned on its side.
 */
export function formatAnswer(operation: string, answer: Members, format: OutputFormat, width = 80): string {
	if (format === "table") return tableOf(operation, answer, width);
	if (format === "text")
		return textLines(answer)
			.map((line) => `${line}\n`)
			.join("");
	return Object.keys(answer).length === 0 ? "" : `${JSON.stringify(answer, null, 4)}\n`;
}

/** @param label of the line: the member's name in capital letters. */
function textLines(value: Printable, label?: string, columns?: readonly string[]): string[] {
	if (isScalar(value)) return [scalarText(value)];
	return isList(value) ? listLines(value, label) : memberLines(value, label, columns);
}

function listLines(list: readonly Printable[], label: string | undefined): string[] {
	const structures = list.filter((entry): entry is Members => !isScalar(entry) && !isList(entry));
	if (structures.length > 0) {
		const columns = scalarNames(structures);
		return list.flatMap((entry) => textLines(entry, label, columns));
	}
	if (label !== undefined) return list.map((entry) => `${label.toUpperCase()}\t${scalarText(entry)}`);
	return list.length === 0 ? [] : [list.map(scalarText).join("\t")];
}

/** @param columns the scalar members of all structures of the list, so that they stand below one another. */
function memberLines(members: Members, label: string | undefined, columns?: readonly string[]): string[] {
	const names = Object.keys(members).sort();
	const scalars = columns ?? names.filter((name) => isScalar(members[name]));
	const first = scalars.map((name) => scalarText(members[name] ?? ""));
	const below = names.filter((name) => !isScalar(members[name])).flatMap((name) => textLines(members[name]!, name));
	if (first.length === 0) return below;
	return [[...(label === undefined ? [] : [label.toUpperCase()]), ...first].join("\t"), ...below];
}
