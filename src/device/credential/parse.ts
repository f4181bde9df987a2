/**
 * Reads a credential from the JSON that provisioning wrote, and refuses what the device or AWS would stumble over later.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { utf8Length } from "../encoding/utf8.js";
import type { Credential, Endpoint } from "./credential.js";

/** The layout of the JSON document; a reader refuses every other. */
export const CREDENTIAL_VERSION = 1;

/**
 * @param text a JSON object: `version`, `mode`, and the members of that mode's {@link Credential}.
 * `endpoint.port` defaults to 443 and `endpoint.serverName` to the host.
 * @throws {DeviceError} step `credential`, with the member in `field`; code `not-json`, `wrong-version`, `unknown-mode`,
 * `missing`, `unknown-member`, `wrong-type`, `wrong-length` or `wrong-form`. No error quotes a value that may be secret.
 */
export function parseCredential(text: string): Credential {
	const members = membersOf(parseJson(text), "");
	if (members["version"] !== CREDENTIAL_VERSION)
		throw credentialError("wrong-version", "version", `expected ${CREDENTIAL_VERSION}`);
	const mode = members["mode"];
	if (mode !== "presigned" && mode !== "rsa" && mode !== "unsigned")
		throw credentialError("unknown-mode", "mode", "expected presigned, rsa or unsigned");
	const fields = FIELDS[mode];
	refuseUnknown(members, ["version", "mode", "endpoint", ...Object.keys(fields)], "");
	const credential: Record<string, unknown> = { mode, endpoint: parseEndpoint(members["endpoint"]) };
	for (const [name, field] of Object.entries(fields)) {
		const value = readText(members[name], name, field);
		if (value !== undefined) credential[name] = value;
	}
	if ((credential["token"] === undefined) !== (credential["tokenKeyName"] === undefined))
		throw credentialError("missing", "tokenKeyName", "expected token and tokenKeyName together or neither");
	// What FIELDS demands of a mode is what that mode's type has.
	return credential as unknown as Credential;
}

interface TextRule {
	readonly required: boolean;
	/** Bytes of UTF-8, both inclusive. */
	readonly length: readonly [number, number];
	readonly form?: RegExp;
	/** The form in words. */
	readonly expected?: string;
}

const required = (length: readonly [number, number], form?: RegExp, expected?: string): TextRule => ({
	required: true,
	length,
	...(form === undefined || expected === undefined ? {} : { form, expected }),
});
const optional = (rule: TextRule): TextRule => ({ ...rule, required: false });

/** Bounds of the AWS IoT API Reference (TestInvokeAuthorizer, CreateAuthorizer) and quotas. */
const BASE = {
	clientId: required([1, 128], /^[^$\0][^\0]*$/, "no leading $ and no U+0000"),
	authorizerName: optional(required([1, 128], /^[\w=,@-]+$/, "letters, digits and _ = , @ -")),
	username: optional(required([0, 4096], /^[^?\0]*$/, "no question mark and no U+0000")),
	password: optional(required([0, 4096])),
};
const TOKEN = {
	tokenKeyName: required(
		[1, 128],
		/^(?!x-amz-customauthorizer-)[\w-]+$/i,
		"letters, digits, _ and -, and no name of AWS",
	),
	token: required([1, 6144], /^[^\0]*$/, "no U+0000"),
};
const FIELDS: Readonly<Record<Credential["mode"], Readonly<Record<string, TextRule>>>> = {
	presigned: {
		...BASE,
		...TOKEN,
		signature: required([1, 2560], /^[A-Za-z0-9+/]+={0,2}$/, "standard base64 on one line"),
	},
	rsa: { ...BASE, ...TOKEN, privateKey: required([1, 8192]) },
	unsigned: { ...BASE, tokenKeyName: optional(TOKEN.tokenKeyName), token: optional(TOKEN.token) },
};
const HOST = required([1, 253], /^[A-Za-z0-9._:-]+$/, "a host name or address");

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

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// The engine's message quotes the text around the fault, which may be the token: it is left out.
		throw credentialError("not-json", "credential", "the text is not JSON");
	}
}

function membersOf(value: unknown, field: string): Readonly<Record<string, unknown>> {
	if (value === undefined) throw credentialError("missing", field, "required, but not there");
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw credentialError("wrong-type", field === "" ? "credential" : field, "expected a JSON object");
	return value as Record<string, unknown>;
}

function refuseUnknown(members: object, known: readonly string[], path: string): void {
	for (const name of Object.keys(members))
		if (!known.includes(name))
			throw credentialError("unknown-member", path + name, `expected one of ${known.join(", ")}`);
}

function readText(value: unknown, field: string, rule: TextRule): string | undefined {
	if (value === undefined) {
		if (!rule.required) return undefined;
		throw credentialError("missing", field, "required, but not there");
	}
	if (typeof value !== "string") throw credentialError("wrong-type", field, `expected a string, got ${typeof value}`);
	const length = utf8Length(value);
	const [least, most] = rule.length;
	if (length < least || length > most)
		throw credentialError("wrong-length", field, `expected ${least}..${most} bytes, got ${length}`);
	if (/[\ud800-\udfff]/u.test(value)) throw credentialError("wrong-form", field, "expected well-formed Unicode");
	if (rule.form !== undefined && !rule.form.test(value))
		throw credentialError("wrong-form", field, `expected ${rule.expected}`);
	return value;
}

function credentialError(code: string, field: string, cause: string): DeviceError {
	return new DeviceError({
		code,
		step: "credential",
		field,
		cause,
		remedy: "correct the credential and provision the device again",
	});
}
