import test from "ava";
import fc from "fast-check";
import { evaluatePolicies, parsePolicyDocument } from "../../src/policy/index.js";
import * as oracle from "./oracle.js";

const ARN = "arn:aws:iot:us-east-1:123456789012:";

/** Values of a policy and of a request for each family of operators; some fit no value on the other side. */
const FAMILIES: readonly (readonly [
	operators: readonly string[],
	wanted: readonly string[],
	got: readonly string[],
])[] = [
	[
		[
			"StringEquals",
			"StringNotEquals",
			"StringEqualsIgnoreCase",
			"StringNotEqualsIgnoreCase",
			"StringLike",
			"StringNotLike",
		],
		["a", "A", "", "*", "a*", "?b", `\${k:name}`, `\${k:none}x`, `\${*}`, `a\${k:name}*`],
		["a", "A", "", "*", "ab", "a*", "b", "d1", "ad1x"],
	],
	[
		["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map(
			(end) => `Numeric${end}`,
		),
		Object.keys(oracle.NUMBERS),
		[...Object.keys(oracle.NUMBERS), "one", ""],
	],
	[
		["Equals", "NotEquals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"].map(
			(end) => `Date${end}`,
		),
		Object.keys(oracle.MOMENTS),
		[...Object.keys(oracle.MOMENTS), "soon", ""],
	],
	[["Bool"], ["true", "false"], ["true", "false", "yes", ""]],
	[["BinaryEquals"], ["QQ==", "QUI="], ["QQ==", "QUI=", "Q", ""]],
	[["IpAddress", "NotIpAddress"], Object.keys(oracle.RANGES), [...Object.keys(oracle.ADDRESSES), "here", ""]],
	[
		["ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike"],
		[`${ARN}topic/a`, `${ARN}*`, "arn:aws:*:*:*:topic/*", `${ARN}topic/a:*`, "arn:aws:iot:*:1*2:topic/?"],
		[`${ARN}topic/a`, `${ARN}topic/a:b`, "arn:aws:s3:::topic/b", "topic/a", "arn:aws:iot", ""],
	],
];

const few = <T>(values: readonly T[], minLength = 0) =>
	fc.array(fc.constantFrom(...values), { minLength, maxLength: 3 });
const oneOrFew = (values: readonly string[]) => fc.oneof(fc.constantFrom(...values), few(values));

/** One operator with quantifier and suffix on one of two keys, and what the request has for the keys. */
const clause = fc.constantFrom(...FAMILIES).chain(([operators, wanted, got]) => {
	const operator = fc
		.tuple(
			fc.constantFrom("", "", "ForAllValues:", "ForAnyValue:"),
			fc.constantFrom(...operators),
			fc.constantFrom("", "IfExists"),
		)
		.map((parts) => parts.join(""));
	return fc.record({
		operator,
		// Two keys of each family: the oracle knows no value of one as a value of another.
		key: fc.constantFrom(`one:${operators[0]}`, `two:${operators[0]}`),
		wanted: oneOrFew(wanted),
		got: fc.option(oneOrFew(got), { nil: undefined }),
	});
});
const nullClause = fc.record({
	operator: fc.constant("Null"),
	key: fc.constantFrom("one:StringEquals", "two:Bool"),
	wanted: oneOrFew(["true", "false"]),
	got: fc.constant(undefined),
});

type Clause = typeof clause extends fc.Arbitrary<infer C> ? C : never;

const conditionOf = (clauses: readonly Clause[]): oracle.Condition => {
	const condition: Record<string, Record<string, oracle.Values>> = {};
	for (const { operator, key, wanted } of clauses) condition[operator] = { ...condition[operator], [key]: wanted };
	return condition;
};

const contextOf = (clauses: readonly Clause[]): oracle.Context => {
	const context: Record<string, oracle.Values> = { "k:name": "d1" };
	for (const { key, got } of clauses) if (got !== undefined) context[key] = got;
	return context;
};

const evaluate = (policies: readonly (readonly oracle.Statement[])[], request: oracle.Request) =>
	evaluatePolicies(
		policies.map((Statement, index) => ({
			name: `p${index}`,
			document: parsePolicyDocument(JSON.stringify({ Version: "2012-10-17", Statement })),
		})),
		request,
	);

const clauses = fc.array(fc.oneof({ arbitrary: clause, weight: 9 }, { arbitrary: nullClause, weight: 1 }), {
	maxLength: 3,
});

test("any condition holds where the oracle says so", (t) => {
	fc.assert(
		fc.property(clauses, (list) => {
			const statement = { Effect: "Allow", Action: "*", Resource: "*", Condition: conditionOf(list) } as const;
			const context = contextOf(list);
			const { outcome } = evaluate([[statement]], { action: "iot:Connect", resource: `${ARN}client/a`, context });
			t.is(outcome, oracle.conditionHolds(statement.Condition, context) ? "ALLOWED" : "IMPLICIT_DENY");
		}),
		{ numRuns: 10_000 },
	);
});

const letters = [
	"a",
	"b",
	"/",
	"+",
	"#",
	"*",
	"?",
	"$",
	"{",
	"}",
	"😀",
	`\${k:name}`,
	`\${k:none}`,
	`\${*}`,
	`\${$}`,
] as const;
const subjects = ["a", "b", "/", "+", "#", "*", "?", "$", "{", "}", "😀", "d1"] as const;
const text = (alphabet: readonly string[]) =>
	fc.array(fc.constantFrom(...alphabet), { maxLength: 7 }).map((list) => list.join(""));

test("any resource is covered where the oracle says so", (t) => {
	fc.assert(
		fc.property(text(letters), text(subjects), fc.boolean(), (pattern, subject, negated) => {
			const resource = `${ARN}topic/${pattern}`;
			const statement: oracle.Statement = {
				Effect: "Allow",
				Action: "iot:*",
				...(negated ? { NotResource: resource } : { Resource: resource }),
			};
			const request = { action: "iot:Publish", resource: `${ARN}topic/${subject}`, context: { "k:name": "d1" } };
			t.is(evaluate([[statement]], request).outcome, oracle.decide([statement], request));
		}),
		{ numRuns: 10_000 },
	);
});

const actions = ["iot:Connect", "iot:Publish", "IOT:publish", "iot:*", "*", "iot:P*", "iot:????ish", "s3:Get*"];
const resources = [
	"*",
	`${ARN}topic/a`,
	`${ARN}topic/*`,
	`${ARN}topic/\${k:name}`,
	`${ARN}topic/\${k:none}`,
	`${ARN}client/*`,
];

/** `Name` or `NotName`. */
const listed = (name: string, values: readonly string[]) =>
	fc.tuple(fc.boolean(), fc.oneof(fc.constantFrom(...values), few(values, 1))).map(([negated, list]) => ({
		[negated ? `Not${name}` : name]: list,
	}));

const statement = fc
	.tuple(fc.constantFrom("Allow", "Deny"), listed("Action", actions), listed("Resource", resources), fc.option(clauses))
	.map(([Effect, action, resource, list]) => ({
		statement: {
			Effect,
			...action,
			...resource,
			...(list === null ? {} : { Condition: conditionOf(list) }),
		} as oracle.Statement,
		clauses: list ?? [],
	}));

const world = fc.record({
	policies: fc.array(fc.array(statement, { minLength: 1, maxLength: 4 }), { maxLength: 3 }),
	action: fc.constantFrom("iot:Connect", "iot:Publish", "iot:publish", "iot:Receive"),
	resource: fc.constantFrom("topic/a", "topic/d1", "topic/", "client/d1", `topic/\${k:none}`).map((name) => ARN + name),
});

test("any set of policies decides as the oracle does, and tells which of them have no statement on the request", (t) => {
	const seen = new Map<string, number>();
	fc.assert(
		fc.property(world, ({ policies, action, resource }) => {
			const context = contextOf(policies.flat().flatMap((entry) => entry.clauses));
			const request = { action, resource, context };
			const plain = policies.map((list) => list.map((entry) => entry.statement));
			const decision = evaluate(plain, request);
			t.is(decision.outcome, oracle.decide(plain.flat(), request));
			const silent = plain.flatMap((list, index) => {
				return list.some((entry) => oracle.applies(entry, request)) ? [] : [`p${index}`];
			});
			t.deepEqual(decision.unmatchedPolicies, silent);
			const deciding = decision.statements.map(({ policy, statement: at }) => plain[Number(policy.slice(1))]?.[at]);
			const effect = { ALLOWED: "Allow", EXPLICIT_DENY: "Deny", IMPLICIT_DENY: "" }[decision.outcome];
			const applying = plain.flat().filter((entry) => entry.Effect === effect && oracle.applies(entry, request));
			t.deepEqual(deciding, applying);
			t.true(decision.explanation.length > 0);
			seen.set(decision.outcome, (seen.get(decision.outcome) ?? 0) + 1);
		}),
		{ numRuns: 5000 },
	);
	t.is(seen.size, 3, "each outcome was met");
	t.true(Math.min(...seen.values()) > 100);
});
