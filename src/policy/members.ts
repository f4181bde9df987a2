/**
 * The members of a JSON object in a policy.
 * @module
 */
import { MalformedPolicyError, shown } from "./malformed.js";

export type Members = Readonly<Record<string, unknown>>;

/** @throws {MalformedPolicyError} for what is no object. */
export function membersOf(value: unknown, path: string): Members {
	if (typeof value !== "object" || value === null || Array.isArray(value)) {
		throw new MalformedPolicyError(`${path}: expected an object, got ${shown(value)}`);
	}
	return value as Members;
}

/** @throws {MalformedPolicyError} for a member that is not known; names are compared letter by letter. */
export function refuseUnknownMembers(members: Members, known: readonly string[], prefix: string): void {
	const unknown = Object.keys(members).find((name) => !known.includes(name));
	if (unknown === undefined) return;
	const name = shown(unknown).slice(1, -1);
	throw new MalformedPolicyError(`${prefix}${name}: no such element; expected ${known.join(", ")}`);
}
