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

test("says that an action differs only in letter case", (t) => {
	const statement = allow("iot:publish", arn("topic", "a"));
	t.is(ending(statement, "iot:Publish", arn("topic", "a")), "the names of actions differ in upper and lower case");
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
