/**
 * The event that AWS IoT Core hands to an authorizer's function (AWS IoT Core Developer Guide, "Defining your Lambda
 * function"). The order of members is the one that was seen on AWS.
 * @module
 */

/** The event of a connection, and of a test call with contexts. */
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
		readonly http?: { readonly headers?: Readonly<Record<string, string>>; readonly queryString?: string };
	};
	readonly protocols: readonly ("tls" | "http" | "mqtt")[];
	/** The decoded token; only where a signature was verified. */
	readonly token?: string;
	readonly signatureVerified: boolean;
	/** A lower-case UUID. */
	readonly connectionMetadata: { readonly id: string };
}

/** The event of a test call with a token and its signature, and nothing else. */
export type TokenEvent = Required<Pick<AuthorizerEvent, "token" | "signatureVerified" | "connectionMetadata">>;

/** An HTTP request, or the upgrade of a WebSocket. */
export interface HttpFacts {
	/** By name. AWS gives those of a connection in lower case, and those of a test call as they are; names here are verbatim. */
	readonly headers?: Readonly<Record<string, string>> | undefined;
	/** Verbatim: of a connection without the leading "?" and empty where there is none, of a test call with it. */
	readonly queryString?: string | undefined;
}

/** What a connection brought, or what a test call says it did. A protocol that is absent took no part. */
export interface ConnectionFacts {
	readonly tls?: { readonly serverName?: string | undefined } | undefined;
	readonly http?: HttpFacts | undefined;
	readonly mqtt?:
		| {
				/** CONNECT username as it came. */
				readonly username?: string | undefined;
				readonly password?: Uint8Array | undefined;
				/** Absent or empty where the device sent none. */
				readonly clientId?: string | undefined;
		  }
		| undefined;
	readonly connectionId: string;
}

/**
 * Builds the event of a connection.
 * @param token the token whose signature was verified; undefined where signing is disabled.
 */
export function buildAuthorizerEvent(facts: ConnectionFacts, token: string | undefined): AuthorizerEvent {
	const { tls, http, mqtt } = facts;
	return {
		protocolData: {
			...(tls === undefined ? {} : { tls: present({ serverName: tls.serverName }) }),
			...(mqtt === undefined ? {} : { mqtt: mqttData(mqtt) }),
			...(http === undefined ? {} : { http: present({ headers: http.headers, queryString: http.queryString }) }),
		},
		protocols: (["tls", "http", "mqtt"] as const).filter((protocol) => facts[protocol] !== undefined),
		...(token === undefined ? {} : { token }),
		signatureVerified: token !== undefined,
		connectionMetadata: { id: facts.connectionId },
	};
}

/** Builds the event of a test call that gave a token and its signature: whoever is tested, there is no connection. */
export function buildTokenEvent(token: string, connectionId: string): TokenEvent {
	return { token, signatureVerified: true, connectionMetadata: { id: connectionId } };
}

/**
 * The facts of a real request, as AWS hands them over.
 * @param target the request target (RFC 9112 section 3.2), such as `/mqtt?a=b`.
 * @param headers by name, as Node's `IncomingMessage.headers` has them; several values of one name are joined.
 */
export function httpFactsOf(
	target: string,
	headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): HttpFacts {
	const mark = target.indexOf("?");
	const entries = Object.entries(headers).flatMap(([name, value]) =>
		value === undefined ? [] : [[name.toLowerCase(), typeof value === "string" ? value : value.join(", ")] as const],
	);
	return { headers: Object.fromEntries(entries), queryString: mark < 0 ? "" : target.slice(mark + 1) };
}

function mqttData({ username, password, clientId }: NonNullable<ConnectionFacts["mqtt"]>) {
	return present({
		username,
		password: password === undefined ? undefined : Buffer.from(password).toString("base64"),
		clientId: clientId === "" ? undefined : clientId,
	});
}

type Present<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };

/** Only those members that have a value. */
function present<T extends object>(members: T): Present<T> {
	return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Present<T>;
}
