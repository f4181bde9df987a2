/**
 * Checks a JSON value against a shape and makes the typed value of it. Members that the shape does not know are ignored,
 * as AWS does; `null` stands for an absent member.
 * @module
 */
import { decodeBase64 } from "./base64.js";
import { allConstraints, brokenBounds, enumConstraint, InputFaults } from "./faults.js";
import {
	isRequired,
	type ListShape,
	type MapShape,
	type Shape,
	type StringShape,
	type StructureShape,
	shapeOf,
	type ValueOf,
} from "./shape.js";

export type Validation<T> = { readonly value: T } | { readonly message: string };

const LARGEST_INTEGER = 2 ** 31 - 1;

/**
 * @returns the value, or AWS's message: `2 validation errors detected: Value at 'a' failed to satisfy constraint: ...`.
 *   Members are named as AWS names them there: with a small first letter, `tags.1.member.key`.
 */
export function validate<S extends StructureShape>(value: unknown, shape: S): Validation<ValueOf<S>> {
	const faults = new InputFaults();
	const read = readStructure(value, shape, "", faults);
	const { message } = faults;
	return message === undefined ? { value: read as ValueOf<S> } : { message };
}

function read(value: unknown, shape: Shape, path: string, faults: InputFaults): unknown {
	switch (shape.type) {
		case "string":
			return readString(value, shape, path, faults);
		case "word":
			return readWord(value, shape.words, path, faults);
		case "integer":
			return readInteger(value, shape, path, faults);
		case "boolean":
			if (typeof value !== "boolean") faults.type(path, "true or false", value);
			return value;
		case "blob":
			return readBlob(value, shape, path, faults);
		case "list":
			return readList(value, shape, path, faults);
		case "map":
			return readMap(value, shape, path, faults);
		case "structure":
			return readStructure(value, shape, path, faults);
		case "unsupported":
			if (value !== shape.harmless) faults.unsupported(path);
			return undefined;
	}
}

function readString(value: unknown, shape: StringShape, path: string, faults: InputFaults): unknown {
	if (typeof value !== "string") faults.type(path, "a string", value);
	else for (const broken of brokenString(value, shape)) faults.constraint(path, broken);
	return value;
}

/** The pattern before the length. */
function brokenString(value: string, shape: StringShape): readonly string[] {
	const { pattern, expression } = shape;
	const misfit = expression !== undefined && !expression.test(value);
	const lengths = brokenBounds(value.length, shape, "length");
	return misfit ? [`Member must satisfy regular expression pattern: ${pattern}`, ...lengths] : lengths;
}

function readWord(value: unknown, words: readonly string[], path: string, faults: InputFaults): unknown {
	if (typeof value !== "string") faults.type(path, "a string", value);
	else if (!words.includes(value)) faults.constraint(path, enumConstraint(words));
	return value;
}

function readInteger(
	value: unknown,
	shape: { readonly min?: number | undefined; readonly max?: number | undefined },
	path: string,
	faults: InputFaults,
): unknown {
	if (typeof value !== "number" || !Number.isInteger(value) || Math.abs(value) > LARGEST_INTEGER) {
		faults.type(path, "an integer of 32 bits", value);
	} else {
		for (const broken of brokenBounds(value, shape, "value")) faults.constraint(path, broken);
	}
	return value;
}

/** Bytes come as base64 in JSON; a payload is bytes already. */
function readBlob(
	value: unknown,
	shape: { readonly min?: number | undefined; readonly max?: number | undefined },
	path: string,
	faults: InputFaults,
): unknown {
	const bytes = typeof value === "string" ? decodeBase64(value) : value;
	if (bytes instanceof Uint8Array) {
		for (const broken of brokenBounds(bytes.length, shape, "length")) faults.constraint(path, broken);
	} else {
		faults.type(path, "base64", value);
	}
	return bytes;
}

function readList(value: unknown, shape: ListShape, path: string, faults: InputFaults): unknown {
	if (!Array.isArray(value)) {
		faults.type(path, "a list", value);
		return value;
	}
	for (const broken of brokenBounds(value.length, shape, "length")) faults.constraint(path, broken);
	const member = shape.member as Shape;
	const told = new Set<string>();
	return value.map((item: unknown, index) => {
		const place = `${path}.${index + 1}.member`;
		if (item === null || item === undefined) return faults.constraint(place, "Member must not be null");
		if (!isPlain(member)) return read(item, member, place, faults);
		return readPlain(item, member, { path, place, words: "Member must satisfy constraint" }, faults, told);
	});
}

function readMap(value: unknown, shape: MapShape, path: string, faults: InputFaults): unknown {
	if (!isObject(value)) {
		faults.type(path, "an object", value);
		return value;
	}
	const entries = Object.entries(value);
	for (const broken of brokenBounds(entries.length, shape, "length")) faults.constraint(path, broken);
	const member = shape.value as Shape;
	const told = new Set<string>();
	const keys = { path, place: path, words: "Map keys must satisfy constraint" };
	const values = { path, place: path, words: "Map value must satisfy constraint" };
	// Object.fromEntries makes an own member of every key, `__proto__` too.
	return Object.fromEntries(
		entries.map(([key, item]) => {
			readPlain(key, shape.key, keys, faults, told);
			if (item === null) return [key, faults.constraint(path, `${values.words}: [Member must not be null]`)];
			if (!isPlain(member)) return [key, read(item, member, `${path}.member`, faults)];
			return [key, readPlain(item, member, values, faults, told)];
		}),
	);
}

interface Place {
	/** Of the list or map. */
	readonly path: string;
	/** Of the member. */
	readonly place: string;
	/** What AWS opens the list of all the member's constraints with. */
	readonly words: string;
}

/** A member that is no structure: AWS names the list or map, once, and all constraints that its members have. */
function readPlain(item: unknown, shape: Shape, at: Place, faults: InputFaults, told: Set<string>): unknown {
	const { path, place, words } = at;
	const own = new InputFaults();
	const value = read(item, shape, place, own);
	if (own.misfitting) {
		faults.adopt(own);
	} else if (own.message !== undefined) {
		const text = `${words}: ${allConstraints(shape)}`;
		if (!told.has(text)) faults.constraint(path, text);
		told.add(text);
	}
	return value;
}

function isPlain({ type }: Shape): boolean {
	return type === "string" || type === "word" || type === "integer" || type === "boolean";
}

function readStructure(value: unknown, shape: StructureShape, path: string, faults: InputFaults): unknown {
	if (!isObject(value)) {
		faults.type(path, "an object", value);
		return value;
	}
	const members: [string, unknown][] = [];
	for (const [name, member] of Object.entries(shape.members)) {
		const own = Object.hasOwn(value, name) ? value[name] : undefined;
		const place = `${path}${path === "" ? "" : "."}${memberName(name)}`;
		if (own !== null && own !== undefined) {
			members.push([name, read(own, shapeOf(member), place, faults)]);
		} else if (isRequired(shape, name)) {
			faults.constraint(place, "Member must not be null");
		}
	}
	return Object.fromEntries(members);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** AWS's messages name members with a small first letter, whatever the wire has. */
function memberName(name: string): string {
	return name.charAt(0).toLowerCase() + name.slice(1);
}
