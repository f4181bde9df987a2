/**
 * The claims of mode `minted`: any JSON object that says the same after it was read and written again on the device.
 * @module
 */
import { MINTED_CLAIMS } from "../signing/jwt.js";
import { credentialError, membersOf, requireWellFormed } from "./rules.js";

const FIELD = "claims";

/**
 * The claims as they are, once they are known to be good.
 * @throws {DeviceError} step `credential`, field `claims` or below; code `missing`, `wrong-type`, `reserved-claim` for one that
 * the device makes itself, `wrong-form` for text that is no Unicode, `inexact-number` for a number that JavaScript would
 * change: an integer beyond 2^53 - 1, or one beyond all bounds.
 */
export function readClaims(value: unknown): Readonly<Record<string, unknown>> {
	const claims = membersOf(value, FIELD);
	for (const name of MINTED_CLAIMS)
		if (Object.hasOwn(claims, name))
			throw credentialError("reserved-claim", `${FIELD}.${name}`, "the device makes this claim itself for each token");
	requireExact(claims);
	return claims;
}

/** How deep it goes is bounded for the whole of a credential. */
function requireExact(value: unknown): void {
	if (typeof value === "string") requireWellFormed(value, FIELD);
	else if (typeof value === "number") requireExactNumber(value);
	else if (typeof value === "object" && value !== null)
		for (const [name, member] of Object.entries(value)) {
			requireWellFormed(name, FIELD);
			requireExact(member);
		}
}

function requireExactNumber(value: number): void {
	if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return;
	throw credentialError("inexact-number", FIELD, "expected integers within 2^53 - 1, and larger ones as text");
}
