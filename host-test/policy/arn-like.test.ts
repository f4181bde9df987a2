import test from "ava";
import fc from "fast-check";
import { arnLike } from "../../src/policy/arn-pattern.js";

/** By the definition, one character at a time. */
function fits(text: string, pattern: string): boolean {
	if (pattern === "") return text === "";
	if (pattern[0] === "*") return fits(text, pattern.slice(1)) || (text !== "" && fits(text.slice(1), pattern));
	return text !== "" && (pattern[0] === "?" || pattern[0] === text[0]) && fits(text.slice(1), pattern.slice(1));
}

test("each part of an ARN fits by the definition of the wildcards", (t) => {
	const part = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 6 });
	const pattern = fc.string({ unit: fc.constantFrom("a", "b", "/", "*", "*", "?"), maxLength: 6 });
	fc.assert(
		fc.property(part, pattern, part, pattern, (account, accountPattern, resource, resourcePattern) => {
			t.is(
				arnLike(`arn:aws:iot::${account}:${resource}`, `arn:aws:iot::${accountPattern}:${resourcePattern}`),
				fits(account, accountPattern) && fits(resource, resourcePattern),
			);
		}),
		{ numRuns: 2000 },
	);
});

test("the last part keeps its colons, and what has fewer parts is no ARN", (t) => {
	t.true(arnLike("arn:aws:lambda:r:1:function:f", "arn:aws:lambda:r:1:function:*"));
	t.true(arnLike("arn:aws:lambda:r:1:function:f", "arn:aws:lambda:r:1:*"));
	t.false(arnLike("arn:aws:lambda:r:1:function:f", "arn:aws:*"));
	t.false(arnLike("*", "*"));
});

test("many wildcards are no burden", (t) => {
	const stars = `arn:a:b:c:d:${"*a".repeat(1000)}`;
	t.false(arnLike(`arn:a:b:c:d:${"a".repeat(999)}`, stars));
	t.true(arnLike(`arn:a:b:c:d:${"a".repeat(2000)}`, stars));
});
