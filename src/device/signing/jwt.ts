/**
 * Tokens that the device mints: the signing input of a JSON Web Token (RFC 7519), `header.payload`.
 *
 * AWS IoT Core checks the signature of a token and wants it in standard base64, beside the token. Put together again,
 * `token + "." + base64url(signature)`, the two are a JWT of algorithm RS256 that any library verifies.
 * @module
 */
import { utf8Encode, utf8Length } from "../encoding/utf8.js";
import { base64UrlEncode } from "./base64url.js";

/** What every token of a device has in common. */
export interface TokenTemplate {
	/** A JSON object without the claims of {@link MINTED_CLAIMS}. */
	readonly claims: Readonly<Record<string, unknown>>;
	/** Seconds from `iat` to `exp`. */
	readonly lifetime: number;
	/** `kid` of the header: which of the authorizer's keys verifies it (RFC 7515 section 4.1.4). */
	readonly keyId?: string;
}

/** The claims about time and identity of a token (RFC 7519 section 4.1): no template has them. */
export const MINTED_CLAIMS: readonly string[] = ["iat", "exp", "nbf", "jti"];

/** Random bytes that make a token different from every other one. */
export const TOKEN_ID_BYTES = 16;

/** The last second that a Date can tell (ECMA-262 section 21.4.1.1). */
const LATEST = 8_640_000_000_000;

/**
 * Mints a token.
 * @param issuedAt seconds since 1970-01-01T00:00:00Z, whole.
 * @param id {@link TOKEN_ID_BYTES} random bytes: the claim `jti`.
 */
export function mintToken(template: TokenTemplate, issuedAt: number, id: Uint8Array): string {
	return `${partOf(headerOf(template))}.${partOf(payloadOf(template, issuedAt, id))}`;
}

/** Bytes of the longest token that {@link mintToken} may ever make of a template. */
export function longestToken(template: TokenTemplate): number {
	const payload = payloadOf(template, LATEST, new Uint8Array(TOKEN_ID_BYTES));
	return lengthOf(headerOf(template)) + 1 + lengthOf(payload);
}

/** JSON of the header (RFC 7515 section 4.1). */
function headerOf({ keyId }: TokenTemplate): string {
	return JSON.stringify({ alg: "RS256", typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) });
}

/** JSON of the payload. */
function payloadOf({ claims, lifetime }: TokenTemplate, issuedAt: number, id: Uint8Array): string {
	return JSON.stringify({ ...claims, iat: issuedAt, exp: issuedAt + lifetime, jti: base64UrlEncode(id) });
}

function partOf(json: string): string {
	return base64UrlEncode(utf8Encode(json));
}

/** Characters that {@link partOf} would give: three bytes make four, without padding. */
function lengthOf(json: string): number {
	return Math.ceil((utf8Length(json) * 4) / 3);
}
