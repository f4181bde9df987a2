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

test("the names of actions are compared letter by letter", (t) => {
	t.is(
		evaluatePolicies([policy("p", { ...allow, Action: "iot:publish" })], publish("devices/a/x")).outcome,
		"IMPLICIT_DENY",
	);
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
