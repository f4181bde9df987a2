/**
 * What the MQTT client is given and what it tells.
 * @module
 */
import type { MqttError } from "./errors.js";
import type { ConnackPacket, Properties, ProtocolVersion, PublishPacket, QoS, Will } from "./packets.js";

export interface MqttClientOptions {
	readonly version: ProtocolVersion;
	/** May be empty with a clean start; MQTT 5 then tells the assigned one in CONNACK. */
	readonly clientId: string;
	readonly username?: string | undefined;
	readonly password?: Uint8Array | undefined;
	/** Seconds, 0..65535; 0 turns the keep-alive off. The server may decide otherwise (MQTT 5). AWS IoT Core: 30..1200. */
	readonly keepAlive: number;
	/**
	 * `false` takes up the session that the server keeps. Messages that an earlier connection left unacknowledged are not
	 * known here: who keeps them publishes them again, and they get new packet ids.
	 */
	readonly cleanStart: boolean;
	/** Seconds; MQTT 5 only. */
	readonly sessionExpiryInterval?: number | undefined;
	/**
	 * Unacknowledged QoS 1 messages at once, 1..65535; 8 of ours and 65535 of the server's when omitted. Told to the
	 * server on MQTT 5 when given.
	 */
	readonly receiveMaximum?: number | undefined;
	/** Bytes a packet of the server may have, its fixed header included. Told to the server on MQTT 5. */
	readonly maximumPacketSize: number;
	readonly will?: Will | undefined;
	/** Milliseconds from CONNECT to CONNACK; also the most that PINGRESP may take. */
	readonly connackTimeout: number;
}

/** A message to publish. */
export interface PublishMessage {
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly qos: QoS;
	readonly retain?: boolean | undefined;
	/** An earlier connection may have carried it already; at QoS 1 only. */
	readonly dup?: boolean | undefined;
	/** MQTT 5 only; without a topic alias. */
	readonly properties?: Properties | undefined;
}

export type MqttClientEvent =
	/** CONNACK with success. */
	| { readonly type: "connected"; readonly connack: ConnackPacket }
	/** CONNACK with another code; the client is closed. */
	| { readonly type: "refused"; readonly code: number; readonly reason?: string }
	/** A message came. At QoS 1 its PUBACK is sent after this event, so that none is lost between the two. */
	| { readonly type: "message"; readonly packet: PublishPacket }
	/** PUBACK for a message of ours; `code` 0x80 or above means that the server did not take it. */
	| { readonly type: "acknowledged"; readonly packetId: number; readonly code: number; readonly reason?: string }
	/** One code a subscription: the granted QoS, or 0x80 and above. */
	| {
			readonly type: "subscribed";
			readonly packetId: number;
			readonly codes: readonly number[];
			readonly reason?: string;
	  }
	/** On MQTT 3.1.1 there are no codes. */
	| { readonly type: "unsubscribed"; readonly packetId: number; readonly codes: readonly number[] }
	/** The server's DISCONNECT (MQTT 5); the client is closed. */
	| { readonly type: "disconnected"; readonly code: number; readonly reason?: string }
	/** The server broke the protocol or fell silent; the client is closed. */
	| { readonly type: "failed"; readonly error: MqttError };

export interface MqttClientHandlers {
	/** Takes all of `bytes`, one packet; it keeps the array. */
	send(bytes: Uint8Array): void;
	/** Must not throw. After `refused`, `disconnected` and `failed` no event follows, and the connection is to be closed. */
	event(event: MqttClientEvent): void;
}
