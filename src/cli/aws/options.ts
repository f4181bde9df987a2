/**
 * What both AWS verbs share on the command line: the operation's own options, those around them, and how they are read.
 * @module
 */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { type Command, Option } from "commander";
import {
	type BinaryFormat,
	inputSkeleton,
	type Operation,
	type OperationInput,
	optionName,
	outputSkeleton,
	ParameterError,
	readInput,
	yamlInputSkeleton,
} from "../../aws-options/index.js";
import { printable } from "../../policy/index.js";
import { CommandFailure, ExitCode } from "../failure.js";
import { wantsJson } from "../output.js";
import type { EndpointOptions } from "./endpoint.js";
import { formatAnswer, OUTPUT_FORMATS, type OutputFormat, shapedAnswer } from "./output.js";

export interface AwsVerbOptions extends EndpointOptions {
	readonly cliInputJson?: string;
	readonly cliInputYaml?: string;
	/** `true` where the option stands without a word. */
	readonly generateCliSkeleton?: string | true;
	readonly cliBinaryFormat?: BinaryFormat;
	readonly output?: OutputFormat;
	readonly explain?: boolean;
	readonly json?: boolean;
}

/** Adds the AWS CLI's options of an operation, and Latchkey's own that both verbs have. */
export function addOperationOptions(command: Command, { input }: Operation): void {
	for (const [name, { shape, about }] of Object.entries(input.members)) {
		const value = shape.type === "list" ? "[values...]" : "<value>";
		command.option(`${optionName(name)} ${value}`, about);
	}
	const formats: readonly BinaryFormat[] = ["base64", "raw-in-base64-out"];
	command
		.option("--cli-input-json <text>", "the whole input as JSON, or file://; other options go on top")
		.option("--cli-input-yaml <text>", "the whole input as YAML, or file://; other options go on top")
		.addOption(
			new Option(
				"--generate-cli-skeleton [form]",
				"print the input to fill in, or a made-up output, and ask nobody",
			).choices(["input", "output", "yaml-input"]),
		)
		.addOption(
			new Option("--cli-binary-format <format>", "how bytes are written here (default: base64)").choices(formats),
		)
		.addOption(
			new Option("--output <format>", "how the answer is printed (default: AWS_DEFAULT_OUTPUT, json)").choices(
				OUTPUT_FORMATS,
			),
		)
		.option("--endpoint-url <url>", "whom to ask: a URL, or aws for AWS itself (see below)")
		.option("--region <name>", "the region (default: AWS_REGION, AWS_DEFAULT_REGION; eu-west-1 for Latchkey)")
		.option("--profile <name>", "the AWS profile whose credentials are used; goes with --endpoint-url")
		.option("--explain", "say on stderr why the answer is what it is; asks for the authorizer or the policies, too")
		.option("--json", "print one JSON line with everything (answer, findings, wire) in place of AWS's output");
}

/** What the verb is to do with the options: print a skeleton and end, or ask with this input. */
export type AwsRequest = { readonly print: string } | OperationInput;

/**
 * Rejects with {@link CommandFailure} for wrong usage, in the AWS CLI's words.
 * @param options of commander; the operation's members are among them, by their names.
 */
export function readRequest(operation: Operation, options: AwsVerbOptions): Promise<AwsRequest> {
	const { generateCliSkeleton: skeleton, cliInputJson, cliInputYaml, cliBinaryFormat: binaryFormat } = options;
	const asksForInput = skeleton === true || skeleton === "input";
	const members = membersOf(operation, options);
	return inWords(async () => {
		const sources = { members, cliInputJson, cliInputYaml, binaryFormat, readBytes };
		const request = await readInput(operation, sources, skeleton === undefined || skeleton === "output");
		if (asksForInput) return { print: inputSkeleton(operation) };
		if (skeleton === "yaml-input") return { print: yamlInputSkeleton(operation) };
		if (skeleton === undefined) return request;
		return { print: printedAnswer(operation, outputSkeleton(operation), options) };
	});
}

function membersOf(
	operation: Operation,
	options: AwsVerbOptions,
): Readonly<Record<string, string | readonly string[] | undefined>> {
	const given = options as Readonly<Record<string, string | readonly string[] | true | undefined>>;
	return Object.fromEntries(
		// A list option without a word is an empty list, as in the AWS CLI.
		Object.keys(operation.input.members).map((name) => [
			name,
			given[name] === true ? [] : (given[name] as string | undefined),
		]),
	);
}

async function inWords<T>(read: () => Promise<T>): Promise<T> {
	try {
		return await read();
	} catch (error) {
		if (!(error instanceof ParameterError)) throw error;
		throw new CommandFailure({ code: error.code, cause: error.message, exitCode: ExitCode.usage });
	}
}

/** A file of `file://` or `fileb://`: `~` is the home folder, `$NAME` and `${NAME}` are variables, as the AWS CLI has them. */
function readBytes(path: string): Uint8Array {
	const home = path.replace(/^~(?=\/|$)/, homedir());
	const expanded = home.replace(/\$(?:(\w+)|\{([^}]*)\})/g, (whole, bare?: string, braced?: string) => {
		return process.env[bare ?? braced ?? ""] ?? whole;
	});
	try {
		return readFileSync(expanded);
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		// Standard input that is a socket, as a parent process may make it, cannot be opened by its name.
		if (code === "ENXIO" && expanded === "/dev/stdin") return readFileSync(0);
		throw new Error(code ?? "unreadable");
	}
}

/** The answer as AWS's output, by `--output`. */
export function printedAnswer(operation: Operation, answer: object, options: AwsVerbOptions): string {
	const shaped = shapedAnswer(operation, answer);
	return formatAnswer(operation.name, shaped, outputFormat(options), process.stdout.columns);
}

/** @throws {CommandFailure} for a format in the environment that is none. */
function outputFormat({ output }: { readonly output?: OutputFormat | undefined }): OutputFormat {
	const configured = process.env["AWS_DEFAULT_OUTPUT"] || "json";
	const format = output ?? OUTPUT_FORMATS.find((known) => known === configured);
	if (format !== undefined) return format;
	throw new CommandFailure({
		code: "wrong-option",
		cause: `AWS_DEFAULT_OUTPUT: unknown output type: ${printable(configured)}`,
		remedy: `set it to one of ${OUTPUT_FORMATS.join(", ")}, or add --output`,
		exitCode: ExitCode.usage,
	});
}

/**
 * Whether one JSON line of Latchkey's own is printed in place of AWS's output; an `--output` of AWS's beats the environment.
 * @throws {CommandFailure} for `--json` with `--output`, and for an output format in the environment that is none.
 */
export function wantsOneLine({ json, output }: AwsVerbOptions): boolean {
	if (json === true && output !== undefined)
		throw new CommandFailure({
			code: "wrong-option",
			cause: "--json and --output: only one of them can be printed",
			exitCode: ExitCode.usage,
		});
	if (output === undefined && wantsJson(json)) return true;
	outputFormat({ output });
	return false;
}
