import test from "ava";
import fc from "fast-check";
import { MalformedPolicyError, parsePolicyDocument } from "../../src/policy/index.js";

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

test("says that a version with white space around it is not the version", (t) => {
	for (const [version, printed] of [
		["2012-10-17   ", "2012-10-17   "],
		["2012-10-17\t\t", "2012-10-17\\u{9}\\u{9}"],
	]) {
		const error = malformed(t, { ...documentOf(statement), Version: version });
		t.is(error.message, "Policy document is Malformed: Invalid policy syntax.");
		t.is(error.detail, `Version: expected "2012-10-17", got "${printed}": take the white space around it away`);
	}
});

test("refuses a name that an object has twice, however it is written", (t) => {
	const text = (members: string) => `{"Version":"2012-10-17","Statement":[{${members}"Action":"*","Resource":"*"}]}`;
	t.notThrows(() => parsePolicyDocument(text('"Effect":"Deny",')));
	const again = malformed(t, text('"Effect":"Deny","Effect":"Allow",'));
	t.is(again.message, "Policy document is Malformed: Invalid policy syntax.");
	t.is(again.detail, '"Effect" stands twice in one object');
	malformed(t, text('"Effect":"Deny","\\u0045ffect":"Allow",'));
	malformed(t, text('"Effect":"Deny","Condition":{"Bool":{"a:b":"true"},"Bool":{"a:c":"true"}},'));
	malformed(t, '{"Version":"2012-10-17","Version":"2012-10-17","Statement":[]}');
});

test("the same name in two objects, or as a value, is no duplicate", (t) => {
	const text = JSON.stringify(documentOf({ Sid: "Sid", ...statement }, { Sid: 'Sid":{', ...statement }));
	t.is(parsePolicyDocument(text).statements.length, 2);
});

test("labels may be any string, a statement id also twice", (t) => {
	t.notThrows(() => parsePolicyDocument({ ...documentOf(statement), Id: "any id" }));
	t.notThrows(() => parsePolicyDocument(documentOf({ ...statement, Sid: "" }, { ...statement, Sid: "" })));
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
	["an id that is no string", { ...documentOf(statement), Id: 5 }, /^Id: expected a string, got 5/],
	["a statement id that is no string", documentOf({ ...statement, Sid: 5 }), /Sid: expected a string, got 5/],
];

for (const [why, source, detail] of refused) {
	test(`refuses ${why}`, (t) => {
		t.regex(malformed(t, source).detail, detail);
	});
}

const condition = (Condition: unknown) => documentOf({ ...statement, Condition });
const refusedConditions: readonly (readonly [why: string, condition: unknown, detail: RegExp])[] = [
	["that is no object", "x", /^Statement\[0\]\.Condition: expected an object, got "x"/],
	["that is null", null, /^Statement\[0\]\.Condition: expected an object, got null/],
	["with an unknown operator", { StringIs: { "a:b": "c" } }, /expected condition operators .* got "StringIs"/],
	["with an operator in other letters", { stringequals: { "a:b": "c" } }, /got "stringequals"/],
	["with an unknown quantifier", { "ForSome:StringEquals": { "a:b": "c" } }, /got "ForSome:StringEquals"/],
	["with Null and IfExists", { NullIfExists: { "a:b": "true" } }, /got "NullIfExists"/],
	["with a suffix alone", { IfExists: { "a:b": "true" } }, /got "IfExists"/],
	["with an inherited name for an operator", { constructor: { "a:b": "true" } }, /got "constructor"/],
	["whose operator has no keys", { Bool: "true" }, /^Statement\[0\]\.Condition\."Bool": expected an object/],
	["with a key without a service", { Bool: { SourceIp: "true" } }, /expected condition keys such as aws:SourceIp/],
	["with a key in two cases", { StringEquals: { "a:b": "c", "A:B": "c" } }, /"A:B" stands there twice/],
	["with an object for a value", { StringEquals: { "a:b": {} } }, /expected strings, numbers or truth values/],
	["with null for a value", { StringEquals: { "a:b": [null] } }, /got null/],
	["with a list in a list", { StringEquals: { "a:b": [["c"]] } }, /got a list/],
	["with a number that is none", { NumericEquals: { "a:b": "ten" } }, /"a:b": expected a number .* got "ten"/],
	["with a variable for a number", { NumericEquals: { "a:b": `\${a:c}` } }, /expected a number/],
	["with a date that is none", { DateLessThan: { "a:b": "soon" } }, /expected a date/],
	["with a truth value that is none", { Bool: { "a:b": "yes" } }, /expected true or false, got "yes"/],
	["with a Null that is neither", { Null: { "a:b": "null" } }, /expected true or false, got "null"/],
	["with an address that is none", { IpAddress: { "a:b": "10.0.0.0/33" } }, /expected an IP address or a range/],
	["with an ARN that is none", { ArnEquals: { "a:b": "arn:aws:iot" } }, /expected an ARN/],
	["with base64 that is none", { BinaryEquals: { "a:b": "a" } }, /expected base64/],
];

for (const [why, value, detail] of refusedConditions) {
	test(`refuses a condition ${why}`, (t) => {
		const error = malformed(t, condition(value));
		t.regex(error.detail, detail);
		t.is(error.message, "Policy document is Malformed: Invalid policy syntax.");
	});
}

test("takes numbers and truth values without quotation marks, one value or a list, and no value at all", (t) => {
	const value = { NumericEquals: { "a:b": 10 }, Bool: { "a:c": true, "a:d": [false] }, StringEquals: { "a:e": [] } };
	t.is(parsePolicyDocument(condition(value)).statements[0]?.conditions.length, 4);
});

test("throws nothing but its own error, whatever it is given", (t) => {
	fc.assert(
		fc.property(fc.oneof(fc.json(), fc.jsonValue(), fc.string()), (source) => {
			for (const given of [source, condition(source), JSON.stringify(condition(source))]) {
				try {
					parsePolicyDocument(given);
				} catch (error) {
					t.true(error instanceof MalformedPolicyError);
				}
			}
		}),
	);
});

test("documents made to be slow or deep are read or refused at once", (t) => {
	const size = 404_600;
	const one = (text: string) => JSON.stringify(documentOf({ ...statement, Resource: text }));
	const hostile = [
		"[".repeat(size),
		`{"Version":${"[".repeat(size / 2)}${"]".repeat(size / 2)}}`,
		one(`${ARN}${"${".repeat(size / 2)}`),
		one(`${ARN}${"*a".repeat(size / 2)}`),
		JSON.stringify(documentOf({ ...statement, Resource: Array(size / 4).fill("*") })),
		JSON.stringify(documentOf({ ...statement, Action: `iot:${"?".repeat(size)}` })),
		JSON.stringify(condition({ ArnLike: { "a:b": `${`\${a}`.repeat(size / 4)}:` } })),
		JSON.stringify(condition({ NumericEquals: { "a:b": `${"1".repeat(size)}x` } })),
		JSON.stringify(condition({ DateEquals: { "a:b": "9".repeat(size) } })),
		JSON.stringify(condition({ BinaryEquals: { "a:b": `${"AAAA".repeat(size / 4)}A` } })),
		JSON.stringify(condition({ [`StringEquals${"IfExists".repeat(size / 8)}`]: { "a:b": "c" } })),
		JSON.stringify(condition({ IpAddress: { "a:b": Array(size / 20).fill("10.0.0.0/8") } })),
	];
	for (const text of hostile) {
		try {
			parsePolicyDocument(text);
			t.pass();
		} catch (error) {
			t.true(error instanceof MalformedPolicyError);
		}
	}
});
