import test from "ava";
import fc from "fast-check";
import { compilePattern, matchesPattern } from "../../src/policy/pattern.js";

const matches = (pattern: string, subject: string, context = {}) =>
	matchesPattern(compilePattern(pattern, true), subject, context);

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
	t.true(matchesPattern(pattern, `\${iot:ClientId}`, { "iot:ClientId": "d1" }));
	t.false(matchesPattern(pattern, "d1", { "iot:ClientId": "d1" }));
});
