import test from "ava";
import { compileArnPattern } from "../../src/policy/arn-pattern.js";
import { type PolicyContext, RequestContext } from "../../src/policy/request-context.js";

const matches = (pattern: string, arn: string, context: PolicyContext = {}) =>
	compileArnPattern(pattern, true)?.matches(arn, new RequestContext(context));

// IAM User Guide, "Amazon Resource Name (ARN) condition operators".
test("a wildcard stays within its component", (t) => {
	const pattern = "arn:aws:someservice:*:111122223333:finance/*";
	t.false(matches(pattern, "arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt"));
	t.true(matches(pattern, "arn:aws:someservice:us-east-2:111122223333:finance/document.txt"));
});

test("the last component may hold colons", (t) => {
	t.true(matches("arn:aws:iot:*:*:topic/*", "arn:aws:iot:us-east-1:123456789012:topic/a:b:c"));
	t.true(matches("arn:aws:iot:*:*:topic/a:b", "arn:aws:iot:us-east-1:123456789012:topic/a:b"));
});

test("a variable may stand in any component, and its colons separate nothing", (t) => {
	const context = { "iot:ClientId": "d:1", "aws:Account": "123456789012" };
	const pattern = `arn:aws:iot:us-east-1:\${aws:Account}:topic/\${iot:ClientId}`;
	t.true(matches(pattern, "arn:aws:iot:us-east-1:123456789012:topic/d:1", context));
	t.false(matches(pattern, "arn:aws:iot:us-east-1:123456789012:topic/d:1", {}));
	t.true(matches(`\${aws:Arn}`, "arn:aws:iot:us-east-1:1:topic/a", { "aws:Arn": "arn:aws:iot:us-east-1:1:topic/a" }));
});

test("an asterisk alone is any ARN, and nothing else", (t) => {
	t.true(matches("*", "arn:aws:iot:us-east-1:123456789012:topic/a"));
	t.false(matches("*", "topic/a"));
});

test("a value with fewer components matches no ARN and is no pattern", (t) => {
	t.false(matches("arn:*:*:*:*:*", "arn:aws:iot:us-east-1"));
	for (const text of ["", "arn", "arn:aws:iot", "arn:aws:iot:*", "urn:a:b:c:d:e", "topic/a", "**"]) {
		t.is(compileArnPattern(text, true), undefined, text);
	}
});

test("where variables are not replaced, their colons separate", (t) => {
	t.not(compileArnPattern(`arn:aws:iot:\${a:b}:c`, false), undefined);
	t.is(compileArnPattern(`\${aws:Arn}`, false), undefined);
});

test("patterns made to be slow are compiled at once", (t) => {
	t.is(compileArnPattern(`\${a}`.repeat(100_000), false), undefined);
	t.is(compileArnPattern(`${`\${a}`.repeat(100_000)}:`, true)?.components.length, 1);
	t.is(compileArnPattern(`arn:aws:${`\${a:b}`.repeat(60_000)}:c:d:e`, true)?.components.length, 6);
});
