/**
 * From a credential to what goes on the wire: MQTT CONNECT fields, TLS server name and ALPN, host and port.
 *
 * AWS IoT Core reads the username as a query string: `user?x-amz-customauthorizer-name=…` and so on
 * (AWS IoT Developer Guide, "Connecting to AWS IoT Core by using custom authentication").
 * @module
 */
import type { Credential } from "./credential/index.js";
import { DeviceError } from "./device-error.js";
import { utf8Encode, utf8Length } from "./encoding/utf8.js";
import type { Proof } from "./signing/index.js";

/** The ALPN protocol name that selects MQTT with custom authentication on port 443. */
const ALPN_MQTT = "mqtt";

/** Everything one connection attempt needs to know. Holds secrets: never log it. */
export interface ConnectFields {
	readonly clientId: string;
	/** Absent when there is nothing to say; empty beside a password, which MQTT 3.1.1 never sends alone [MQTT-3.1.2-22]. */
	readonly username?: string;
	readonly password?: Uint8Array;
	readonly host: string;
	readonly port: number;
	readonly serverName: string;
	readonly applicationLayerProtocolNegotiation: readonly string[];
}

/** The parts of the MQTT username, none of them encoded yet. */
export interface UsernameParts {
	/** Free text before the `?`; it must not hold one itself. */
	readonly username?: string | undefined;
	/** Left out: the default authorizer decides. */
	readonly authorizerName?: string | undefined;
	/** Standard base64; left out where signing is disabled. */
	readonly signature?: string | undefined;
	/** Token and the name of its parameter; both or neither. */
	readonly tokenKeyName?: string | undefined;
	readonly token?: string | undefined;
}

/** Longest UTF-8 string in an MQTT packet, bytes (MQTT 5 section 1.5.4). */
const MAX_STRING = 65535;

/**
 * The MQTT username for AWS IoT Core, every name and value URL-encoded, in the documented order: name, signature, token.
 * @throws {DeviceError} step `connect-fields`; code `username-has-query`, `token-incomplete`, `ill-formed-text` or
 * `username-too-long` (over 65535 bytes once encoded).
 */
export function encodeUsername(parts: UsernameParts): string {
	const { username = "", authorizerName, signature, tokenKeyName, token } = parts;
	if (username.includes("?"))
		throw fieldsError(
			"username-has-query",
			"expected no question mark before the query",
			"take it out of the username",
		);
	if ((token === undefined) !== (tokenKeyName === undefined) || (signature !== undefined && token === undefined))
		throw fieldsError(
			"token-incomplete",
			"expected token and token key name together, and both with a signature",
			"give all of token, token key name and signature, or leave the signature out if signing is disabled",
		);
	const query: string[] = [];
	if (authorizerName !== undefined) query.push(pair("x-amz-customauthorizer-name", authorizerName));
	if (signature !== undefined) query.push(pair("x-amz-customauthorizer-signature", signature));
	if (tokenKeyName !== undefined && token !== undefined) query.push(pair(tokenKeyName, token));
	const encoded = query.length === 0 ? username : `${username}?${query.join("&")}`;
	const length = utf8Length(encoded);
	if (length > MAX_STRING)
		throw fieldsError(
			"username-too-long",
			`expected at most ${MAX_STRING} bytes, got ${length}`,
			"use a shorter token",
		);
	return encoded;
}

/**
 * The fields of one connection.
 * @param proof as `makeProof` makes it of the same credential.
 * @throws {DeviceError} as {@link encodeUsername}.
 */
export function buildConnectFields(credential: Credential, proof: Proof): ConnectFields {
	const { clientId, endpoint, authorizerName } = credential;
	const { token, signature } = proof;
	// An authorizer with signing disabled knows no token; there the password is the proof.
	const { tokenKeyName, password = proof.password }: Given = credential.mode === "ed25519" ? {} : credential;
	const username = encodeUsername({ username: credential.username, authorizerName, signature, tokenKeyName, token });
	return {
		clientId,
		...(username === "" && password === undefined ? {} : { username }),
		...(password === undefined ? {} : { password: utf8Encode(password) }),
		host: endpoint.host,
		port: endpoint.port,
		serverName: endpoint.serverName,
		applicationLayerProtocolNegotiation: [ALPN_MQTT],
	};
}

interface Given {
	readonly tokenKeyName?: string;
	readonly password?: string;
}

function pair(name: string, value: string): string {
	try {
		return `${encodeURIComponent(name)}=${encodeURIComponent(value)}`;
	} catch {
		throw fieldsError(
			"ill-formed-text",
			"expected well-formed Unicode, got a lone surrogate",
			"correct the credential",
		);
	}
}

function fieldsError(code: string, cause: string, remedy: string): DeviceError {
	return new DeviceError({ code, step: "connect-fields", field: "username", cause, remedy });
}
