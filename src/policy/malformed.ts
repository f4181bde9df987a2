/**
 * The refusal of a policy document, in AWS's words and in ours.
 * @module
 */
import { printable } from "./printable.js";

/**
 * A document that AWS would refuse (MalformedPolicyException). `message` is AWS's text, `detail` says where and what was
 * expected.
 */
export class MalformedPolicyError extends Error {
	override readonly name: string = "MalformedPolicyError";
	readonly code: "malformed-policy" | "policy-too-large" = "malformed-policy";
	readonly detail: string;

	/** @param message AWS's own, whole. */
	constructor(detail: string, message = "Policy document is Malformed: Invalid policy syntax.") {
		super(message);
		this.detail = detail;
	}
}

/** A JSON value for a person; a string whole, so that who knows the secrets in it can still find them. */
export function shown(value: unknown): string {
	if (typeof value === "string") return `"${printable(value, value.length)}"`;
	if (value === undefined) return "nothing";
	if (Array.isArray(value)) return "a list";
	return typeof value === "object" && value !== null ? "an object" : String(value);
}
