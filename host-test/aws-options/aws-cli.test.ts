/** @module */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import fc from "fast-check";
import { decodeBase64 } from "../../src/aws-options/base64.js";
import { excerpt } from "../../src/aws-options/excerpt.js";
import {
	inputSkeleton,
	TEST_AUTHORIZATION,
	TEST_INVOKE_AUTHORIZER,
	yamlInputSkeleton,
} from "../../src/aws-options/index.js";
import { type DuplicateKeyError, parseShorthand, type ShorthandValue } from "../../src/aws-options/shorthand.js";
import { ShorthandSyntaxError } from "../../src/aws-options/shorthand-scanner.js";
import { AwsCli, isInstalled } from "../aws-clients/index.js";
import { ARGUMENT_LISTS, FILES } from "./argument-lists.js";
import { type AwsResult, runAwsCli } from "./aws-cli.js";
import { inputOf, requestOf } from "./given-options.js";

const folder = mkdtempSync(join(tmpdir(), "latchkey-aws-options-"));
for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);

const skeletons = [TEST_INVOKE_AUTHORIZER, TEST_AUTHORIZATION].flatMap((operation) => {
	const verb = operation === TEST_AUTHORIZATION ? "test-authorization" : "test-invoke-authorizer";
	return [
		{ args: [verb, "--generate-cli-skeleton"], expected: inputSkeleton(operation) },
		{ args: [verb, "--generate-cli-skeleton", "yaml-input"], expected: yamlInputSkeleton(operation) },
	];
});
const texts = fc.sample(shorthandTexts(), 3_000);
const encoded = fc.sample(base64Texts(), 2_000);
const judged = isInstalled("awscli.botocore") ? await judge() : undefined;
test.after.always(() => rmSync(folder, { recursive: true }));

async function judge() {
	const calls = [...ARGUMENT_LISTS, ...skeletons.map(({ args }) => args)].map((args) => ({ args }));
	const cli = new AwsCli();
	try {
		return {
			results: await runAwsCli(cli, calls, folder),
			parsed: await cli.parseShorthand(texts),
			decoded: await cli.decodeBase64(encoded),
		};
	} finally {
		await cli.close();
	}
}

if (judged === undefined)
	test("left out: the AWS CLI is not installed", (t) => t.not(process.env["CI"], "true", "CI needs the AWS CLI"));
else {
	const { results, parsed, decoded } = judged;

	for (const [index, args] of ARGUMENT_LISTS.entries()) {
		test(`as the AWS CLI: ${JSON.stringify(args)}`, async (t) => {
			const theirs = results[index]!;
			const ours = await outcomeOf(args);
			if (theirs.requests.length === 0) t.deepEqual(ours, { refused: kindsOf(theirs.stderr) }, theirs.stderr);
			else t.deepEqual(ours, requestedBy(theirs));
		});
	}

	for (const [index, { args, expected }] of skeletons.entries()) {
		test(`as the AWS CLI: ${args.join(" ")}`, (t) => {
			t.is(expected, results[ARGUMENT_LISTS.length + index]!.stdout);
		});
	}

	test("random shorthand is read as the AWS CLI's parser reads it", (t) => {
		for (const [index, text] of texts.entries()) t.deepEqual(ourReading(text), parsed[index], JSON.stringify(text));
	});

	test("random base64 is read as the AWS CLI reads it", (t) => {
		for (const [index, text] of encoded.entries()) {
			const ours = decodeBase64(text);
			t.is(ours === undefined ? null : Buffer.from(ours.bytes).toString("hex"), decoded[index]!, JSON.stringify(text));
		}
	});
}

async function outcomeOf(args: readonly string[]): Promise<unknown> {
	try {
		const { input } = await inputOf(args, folder);
		return requestOf(args[0] === "test-authorization" ? "TestAuthorization" : "TestInvokeAuthorizer", input);
	} catch (error) {
		return { refused: kindsOf((error as Error).message) };
	}
}

function requestedBy({ requests }: AwsResult): unknown {
	const [request] = requests;
	const { path, body } = request!;
	return { path, body: JSON.parse(body) as unknown };
}

/** What was refused and where, without the values that only the AWS CLI shows. */
function kindsOf(message: string): readonly string[] {
	const lines = message
		.trim()
		.replace("string argument should contain only ASCII characters", "Invalid base64")
		.replace(
			/^.*the following arguments are required: --(\w+)-(\w)(\w+)$/m,
			(_, first: string, letter: string, rest: string) =>
				`Missing required parameter in input: "${first}${letter.toUpperCase()}${rest}"`,
		)
		.split("\n");
	const kinds = lines.flatMap((line) => KINDS.map((kind) => kind.exec(line)?.[0]).filter((kind) => kind !== undefined));
	const mark = lines.find((line) => /^ *\^$/.test(line));
	return mark === undefined ? kinds : [...kinds, mark];
}

const KINDS: readonly RegExp[] = [
	/Expected: '[^']+'/,
	/Second instance of key/,
	/Invalid JSON/,
	/Invalid YAML/,
	/Invalid type: expecting map/,
	/Invalid base64/,
	/Only one --cli-input- parameter/,
	/Unable to load paramfile/,
	/Missing required parameter in .*/,
	/Invalid length for parameter .*/,
	/Invalid type for parameter [^,]*/,
	/Unknown parameter in [^:]*/,
];

function ourReading(text: string): unknown {
	try {
		return { value: plain(parseShorthand(text, () => undefined)) };
	} catch (error) {
		if (error instanceof ShorthandSyntaxError) {
			const { expected, received, position } = error;
			return { error: `Expected: '${expected}', received: '${received}' for input:\n${excerpt(text, position)}` };
		}
		const { key, position } = error as DuplicateKeyError;
		const advice = 'This is often because there is a preceding "," instead of a space.';
		return { error: `Second instance of key "${key}" encountered for input:\n${excerpt(text, position)}\n${advice}` };
	}
}

function plain(value: ShorthandValue): unknown {
	if (value instanceof Map) return Object.fromEntries([...value].map(([key, entry]) => [key, plain(entry)]));
	return Array.isArray(value) ? value.map(plain) : value;
}

/** Texts that come near the grammar: its characters in any order, and members put together. Without `@`: an older AWS CLI has no `@=`. */
function shorthandTexts(): fc.Arbitrary<string> {
	const piece = fc.constantFrom(..."ab1 =,{}[]'\"\\:.?&%\n\té");
	const noise = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(""));
	const value = fc.constantFrom(
		"a",
		"a b",
		"'q,=q'",
		'"d\\"q"',
		"[a,b]",
		"{a=b,c=[d]}",
		"x=y",
		"a,b",
		"a\\,b",
		"",
		"'\\'",
		"é ",
	);
	const key = fc.constantFrom("a", "key", "k.1", "k/2", "");
	const member = fc.tuple(key, fc.constantFrom("=", " = ", "=\n"), value).map((parts) => parts.join(""));
	const members = fc.array(member, { minLength: 1, maxLength: 4 }).map((list) => list.join(","));
	return fc.oneof(
		noise,
		members,
		fc.tuple(members, noise).map((parts) => parts.join("")),
	);
}

function base64Texts(): fc.Arbitrary<string> {
	const piece = fc.constantFrom(..."ABz09+/==-_ \n!é");
	return fc.oneof(
		fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join("")),
		fc.base64String({ maxLength: 24 }),
	);
}
