/**
 * What a device was given: who it is, where it connects, and how it proves who it is. Private keys are not in here: they
 * are bytes beside it, so that they can be wiped.
 * @module
 */

/** Where the gateway is and by what name it is known. */
export interface Endpoint {
	/** Name or address to reach by TCP, 1..253 characters. */
	readonly host: string;
	/** TCP port, 1..65535; 443 on AWS IoT Core. */
	readonly port: number;
	/** Name for SNI and for the certificate; the host unless the two differ. */
	readonly serverName: string;
}

interface CredentialBase {
	/** MQTT client identifier, 1..128 bytes of UTF-8, no leading `$` (AWS IoT Core quotas). */
	readonly clientId: string;
	readonly endpoint: Endpoint;
	/** Absent where the domain configuration or the account has a default authorizer. */
	readonly authorizerName?: string;
	/** Free text before the `?` of the MQTT username, handed to the authorizer's function. */
	readonly username?: string;
	/**
	 * Seconds, 300..86400: the `disconnectAfterInSeconds` that the function answers with (AWS IoT Developer Guide, "Defining
	 * your Lambda function"). The device connects anew ahead of it.
	 */
	readonly disconnectAfter?: number;
	/** Topic on which a new credential may arrive: 1..256 bytes, no wildcards, at most seven slashes (AWS IoT Core quotas). */
	readonly rotationTopic?: string;
}

interface Password {
	/** The MQTT password, handed to the authorizer's function. */
	readonly password?: string;
}

/** A token of 1..6144 bytes (API Reference, TestInvokeAuthorizer) under the authorizer's token key name. */
interface Token {
	readonly tokenKeyName: string;
	readonly token: string;
}

/** Token and signature made elsewhere; no private key on the device. */
export interface PresignedCredential extends CredentialBase, Password, Token {
	readonly mode: "presigned";
	/** Standard base64, at most 2560 characters. */
	readonly signature: string;
}

/** The device signs its token at power-up. Its key: DER of PKCS#1. */
export interface RsaCredential extends CredentialBase, Password, Token {
	readonly mode: "rsa";
}

/** The device mints a token at each connection: a JWT's `header.payload` that soon expires. Its key: DER of PKCS#1. */
export interface MintedCredential extends CredentialBase, Password {
	readonly mode: "minted";
	readonly tokenKeyName: string;
	/** A JSON object; the device adds `iat`, `exp` and `jti`. */
	readonly claims: Readonly<Record<string, unknown>>;
	/** Seconds that a token is good for, 60..86400. */
	readonly lifetime: number;
	/** `kid` of the token's header, printable ASCII, 1..128 bytes. */
	readonly keyId?: string;
}

/**
 * For an authorizer with signing disabled whose function knows the device's public key: the MQTT password is a claim that the
 * device signs at each connection. Its key: 64 bytes, seed and public key.
 */
export interface Ed25519Credential extends CredentialBase {
	readonly mode: "ed25519";
}

/** For an authorizer with signing disabled: a token, or only username and password, and no signature. */
export interface UnsignedCredential extends CredentialBase, Password, Partial<Token> {
	readonly mode: "unsigned";
}

export type Credential =
	| PresignedCredential
	| RsaCredential
	| MintedCredential
	| Ed25519Credential
	| UnsignedCredential;

/** A credential and the private key of the modes that have one; the key's holder wipes it after use. */
export interface KeyedCredential {
	readonly credential: Credential;
	readonly privateKey?: Uint8Array | undefined;
}

/** A summary for events and logs: nothing in it is secret. */
export interface CredentialSummary {
	readonly mode: Credential["mode"];
	readonly clientId: string;
	readonly endpoint: Endpoint;
	readonly authorizerName?: string;
	readonly tokenKeyName?: string;
	/** Of `minted`: seconds. */
	readonly lifetime?: number;
	/** Of `minted`. */
	readonly keyId?: string;
	/** Seconds. */
	readonly disconnectAfter?: number;
	readonly rotationTopic?: string;
}

/** The members that a summary keeps: all others are left out, so that one that is added is secret until it is named here. */
const TOLD = [
	"mode",
	"clientId",
	"endpoint",
	"authorizerName",
	"tokenKeyName",
	"lifetime",
	"keyId",
	"disconnectAfter",
	"rotationTopic",
] as const satisfies readonly (keyof CredentialSummary)[];

export function summarizeCredential(credential: Credential): CredentialSummary {
	const members: Partial<Record<string, unknown>> = { ...credential };
	const told: Record<string, unknown> = {};
	for (const name of TOLD) if (members[name] !== undefined) told[name] = members[name];
	// Those of a credential's type, by name.
	return told as unknown as CredentialSummary;
}
