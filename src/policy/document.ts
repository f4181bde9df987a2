/**
 * AWS IoT policy documents: from JSON to checked values.
 *
 * A document that is not understood whole is refused: ignoring one member of a Deny could open what it closes.
 * @module
 */
import { isResource } from "./arn.js";
import type { ConditionClause } from "./condition.js";
import { readCondition } from "./condition-reader.js";
import { parseJson } from "./json-text.js";
import { MalformedPolicyError, shown } from "./malformed.js";
import { type Members, membersOf, refuseUnknownMembers } from "./members.js";
import { compilePattern, type Pattern } from "./pattern.js";
import type { PatternList } from "./pattern-list.js";

export interface PolicyStatement {
	readonly sid?: string;
	readonly effect: "Allow" | "Deny";
	/** Patterns in lower case: "The prefix and the action name are case insensitive" (IAM User Guide, "Action"). */
	readonly actions: PatternList;
	readonly resources: PatternList;
	/** All have to hold; none where the statement has no Condition. */
	readonly conditions: readonly ConditionClause[];
}

export interface PolicyDocument {
	readonly version: "2012-10-17" | "2008-10-17";
	readonly statements: readonly PolicyStatement[];
}

const DOCUMENT_MEMBERS = ["Version", "Id", "Statement"];
const STATEMENT_MEMBERS = ["Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"];
const ACTION = /^(?:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/;

/**
 * Reads a policy document. Its size is not checked, see `checkPolicySize`.
 *
 * Id and Sid are labels and may be any string, a Sid also twice: IAM's rules for them (letters and digits, unique) are
 * not documented for AWS IoT.
 * @param source JSON text, or the value such a text stands for. Only in a text can a name be found twice.
 * @throws {MalformedPolicyError} where AWS IoT refuses the document.
 */
export function parsePolicyDocument(source: unknown): PolicyDocument {
	const document = membersOf(typeof source === "string" ? parseJson(source) : source, "the document");
	refuseUnknownMembers(document, DOCUMENT_MEMBERS, "");
	const version = readVersion(document["Version"]);
	readLabel(document, "Id", "");
	const given = document["Statement"];
	const statements = Array.isArray(given) ? given : [given];
	return {
		version,
		statements: statements.map((statement, index) =>
			parseStatement(statement, Array.isArray(given) ? `Statement[${index}]` : "Statement", version === "2012-10-17"),
		),
	};
}

function readVersion(version: unknown): PolicyDocument["version"] {
	if (version === "2012-10-17" || version === "2008-10-17") return version;
	// An example of AWS's own guide is printed with blanks and tabs within the quotation marks.
	const trimmed = typeof version === "string" ? version.trim() : undefined;
	const hint = trimmed === "2012-10-17" || trimmed === "2008-10-17" ? ": take the white space around it away" : "";
	throw new MalformedPolicyError(`Version: expected "2012-10-17", got ${shown(version)}${hint}`);
}

function parseStatement(value: unknown, path: string, variables: boolean): PolicyStatement {
	const statement = membersOf(value, path);
	refuseUnknownMembers(statement, STATEMENT_MEMBERS, `${path}.`);
	const effect = statement["Effect"];
	if (effect !== "Allow" && effect !== "Deny") {
		throw new MalformedPolicyError(`${path}.Effect: expected "Allow" or "Deny", got ${shown(effect)}`);
	}
	const sid = readLabel(statement, "Sid", `${path}.`);
	const condition = statement["Condition"];
	return {
		...(sid === undefined ? {} : { sid }),
		effect,
		actions: parseList(statement, "Action", path, parseAction),
		resources: parseList(statement, "Resource", path, (text, at) => parseResource(text, at, variables)),
		conditions: condition === undefined ? [] : readCondition(condition, `${path}.Condition`, variables),
	};
}

function readLabel(members: Members, name: "Id" | "Sid", prefix: string): string | undefined {
	const label = members[name];
	if (label === undefined || typeof label === "string") return label;
	throw new MalformedPolicyError(`${prefix}${name}: expected a string, got ${shown(label)}`);
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
	return { ...compilePattern(text.toLowerCase(), false), source: text };
}

function parseResource(text: string, path: string, variables: boolean): Pattern {
	if (!isResource(text)) {
		const hint = text.trimStart().startsWith("[") ? " (a list written as text: take the quotation marks off)" : "";
		throw new MalformedPolicyError(
			`${path}: expected "*" or arn:partition:iot:region:account:type/name, got ${shown(text)}${hint}`,
			`Policy document is Malformed: The resource ${text} is not in valid ARN format`,
		);
	}
	return compilePattern(text, variables);
}
