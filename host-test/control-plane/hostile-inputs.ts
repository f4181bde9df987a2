/**
 * Requests for operations, made out of their shapes: ones that keep to the shape, and ones of which one member does not.
 * @module
 */
import fc, { type Arbitrary } from "fast-check";
import type { Operation } from "../../src/control-plane/operation.js";
import { type Bound, type Shape, type StringShape, shapeOf } from "../../src/control-plane/shape.js";
import { arn } from "./site.js";
import type { WireRequest } from "./wire.js";

/** Members of a request by their names, as JSON would carry them. */
type Values = Readonly<Record<string, unknown>>;

const LETTERS = "aA0-_=,@.:+/";

/** Values that keep to a shape. */
function fitting(shape: Shape): Arbitrary<unknown> {
	switch (shape.type) {
		case "string":
			return fittingString(shape);
		case "word":
			return fc.constantFrom(...shape.words);
		case "integer":
			return fc.integer({ min: shape.min ?? 0, max: shape.max ?? 1000 });
		case "boolean":
			return fc.boolean();
		case "blob":
			return fc.base64String({ minLength: 4, maxLength: 40 });
		case "list":
			return fc.array(fitting(shape.member as Shape), { minLength: Math.max(1, shape.min ?? 0), maxLength: 3 });
		case "map":
			return fc.dictionary(fittingString(shape.key), fitting(shape.value as Shape), { minKeys: 1, maxKeys: 3 });
		case "unsupported":
			return fc.constant(shape.harmless);
		case "structure":
			return fc.record(
				Object.fromEntries(Object.entries(shape.members).map(([name, member]) => [name, fitting(shapeOf(member))])),
				{ requiredKeys: [...shape.required] },
			);
	}
}

function fittingString({ pattern, min = 0, max = 40, expression }: StringShape): Arbitrary<string> {
	const bounds = { minLength: Math.max(1, min), maxLength: Math.max(1, Math.min(max, 12)) };
	const free = fc.oneof(
		fc.string({ ...bounds, unit: fc.constantFrom(...LETTERS) }),
		fc.string({ ...bounds, unit: "binary" }),
	);
	// Classes of Unicode are more than the generator knows.
	const readable = (pattern ?? "").replaceAll(/\\p\{\w\}/g, "a-z");
	const other =
		expression === undefined || ANYTHING.has(pattern ?? "")
			? free
			: fc.stringMatching(new RegExp(`^(?:${readable})$`), { maxLength: 60 });
	const usual = USUAL.filter((text) => (expression?.test(text) ?? true) && text.length <= max);
	return fc
		.oneof(...(usual.length === 0 ? [] : [fc.constantFrom(...usual)]), other)
		.filter((text) => text.length >= min && text.length <= max);
}

/** Texts that mean something somewhere, so that calls have to do with each other. */
const USUAL = [
	"a",
	"b",
	"Signed",
	"1",
	"__proto__",
	"constructor",
	"$LATEST",
	arn("lambda", "function:Scripted"),
	arn("iot", `cert/${"a".repeat(64)}`),
	arn("iot", "authorizer/Signed"),
	JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "iot:*", Resource: "*" }] }),
];

/** Patterns that say nothing. */
const ANYTHING: ReadonlySet<string> = new Set(["[\\s\\S]*"]);

/** Values that do not keep to a shape, in a place where JSON carries types. */
function breaking(shape: Shape): Arbitrary<unknown> {
	switch (shape.type) {
		case "string":
			return fc.oneof(fc.integer(), fc.boolean(), fc.constantFrom([], {}, ["a"]), ...tooLong(shape));
		case "word":
			return fc.oneof(fc.integer(), fc.constantFrom("", "NO", "active", [], {}));
		case "integer":
			return fc.constantFrom("x", "1", 1.5, 1e300, true, [], {});
		case "boolean":
			return fc.constantFrom("true", 1, 0, [], {});
		case "blob":
			return fc.constantFrom("A", "QQ=Q", "__--", 1, true, [], {});
		case "list":
			return fc.oneof(
				fc.constantFrom("a", 1, {}, true),
				breaking(shape.member as Shape).map((member) => [member]),
			);
		case "map":
			return fc.oneof(
				fc.constantFrom("a", 1, [], true),
				breaking(shape.value as Shape).map((value) => ({ a: value })),
			);
		case "unsupported":
			return fc.constantFrom("x", 1, ["x"], { x: 1 });
		case "structure":
			return fc.oneof(fc.constantFrom("a", 1, [], true), ...brokenMembers(shape));
	}
}

function tooLong({ max, min = 0, expression }: StringShape): Arbitrary<string>[] {
	const long = max === undefined || max > 70_000 ? [] : [fc.constant("a".repeat(max + 1))];
	const short = min > 0 ? [fc.constant("")] : [];
	const odd = expression === undefined || expression.test(" !\n") ? [] : [fc.constant(" !\n")];
	return [...long, ...short, ...odd];
}

function brokenMembers(shape: Extract<Shape, { type: "structure" }>): Arbitrary<unknown>[] {
	return Object.entries(shape.members).map(([name, member]) =>
		fc.record({ whole: fitting(shape), wrong: breaking(shapeOf(member)) }).map(({ whole, wrong }) => ({
			...(whole as Values),
			[name]: wrong,
		})),
	);
}

/** Requests that keep to the operation's shape; what they name need not exist. */
export function fittingRequests(operation: Operation<never>): Arbitrary<WireRequest> {
	return fitting(operation.input).map((values) => asRequest(operation, values as Values));
}

/** Requests of which one member breaks its shape: one of the body, the query or the path. */
export function brokenRequests(operation: Operation<never>): Arbitrary<WireRequest> {
	const breakable = Object.entries(operation.input.members).filter(([, member]) => isBreakable(member));
	if (breakable.length === 0) return fc.constant({ method: operation.method, target: "/no/such/path" });
	return fc
		.constantFrom(...breakable)
		.chain(([name, member]) =>
			fc
				.record({ whole: fitting(operation.input), wrong: wrongOnWire(member) })
				.map(({ whole, wrong }) => asRequest(operation, { ...(whole as Values), [name]: wrong })),
		);
}

/** In path, query and headers everything is text, so that only some shapes can be broken there. */
function isBreakable(member: Shape | Bound): boolean {
	const shape = shapeOf(member);
	if (!("location" in member)) return true;
	if (member.location === "payload" || member.location === "header") return false;
	return shape.type !== "string" || tooLong(shape).length > 0;
}

function wrongOnWire(member: Shape | Bound): Arbitrary<unknown> {
	const shape = shapeOf(member);
	if (!("location" in member)) return breaking(shape);
	if (shape.type === "string")
		return fc.oneof(...tooLong(shape)).filter((text) => text !== "" || member.location !== "uri");
	return fc.constantFrom("x!", "1.5", "-", "tru", "9".repeat(30));
}

function asRequest({ method, path, input }: Operation<never>, values: Values): WireRequest {
	const given = Object.entries(input.members).flatMap(([name, member]) =>
		values[name] === undefined ? [] : [{ name, member, value: values[name] }],
	);
	const at = (location: Bound["location"]) =>
		given.flatMap(({ name, member, value }) =>
			"location" in member && member.location === location
				? [{ name: member.wireName ?? name, text: encode(String(value)) }]
				: [],
		);
	const labelled = at("uri").reduce(
		(target, { name, text }) => target.replace(new RegExp(`\\{${name}\\+?\\}`), () => text),
		path,
	);
	const query = at("query").map(({ name, text }) => `${name}=${text}`);
	const body = given.flatMap(({ name, member, value }) => ("location" in member ? [] : [[name, value]]));
	const hasBody = method !== "GET" && method !== "DELETE";
	return {
		method,
		target: query.length === 0 ? labelled : `${labelled}?${query.join("&")}`,
		headers: at("header").map(({ name, text }) => [name, text] as const),
		body: hasBody ? JSON.stringify(Object.fromEntries(body)) : undefined,
	};
}

/** A lone surrogate cannot be sent. */
function encode(text: string): string {
	return encodeURIComponent(text.replace(/\p{Cs}/gu, "x"));
}
