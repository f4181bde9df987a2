/**
 * `--generate-cli-skeleton`: the shape of an operation's input or output, to be filled in.
 * @module
 */
import type { Member, Operation, Shape, StructureShape } from "./shape.js";

/** What `--cli-input-json` takes, as JSON of 4 blanks; ends with a line feed. */
export function inputSkeleton({ input }: Operation): string {
	return `${JSON.stringify(
		valueFor(input, () => ""),
		null,
		4,
	)}\n`;
}

/** A made-up answer: names in place of text, to be printed like a real one. */
export function outputSkeleton({ output }: Operation): Readonly<Record<string, unknown>> {
	return valueFor(output, (name) => name) as Readonly<Record<string, unknown>>;
}

/** @param textFor what stands for a text of this name. */
function valueFor(shape: Shape, textFor: (name: string) => string, member?: string): unknown {
	switch (shape.type) {
		case "string":
			return textFor(member ?? shape.name) || (shape.values?.[0] ?? "");
		case "blob":
			return null;
		case "integer":
			return 0;
		case "boolean":
			return true;
		case "list":
			return [valueFor(shape.member, textFor)];
		case "map":
			return { KeyName: valueFor(shape.value, textFor) };
		case "structure":
			return Object.fromEntries(
				Object.entries(shape.members).map(([name, { shape: inner }]) => [name, valueFor(inner, textFor, name)]),
			);
	}
}

/** What `--cli-input-yaml` takes, with the API reference's first sentences as comments; ends with a line feed. */
export function yamlInputSkeleton({ input }: Operation): string {
	return `${structureLines(input).join("\n")}\n`;
}

function structureLines({ members }: StructureShape): string[] {
	return Object.entries(members).flatMap(([name, member], index) => {
		const [value = "", ...below] = valueLines(member.shape);
		const comment = commentOf(member);
		// The AWS CLI sets the first comment of a structure off by one blank more than the others.
		const gap = index === 0 ? "  " : " ";
		return [`${name}:${value}${comment === "" ? "" : `${gap}# ${comment}`}`, ...below];
	});
}

/** What follows the colon, and the lines below it. */
function valueLines(shape: Shape): string[] {
	switch (shape.type) {
		case "structure":
			return ["", ...structureLines(shape).map((line) => `  ${line}`)];
		case "map":
			return ["", "  KeyName: ''"];
		case "list":
			return ["", ...entryLines(shape.member)];
		case "blob":
			return [" !!binary ''"];
		case "string":
			return [shape.values === undefined ? " ''" : ` ${shape.values[0]}`];
		default:
			return [shape.type === "boolean" ? " true" : " 0"];
	}
}

function entryLines(shape: Shape): string[] {
	if (shape.type !== "structure") return valueLines(shape).map((line) => `-${line}`);
	return structureLines(shape).map((line, index) => `${index === 0 ? "- " : "  "}${line}`);
}

function commentOf({ required, about, shape }: Member): string {
	const values = shape.type === "string" ? shape.values : undefined;
	const words = values === undefined ? undefined : `Valid values are: ${values.join(", ")}.`;
	return [required ? "[REQUIRED]" : undefined, about, words].filter((part) => part !== undefined).join(" ");
}
