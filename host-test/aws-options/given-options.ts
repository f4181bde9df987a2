/**
 * Argument lists as the options of an operation's input, without a command around them.
 * @module
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
	type BinaryFormat,
	type InputOptions,
	type Operation,
	optionName,
	readInput,
	TEST_AUTHORIZATION,
	TEST_INVOKE_AUTHORIZER,
} from "../../src/aws-options/index.js";

/** Reads an argument list whose first word is the operation. */
export function inputOf(args: readonly string[], folder = "."): ReturnType<typeof readInput> {
	const operation = args[0] === "test-authorization" ? TEST_AUTHORIZATION : TEST_INVOKE_AUTHORIZER;
	const given = collect(args.slice(1));
	const members = Object.fromEntries(
		Object.entries(operation.input.members).map(([name, { shape }]) => {
			const words = given.get(optionName(name));
			return [name, shape.type === "list" ? words : words?.[0]];
		}),
	);
	const options: InputOptions = {
		members,
		cliInputJson: given.get("--cli-input-json")?.[0],
		cliInputYaml: given.get("--cli-input-yaml")?.[0],
		binaryFormat: given.get("--cli-binary-format")?.[0] as BinaryFormat | undefined,
		readBytes(path) {
			try {
				return readFileSync(join(folder, path));
			} catch (error) {
				throw new Error((error as NodeJS.ErrnoException).code);
			}
		},
	};
	return readInput(operation, options);
}

function collect(args: readonly string[]): ReadonlyMap<string, readonly string[]> {
	const given = new Map<string, string[]>();
	let words: string[] = [];
	for (const word of args) {
		if (word.startsWith("--")) {
			words = [];
			given.set(word, words);
		} else words.push(word);
	}
	return given;
}

/** The request that an input makes: path with query, and JSON body. */
export function requestOf(operation: Operation["name"], input: Readonly<Record<string, unknown>>) {
	const { authorizerName, clientId, ...rest } = input;
	const body = JSON.parse(
		JSON.stringify(rest, (_, value: unknown) =>
			value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value,
		),
	) as unknown;
	const encode = (text: unknown) =>
		encodeURIComponent(String(text)).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
	if (operation === "TestInvokeAuthorizer") return { path: `/authorizer/${encode(authorizerName)}/test`, body };
	return { path: `/test-authorization${clientId === undefined ? "" : `?clientId=${encode(clientId)}`}`, body };
}
