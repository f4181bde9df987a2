/**
 * What happens at the gateway, one event a step, for the log, the console and the demo.
 *
 * No event can carry a secret: usernames come redacted, passwords, tokens and signatures have no member.
 * @module
 */
import type { Refusal } from "../authorizer/index.js";
import type { DropReason, Message, QoS } from "../broker/index.js";
import type { DisconnectReason } from "./lifecycle.js";

/** An event of a client's network connection. */
interface ConnectionHeader {
	/** Milliseconds since 1970-01-01T00:00:00Z. */
	readonly at: number;
	/** Lower-case UUID of the network connection; also `connectionMetadata.id` of the function's event. */
	readonly connection: string;
	/** Client identifier, from CONNECT on. */
	readonly client?: string;
}

/** An event that no client caused but a call of the API: there is neither a connection nor a client identifier. */
interface ApiHeader {
	/** Milliseconds since 1970-01-01T00:00:00Z. */
	readonly at: number;
	readonly connection?: undefined;
	readonly client?: undefined;
}

interface Publication {
	readonly topic: string;
	readonly qos: QoS;
	/** It replaces the retained message of its topic; with 0 bytes it deletes it. */
	readonly retain: boolean;
	/** Size of the payload. */
	readonly bytes: number;
	/** Sessions that the message was passed to. */
	readonly recipients: number;
}

/** The API published a message. */
interface ApiPublished extends Publication {
	readonly event: "published";
	readonly publisher: "api";
}

interface ClientPublished extends Publication {
	readonly event: "published";
	readonly publisher: "client";
}

/** Durations are milliseconds with a fraction. */
export type GatewayEventBody =
	| {
			readonly event: "tls-accepted";
			readonly serverName: string;
			readonly alpn: string;
			/** For instance `TLSv1.3`. */
			readonly tlsVersion: string;
			/** IANA name of the cipher suite. */
			readonly cipher: string;
			/** Address and port of the client. */
			readonly remote: string;
			/** Since the TCP connection was accepted. */
			readonly duration: number;
	  }
	| {
			readonly event: "connect-received";
			readonly version: "3.1.1" | "5";
			readonly clientId: string;
			/** Redacted; absent when CONNECT had none. */
			readonly username?: string;
			/** What looks wrong about the username's query. */
			readonly warnings: readonly string[];
			/** Size of the CONNECT packet. */
			readonly bytes: number;
	  }
	| { readonly event: "authorizer-selected"; readonly authorizer: string; readonly chosenBy: string }
	| { readonly event: "signing-disabled" }
	| { readonly event: "signature-verified"; readonly keyName: string; readonly duration: number }
	| { readonly event: "function-invoked"; readonly functionArn: string; readonly duration: number }
	| {
			readonly event: "answer-accepted";
			readonly principalId: string;
			/** How many policies the answer has. */
			readonly policies: number;
			readonly refreshAfterInSeconds: number;
			readonly disconnectAfterInSeconds: number;
	  }
	| {
			readonly event: "session-opened";
			/** Since the TCP connection was accepted. */
			readonly duration: number;
	  }
	| {
			readonly event: "subscribed";
			readonly subscriptions: readonly { readonly filter: string; readonly qos: QoS }[];
	  }
	| { readonly event: "unsubscribed"; readonly filters: readonly string[] }
	| ClientPublished
	| {
			readonly event: "delivered";
			readonly topic: string;
			readonly qos: QoS;
			/** The message was there before the subscription, or the subscription keeps the flag as published. */
			readonly retain: boolean;
			/** Size of the payload. */
			readonly bytes: number;
			/** Client identifier of the publisher; undefined where the API published. */
			readonly publisher: string | undefined;
	  }
	| { readonly event: "dropped"; readonly topic: string; readonly reason: DropReason }
	/** The policies do not allow an action of the client. */
	| {
			readonly event: "policy-denied";
			/** For instance `iot:Publish`. */
			readonly action: string;
			/** ARN. */
			readonly resource: string;
			readonly explanation: string;
	  }
	| {
			readonly event: "policies-refreshed";
			readonly policies: number;
			/** Until the next time. */
			readonly refreshAfterInSeconds: number;
	  }
	/** The client was refused or broke a rule; what the client was told is less. */
	| { readonly event: "refused"; readonly refusal: Refusal }
	| { readonly event: "closed"; readonly disconnectReason: DisconnectReason };

export type GatewayEvent = (ConnectionHeader & GatewayEventBody) | (ApiHeader & ApiPublished);

/** What an event tells of a message that was published. */
export function publication({ topic, qos, retain, payload }: Message, recipients: number): Publication {
	return { topic, qos, retain, bytes: payload.length, recipients };
}
