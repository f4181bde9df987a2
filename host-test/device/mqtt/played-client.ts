/**
 * A client played against by hand: what the cases of the client share.
 * @module
 */
import { MqttClient } from "../../../src/device/mqtt/client.js";
import type { MqttClientEvent, MqttClientOptions, PublishMessage } from "../../../src/device/mqtt/client-interface.js";
import { encodePacket } from "../../../src/device/mqtt/encode.js";
import type { Packet, Properties } from "../../../src/device/mqtt/packets.js";
import { toHex } from "../case.js";
import { ascii } from "./packet-bytes.js";

/** Milliseconds, as in the options of every played client. */
export const CONNACK_TIMEOUT = 10_000;
export const KEEP_ALIVE = 30_000;

/** A DISCONNECT of MQTT 5 with reason code 0x82. */
export const DISCONNECT_PROTOCOL_ERROR = "e00182";

/** A client with what it sent, in hex, and what it told. */
export interface Played {
	readonly client: MqttClient;
	readonly sent: string[];
	readonly events: MqttClientEvent[];
	/** Gives the client a packet of the server. */
	from(packet: Packet, now?: number): void;
	/** What was sent and told since the last look. */
	look(): { sent: string[]; events: MqttClientEvent[] };
}

export function play(options: Partial<MqttClientOptions> = {}, onMessage?: () => void): Played {
	const version = options.version ?? 5;
	const sent: string[] = [];
	const events: MqttClientEvent[] = [];
	const client = new MqttClient(
		{
			version,
			clientId: "c",
			keepAlive: 30,
			cleanStart: true,
			maximumPacketSize: 1024,
			connackTimeout: CONNACK_TIMEOUT,
			...options,
		},
		{
			send: (bytes) => sent.push(toHex(bytes)),
			event: (event) => {
				events.push(event);
				if (event.type === "message") onMessage?.();
			},
		},
	);
	return {
		client,
		sent,
		events,
		from: (packet, now = 0) => client.receive(encodePacket(packet, version), now),
		look: () => ({ sent: sent.splice(0), events: events.splice(0) }),
	};
}

/** A client that is connected at moment 0; nothing sent or told yet. */
export function online(options: Partial<MqttClientOptions> = {}, granted?: Properties, onMessage?: () => void): Played {
	const played = play(options, onMessage);
	played.client.connect(0);
	played.from({ type: "connack", sessionPresent: false, code: 0, properties: granted });
	played.look();
	return played;
}

export function message(more: Partial<PublishMessage> = {}): PublishMessage {
	return { topic: "t", payload: ascii("on"), qos: 1, ...more };
}

export function incoming(packetId: number): Packet {
	return { type: "publish", topic: "t", payload: ascii("on"), qos: 1, retain: false, dup: false, packetId };
}

/** The code of the one `failed` event there must be. */
export function failure(events: readonly MqttClientEvent[]): string {
	const [event, ...others] = events;
	return event?.type === "failed" && others.length === 0 ? event.error.code : `${events.map(({ type }) => type)}`;
}
