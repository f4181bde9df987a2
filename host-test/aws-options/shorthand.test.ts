/** @module */
import test from "ava";
import fc from "fast-check";
import {
	DuplicateKeyError,
	parseShorthand,
	type ShorthandMembers,
	type ShorthandValue,
} from "../../src/aws-options/shorthand.js";
import { ShorthandSyntaxError } from "../../src/aws-options/shorthand-scanner.js";

const NO_FILES = () => undefined;

/** Text, list or members in a form that the parser must give back; a list of one is never bare. */
function print(value: ShorthandValue): string {
	if (value instanceof Map) return `{${printMembers(value)}}`;
	if (Array.isArray(value)) return `[${(value as readonly ShorthandValue[]).map(print).join(",")}]`;
	return `'${String(value).replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function printMembers(members: ShorthandMembers): string {
	return [...members].map(([key, value]) => `${key}=${print(value)}`).join(",");
}

const key = fc.string({ unit: fc.constantFrom(..."abcXYZ019-_.#/:"), minLength: 1, maxLength: 6 });
// Escapes are undone quote first, so a text with a backslash before a quote has no form at all.
const leaf = fc.string({ unit: "binary", maxLength: 12 }).filter((text) => !/\\'/.test(text) && !/\\$/.test(text));
const { value } = fc.letrec<{ value: ShorthandValue; members: ShorthandMembers }>((tie) => ({
	value: fc.oneof({ depthSize: "small" }, leaf, fc.array(tie("value"), { maxLength: 3 }), tie("members")),
	members: fc
		.dictionary(key, tie("value"), { maxKeys: 3, noNullPrototype: true })
		.map((entries) => new Map(Object.entries(entries))),
}));
const members = fc
	.uniqueArray(fc.tuple(key, value), { minLength: 1, maxLength: 4, selector: ([name]) => name })
	.map((entries) => new Map(entries));

test("what is printed in quotes, lists and structures is read back", (t) => {
	fc.assert(fc.property(members, (given) => t.deepEqual(parseShorthand(printMembers(given), NO_FILES), given) || true));
});

test("any text is read or refused in words, and nothing else happens", (t) => {
	const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(..."a=,{}[]'\"\\ @") }));
	fc.assert(
		fc.property(text, (given) => {
			try {
				parseShorthand(given, NO_FILES);
			} catch (error) {
				t.true(error instanceof ShorthandSyntaxError || error instanceof DuplicateKeyError);
			}
		}),
		{ numRuns: 2_000 },
	);
});

test("a long text without an end is refused at once", (t) => {
	for (const text of [`a='${"\\\\".repeat(50_000)}`, `a=${"[".repeat(50_000)}`, `a=${"b,".repeat(50_000)}`])
		t.throws(() => parseShorthand(text, NO_FILES));
	t.throws(() => parseShorthand(`a=${"{b=".repeat(100)}`, NO_FILES), { instanceOf: ShorthandSyntaxError });
});

test("@= takes the value from a file, = leaves it as it is", (t) => {
	const files = (name: string) => (name === "file://x" ? "from the file, = and all" : undefined);
	t.deepEqual(
		parseShorthand("a@=file://x,b=file://x,c@=plain", files),
		new Map([
			["a", "from the file, = and all"],
			["b", "file://x"],
			["c", "plain"],
		]),
	);
	const bytes = parseShorthand("a@=fileb://y", () => Uint8Array.of(1, 2));
	t.deepEqual(bytes, new Map([["a", Uint8Array.of(1, 2)]]));
});

test("names of Object's own are keys like others", (t) => {
	t.deepEqual(
		parseShorthand("__proto__=a,constructor=b", NO_FILES),
		new Map([
			["__proto__", "a"],
			["constructor", "b"],
		]),
	);
});
