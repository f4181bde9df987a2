/**
 * Reads a credential from JSON, and refuses what the device or AWS would stumble over later.
 *
 * One layout for two readers: the document that a person or a provisioning tool has, with the private key in it as text; and
 * the one in the device's store, where the key lies beside it as bytes.
 * @module
 */
import { JsonError, parseJson } from "../encoding/json.js";
import type { Digest } from "../ports.js";
import { readEd25519PrivateKey } from "../signing/ed25519-private-key.js";
import { longestToken } from "../signing/jwt.js";
import { readRsaPrivateKey } from "../signing/rsa-private-key.js";
import { readClaims } from "./claims.js";
import type { Credential, Endpoint, KeyedCredential } from "./credential.js";
import { credentialError, integer, membersOf, optional, type Rule, readMember, readText, text } from "./rules.js";

/** The layout of the JSON document; a reader refuses every other. */
export const CREDENTIAL_VERSION = 1;

/**
 * Reads the document that people and tools have.
 * @param json an object: `version`, `mode`, the members of that mode's {@link Credential}, and for the modes with a private
 * key `privateKey`: PEM of PKCS#8 or PKCS#1 for `rsa` and `minted`; PEM of PKCS#8 or the seed's 32 bytes in base64 for
 * `ed25519`, whose public key is derived here, which costs as much as a signature.
 * `endpoint.port` defaults to 443, `endpoint.serverName` to the host, `lifetime` to 300. A text cannot be wiped.
 * @param digest derives the public key.
 * @throws {DeviceError} step `credential`, with the member in `field`; code `not-json`, `too-deep`, `wrong-version`,
 * `unknown-mode`, `missing`, `unknown-member`, `wrong-type`, `wrong-length`, `wrong-form`, `out-of-range`, `reserved-claim`,
 * `inexact-number` or `token-too-long`; step `signing` for a private key that is none, with the codes of
 * `parseRsaPrivateKey` and `readEd25519PrivateKey`. No error quotes a value that may be secret.
 */
export function parseCredential(json: string, digest: Digest): KeyedCredential {
	const members = membersOf(documentOf(json), ROOT);
	const credential = readCredential(members, [PRIVATE_KEY]);
	if (!hasKey(credential.mode)) return { credential };
	const source = readText(members[PRIVATE_KEY], PRIVATE_KEY, text([1, 8192]))!;
	const key = credential.mode === "ed25519" ? readEd25519PrivateKey(source, digest) : readRsaPrivateKey(source);
	return { credential, privateKey: key };
}

/** Reads what {@link formatCredential} wrote; throws as {@link parseCredential}. */
export function parseStoredCredential(json: string): Credential {
	return readCredential(membersOf(documentOf(json), ROOT), []);
}

/** The JSON of a credential, without its private key; the same for the same credential, whatever it was read from. */
export function formatCredential(credential: Credential): string {
	return JSON.stringify({ version: CREDENTIAL_VERSION, ...credential });
}

/** Whether a credential of this mode has a private key. */
export function hasKey(mode: Credential["mode"]): boolean {
	return mode === "rsa" || mode === "minted" || mode === "ed25519";
}

/** How errors call the whole document. */
const ROOT = "credential";
const PRIVATE_KEY = "privateKey";
/** Bytes of a token (API Reference, TestInvokeAuthorizer). */
const LONGEST_TOKEN = 6144;

/** Bounds of the AWS IoT API Reference (TestInvokeAuthorizer, CreateAuthorizer), the AWS IoT Developer Guide and quotas. */
const BASE = {
	clientId: text([1, 128], () => /^[^$\0][^\0]*$/, "no leading $ and no U+0000"),
	authorizerName: optional(text([1, 128], () => /^[\w=,@-]+$/, "letters, digits and _ = , @ -")),
	username: optional(text([0, 4096], () => /^[^?\0]*$/, "no question mark and no U+0000")),
	disconnectAfter: integer([300, 86_400]),
	rotationTopic: optional(
		text(
			[1, 256],
			() => /^(?!\$)[^+#/\0]*(?:\/[^+#/\0]*){0,7}$/,
			"a topic without wildcards, leading $ and U+0000, at most 7 slashes",
		),
	),
};
const PASSWORD = { password: optional(text([0, 4096])) };
const TOKEN_KEY_NAME = text(
	[1, 128],
	() => /^(?!x-amz-customauthorizer-)[\w-]+$/i,
	"letters, digits, _ and -, and no name of AWS",
);
const TOKEN = text([1, LONGEST_TOKEN], () => /^[^\0]*$/, "no U+0000");
const FIELDS: Readonly<Record<Credential["mode"], Readonly<Record<string, Rule>>>> = {
	presigned: {
		...BASE,
		...PASSWORD,
		tokenKeyName: TOKEN_KEY_NAME,
		token: TOKEN,
		signature: text([1, 2560], () => /^[A-Za-z0-9+/]+={0,2}$/, "standard base64 on one line"),
	},
	rsa: { ...BASE, ...PASSWORD, tokenKeyName: TOKEN_KEY_NAME, token: TOKEN },
	minted: {
		...BASE,
		...PASSWORD,
		tokenKeyName: TOKEN_KEY_NAME,
		lifetime: integer([60, 86_400], 300),
		keyId: optional(text([1, 128], () => /^[\x20-\x7e]+$/, "printable ASCII")),
	},
	ed25519: BASE,
	unsigned: { ...BASE, ...PASSWORD, tokenKeyName: optional(TOKEN_KEY_NAME), token: optional(TOKEN) },
};
const HOST = text([1, 253], () => /^[A-Za-z0-9._:-]+$/, "a host name or address");

/** @param keyMembers what a mode with a private key has besides. */
function readCredential(members: Readonly<Record<string, unknown>>, keyMembers: readonly string[]): Credential {
	if (members["version"] !== CREDENTIAL_VERSION)
		throw credentialError("wrong-version", "version", `expected ${CREDENTIAL_VERSION}`);
	const mode = members["mode"];
	if (!isMode(mode)) throw credentialError("unknown-mode", "mode", `expected one of ${Object.keys(FIELDS).join(", ")}`);
	const fields = FIELDS[mode];
	const known = ["version", "mode", "endpoint", ...Object.keys(fields)];
	if (mode === "minted") known.push("claims");
	if (hasKey(mode)) known.push(...keyMembers);
	refuseUnknown(members, known, "");
	const credential: Record<string, unknown> = { mode, endpoint: parseEndpoint(members["endpoint"]) };
	for (const [name, rule] of Object.entries(fields)) {
		const value = readMember(members[name], name, rule);
		if (value !== undefined) credential[name] = value;
	}
	if (mode === "minted") credential["claims"] = readClaims(members["claims"]);
	// What FIELDS demands of a mode is what that mode's type has.
	const complete = credential as unknown as Credential;
	requireUsable(complete);
	return complete;
}

function isMode(mode: unknown): mode is Credential["mode"] {
	return typeof mode === "string" && Object.hasOwn(FIELDS, mode);
}

/** What no member shows by itself. */
function requireUsable(credential: Credential): void {
	if (credential.mode === "unsigned" && (credential.token === undefined) !== (credential.tokenKeyName === undefined))
		throw credentialError("missing", "tokenKeyName", "expected token and tokenKeyName together or neither");
	if (credential.mode !== "minted") return;
	const longest = longestToken(credential);
	if (longest > LONGEST_TOKEN)
		throw credentialError(
			"token-too-long",
			"claims",
			`expected claims whose token stays within ${LONGEST_TOKEN} bytes, it may have ${longest}`,
		);
}

function parseEndpoint(value: unknown): Endpoint {
	const members = membersOf(value, "endpoint");
	refuseUnknown(members, ["host", "port", "serverName"], "endpoint.");
	const host = readText(members["host"], "endpoint.host", HOST)!;
	const port = members["port"] ?? 443;
	if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65535)
		throw credentialError("wrong-type", "endpoint.port", "expected an integer from 1 to 65535");
	if (members["serverName"] === undefined && isAddress(host))
		throw credentialError("missing", "endpoint.serverName", "required where the host is an address");
	const serverName = readText(members["serverName"], "endpoint.serverName", optional(HOST)) ?? host;
	// RFC 6066 section 3; no certificate is taken for an address.
	if (isAddress(serverName))
		throw credentialError("wrong-form", "endpoint.serverName", "expected a host name, not an address");
	return { host, port, serverName };
}

function isAddress(host: string): boolean {
	return /^[\d.]+$|:/.test(host);
}

function documentOf(json: string): unknown {
	try {
		return parseJson(json);
	} catch (error) {
		if (error instanceof JsonError) throw credentialError(error.code, ROOT, error.message);
		throw error;
	}
}

function refuseUnknown(members: object, known: readonly string[], path: string): void {
	for (const name of Object.keys(members)) {
		if (known.includes(name)) continue;
		// What does not look like a name may be anything.
		const told = /^\w{1,40}$/.test(name) ? name : "?";
		throw credentialError("unknown-member", path + told, `expected one of ${known.join(", ")}`);
	}
}
