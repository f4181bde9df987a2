import test from "ava";
import { evaluatePolicies, type PolicyContext, parsePolicyDocument } from "../../src/policy/index.js";

function holds(operator: string, wanted: unknown, context: PolicyContext): boolean {
	const Statement = { Effect: "Allow", Action: "*", Resource: "*", Condition: { [operator]: { "a:key": wanted } } };
	const document = parsePolicyDocument({ Version: "2012-10-17", Statement });
	const request = { action: "iot:Connect", resource: "arn:aws:iot:us-east-1:123456789012:client/a", context };
	return evaluatePolicies([{ name: "p", document }], request).outcome === "ALLOWED";
}

/** Of each operator: a value of a policy, then values of a request for which it holds and does not. */
const OPERATORS: readonly (readonly [operator: string, wanted: string, yes: string, no: string])[] = [
	["StringEquals", "a", "a", "A"],
	["StringNotEquals", "a", "A", "a"],
	["StringEqualsIgnoreCase", "Ä", "ä", "a"],
	["StringNotEqualsIgnoreCase", "A", "b", "a"],
	["StringLike", "a*c?", "abcd", "Abcd"],
	["StringNotLike", "a*", "b", "a"],
	["NumericEquals", "10", "10.0", "11"],
	["NumericNotEquals", "10", "9", "1e1"],
	["NumericLessThan", "10", "9", "10"],
	["NumericLessThanEquals", "10", "10", "10.5"],
	["NumericGreaterThan", "10", "11", "10"],
	["NumericGreaterThanEquals", "10", "10", "9"],
	["DateEquals", "2020-01-01T00:00:01Z", "1577836801", "2020-01-01T00:00:02Z"],
	["DateNotEquals", "2020-01-01", "2020-01-02", "2020-01-01T00:00Z"],
	["DateLessThan", "2020-01-01", "2019-12-31", "2020-01-01"],
	["DateLessThanEquals", "2020-01-01", "2020-01-01", "2020-01-02"],
	["DateGreaterThan", "2020-01-01", "2020-01-02", "2020-01-01"],
	["DateGreaterThanEquals", "1577836800", "2020-01-01", "2019-12-31"],
	["Bool", "true", "TRUE", "false"],
	["BinaryEquals", "QUI=", "QUI=", "QQ=="],
	["IpAddress", "203.0.113.0/24", "203.0.113.9", "203.0.114.9"],
	["NotIpAddress", "2001:DB8::/32", "2001:db9::1", "2001:db8::1"],
	["ArnEquals", "arn:aws:iot:*:1:topic/a*", "arn:aws:iot:us-east-1:1:topic/ab", "arn:aws:iot:us-east-1:2:topic/a"],
	["ArnNotEquals", "arn:aws:iot:*:1:topic/a", "arn:aws:iot:us-east-1:1:topic/b", "arn:aws:iot:us-east-1:1:topic/a"],
	["ArnLike", "arn:aws:iot:*:1:topic/?", "arn:aws:iot:us-east-1:1:topic/a", "arn:aws:iot:us-east-1:1:topic/ab"],
	["ArnNotLike", "arn:aws:iot:*:1:topic/?", "arn:aws:iot:us-east-1:1:topic/ab", "arn:aws:iot:us-east-1:1:topic/a"],
];

for (const [operator, wanted, yes, no] of OPERATORS) {
	const negated = operator.includes("Not");
	const has = (value: string | readonly string[]) => ({ "a:key": value });

	test(`${operator}: a value that agrees, one that does not, and none`, (t) => {
		for (const suffix of ["", "IfExists"]) {
			t.true(holds(operator + suffix, wanted, has(yes)));
			t.false(holds(operator + suffix, wanted, has(no)));
			const withoutKey = suffix === "IfExists" || negated;
			for (const context of [{}, { "a:key": undefined }, { "a:other": yes }, has([])]) {
				t.is(holds(operator + suffix, wanted, context), withoutKey);
			}
		}
	});

	test(`${operator}: several values in the policy are OR, or NOR where it is negated`, (t) => {
		const [same, other] = negated ? [no, yes] : [yes, no];
		t.is(holds(operator, [wanted, wanted], has(same)), !negated);
		t.is(holds(operator, [wanted, wanted], has(other)), negated);
		t.is(holds(operator, [], has(yes)), negated);
	});

	test(`${operator}: ForAllValues holds where every value agrees, and where there is none`, (t) => {
		for (const name of [`ForAllValues:${operator}`, `ForAllValues:${operator}IfExists`]) {
			t.true(holds(name, wanted, has([yes, yes])));
			t.false(holds(name, wanted, has([yes, no])));
			t.false(holds(name, wanted, has(no)));
			for (const context of [{}, has([]), has(""), has([""])]) t.true(holds(name, wanted, context));
		}
	});

	test(`${operator}: ForAnyValue holds where one value agrees, and not where there is none`, (t) => {
		const name = `ForAnyValue:${operator}`;
		t.true(holds(name, wanted, has([no, yes])));
		t.true(holds(name, wanted, has(yes)));
		t.false(holds(name, wanted, has([no, no])));
		for (const context of [{}, has([]), has(""), has([""])]) t.false(holds(name, wanted, context));
		t.true(holds(`${name}IfExists`, wanted, {}));
		t.true(holds(`${name}IfExists`, wanted, has([])));
		t.false(holds(`${name}IfExists`, wanted, has("")));
	});

	test(`${operator}: without a quantifier several values of a request are taken together`, (t) => {
		t.is(holds(operator, wanted, has([no, yes])), !negated);
		t.true(holds(operator, wanted, has([yes, yes])));
		t.false(holds(operator, wanted, has([no, no])));
	});
}

test("a value of the request that is none of the operator's type matches nothing", (t) => {
	for (const [operator, wanted] of OPERATORS.filter(([name]) => !/^(?:String)/.test(name))) {
		t.is(holds(operator, wanted, { "a:key": "?" }), operator.includes("Not"), operator);
	}
});

test("Null true asks for no value, Null false for one that is not empty", (t) => {
	const without: readonly PolicyContext[] = [{}, { "a:key": [] }, { "a:key": "" }, { "a:key": [""] }];
	for (const context of without) {
		t.true(holds("Null", "true", context));
		t.false(holds("Null", false, context));
	}
	for (const context of [{ "a:key": "x" }, { "a:key": ["", "x"] }]) {
		t.false(holds("Null", true, context));
		t.true(holds("Null", "false", context));
	}
	t.true(holds("Null", ["true", "false"], {}));
	t.false(holds("Null", [], {}));
});

// IAM Access Analyzer, "Null with qualifier": "they always return a true or false respectively".
test("Null with a quantifier does not depend on the request", (t) => {
	for (const context of [{}, { "a:key": "x" }]) {
		for (const wanted of ["true", "false"]) {
			t.true(holds("ForAllValues:Null", wanted, context));
			t.false(holds("ForAnyValue:Null", wanted, context));
		}
	}
});

test("the names of keys are not case-sensitive", (t) => {
	t.true(holds("StringEquals", "x", { "A:Key": "x" }));
});

test("an empty string is a value to compare with", (t) => {
	t.true(holds("StringEquals", ["", "home/"], { "a:key": "" }));
	t.false(holds("StringLikeIfExists", "x*", { "a:key": "" }));
});

test("variables stand for their value in String and Arn operators", (t) => {
	const client = { "iot:ClientId": "d1" };
	t.true(holds("StringEquals", `x-\${iot:ClientId}`, { ...client, "a:key": "x-d1" }));
	t.true(holds("StringLike", `\${iot:ClientId}/*`, { ...client, "a:key": "d1/x" }));
	t.true(holds("StringEqualsIgnoreCase", `\${iot:ClientId}`, { ...client, "a:key": "D1" }));
	t.true(
		holds("ArnLike", `arn:aws:iot:*:1:topic/\${iot:ClientId}`, { ...client, "a:key": "arn:aws:iot:e:1:topic/d1" }),
	);
	t.true(holds("StringEquals", `\${a:none, 'x'}`, { "a:key": "x" }));
});

test("a value with a variable that has none matches nothing, not even its own text", (t) => {
	const own = `\${iot:ClientId}`;
	t.false(holds("StringEquals", own, { "a:key": own }));
	t.true(holds("StringNotEquals", own, { "a:key": own }));
	t.true(holds("StringEquals", [own, "x"], { "a:key": "x" }));
});

test("wildcards mean something in Like and Arn operators only, and not in a variable's value", (t) => {
	t.true(holds("StringEquals", "a*", { "a:key": "a*" }));
	t.false(holds("StringEquals", "a*", { "a:key": "ab" }));
	t.false(holds("StringLike", `\${iot:ClientId}`, { "iot:ClientId": "*", "a:key": "ab" }));
	t.true(holds("StringLike", `a\${*}`, { "a:key": "a*" }));
	t.false(holds("StringLike", `a\${*}`, { "a:key": "ab" }));
});

// IAM User Guide, "Creating a condition with multiple keys or values".
test("several keys and several operators are AND", (t) => {
	const Condition = {
		StringEqualsIgnoreCase: { "aws:Tag/department": ["finance", "hr", "legal"], "aws:Tag/role": ["audit", "security"] },
		StringEquals: { "aws:PrincipalAccount": "123456789012" },
	};
	const Statement = { Effect: "Allow", Action: "*", Resource: "*", Condition };
	const document = parsePolicyDocument({ Version: "2012-10-17", Statement });
	const all = { "aws:Tag/department": "HR", "aws:Tag/role": "audit", "aws:PrincipalAccount": "123456789012" };
	const outcome = (context: PolicyContext) =>
		evaluatePolicies([{ name: "p", document }], { action: "iot:Connect", resource: "*", context }).outcome;
	t.is(outcome(all), "ALLOWED");
	for (const key of Object.keys(all)) t.is(outcome({ ...all, [key]: "other" }), "IMPLICIT_DENY", key);
});
