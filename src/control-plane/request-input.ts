/**
 * Gathers an operation's input from where its members travel: path, query, headers, body.
 * @module
 */
import { ApiError, malformedErrorType, validationErrorType } from "./errors.js";
import { type Operation, pathLabels } from "./operation.js";
import { type Bound, type Shape, shapeOf } from "./shape.js";
import { validate } from "./validate.js";

/** A request, as far as operations are concerned. */
export interface RequestParts {
	/** Values of the path's labels in their order, percent-decoded. */
	readonly labels: readonly string[];
	/** Parameters, percent-decoded. */
	readonly query: ReadonlyMap<string, string>;
	/** By names in small letters. */
	readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
	readonly body: Uint8Array;
}

/**
 * The input of an operation, checked.
 * @returns a value of the type that the row's shape stands for.
 * @throws {ApiError} in AWS's words.
 */
export function readInput(operation: Operation<never>, request: RequestParts): unknown {
	const { service, input, path } = operation;
	const labels = pathLabels(path);
	const hasPayload = Object.values(input.members).some((member) => locationOf(member) === "payload");
	const body = hasPayload ? {} : parseBody(operation, request.body);
	const given = Object.entries(input.members).map(([name, member]): [string, unknown] => {
		if (!("location" in member)) return [name, Object.hasOwn(body, name) ? body[name] : undefined];
		return [name, travelled(name, member, labels, request)];
	});
	const checked = validate(Object.fromEntries(given), input);
	if ("message" in checked) throw new ApiError(validationErrorType(service), checked.message);
	return checked.value;
}

function locationOf(member: Shape | Bound): Bound["location"] | undefined {
	return "location" in member ? member.location : undefined;
}

function travelled(name: string, member: Bound, labels: readonly string[], request: RequestParts): unknown {
	const { location, wireName = name } = member;
	switch (location) {
		case "uri":
			return request.labels[labels.indexOf(name)];
		case "query":
			return textValue(request.query.get(wireName), shapeOf(member));
		case "header":
			return textValue(headerText(request, wireName), shapeOf(member));
		case "payload":
			return request.body;
	}
}

function headerText({ headers }: RequestParts, name: string): string | undefined {
	const value = headers[name.toLowerCase()];
	return typeof value === "string" ? value : value?.join(",");
}

/** Text as the JSON value that it spells; what spells none stays text and is refused as such. */
function textValue(text: string | undefined, shape: Shape): unknown {
	if (text === undefined) return undefined;
	if (shape.type === "integer" && /^-?\d{1,10}$/.test(text)) return Number(text);
	if (shape.type === "boolean" && /^(?:true|false)$/i.test(text)) return text.toLowerCase() === "true";
	return text;
}

/** A body that is absent stands for `{}`; AWS's texts for others are unknown, so these are chosen. */
function parseBody({ service }: Operation<never>, body: Uint8Array): Readonly<Record<string, unknown>> {
	if (body.length === 0) return {};
	const refuse = (why: string) => new ApiError(malformedErrorType(service), `The request body ${why}`);
	let value: unknown;
	try {
		value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
	} catch (error) {
		// The parser's own words would repeat the body, in which secrets travel.
		throw refuse(error instanceof SyntaxError ? "is not valid JSON" : "is not valid UTF-8");
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw refuse("must be a JSON object");
	return value as Readonly<Record<string, unknown>>;
}
