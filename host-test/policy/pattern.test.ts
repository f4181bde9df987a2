import test from "ava";
import fc from "fast-check";
import { compilePattern, matchesPattern, missingVariables, textOf } from "../../src/policy/pattern.js";
import { type PolicyContext, RequestContext } from "../../src/policy/request-context.js";

const matches = (pattern: string, subject: string, context: PolicyContext = {}) =>
	matchesPattern(compilePattern(pattern, true), subject, new RequestContext(context));

/** Another way to the same answer: tries every split, without any of the matcher's bookkeeping. */
function bruteForce(pattern: readonly string[], subject: readonly string[]): boolean {
	const [head, ...rest] = pattern;
	if (head === undefined) return subject.length === 0;
	if (head === "*")
		return Array.from({ length: subject.length + 1 }).some((_, n) => bruteForce(rest, subject.slice(n)));
	return subject.length > 0 && (head === "?" || head === subject[0]) && bruteForce(rest, subject.slice(1));
}

const alphabet = ["a", "b", "/", "+", "#", "😀", "*", "?"];
const text = (letters: readonly string[], maxLength: number) =>
	fc.array(fc.constantFrom(...letters), { maxLength }).map((characters) => characters.join(""));

test("agrees with a brute-force matcher on any pattern and subject", (t) => {
	fc.assert(
		fc.property(text(alphabet, 7), text(alphabet, 8), (pattern, subject) => {
			t.is(matches(pattern, subject), bruteForce([...pattern], [...subject]));
		}),
		{ numRuns: 3000 },
	);
});

test("a star takes any run, slashes and the empty run included", (t) => {
	t.true(matches("topic/*", "topic/a/b/c"));
	t.true(matches("topic/*", "topic/"));
	t.true(matches("a*c", "ac"));
	t.false(matches("topic/*", "topic"));
});

test("a question mark takes exactly one character, one outside the BMP too", (t) => {
	t.true(matches("a?c", "abc"));
	t.true(matches("?", "😀"));
	t.false(matches("??", "😀"));
	t.false(matches("*\ude00", "😀"));
	t.false(matches("a?", "a"));
});

test("MQTT's wildcards are characters like any other", (t) => {
	t.true(matches("some/+/topic", "some/+/topic"));
	t.false(matches("some/+/topic", "some/x/topic"));
	t.false(matches("some/#", "some/x"));
});

test("a pattern made to backtrack is judged at once", (t) => {
	t.false(matches(`${"*a".repeat(200)}*b`, "a".repeat(5000)));
});

test("a variable stands for its value", (t) => {
	t.true(matches(`devices/\${iot:ClientId}/*`, "devices/d1/x", { "iot:ClientId": "d1" }));
	t.false(matches(`devices/\${iot:ClientId}/*`, "devices/d2/x", { "iot:ClientId": "d1" }));
});

test("wildcard characters in a variable's value match only themselves", (t) => {
	const context = { "iot:ClientId": "*" };
	t.true(matches(`devices/\${iot:ClientId}`, "devices/*", context));
	t.false(matches(`devices/\${iot:ClientId}`, "devices/d1", context));
	t.false(matches(`\${iot:ClientId}`, "x", { "iot:ClientId": "?" }));
});

test("a variable's value is not searched for variables", (t) => {
	const context = { "iot:ClientId": `\${aws:SourceIp}`, "aws:SourceIp": "127.0.0.1" };
	t.false(matches(`\${iot:ClientId}`, "127.0.0.1", context));
	t.true(matches(`\${iot:ClientId}`, `\${aws:SourceIp}`, context));
});

test("a pattern with a variable that has no value matches nothing, not even its own text", (t) => {
	t.false(matches(`a/\${iot:Nothing}`, `a/\${iot:Nothing}`));
	t.false(matches(`*\${iot:Nothing}`, ""));
	t.false(matches(`\${iot:ClientId}`, "x", { "iot:ClientId": undefined }));
});

test("inherited members of the context are no variables", (t) => {
	t.false(matches(`\${toString}`, String(Object.prototype.toString)));
});

test("escaped wildcards stand for themselves", (t) => {
	t.true(matches(`a/\${*}`, "a/*"));
	t.false(matches(`a/\${*}`, "a/b"));
	t.true(matches(`\${?}\${$}`, "?$"));
});

test("an unclosed variable is plain text", (t) => {
	t.true(matches(`a/\${b`, `a/\${b`));
	t.true(matches("a$b", "a$b"));
});

test("where variables are not replaced, they are plain text", (t) => {
	const pattern = compilePattern(`\${iot:ClientId}`, false);
	const context = new RequestContext({ "iot:ClientId": "d1" });
	t.true(matchesPattern(pattern, `\${iot:ClientId}`, context));
	t.false(matchesPattern(pattern, "d1", context));
});

test("the names of variables are not case-sensitive, an exact one goes first, then the first given", (t) => {
	t.true(matches(`\${iot:clientid}`, "d1", { "iot:ClientId": "d1", "iot:CLIENTID": "d2" }));
	t.true(matches(`\${IOT:clientid}`, "d1", { "iot:ClientId": "d1" }));
	t.true(matches(`\${iot:clientid}`, "d2", { "iot:ClientId": "d1", "iot:clientid": "d2" }));
});

test("a default stands where a variable has no value", (t) => {
	const pattern = `bucket-\${aws:PrincipalTag/team, 'company-wide'}`;
	t.true(matches(pattern, "bucket-company-wide"));
	t.true(matches(pattern, "bucket-yellow", { "aws:PrincipalTag/team": "yellow" }));
	t.false(matches(pattern, "bucket-company-wide", { "aws:PrincipalTag/team": "yellow" }));
	t.deepEqual(missingVariables(compilePattern(pattern, true), new RequestContext({})), []);
});

test("wildcard characters in a default match only themselves", (t) => {
	t.true(matches(`\${a:b, '*'}`, "*"));
	t.false(matches(`\${a:b, '*'}`, "x"));
});

test("a default without its quotes is part of a name that has no value", (t) => {
	t.false(matches(`\${a:b, c}`, "c", { "a:b": "c" }));
	t.deepEqual(missingVariables(compilePattern(`\${a:b, c}`, true), new RequestContext({})), ["a:b, c"]);
});

test("a multivalued key is no variable, not even with one value", (t) => {
	t.false(matches(`\${a:b}`, "c", { "a:b": ["c"] }));
});

test("without wildcards, asterisk and question mark are characters", (t) => {
	const text = (source: string, context: PolicyContext = {}) =>
		textOf(compilePattern(source, true, false), new RequestContext(context));
	t.is(text("a*?**"), "a*?**");
	t.is(text(`\${*}-\${a:b}-*`, { "a:b": "?" }), "*-?-*");
	t.is(text(`\${a:b}`), undefined);
});

test("patterns made to be slow to compile are compiled at once", (t) => {
	const size = 400_000;
	t.is(compilePattern("${".repeat(size / 2), true).literal?.length, size);
	t.is(compilePattern(`${"${".repeat(size / 2)}}`, true).variables.length, 1);
	t.is(compilePattern("*".repeat(size), true).parts.length, 1);
	t.is(compilePattern(`\${}`.repeat(size / 4), true).variables.length, 1);
});
