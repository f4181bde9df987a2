/**
 * JSON as policies are written in it: a name may stand only once in an object.
 * @module
 */
import { MalformedPolicyError, shown } from "./malformed.js";

/**
 * Reads JSON, refusing a name that an object has twice: "Individual elements must not contain multiple instances of the
 * same key" (IAM User Guide, "Grammar of the IAM JSON policy language"). JSON.parse would quietly keep the last one, so
 * that a Deny which a person reads might not be the one in force.
 * @throws {MalformedPolicyError}
 */
export function parseJson(text: string): unknown {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		throw new MalformedPolicyError("the document is not JSON");
	}
	refuseDuplicateNames(text);
	return value;
}

/** A string or a mark of structure; numbers and words between them do not matter here. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g;

/** @param text valid JSON. Its depth is kept in a list, not on the stack. */
function refuseDuplicateNames(text: string): void {
	/** The names of each open object; undefined for an open list. */
	const open: (Set<string> | undefined)[] = [];
	let latest = "";
	for (const [token] of text.matchAll(TOKENS)) {
		if (token === "{") open.push(new Set());
		else if (token === "[") open.push(undefined);
		else if (token === "}" || token === "]") open.pop();
		else if (token !== ":") latest = token;
		else addName(open.at(-1), latest);
	}
}

/** @param token the string before a colon, as written: an escape must not hide that it is the same name. */
function addName(names: Set<string> | undefined, token: string): void {
	const name: unknown = token.includes("\\") ? JSON.parse(token) : token.slice(1, -1);
	if (names === undefined || typeof name !== "string") return;
	if (names.has(name)) throw new MalformedPolicyError(`${shown(name)} stands twice in one object`);
	names.add(name);
}
