import test from "ava";
import fc from "fast-check";
import { checkAuthorizerAnswer, InvalidAnswerError } from "../../src/authorizer/index.js";

const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "iot:*", Resource: "*" }] };
const good = { isAuthenticated: true, principalId: "Dev1", policyDocuments: [policy] };
const prefix = "policyDocuments failed to satisfy constraint:";

function invalid(t: import("ava").ExecutionContext, answer: unknown): InvalidAnswerError {
	const error = t.throws(() => checkAuthorizerAnswer(answer), { instanceOf: InvalidAnswerError });
	t.is(error.code, "answer-invalid");
	return error;
}

test("fills in the timers that the function leaves out", (t) => {
	const answer = checkAuthorizerAnswer(good);
	t.is(answer.refreshAfterInSeconds, 300);
	t.is(answer.disconnectAfterInSeconds, 86_400);
});

test("takes timers at both bounds", (t) => {
	const timers = { refreshAfterInSeconds: 86_400, disconnectAfterInSeconds: 300 };
	t.like(checkAuthorizerAnswer({ ...good, ...timers }), timers);
});

test("keeps a policy given as text verbatim, and writes one given as an object compactly", (t) => {
	const text = JSON.stringify(policy, undefined, 2);
	t.deepEqual(checkAuthorizerAnswer({ ...good, policyDocuments: [text, policy] }).policyDocuments, [
		text,
		JSON.stringify(policy),
	]);
});

test("reads the policies and numbers them from 1", (t) => {
	const { policies } = checkAuthorizerAnswer({ ...good, policyDocuments: [policy, policy] });
	t.deepEqual(
		policies.map(({ name, document }) => [name, document.statements.length]),
		[
			["policy 1", 1],
			["policy 2", 1],
		],
	);
});

test("a denial comes back whole", (t) => {
	const answer = checkAuthorizerAnswer({ ...good, isAuthenticated: false });
	t.false(answer.isAuthenticated);
	t.is(answer.policies.length, 1);
});

test("takes an empty list of policies, and members that AWS ignores", (t) => {
	t.deepEqual(checkAuthorizerAnswer({ ...good, policyDocuments: [], context: {} }).policies, []);
});

test("takes ten policies of 2048 characters", (t) => {
	const text = JSON.stringify({ ...policy, Id: "x".repeat(2048 - JSON.stringify({ ...policy, Id: "" }).length) });
	t.is(text.length, 2048);
	t.is(checkAuthorizerAnswer({ ...good, policyDocuments: Array.from({ length: 10 }, () => text) }).policies.length, 10);
});

const refused: readonly (readonly [why: string, answer: unknown, member: string, message: string])[] = [
	["null", null, "answer", "Lambda invocation result is in invalid format"],
	["a string", JSON.stringify(good), "answer", "Lambda invocation result is in invalid format"],
	["a list", [good], "answer", "Lambda invocation result is in invalid format"],
	[
		"no isAuthenticated",
		{ ...good, isAuthenticated: undefined },
		"isAuthenticated",
		"Lambda invocation result is in invalid format",
	],
	[
		"isAuthenticated as text",
		{ ...good, isAuthenticated: "true" },
		"isAuthenticated",
		"Lambda invocation result is in invalid format",
	],
	[
		"a principal with other characters",
		{ ...good, principalId: "dev-1" },
		"principalId",
		"dev-1 at principalId failed to satisfy constraint: Member must satisfy ([a-zA-Z0-9]){1,128}",
	],
	[
		"no principal, on a denial too",
		{ ...good, isAuthenticated: false, principalId: undefined },
		"principalId",
		"null at principalId failed to satisfy constraint: Member must satisfy ([a-zA-Z0-9]){1,128}",
	],
	[
		"a principal of 129 characters",
		{ ...good, principalId: "a".repeat(129) },
		"principalId",
		`${"a".repeat(129)} at principalId failed to satisfy constraint: Member must satisfy ([a-zA-Z0-9]){1,128}`,
	],
	["no policies", { ...good, policyDocuments: null }, "policyDocuments", `${prefix} List of policies cannot be null.`],
	[
		"policies that are no list",
		{ ...good, policyDocuments: policy },
		"policyDocuments",
		"Lambda invocation result is in invalid format",
	],
	[
		"eleven policies",
		{ ...good, policyDocuments: Array.from({ length: 11 }, () => policy) },
		"policyDocuments",
		`${prefix} Number of policies allowed cannot exceed 10`,
	],
	[
		"a policy of more than 2048 characters",
		{ ...good, policyDocuments: [" ".repeat(2049)] },
		"policyDocuments",
		`${prefix} Size of a policy document cannot exceeds hard limit of 2048`,
	],
	[
		"a policy that cannot be read",
		{ ...good, policyDocuments: ["{"] },
		"policyDocuments",
		`${prefix} Policy document is Malformed: Invalid policy syntax.`,
	],
	[
		"a policy whose resource is a list written as text",
		{ ...good, policyDocuments: [{ ...policy, Statement: [{ ...policy.Statement[0], Resource: '["arn:..."]' }] }] },
		"policyDocuments",
		`${prefix} Policy document is Malformed: The resource ["arn:..."] is not in valid ARN format`,
	],
	[
		"a refresh timer too short",
		{ ...good, refreshAfterInSeconds: 299 },
		"refreshAfterInSeconds",
		"299 at refreshAfterInSeconds failed to satisfy constraint: Member must be greater than 5 minutes and less than 24 hours.",
	],
	[
		"a disconnect timer too long",
		{ ...good, disconnectAfterInSeconds: 86_401 },
		"disconnectAfterInSeconds",
		"86401 at disconnectAfterInSeconds failed to satisfy constraint: Member must be greater than 5 minutes and less than 24 hours.",
	],
	[
		"a timer as text",
		{ ...good, refreshAfterInSeconds: "300" },
		"refreshAfterInSeconds",
		"Lambda invocation result is in invalid format",
	],
];

for (const [why, answer, member, message] of refused) {
	test(`refuses ${why} in AWS's words`, (t) => {
		const error = invalid(t, answer);
		t.is(error.member, member);
		t.is(error.message, message);
	});
}

test("the detail for people does not quote the principal", (t) => {
	t.notRegex(invalid(t, { ...good, principalId: "S3CRET-TOKEN" }).detail, /S3CRET/);
});

test("the detail names the policy at fault", (t) => {
	t.regex(invalid(t, { ...good, policyDocuments: [policy, "{"] }).detail, /^policy 2: the document is not JSON$/);
});

test("completing an answer that is complete changes nothing", (t) => {
	const timer = fc.option(fc.integer({ min: 300, max: 86_400 }), { nil: undefined });
	const answers = fc.record({
		isAuthenticated: fc.boolean(),
		principalId: fc.stringMatching(/^[a-zA-Z0-9]{1,128}$/),
		policyDocuments: fc.array(fc.constantFrom<unknown>(policy, JSON.stringify(policy, undefined, 1)), {
			maxLength: 10,
		}),
		refreshAfterInSeconds: timer,
		disconnectAfterInSeconds: timer,
	});
	fc.assert(
		fc.property(answers, (answer) => {
			const complete = checkAuthorizerAnswer(answer);
			t.deepEqual(checkAuthorizerAnswer(complete), complete);
		}),
	);
});

test("a policy that is nested more deeply than the stack is high is one too large", (t) => {
	const depth = 200_000;
	const deep: unknown = JSON.parse(`${'{"Id":'.repeat(depth)}1${"}".repeat(depth)}`);
	const { message } = invalid(t, { ...good, policyDocuments: [deep] });
	t.is(message, `${prefix} Size of a policy document cannot exceeds hard limit of 2048`);
});

test("a principal that is an object is a wrong format, whatever its members", (t) => {
	const { message } = invalid(t, { ...good, principalId: { toString: 1 } });
	t.is(message, "Lambda invocation result is in invalid format");
});

test("throws nothing but its own errors, whatever JSON it is given", (t) => {
	const answers = fc.record(
		{
			isAuthenticated: fc.oneof(fc.boolean(), fc.jsonValue()),
			principalId: fc.oneof(fc.constant("a"), fc.jsonValue()),
			policyDocuments: fc.oneof(fc.array(fc.oneof(fc.constant(policy), fc.jsonValue())), fc.jsonValue()),
			refreshAfterInSeconds: fc.oneof(fc.constant(300), fc.jsonValue()),
		},
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(answers, (answer) => {
			try {
				checkAuthorizerAnswer(answer);
			} catch (error) {
				t.true(error instanceof InvalidAnswerError);
			}
		}),
	);
});
