/**
 * One option's value, by the shape of its member: plain text, a list of words, JSON, or shorthand.
 * @module
 */
import { excerpt, shownCharacter } from "./excerpt.js";
import { JsonTextError, parseJsonText } from "./json-text.js";
import { memberNames } from "./member-names.js";
import { ParameterError } from "./parameter-error.js";
import { type ReadBytes, resolveParameterFile } from "./parameter-file.js";
import { holdsSecret, type Shape } from "./shape.js";
import { DuplicateKeyError, parseShorthand, type ShorthandValue } from "./shorthand.js";
import { ShorthandSyntaxError } from "./shorthand-scanner.js";
import { visible } from "./visible.js";

export interface GivenOption {
	/** With its hyphens, for errors. */
	readonly option: string;
	readonly shape: Shape;
	/** A text, or for a list its words. */
	readonly given: string | readonly string[];
	readonly readBytes: ReadBytes;
}

/** @throws {ParameterError} */
export function parseOption(given: GivenOption): unknown {
	const { option, shape, readBytes } = given;
	const words = typeof given.given === "string" ? [given.given] : given.given;
	const [only] = words;
	const resolved = words.length === 1 ? resolveParameterFile(option, only ?? "", readBytes) : undefined;
	if (resolved instanceof Uint8Array) return resolved;
	const texts = resolved === undefined ? words : [resolved];
	if (shape.type === "list") return listOption(given, shape.member, texts);
	const text = texts[0] ?? "";
	return shape.type === "structure" || shape.type === "map" ? complexValue(given, shape, text) : text;
}

function listOption(given: GivenOption, member: Shape, texts: readonly string[]): unknown {
	const [only] = texts;
	if (texts.length === 1 && only?.trimStart().startsWith("[")) return json(given, only);
	if (member.type !== "structure") return texts;
	return texts.map((text) => complexValue(given, member, text));
}

function complexValue(given: GivenOption, shape: Shape, text: string): unknown {
	if (/^\s*\{/.test(text)) return json(given, text);
	if (/^\s*\[/.test(text)) throw ParameterError.of(given.option, "Invalid JSON: expected an object, got a list");
	return shorthand(given, shape, text);
}

function json({ option, shape }: GivenOption, text: string): unknown {
	try {
		return parseJsonText(text);
	} catch (error) {
		if (!(error instanceof JsonTextError)) throw error;
		const received = holdsSecret(shape) ? "" : `\nJSON received: ${visible(text)}`;
		throw ParameterError.of(option, `Invalid JSON: ${error.message}${received}`, "wrong-json");
	}
}

function shorthand(given: GivenOption, shape: Shape, text: string): unknown {
	const { option, readBytes } = given;
	try {
		return fitted(
			parseShorthand(text, (value) => resolveParameterFile(option, value, readBytes)),
			shape,
		);
	} catch (error) {
		throw inWords(given, text, error);
	}
}

/** Values by members of a shape; one value where a list is wanted is a list of it. */
function fitted(value: ShorthandValue | undefined, shape: Shape): unknown {
	if (shape.type === "list" && value !== undefined)
		return (isList(value) ? value : [value]).map((entry) => fitted(entry, shape.member));
	if (value instanceof Map) {
		return Object.fromEntries(
			[...value].map(([name, entry]: [string, ShorthandValue]) => [name, fitted(entry, memberShape(shape, name))]),
		);
	}
	return isList(value) ? value.map((entry) => fitted(entry, UNKNOWN)) : value;
}

function isList(value: ShorthandValue | undefined): value is readonly ShorthandValue[] {
	return Array.isArray(value);
}

/** Of what has no place in the shape: it is taken as it is, and refused by name when the input is checked. */
const UNKNOWN: Shape = { type: "structure", members: {} };

function memberShape(shape: Shape, name: string): Shape {
	if (shape.type === "map") return shape.value;
	if (shape.type !== "structure" || !Object.hasOwn(shape.members, name)) return UNKNOWN;
	return shape.members[name]!.shape;
}

function inWords({ option, shape }: GivenOption, text: string, error: unknown): unknown {
	const secret = holdsSecret(shape);
	const place = (position: number) => excerpt(text, position, secret ? memberNames(shape) : undefined);
	if (error instanceof ShorthandSyntaxError) {
		const received = shownCharacter(error.received, secret);
		return ParameterError.of(
			option,
			`Expected: '${error.expected}', received: '${received}' for input:\n${place(error.position)}`,
		);
	}
	if (error instanceof DuplicateKeyError) {
		const key = !secret || memberNames(shape).includes(error.key) ? error.key : "*".repeat(error.key.length);
		return ParameterError.of(
			option,
			`Second instance of key "${key}" encountered for input:\n${place(error.position)}\nThis is often because there is a preceding "," instead of a space.`,
		);
	}
	return error;
}
