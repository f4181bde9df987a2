import test from "ava";
import fc from "fast-check";
import { MalformedPolicyError, parsePolicyDocument, UnsupportedPolicyElementError } from "../../src/policy/index.js";

const ARN = "arn:aws:iot:us-east-1:123456789012:topic/a";
const statement = { Effect: "Allow", Action: "iot:Publish", Resource: ARN };
const documentOf = (...statements: unknown[]) => ({ Version: "2012-10-17", Statement: statements });

function malformed(t: import("ava").ExecutionContext, source: unknown): MalformedPolicyError {
	const error = t.throws(() => parsePolicyDocument(source), { instanceOf: MalformedPolicyError });
	t.is(error.code, "malformed-policy");
	return error;
}

test("reads a document given as JSON text or as a value alike", (t) => {
	t.deepEqual(parsePolicyDocument(JSON.stringify(documentOf(statement))), parsePolicyDocument(documentOf(statement)));
});

test("keeps effect, statement id and the source of every pattern", (t) => {
	const [parsed] = parsePolicyDocument(
		documentOf({ Sid: "One", Effect: "Deny", NotAction: ["iot:Connect", "iot:P*"], NotResource: "*" }),
	).statements;
	t.is(parsed?.sid, "One");
	t.is(parsed?.effect, "Deny");
	t.true(parsed?.actions.negated);
	t.deepEqual(
		parsed?.actions.patterns.map(({ source }) => source),
		["iot:Connect", "iot:P*"],
	);
	t.true(parsed?.resources.negated);
});

test("takes a single statement without a list, and the older version", (t) => {
	const document = parsePolicyDocument({ Version: "2008-10-17", Id: "x", Statement: statement });
	t.is(document.version, "2008-10-17");
	t.is(document.statements.length, 1);
});

test("does not replace variables in a document of the older version", (t) => {
	const source = { ...documentOf({ ...statement, Resource: `${ARN}/\${iot:ClientId}` }), Version: "2008-10-17" };
	t.deepEqual(parsePolicyDocument(source).statements[0]?.resources.patterns[0]?.variables, []);
});

test("answers text that is not JSON in AWS's words", (t) => {
	t.is(malformed(t, "{").message, "Policy document is Malformed: Invalid policy syntax.");
});

test("answers a list written as text in AWS's words, and says what is wrong with it", (t) => {
	const error = malformed(t, documentOf({ ...statement, Resource: `["${ARN}"]` }));
	t.is(error.message, `Policy document is Malformed: The resource ["${ARN}"] is not in valid ARN format`);
	t.regex(error.detail, /^Statement\[0\]\.Resource: .*quotation marks/);
});

test("says that a version with blanks after it is not the version", (t) => {
	const error = malformed(t, { ...documentOf(statement), Version: "2012-10-17   " });
	t.is(error.message, "Policy document is Malformed: Invalid policy syntax.");
	t.is(error.detail, 'Version: expected "2012-10-17", got "2012-10-17   "');
});

const refused: readonly (readonly [why: string, source: unknown, detail: RegExp])[] = [
	["null", null, /expected an object, got null/],
	["a list", [], /got a list/],
	["no version", { Statement: [statement] }, /Version: expected "2012-10-17", got nothing/],
	["no statement", { Version: "2012-10-17" }, /Statement: expected an object, got nothing/],
	["an unknown element of the document", { ...documentOf(statement), Statements: [] }, /Statements: no such element/],
	["an unknown element of a statement", documentOf({ ...statement, Principal: "*" }), /Statement\[0\]\.Principal/],
	["another effect", documentOf({ ...statement, Effect: "allow" }), /Effect: expected "Allow" or "Deny", got "allow"/],
	["no action", documentOf({ Effect: "Allow", Resource: "*" }), /Action and NotAction, got neither/],
	["both kinds of action", documentOf({ ...statement, NotAction: "iot:*" }), /got both/],
	["an empty list of actions", documentOf({ ...statement, Action: [] }), /at least one entry/],
	["an action that is no string", documentOf({ ...statement, Action: [1] }), /expected strings, got 1/],
	["an action without a service", documentOf({ ...statement, Action: "Publish" }), /expected an action such as/],
	["a resource that is no ARN", documentOf({ ...statement, Resource: "topic/a" }), /arn:partition/],
	["an ARN without a resource", documentOf({ ...statement, Resource: "arn:aws:iot:us-east-1:1:" }), /arn:partition/],
	["a statement id that is no string", documentOf({ ...statement, Sid: 5 }), /Sid: expected a string, got 5/],
];

for (const [why, source, detail] of refused) {
	test(`refuses ${why}`, (t) => {
		t.regex(malformed(t, source).detail, detail);
	});
}

test("refuses a condition rather than ignoring it", (t) => {
	const error = t.throws(() => parsePolicyDocument(documentOf(statement, { ...statement, Condition: {} })), {
		instanceOf: UnsupportedPolicyElementError,
	});
	t.is(error.code, "unsupported-policy-element");
	t.regex(error.detail, /^Statement\[1\]\.Condition /);
});

test("throws nothing but its own two errors, whatever it is given", (t) => {
	fc.assert(
		fc.property(fc.oneof(fc.json(), fc.jsonValue(), fc.string()), (source) => {
			try {
				parsePolicyDocument(source);
			} catch (error) {
				t.true(error instanceof MalformedPolicyError || error instanceof UnsupportedPolicyElementError);
			}
		}),
	);
});
