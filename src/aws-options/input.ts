/**
 * From options to an operation's input, as the AWS CLI version 2 does it: shorthand or JSON, files, whole inputs in JSON or
 * YAML with single options on top, base64 for bytes.
 * @module
 */
import { decodeBase64 } from "./base64.js";
import { checkInput, isMembers } from "./check-input.js";
import { parseJsonText } from "./json-text.js";
import { parseOption } from "./option.js";
import { ParameterError } from "./parameter-error.js";
import { type ReadBytes, resolveParameterFile } from "./parameter-file.js";
import { type Operation, optionName, type Shape, type StructureShape } from "./shape.js";

/** How bytes are written on the command line (AWS CLI User Guide, `cli_binary_format`). */
export type BinaryFormat = "base64" | "raw-in-base64-out";

export interface InputOptions {
	/** What was given for each member, by its name: one text, or the words of a list. */
	readonly members: Readonly<Record<string, string | readonly string[] | undefined>>;
	/** `--cli-input-json`, text or `file://`. */
	readonly cliInputJson?: string | undefined;
	/** `--cli-input-yaml`, text or `file://`. */
	readonly cliInputYaml?: string | undefined;
	/** `base64` unless said otherwise. */
	readonly binaryFormat?: BinaryFormat | undefined;
	readonly readBytes: ReadBytes;
}

export interface OperationInput {
	/** Ready for the API: blobs are bytes. */
	readonly input: Readonly<Record<string, unknown>>;
	/** What the AWS CLI does without a word although it is rarely meant; no secret in it. */
	readonly warnings: readonly string[];
}

/**
 * Rejects with {@link ParameterError}.
 * @param check whether required members, types and lengths are looked at; a skeleton of the input is printed without.
 */
export async function readInput(operation: Operation, options: InputOptions, check = true): Promise<OperationInput> {
	const { members, readBytes } = options;
	const warnings: string[] = [];
	const entries: [string, unknown][] = [];
	for (const [name, { shape }] of Object.entries(operation.input.members)) {
		const given = members[name];
		if (given === undefined) continue;
		const value = parseOption({ option: optionName(name), shape, given, readBytes });
		if (typeof given === "string" && typeof value === "string") warnings.push(...lineEndWarnings(name, given, value));
		entries.push([name, value]);
	}
	const input = Object.fromEntries([...Object.entries(await wholeInput(options)), ...entries]);
	if (!check) return { input, warnings };
	const ready =
		options.binaryFormat === "raw-in-base64-out"
			? rawBlobs(input, operation.input)
			: decodeBlobs(input, operation.input, warnings);
	checkInput(ready, operation.input);
	return { input: ready as OperationInput["input"], warnings };
}

/** The AWS CLI sends a file's last line end with the rest. */
function lineEndWarnings(name: string, given: string, value: string): string[] {
	if (!given.startsWith("file://") || !/[\r\n]$/.test(value)) return [];
	return [
		`${optionName(name)}: the file ends with a line end, which is sent as a part of the value; write it without one (printf %s)`,
	];
}

async function wholeInput(options: InputOptions): Promise<Readonly<Record<string, unknown>>> {
	const { cliInputJson, cliInputYaml, readBytes } = options;
	if (cliInputJson !== undefined && cliInputYaml !== undefined)
		throw new ParameterError("wrong-parameter", "Only one --cli-input- parameter may be specified.");
	if (cliInputJson !== undefined) {
		const option = "--cli-input-json";
		return membersOf(option, parseWholeJson(option, textOf(option, cliInputJson, readBytes)));
	}
	if (cliInputYaml === undefined) return {};
	const option = "--cli-input-yaml";
	const text = textOf(option, cliInputYaml, readBytes);
	const { parseYamlText } = await import("./yaml-text.js");
	return membersOf(option, parseYamlText(option, text));
}

function textOf(option: string, given: string, readBytes: ReadBytes): string {
	const resolved = resolveParameterFile(option, given, readBytes) ?? given;
	return typeof resolved === "string" ? resolved : new TextDecoder().decode(resolved);
}

function parseWholeJson(option: string, text: string): unknown {
	try {
		return parseJsonText(text);
	} catch (error) {
		throw ParameterError.of(option, `Invalid JSON received. ${(error as Error).message}`, "wrong-json");
	}
}

function membersOf(option: string, value: unknown): Readonly<Record<string, unknown>> {
	if (isMembers(value)) return value;
	throw ParameterError.of(
		option,
		`Invalid type: expecting map, received ${Array.isArray(value) ? "list" : typeof value}`,
	);
}

/** Bytes as they are meant; text becomes its UTF-8. */
function rawBlobs(value: unknown, shape: Shape): unknown {
	return mapBlobs(value, shape, "", (text) => new TextEncoder().encode(text));
}

function decodeBlobs(input: unknown, shape: StructureShape, warnings: string[]): unknown {
	return mapBlobs(input, shape, "", (text, path) => {
		const decoded = decodeBase64(text);
		if (decoded === undefined)
			throw new ParameterError(
				"wrong-base64",
				`Invalid base64: ${path} is no base64; for plain text add --cli-binary-format raw-in-base64-out`,
			);
		if (decoded.ignored > 0)
			warnings.push(
				`${path}: what is no base64 in it (characters: ${decoded.ignored}) was left out, as the AWS CLI does; for plain text add --cli-binary-format raw-in-base64-out`,
			);
		return decoded.bytes;
	});
}

function mapBlobs(
	value: unknown,
	shape: Shape,
	path: string,
	change: (text: string, path: string) => Uint8Array,
): unknown {
	if (shape.type === "blob" && typeof value === "string") return change(value, path);
	if (value instanceof Uint8Array) return Uint8Array.from(value);
	if (shape.type !== "structure" || !isMembers(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, entry]) => {
			const member = Object.hasOwn(shape.members, name) ? shape.members[name] : undefined;
			const at = path === "" ? name : `${path}.${name}`;
			return [name, member === undefined ? entry : mapBlobs(entry, member.shape, at, change)];
		}),
	);
}
