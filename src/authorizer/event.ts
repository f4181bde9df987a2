/**
 * The event that AWS IoT Core hands to an authorizer's function (AWS IoT Core Developer Guide, "Defining your Lambda
 * function"). The order of members is the one that was seen on AWS.
 * @module
 */

export interface AuthorizerEvent {
	readonly protocolData: {
		readonly tls?: { readonly serverName?: string };
		readonly mqtt?: {
			/** The CONNECT username verbatim, with its whole query. */
			readonly username?: string;
			/** Base64 of the password's bytes. */
			readonly password?: string;
			readonly clientId?: string;
		};
	};
	readonly protocols: readonly ("tls" | "mqtt")[];
	/** The decoded token; only where a signature was verified. */
	readonly token?: string;
	readonly signatureVerified: boolean;
	/** A lower-case UUID. */
	readonly connectionMetadata: { readonly id: string };
}

/** What an MQTT connection brought. */
export interface ConnectionFacts {
	/** TLS server name; absent without TLS or without the extension. */
	readonly serverName?: string | undefined;
	/** CONNECT username as it came. */
	readonly username?: string | undefined;
	readonly password?: Uint8Array | undefined;
	/** Absent where the device sent none. */
	readonly clientId?: string | undefined;
	readonly connectionId: string;
}

/**
 * Builds the event of an MQTT connection.
 * @param token the token whose signature was verified; undefined where signing is disabled.
 */
export function buildAuthorizerEvent(facts: ConnectionFacts, token: string | undefined): AuthorizerEvent {
	const { serverName, username, password, clientId } = facts;
	return {
		protocolData: {
			...(serverName === undefined ? {} : { tls: { serverName } }),
			mqtt: {
				...(username === undefined ? {} : { username }),
				...(password === undefined ? {} : { password: Buffer.from(password).toString("base64") }),
				...(clientId === undefined || clientId === "" ? {} : { clientId }),
			},
		},
		protocols: serverName === undefined ? ["mqtt"] : ["tls", "mqtt"],
		...(token === undefined ? {} : { token }),
		signatureVerified: token !== undefined,
		connectionMetadata: { id: facts.connectionId },
	};
}
