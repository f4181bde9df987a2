import test from "ava";
import { evaluatePolicies, iotArn, type NamedPolicy, parsePolicyDocument } from "../../src/policy/index.js";

const scope = { region: "us-east-1", accountId: "123456789012" };
const arn = (type: "client" | "topic" | "topicfilter", name: string) => iotArn(scope, type, name);
const policy = (...Statement: object[]): NamedPolicy => ({
	name: "policy 1",
	document: parsePolicyDocument({ Version: "2012-10-17", Statement }),
});
const allow = (Action: string | string[], Resource: string | string[]) => ({ Effect: "Allow", Action, Resource });

function explain(statements: object[], action: string, resource: string, context = {}): string {
	return evaluatePolicies(statements.length === 0 ? [] : [policy(...statements)], { action, resource, context })
		.explanation;
}

test("an allowed action is explained by its statement", (t) => {
	const statement = { Sid: "Own", ...allow(["iot:Publish", "iot:Receive"], arn("topic", "a/*")) };
	t.is(
		explain([statement], "iot:Publish", arn("topic", "a/b")),
		'statement 1 ("Own") of policy 1 allows iot:Publish, iot:Receive on topic/a/*',
	);
});

test("an explicit deny is explained by the statement that denies", (t) => {
	const deny = { Effect: "Deny", Action: "iot:Publish", NotResource: arn("topic", "a") };
	t.is(
		explain([allow("*", "*"), deny], "iot:Publish", arn("topic", "b")),
		"statement 2 of policy 1 denies iot:Publish on everything but topic/a; an explicit Deny beats every Allow",
	);
});

test("an implicit deny names the statement that came nearest", (t) => {
	const statements = [
		allow("iot:Connect", arn("client", "a")),
		allow("iot:Publish", arn("topic", "devices/b/*")),
		allow("iot:Publish", arn("topic", "other")),
	];
	t.is(
		explain(statements, "iot:Publish", arn("topic", "devices/a/readings")),
		"no statement allows iot:Publish on topic/devices/a/readings; statement 2 of policy 1 allows iot:Publish on topic/devices/b/*",
	);
});

test("without any policy it says so", (t) => {
	t.is(
		explain([], "iot:Connect", arn("client", "a")),
		"no statement allows iot:Connect on client/a; there is no policy at all",
	);
});

test("a statement that denies is never the nearest one", (t) => {
	const deny = { Effect: "Deny", Action: "iot:Publish", Resource: arn("topic", "b") };
	t.is(explain([deny], "iot:Publish", arn("topic", "a")), "no statement allows iot:Publish on topic/a");
});

const ending = (statement: object, action: string, resource: string, context = {}) =>
	explain([statement], action, resource, context).split(": ").at(-1);

test("says which resource type an action is checked against", (t) => {
	const statement = allow("iot:Subscribe", arn("topic", "a/#"));
	t.is(
		ending(statement, "iot:Subscribe", arn("topicfilter", "a/#")),
		"iot:Subscribe is checked against topicfilter/, not topic/",
	);
});

test("says that the region or the account differs", (t) => {
	const statement = allow("iot:Publish", "arn:aws:iot:eu-west-1:123456789012:topic/a");
	t.is(
		ending(statement, "iot:Publish", arn("topic", "a")),
		"the region or the account differs, the resource is arn:aws:iot:us-east-1:123456789012:topic/a",
	);
});

test("says that MQTT's wildcards mean nothing in a policy", (t) => {
	const statement = allow("iot:Publish", arn("topic", "a/+/c"));
	t.is(
		ending(statement, "iot:Publish", arn("topic", "a/b/c")),
		"+ and # are plain characters in a policy, the wildcard there is *",
	);
});

test("says which variable has no value", (t) => {
	const statement = allow("iot:Publish", arn("topic", `\${iot:Thing}/x`));
	t.true(
		explain([statement], "iot:Publish", arn("topic", "a/x")).endsWith(
			`: \${iot:Thing} has no value, so the pattern matches nothing`,
		),
	);
});

test("says that a resource differs only in letter case", (t) => {
	const statement = allow("iot:Publish", arn("topic", "Devices/*"));
	t.is(ending(statement, "iot:Publish", arn("topic", "devices/a")), "the resource differs in upper and lower case");
});

const conditional = (Condition: object) => ({ ...allow("iot:Connect", "*"), Condition });
const failing = (condition: object, context = {}) =>
	explain([conditional(condition)], "iot:Connect", arn("client", "a"), context)
		.split(": the ")
		.at(-1);

test("a condition is told with the statement that has it", (t) => {
	const statement = conditional({
		IpAddress: { "aws:SourceIp": ["10.0.0.0/8", "192.0.2.1"] },
		Null: { "a:b": "true" },
	});
	t.is(
		explain([statement], "iot:Connect", arn("client", "a"), { "aws:SourceIp": "10.1.1.1" }),
		"statement 1 of policy 1 allows iot:Connect on * if aws:SourceIp IpAddress 10.0.0.0/8, 192.0.2.1 and a:b Null true",
	);
});

test("a condition that fails is told with what it wants and what it got", (t) => {
	t.is(
		explain([conditional({ StringEquals: { "a:b": "c" } })], "iot:Connect", arn("client", "a"), { "a:b": "d e" }),
		"no statement allows iot:Connect on client/a; statement 1 of policy 1 allows iot:Connect on * if a:b StringEquals c: " +
			'the condition StringEquals on a:b wants c, got "d e"',
	);
});

test("of several conditions the first that fails is told", (t) => {
	const condition = { StringEquals: { "a:b": "c" }, NotIpAddress: { "aws:SourceIp": "10.0.0.0/8" } };
	const context = { "a:b": "c", "aws:SourceIp": "10.1.1.1" };
	t.is(failing(condition, context), "condition NotIpAddress on aws:SourceIp wants none of 10.0.0.0/8, got 10.1.1.1");
});

test("a key without a value, a list and a variable without a value are told", (t) => {
	t.is(failing({ Bool: { "a:b": "true" } }), "condition Bool on a:b wants true, but a:b has no value");
	t.is(
		failing({ "ForAllValues:StringEquals": { "a:b": [] } }, { "a:b": ["c", "d"] }),
		"condition ForAllValues:StringEquals on a:b wants nothing, got c, d",
	);
	t.is(
		failing({ "ForAnyValue:StringEquals": { "a:b": "c" } }, { "a:b": [] }),
		"condition ForAnyValue:StringEquals on a:b wants c, got an empty list",
	);
	t.is(
		failing({ StringEquals: { "a:b": `\${a:c}` } }, { "a:b": "d" }),
		`condition StringEquals on a:b wants \${a:c} (\${a:c} has no value), got d`,
	);
	t.is(failing({ Null: { "a:b": "true" } }, { "a:b": "c" }), "condition Null on a:b wants true, got c");
});

test("a statement that fails only by its condition is nearer than any other", (t) => {
	const statements = [
		allow("iot:Connect", "arn:aws:iot:eu-west-1:1:client/a"),
		conditional({ Bool: { "a:b": "true" } }),
	];
	t.regex(explain(statements, "iot:Connect", arn("client", "a")), /; statement 2 of policy 1 .* has no value$/);
});

test("nothing in a client's value acts on a terminal", (t) => {
	const told = failing({ StringEquals: { "a:b": "c" } }, { "a:b": "\u001b[31m" });
	t.is(told, 'condition StringEquals on a:b wants c, got "\\u{1b}[31m"');
});

test("very many patterns and statements are explained", (t) => {
	const list = Array.from({ length: 150_000 }, () => arn("topic", "b"));
	t.regex(explain([allow("iot:Publish", list)], "iot:Publish", arn("topic", "a")), /and 149996 more$/);
});

test("a statement on the right resource is told where none is on the right action", (t) => {
	t.is(
		explain([allow("iot:Receive", arn("topic", "a"))], "iot:Publish", arn("topic", "a")),
		"no statement allows iot:Publish on topic/a; statement 1 of policy 1 allows iot:Receive on topic/a",
	);
});

test("long lists of patterns are cut", (t) => {
	const list = Array.from({ length: 6 }, (_, index) => arn("topic", `t${index}`));
	t.regex(
		explain([allow("iot:Publish", list)], "iot:Publish", arn("topic", "t3")),
		/on topic\/t0, topic\/t1, topic\/t2, topic\/t3 and 2 more$/,
	);
});

test("nothing in a client's topic acts on a terminal", (t) => {
	t.is(
		explain([], "iot:Publish", arn("topic", "a\u001b[31m\u202e")),
		"no statement allows iot:Publish on topic/a\\u{1b}[31m\\u{202e}; there is no policy at all",
	);
});
