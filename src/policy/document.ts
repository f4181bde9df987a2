/**
 * AWS IoT policy documents: from JSON to checked values.
 *
 * A document that is not understood whole is refused: ignoring one member of a Deny could open what it closes.
 * @module
 */
import { isResource } from "./arn.js";
import { compilePattern, type Pattern, type PatternList } from "./pattern.js";
import { printable } from "./printable.js";

export interface PolicyStatement {
	readonly sid?: string;
	readonly effect: "Allow" | "Deny";
	readonly actions: PatternList;
	readonly resources: PatternList;
}

export interface PolicyDocument {
	readonly version: "2012-10-17" | "2008-10-17";
	readonly statements: readonly PolicyStatement[];
}

/** A document that AWS would refuse. `message` is AWS's text, `detail` says where and what was expected. */
export class MalformedPolicyError extends Error {
	override readonly name = "MalformedPolicyError";
	readonly code = "malformed-policy";
	readonly detail: string;

	constructor(detail: string, problem = "Invalid policy syntax.") {
		super(`Policy document is Malformed: ${problem}`);
		this.detail = detail;
	}
}

/** A document that AWS takes and this engine does not evaluate; refusing it is safer than ignoring a part of it. */
export class UnsupportedPolicyElementError extends Error {
	override readonly name = "UnsupportedPolicyElementError";
	readonly code = "unsupported-policy-element";
	readonly detail: string;

	constructor(path: string) {
		super(`Policy element not supported: ${path}`);
		this.detail = `${path} is not supported by this policy engine yet, and leaving it out would change the policy's meaning`;
	}
}

type Members = Readonly<Record<string, unknown>>;

const DOCUMENT_MEMBERS = ["Version", "Id", "Statement"];
const STATEMENT_MEMBERS = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource"];
const ACTION = /^(?:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/;

/**
 * Reads a policy document.
 * @param source JSON text, or the value such a text stands for.
 * @throws {MalformedPolicyError} where AWS IoT refuses the document.
 * @throws {UnsupportedPolicyElementError} for a Condition.
 */
export function parsePolicyDocument(source: unknown): PolicyDocument {
	const document = membersOf(typeof source === "string" ? parseJson(source) : source, "the document");
	refuseUnknownMembers(document, DOCUMENT_MEMBERS, "");
	const version = document["Version"];
	if (version !== "2012-10-17" && version !== "2008-10-17") {
		throw new MalformedPolicyError(`Version: expected "2012-10-17", got ${shown(version)}`);
	}
	const given = document["Statement"];
	const statements = Array.isArray(given) ? given : [given];
	return {
		version,
		statements: statements.map((statement, index) =>
			parseStatement(statement, Array.isArray(given) ? `Statement[${index}]` : "Statement", version === "2012-10-17"),
		),
	};
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		throw new MalformedPolicyError("the document is not JSON");
	}
}

function parseStatement(value: unknown, path: string, variables: boolean): PolicyStatement {
	const statement = membersOf(value, path);
	if (Object.hasOwn(statement, "Condition")) throw new UnsupportedPolicyElementError(`${path}.Condition`);
	refuseUnknownMembers(statement, STATEMENT_MEMBERS, `${path}.`);
	const effect = statement["Effect"];
	if (effect !== "Allow" && effect !== "Deny") {
		throw new MalformedPolicyError(`${path}.Effect: expected "Allow" or "Deny", got ${shown(effect)}`);
	}
	const sid = statement["Sid"];
	if (sid !== undefined && typeof sid !== "string") {
		throw new MalformedPolicyError(`${path}.Sid: expected a string, got ${shown(sid)}`);
	}
	return {
		...(sid === undefined ? {} : { sid }),
		effect,
		actions: parseList(statement, "Action", path, parseAction),
		resources: parseList(statement, "Resource", path, (text, at) => parseResource(text, at, variables)),
	};
}

/** Reads `Name` or `NotName`, of which exactly one must be there: a string or a list of strings. */
function parseList(
	statement: Members,
	name: "Action" | "Resource",
	path: string,
	parse: (text: string, path: string) => Pattern,
): PatternList {
	const negated = Object.hasOwn(statement, `Not${name}`);
	if (negated === Object.hasOwn(statement, name)) {
		throw new MalformedPolicyError(
			`${path}: expected one of ${name} and Not${name}, got ${negated ? "both" : "neither"}`,
		);
	}
	const at = `${path}.${negated ? "Not" : ""}${name}`;
	const given = statement[negated ? `Not${name}` : name];
	const list: readonly unknown[] = Array.isArray(given) ? given : [given];
	if (list.length === 0) throw new MalformedPolicyError(`${at}: expected at least one entry, got an empty list`);
	const patterns = list.map((entry) => {
		if (typeof entry !== "string") throw new MalformedPolicyError(`${at}: expected strings, got ${shown(entry)}`);
		return parse(entry, at);
	});
	return { negated, patterns };
}

function parseAction(text: string, path: string): Pattern {
	if (!ACTION.test(text)) {
		throw new MalformedPolicyError(`${path}: expected an action such as "iot:Connect" or "iot:*", got ${shown(text)}`);
	}
	return compilePattern(text, false);
}

function parseResource(text: string, path: string, variables: boolean): Pattern {
	if (!isResource(text)) {
		const hint = text.trimStart().startsWith("[") ? " (a list written as text: take the quotation marks off)" : "";
		throw new MalformedPolicyError(
			`${path}: expected "*" or arn:partition:iot:region:account:type/name, got ${shown(text)}${hint}`,
			`The resource ${text} is not in valid ARN format`,
		);
	}
	return compilePattern(text, variables);
}

function membersOf(value: unknown, path: string): Members {
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		throw new MalformedPolicyError(`${path}: expected an object, got ${shown(value)}`);
	}
	return value as Members;
}

function refuseUnknownMembers(members: Members, known: readonly string[], prefix: string): void {
	const unknown = Object.keys(members).find((name) => !known.includes(name));
	if (unknown === undefined) return;
	throw new MalformedPolicyError(
		`${prefix}${printable(unknown, unknown.length)}: no such element; expected ${known.join(", ")}`,
	);
}

/** A JSON value for a person; a string whole, so that who knows the secrets in it can still find them. */
function shown(value: unknown): string {
	if (typeof value === "string") return `"${printable(value, value.length)}"`;
	if (value === undefined) return "nothing";
	if (Array.isArray(value)) return "a list";
	return typeof value === "object" && value !== null ? "an object" : String(value);
}
