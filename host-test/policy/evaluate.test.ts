import test from "ava";
import fc from "fast-check";
import { evaluatePolicies, iotArn, type NamedPolicy, parsePolicyDocument } from "../../src/policy/index.js";

const scope = { region: "us-east-1", accountId: "123456789012" };
const topic = (name: string) => iotArn(scope, "topic", name);

interface Statement {
	readonly Sid?: string;
	readonly Effect: "Allow" | "Deny";
	readonly [element: string]: unknown;
}

const policy = (name: string, ...Statement: Statement[]): NamedPolicy => ({
	name,
	document: parsePolicyDocument({ Version: "2012-10-17", Statement }),
});
const publish = (name: string, context = {}) => ({ action: "iot:Publish", resource: topic(name), context });
const allow = { Effect: "Allow", Action: "iot:Publish", Resource: topic("devices/a/*") } as const;
const deny = { Effect: "Deny", Action: "iot:*", Resource: topic("devices/a/secret") } as const;

test("allows what a statement allows, and names it", (t) => {
	const decision = evaluatePolicies([policy("p", deny, { Sid: "Own", ...allow })], publish("devices/a/x"));
	t.is(decision.outcome, "ALLOWED");
	t.deepEqual(decision.statements, [{ policy: "p", statement: 1, sid: "Own" }]);
});

test("an explicit deny beats an allow of another policy", (t) => {
	const decision = evaluatePolicies([policy("p", allow), policy("q", deny)], publish("devices/a/secret"));
	t.is(decision.outcome, "EXPLICIT_DENY");
	t.deepEqual(decision.statements, [{ policy: "q", statement: 0 }]);
});

test("denies what no statement allows", (t) => {
	const decision = evaluatePolicies([policy("p", allow, deny)], publish("devices/b/x"));
	t.is(decision.outcome, "IMPLICIT_DENY");
	t.deepEqual(decision.statements, []);
});

test("denies everything without a policy", (t) => {
	t.is(evaluatePolicies([], publish("a")).outcome, "IMPLICIT_DENY");
});

test("NotAction speaks of every other action", (t) => {
	const policies = [policy("p", { Effect: "Allow", NotAction: "iot:Connect", Resource: "*" })];
	t.is(evaluatePolicies(policies, publish("a")).outcome, "ALLOWED");
	const connect = { action: "iot:Connect", resource: iotArn(scope, "client", "a"), context: {} };
	t.is(evaluatePolicies(policies, connect).outcome, "IMPLICIT_DENY");
});

test("NotResource speaks of every other resource", (t) => {
	const policies = [policy("p", { Effect: "Allow", Action: "*", NotResource: [topic("a/*"), topic("b")] })];
	t.is(evaluatePolicies(policies, publish("c")).outcome, "ALLOWED");
	t.is(evaluatePolicies(policies, publish("a/1")).outcome, "IMPLICIT_DENY");
	t.is(evaluatePolicies(policies, publish("b")).outcome, "IMPLICIT_DENY");
});

test("replaces the client id, the address and the server name", (t) => {
	const Resource = topic(`\${iot:ClientId}/\${aws:SourceIp}/\${iot:DomainName}`);
	const context = { "iot:ClientId": "d1", "aws:SourceIp": "127.0.0.1", "iot:DomainName": "gw.test" };
	const decision = evaluatePolicies([policy("p", { ...allow, Resource })], publish("d1/127.0.0.1/gw.test", context));
	t.is(decision.outcome, "ALLOWED");
	t.deepEqual(decision.missingContextValues, []);
});

test("tells the variables without a value, once each, and matches nothing with them", (t) => {
	const Resource = [topic(`\${iot:Nothing}`), topic(`x/\${iot:Nothing}/\${iot:ClientId}`)];
	const policies = [policy("p", { ...allow, Resource }), policy("q", { ...deny, Resource: topic(`\${iot:Other}`) })];
	const decision = evaluatePolicies(policies, publish(`\${iot:Nothing}`));
	t.is(decision.outcome, "IMPLICIT_DENY");
	t.deepEqual(decision.missingContextValues, ["iot:Nothing", "iot:ClientId", "iot:Other"]);
});

test("does not tell of variables in statements on other actions", (t) => {
	const other = { ...allow, Action: "iot:Receive", Resource: topic(`\${iot:Nothing}`) };
	t.deepEqual(evaluatePolicies([policy("p", other)], publish("a")).missingContextValues, []);
});

test("the names of actions are not case-sensitive", (t) => {
	for (const Action of ["iot:publish", "IOT:PUBLISH", "iot:PUB*"]) {
		t.is(evaluatePolicies([policy("p", { ...allow, Action })], publish("devices/a/x")).outcome, "ALLOWED");
	}
	const request = { ...publish("devices/a/x"), action: "IOT:publish" };
	t.is(evaluatePolicies([policy("p", allow)], request).outcome, "ALLOWED");
});

test("the names of resources are case-sensitive", (t) => {
	t.is(evaluatePolicies([policy("p", allow)], publish("Devices/a/x")).outcome, "IMPLICIT_DENY");
});

test("names the policies without a statement on the request", (t) => {
	const other = policy("other", { ...allow, Action: "iot:Receive" });
	const conditional = policy("conditional", { ...allow, Condition: { Bool: { "a:b": "true" } } });
	const unmatched = (...policies: NamedPolicy[]) =>
		evaluatePolicies(policies, publish("devices/a/secret")).unmatchedPolicies;
	t.deepEqual(unmatched(other, policy("p", allow), conditional, policy("q", deny)), ["other", "conditional"]);
	t.deepEqual(unmatched(), []);
});

test("a statement applies only where its condition holds", (t) => {
	const conditional = { ...allow, Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } } };
	const outcome = (...args: [Statement, object]) =>
		evaluatePolicies([policy("p", args[0])], publish("devices/a/x", args[1])).outcome;
	t.is(outcome(conditional, { "aws:SourceIp": "10.1.2.3" }), "ALLOWED");
	t.is(outcome(conditional, { "aws:SourceIp": "192.0.2.1" }), "IMPLICIT_DENY");
	t.is(outcome({ ...conditional, Effect: "Deny" }, { "aws:SourceIp": "10.1.2.3" }), "EXPLICIT_DENY");
	t.is(outcome({ ...allow, Condition: {} }, {}), "ALLOWED");
});

const missing = (Condition: object, context = {}) =>
	evaluatePolicies([policy("p", { ...allow, Condition })], publish("devices/a/x", context)).missingContextValues;

test("tells the condition keys whose absence decided, all of a statement", (t) => {
	const Condition = {
		StringEquals: { "a:one": "x", "a:two": "x" },
		StringNotEquals: { "a:three": "x" },
		"ForAllValues:StringEquals": { "a:four": "x" },
		"ForAnyValue:StringEquals": { "a:one": "x" },
	};
	t.deepEqual(missing(Condition), ["a:one", "a:two", "a:three", "a:four"]);
});

test("does not tell of keys that Null or IfExists asks for, nor of an empty list", (t) => {
	const Condition = {
		Null: { "a:one": "true" },
		StringEqualsIfExists: { "a:two": "x" },
		"ForAllValues:StringEquals": { "a:list": "x" },
	};
	t.deepEqual(missing(Condition, { "a:list": [] }), []);
});

test("tells the variables without a value that a condition compares with", (t) => {
	const Condition = { StringEquals: { "a:one": `\${a:two}`, "a:three": `\${a:four}` } };
	t.deepEqual(missing(Condition, { "a:one": "x" }), ["a:two", "a:three"]);
});

test("does not ask the conditions of a statement on another resource", (t) => {
	const other = { ...allow, Resource: topic("b"), Condition: { StringEquals: { "a:one": "x" } } };
	t.deepEqual(evaluatePolicies([policy("p", other)], publish("a")).missingContextValues, []);
});

const names = fc.constantFrom("a", "b", "a/b", "*", "a/*", "?", `\${iot:ClientId}`, `b/\${iot:ClientId}`);
const statements = fc.array(
	fc.record({
		Effect: fc.constantFrom("Allow" as const, "Deny" as const),
		Action: fc.constantFrom("iot:Publish", "iot:*", "iot:Receive"),
		Resource: names.map(topic),
	}),
	{ minLength: 1, maxLength: 6 },
);
const requests = fc.constantFrom("a", "b", "a/b", "b/d1", "d1").map((name) => publish(name, { "iot:ClientId": "d1" }));

test("neither the order of statements nor their split into policies matters", (t) => {
	const shuffled = statements.chain((list) =>
		fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.nat(list.length)),
	);
	fc.assert(
		fc.property(shuffled, requests, ([list, other, cut], request) => {
			const split = [other.slice(0, cut), other.slice(cut)].filter(({ length }) => length > 0);
			const one = evaluatePolicies([policy("p", ...list)], request);
			const two = evaluatePolicies(
				split.map((part, index) => policy(`p${index}`, ...part)),
				request,
			);
			t.is(two.outcome, one.outcome);
			t.is(two.statements.length, one.statements.length);
		}),
	);
});

test("a deny on everything beats whatever else there is", (t) => {
	fc.assert(
		fc.property(statements, fc.nat(6), requests, (list, at, request) => {
			const all = [...list.slice(0, at), { Effect: "Deny" as const, Action: "*", Resource: "*" }, ...list.slice(at)];
			t.is(evaluatePolicies([policy("p", ...all)], request).outcome, "EXPLICIT_DENY");
		}),
	);
});

test("the outcome is that of its statements, each judged alone", (t) => {
	fc.assert(
		fc.property(statements, requests, (list, request) => {
			const alone = list.map((entry) => evaluatePolicies([policy("p", entry)], request).outcome);
			const expected = (["EXPLICIT_DENY", "ALLOWED"] as const).find((outcome) => alone.includes(outcome));
			t.is(evaluatePolicies([policy("p", ...list)], request).outcome, expected ?? "IMPLICIT_DENY");
		}),
	);
});
