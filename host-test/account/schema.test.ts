import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import test from "ava";
import fc from "fast-check";
import { AccountConfigError, type ConfigProblem, loadAccount } from "../../src/account/index.js";
import { createKeyPair } from "../authorizer/keys.js";

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
const schema = JSON.parse(read("src/account/latchkey.schema.json"));
const ajv = new Ajv({ allErrors: true });
const validate = ajv.compile(schema);
const key = createKeyPair().publicKey;

const POLICY = {
	Version: "2012-10-17",
	Statement: [{ Sid: "one", Effect: "Allow", Action: ["iot:Connect"], Resource: "*", Condition: {} }],
};
const GROUP = "arn:aws:iot:eu-west-1:123456789012:thinggroup/Sensors";

/** Every member that the schema knows. */
const full = {
	$schema: "latchkey.schema.json",
	accountId: "123456789012",
	region: "eu-west-1",
	functions: {
		Local: {
			module: "authorizer.ts",
			timeout: 5,
			memorySize: 256,
			environment: { LOG_LEVEL: "debug" },
			permissions: [
				{
					statementId: "one",
					principal: "iot.amazonaws.com",
					action: "lambda:InvokeFunction",
					sourceArn: "arn:aws:iot:eu-west-1:123456789012:authorizer/*",
					sourceAccount: "123456789012",
				},
			],
		},
		Remote: { endpoint: "http://127.0.0.1:3001", functionName: "Other", region: "us-east-1" },
	},
	authorizers: {
		Signed: {
			function: "Local",
			tokenKeyName: "token",
			tokenSigningPublicKeys: { Inline: key, Filed: { file: "key.pem" } },
			signingDisabled: false,
			status: "INACTIVE",
			enableCachingForHttp: true,
		},
		Open: { function: "Remote", signingDisabled: true },
	},
	defaultAuthorizer: "Signed",
	domainConfigurations: {
		devices: {
			serverName: "devices.localhost",
			defaultAuthorizer: "Signed",
			allowAuthorizerOverride: false,
			authenticationType: "CUSTOM_AUTH",
			applicationProtocol: "SECURE_MQTT",
			status: "ENABLED",
		},
	},
	policies: { Inline: POLICY, Filed: { file: "policy.json" } },
	principals: {
		[GROUP]: ["Inline", "Filed"],
		"eu-west-1:01234567-89ab-cdef-0123-456789abcdef": ["Inline"],
		[`arn:aws:iot:eu-west-1:123456789012:cert/${"0a".repeat(32)}`]: [],
	},
};

/** What the loader finds wrong with a configuration; undefined where it takes it. */
function problemsOf(config: unknown): readonly ConfigProblem[] | undefined {
	try {
		loadAccount(JSON.stringify(config), {
			directory: "/house",
			openFunction: () => ({ invoke: async () => null, close: async () => {} }),
			readFile: (file) => (file.endsWith(".pem") ? key : JSON.stringify(POLICY)),
		});
		return undefined;
	} catch (error) {
		if (error instanceof AccountConfigError) return error.problems;
		throw error;
	}
}

test("the schema is one, and describes every member of a configuration", (t) => {
	t.true(ajv.validateSchema(schema));
	const undescribed = Object.entries(schema.properties).filter(
		([, member]) => typeof (member as { description?: unknown }).description !== "string",
	);
	t.deepEqual(undescribed, []);
});

test("the example's configuration follows the schema", (t) => {
	t.true(validate(JSON.parse(read("examples/latchkey.json"))), JSON.stringify(validate.errors));
});

test("a configuration with every member is taken by the schema and by the loader", (t) => {
	t.true(validate(full), JSON.stringify(validate.errors));
	t.is(problemsOf(full), undefined);
});

test("every example in the schema follows its own part of it", (t) => {
	const wrong: unknown[] = [];
	const walk = (part: unknown): void => {
		if (typeof part !== "object" || part === null) return;
		const { examples } = part as { examples?: unknown };
		if (Array.isArray(examples)) {
			const check = ajv.compile({ ...part, definitions: schema.definitions });
			wrong.push(...examples.filter((example) => !check(example)));
		}
		for (const inner of Object.values(part)) walk(inner);
	};
	walk(schema.properties);
	walk(schema.definitions);
	t.deepEqual(wrong, []);
});

/** A configuration with some of its values replaced, removed, or given a neighbour; where, chance says. */
const mutated = fc
	.array(
		fc.record({
			at: fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }),
			how: fc.constantFrom("replace", "replace", "remove", "add", "rename"),
			value: fc.oneof(
				fc.constantFrom<unknown>(
					"",
					"a b",
					"Local",
					"token",
					"*",
					"http://x",
					"http://:x",
					0,
					3,
					900.5,
					1e4,
					true,
					null,
				),
				fc.constantFrom<unknown>([], {}, { file: "key.pem" }, { file: 1 }, { module: "m" }, key, POLICY, [GROUP]),
				fc.jsonValue({ maxDepth: 2 }),
			),
			name: fc.oneof(
				fc.constantFrom(
					"module",
					"endpoint",
					"region",
					"file",
					"status",
					"k",
					"a b",
					"__proto__",
					"Sid",
					"NotAction",
					"x.y",
				),
				fc.string({ maxLength: 6 }),
			),
		}),
		{ minLength: 1, maxLength: 3 },
	)
	.map((mutations) => mutations.reduce<unknown>(mutate, structuredClone(full)));

interface Mutation {
	readonly at: readonly number[];
	readonly how: string;
	readonly value: unknown;
	readonly name: string;
}

function mutate(part: unknown, { at, how, value, name }: Mutation): unknown {
	if (typeof part !== "object" || part === null) return how === "replace" ? value : part;
	const entries = Object.entries(part);
	const [first = 0, ...rest] = at;
	const index = first % Math.max(entries.length, 1);
	const [chosen, inner] = entries[index] ?? ["", undefined];
	if (rest.length > 0 && typeof inner === "object" && inner !== null) {
		entries[index] = [chosen, mutate(inner, { at: rest, how, value, name })];
	} else if (how === "add") entries.push([name, value]);
	else if (how === "remove") entries.splice(index, 1);
	// Renamed, what an empty object lacks would be a member that no text can hold.
	else if (how === "rename" && entries.length === 0) return part;
	else entries[index] = how === "rename" ? [name, inner] : [chosen, value];
	return Array.isArray(part) ? entries.map(([, element]) => element) : Object.fromEntries(entries);
}

test("what the schema takes, the loader takes but for what only references and contents tell", (t) => {
	let taken = 0;
	fc.assert(
		fc.property(mutated, (config) => {
			if (!validate(config)) return;
			taken++;
			const problems = problemsOf(config) ?? [];
			t.deepEqual(
				problems.filter(({ code }) => code !== "meaning"),
				[],
			);
		}),
		{ numRuns: 2000 },
	);
	t.true(taken > 50, String(taken));
});

test("what the schema refuses, the loader refuses", (t) => {
	let refused = 0;
	fc.assert(
		fc.property(mutated, (config) => {
			if (validate(config)) return;
			refused++;
			t.not(problemsOf(config), undefined, JSON.stringify([config, validate.errors]));
		}),
		{ numRuns: 2000 },
	);
	t.true(refused > 50, String(refused));
});
