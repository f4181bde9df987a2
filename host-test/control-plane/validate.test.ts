/**
 * Shapes: what passes, and AWS's words for what does not.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import {
	blob,
	boolean,
	integer,
	list,
	map,
	type Shape,
	string,
	structure,
	unsupported,
	word,
} from "../../src/control-plane/shape.js";
import { validate } from "../../src/control-plane/validate.js";

function messageOf(value: unknown, shape: Shape, required = false): string | undefined {
	const checked = validate({ member: value }, structure({ member: shape }, required ? ["member"] : []));
	return "message" in checked ? checked.message : undefined;
}

const one = (constraint: string, path = "member") =>
	`1 validation error detected: Value at '${path}' failed to satisfy constraint: ${constraint}`;

const NAME = string({ pattern: "[\\w=,@-]+", min: 1, max: 4 });

const REFUSED: readonly (readonly [string, unknown, Shape, string])[] = [
	["a pattern", "a b", NAME, one("Member must satisfy regular expression pattern: [\\w=,@-]+")],
	[
		"a pattern, before a line break at the end",
		"a\n",
		NAME,
		one("Member must satisfy regular expression pattern: [\\w=,@-]+"),
	],
	["too long a string", "abcde", NAME, one("Member must have length less than or equal to 4")],
	["too short a string", "", string({ min: 1 }), one("Member must have length greater than or equal to 1")],
	[
		"pattern and length, the pattern first",
		"",
		NAME,
		"2 validation errors detected: Value at 'member' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w=,@-]+; Value at 'member' failed to satisfy constraint: Member must have length greater than or equal to 1",
	],
	["a word", "ON", word(["ACTIVE", "INACTIVE"]), one("Member must satisfy enum value set: [ACTIVE, INACTIVE]")],
	["too large a number", 251, integer({ min: 1, max: 250 }), one("Member must have value less than or equal to 250")],
	["too small a number", 0, integer({ min: 1, max: 250 }), one("Member must have value greater than or equal to 1")],
	["too many bytes", "AAAA", blob({ max: 2 }), one("Member must have length less than or equal to 2")],
	["too few bytes", "", blob({ min: 1 }), one("Member must have length greater than or equal to 1")],
	["too long a list", ["a", "b"], list(string(), { max: 1 }), one("Member must have length less than or equal to 1")],
	["too short a list", [], list(string(), { min: 1 }), one("Member must have length greater than or equal to 1")],
	["a null in a list", ["a", null], list(string()), one("Member must not be null", "member.2.member")],
	[
		"strings of a list: all their constraints, once",
		["abcde", "a b"],
		list(NAME),
		one(
			"Member must satisfy constraint: [Member must have length less than or equal to 4, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [\\w=,@-]+]",
		),
	],
	[
		"keys of a map",
		{ abc: "x" },
		map(string({ max: 2 }), string()),
		one("Map keys must satisfy constraint: [Member must have length less than or equal to 2]"),
	],
	[
		"values of a map",
		{ a: "xyz" },
		map(string(), string({ max: 2 })),
		one("Map value must satisfy constraint: [Member must have length less than or equal to 2]"),
	],
	[
		"a null in a map",
		{ a: null },
		map(string(), string()),
		one("Map value must satisfy constraint: [Member must not be null]"),
	],
	[
		"members of structures in a list",
		[{ Key: "ok" }, { Key: "" }],
		list(structure({ Key: string({ min: 1 }) })),
		one("Member must have length greater than or equal to 1", "member.2.member.key"),
	],
	["a required member", {}, structure({ Size: integer() }, ["Size"]), one("Member must not be null", "member.size")],
	[
		"text for a number",
		"5",
		integer(),
		"Value at 'member' is of the wrong type: expected an integer of 32 bits, got a string",
	],
	[
		"a fraction",
		1.5,
		integer(),
		"Value at 'member' is of the wrong type: expected an integer of 32 bits, got a number",
	],
	[
		"33 bits",
		2 ** 32,
		integer(),
		"Value at 'member' is of the wrong type: expected an integer of 32 bits, got a number",
	],
	["a number for text", 5, string(), "Value at 'member' is of the wrong type: expected a string, got a number"],
	["a list for an object", [], structure({}), "Value at 'member' is of the wrong type: expected an object, got a list"],
	[
		"an object for a list",
		{},
		list(string()),
		"Value at 'member' is of the wrong type: expected a list, got an object",
	],
	[
		"a number in a list",
		["a", 1],
		list(string()),
		"Value at 'member.2.member' is of the wrong type: expected a string, got a number",
	],
	["text for truth", "true", boolean(), "Value at 'member' is of the wrong type: expected true or false, got a string"],
	["what is no base64", "a!", blob(), "Value at 'member' is of the wrong type: expected base64, got a string"],
	["what Latchkey does not do", true, unsupported(), "'member' is not supported by Latchkey"],
	["what Latchkey does not do, but for one value", true, unsupported(false), "'member' is not supported by Latchkey"],
];

for (const [title, value, shape, message] of REFUSED) {
	test(`refused: ${title}`, (t) => t.is(messageOf(value, shape), message));
}

const ACCEPTED: readonly (readonly [string, unknown, Shape])[] = [
	["null for an absent member", null, NAME],
	["an unknown member", { known: "a", unknown: {} }, structure({ known: string() })],
	["letters of any script, where the pattern has them", "é日", string({ pattern: "^([\\p{L}_\\-@]*)$" })],
	["a lone surrogate", "\ud800", string()],
	["a NUL", "\u0000", string()],
	["the largest integer", 2 ** 31 - 1, integer()],
	["nothing of what Latchkey does not do", null, unsupported()],
	["the harmless value of what Latchkey does not do", false, unsupported(false)],
];

for (const [title, value, shape] of ACCEPTED) {
	test(`accepted: ${title}`, (t) => t.is(messageOf(value, shape), undefined));
}

test("a required member that is null is named", (t) => {
	t.is(messageOf(null, NAME, true), one("Member must not be null"));
});

test("a wrong type hides broken constraints", (t) => {
	const shape = structure({ a: string({ max: 1 }), b: integer() });
	const checked = validate({ a: "xx", b: "x" }, shape);
	t.deepEqual(checked, { message: "Value at 'b' is of the wrong type: expected an integer of 32 bits, got a string" });
});

test("a message stays small however much is wrong", (t) => {
	const message = messageOf(
		Array.from({ length: 100_000 }, () => ({})),
		list(structure({ a: string() }, ["a"])),
	);
	t.regex(message ?? "", /^100 validation errors detected: /);
	t.true((message ?? "").length < 20_000);
});

test("members that every object has are not taken for the request's", (t) => {
	const shape = structure({ constructor: string(), toString: string(), __proto__: string() });
	t.deepEqual(validate({}, shape), { value: {} });
});

test("a key __proto__ is a key like any other", (t) => {
	const checked = validate(JSON.parse('{"tags":{"__proto__":"x"}}'), structure({ tags: map(string(), string()) }));
	const tags = "value" in checked ? checked.value.tags : undefined;
	t.deepEqual(Object.entries(tags ?? {}), [["__proto__", "x"]]);
	t.is(Object.getPrototypeOf(tags), Object.prototype);
});

test("any JSON is either a value of the shape or refused in words, and never repeated in them", (t) => {
	const shape = structure({
		a: NAME,
		b: list(structure({ c: integer(), d: map(NAME, blob()) }, ["c"]), { max: 3 }),
		e: word(["X"]),
	});
	const secret = "sEcReT-value";
	const leaf = fc.constantFrom<unknown>("abc", secret, 5, null, true, {}, [], "X");
	const value = fc.record(
		{
			a: leaf,
			b: fc.oneof(
				leaf,
				fc.array(fc.oneof(leaf, fc.record({ c: leaf, d: fc.oneof(leaf, fc.dictionary(fc.string(), leaf)) }))),
			),
			e: leaf,
		},
		{ requiredKeys: [] },
	);
	const property = fc.property(fc.oneof(value, fc.jsonValue()), (json) => {
		const checked = validate(json, shape);
		if ("message" in checked) return !checked.message.includes(secret);
		return typeof checked.value === "object";
	});
	fc.assert(property, { numRuns: 2000 });
	t.pass();
});

test("base64 is read with its padding and without", (t) => {
	const property = fc.property(fc.uint8Array({ maxLength: 50 }), fc.boolean(), (bytes, padded) => {
		const text = Buffer.from(bytes).toString("base64");
		const checked = validate({ b: padded ? text : text.replace(/=+$/, "") }, structure({ b: blob() }));
		t.deepEqual(checked, { value: { b: bytes } });
	});
	fc.assert(property);
});
