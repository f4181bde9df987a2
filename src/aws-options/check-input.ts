/**
 * What the AWS CLI checks before it asks the service: required members, unknown ones, types, minimum lengths. Patterns
 * and maximums are left to the service, as they are there.
 * @module
 */
import { ParameterError } from "./parameter-error.js";
import { holdsSecret, type MapShape, type Shape, type StructureShape } from "./shape.js";
import { visible } from "./visible.js";

/** @throws {ParameterError} code `validation-failed`, every problem on a line of its own. */
export function checkInput(input: unknown, shape: StructureShape): void {
	const problems: string[] = [];
	checkValue(input, shape, "", problems);
	if (problems.length > 0)
		throw new ParameterError("validation-failed", `Parameter validation failed:\n${problems.join("\n")}`);
}

/** Whether a value is a plain object: neither null nor a list nor bytes. */
export function isMembers(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

function checkValue(value: unknown, shape: Shape, path: string, problems: string[]): void {
	if (!isOfType(value, shape)) {
		problems.push(
			`Invalid type for parameter ${nameOf(path)}, got ${typeName(value)}, expected ${EXPECTED[shape.type]}`,
		);
		return;
	}
	checkLength(value, shape, path, problems);
	if (shape.type === "list")
		for (const [index, member] of (value as readonly unknown[]).entries())
			checkValue(member, shape.member, `${path}[${index}]`, problems);
	else if (shape.type === "map") checkMap(value as Members, shape, path, problems);
	else if (shape.type === "structure") checkStructure(value as Members, shape, path, problems);
}

type Members = Readonly<Record<string, unknown>>;

const EXPECTED: Readonly<Record<Shape["type"], string>> = {
	string: "text",
	blob: "bytes in base64",
	integer: "a whole number",
	boolean: "true or false",
	list: "a list",
	map: "an object",
	structure: "an object",
};

function isOfType(value: unknown, shape: Shape): boolean {
	switch (shape.type) {
		case "string":
			return typeof value === "string";
		case "blob":
			return typeof value === "string" || value instanceof Uint8Array;
		case "integer":
			return Number.isInteger(value);
		case "boolean":
			return typeof value === "boolean";
		case "list":
			return Array.isArray(value);
		default:
			return isMembers(value);
	}
}

function checkLength(value: unknown, shape: Shape, path: string, problems: string[]): void {
	const { minimum = 0 } = shape as { readonly minimum?: number };
	const { length = minimum } = value as { readonly length?: number };
	if (length < minimum)
		problems.push(`Invalid length for parameter ${nameOf(path)}, value: ${length}, valid min length: ${minimum}`);
}

function checkMap(value: Members, shape: MapShape, path: string, problems: string[]): void {
	for (const [key, entry] of Object.entries(value)) {
		checkValue(key, shape.key, `${path} (key: ${visible(key)})`, problems);
		checkValue(entry, shape.value, `${path}.${visible(key)}`, problems);
	}
}

function checkStructure(value: Members, shape: StructureShape, path: string, problems: string[]): void {
	for (const [name, { required }] of Object.entries(shape.members))
		if (required && !Object.hasOwn(value, name))
			problems.push(`Missing required parameter in ${nameOf(path)}: "${name}"`);
	const known = (name: string) => Object.hasOwn(shape.members, name);
	for (const name of Object.keys(value)) if (!known(name)) problems.push(unknownMember(name, shape, path));
	for (const [name, member] of Object.entries(value))
		if (known(name)) checkValue(member, shape.members[name]!.shape, `${path}.${name}`, problems);
}

/** An unknown name may be a piece of a password that was not quoted: it is shown only where nothing beside it is secret. */
function unknownMember(name: string, shape: StructureShape, path: string): string {
	const names = Object.keys(shape.members);
	const sameLetters = names.some((known) => known.toLowerCase() === name.toLowerCase());
	const hidden = path !== "" && holdsSecret(shape) && !sameLetters;
	const which = hidden ? "a name that is not shown here" : `"${visible(name)}"`;
	return `Unknown parameter in ${nameOf(path)}: ${which}, must be one of: ${names.join(", ")}`;
}

function nameOf(path: string): string {
	return path === "" ? "input" : path.replace(/^\./, "");
}

function typeName(value: unknown): string {
	if (value === null) return "null";
	if (Array.isArray(value)) return "a list";
	if (value instanceof Uint8Array) return "the bytes of a fileb:// file";
	if (typeof value === "object") return "an object";
	return typeof value === "string" ? "text" : `a ${typeof value}`;
}
