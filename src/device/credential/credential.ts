/**
 * What a device was given: who it is, where it connects, its token, and how the token is signed.
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
	/** The MQTT password, handed to the authorizer's function. */
	readonly password?: string;
}

/** A token of 1..6144 bytes (API Reference, TestInvokeAuthorizer) under the authorizer's token key name. */
interface Token {
	readonly tokenKeyName: string;
	readonly token: string;
}

/** Token and signature made elsewhere; no private key on the device. */
export interface PresignedCredential extends CredentialBase, Token {
	readonly mode: "presigned";
	/** Standard base64, at most 2560 characters. */
	readonly signature: string;
}

/** The device signs its token at power-up. */
export interface RsaCredential extends CredentialBase, Token {
	readonly mode: "rsa";
	/** RSA private key, PEM. */
	readonly privateKey: string;
}

/** For an authorizer with signing disabled: a token, or only username and password, and no signature. */
export interface UnsignedCredential extends CredentialBase, Partial<Token> {
	readonly mode: "unsigned";
}

export type Credential = PresignedCredential | RsaCredential | UnsignedCredential;

/** A summary for events and logs: sizes instead of secrets. */
export interface CredentialSummary {
	readonly mode: Credential["mode"];
	readonly clientId: string;
	readonly endpoint: Endpoint;
	readonly authorizerName?: string;
	readonly tokenKeyName?: string;
}

export function summarizeCredential(credential: Credential): CredentialSummary {
	const { mode, clientId, endpoint, authorizerName, tokenKeyName } = credential;
	return {
		mode,
		clientId,
		endpoint,
		...(authorizerName === undefined ? {} : { authorizerName }),
		...(tokenKeyName === undefined ? {} : { tokenKeyName }),
	};
}
