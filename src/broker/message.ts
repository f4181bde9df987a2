/**
 * An application message on its way through the broker.
 * @module
 */
import type { IPublishPacket } from "mqtt-packet";
import type { ProtocolVersion } from "./packet-rules.js";

/** Delivery guarantees of AWS IoT Core: at most once, at least once. */
export type QoS = 0 | 1;

export type PublishProperties = NonNullable<IPublishPacket["properties"]>;

export interface Message {
	readonly topic: string;
	readonly payload: Buffer;
	readonly qos: QoS;
	/** The publisher wants it kept for those who subscribe later. */
	readonly retain: boolean;
	/** What MQTT 5 subscribers get of the publisher's properties; empty from MQTT 3.1.1. */
	readonly properties: PublishProperties;
	/** Size of topic, payload and properties, in bytes. */
	readonly bytes: number;
	/** Client identifier of the publisher; undefined where it was no MQTT client. */
	readonly publisher: string | undefined;
	/** When the broker took it, in milliseconds; Message Expiry counts from here. */
	readonly receivedAt: number;
}

/** What its publisher decides of a message. */
export type Content = Pick<Message, "topic" | "payload" | "qos" | "retain" | "properties">;

/** A message as one subscriber gets it. */
export interface Delivery {
	readonly message: Message;
	readonly qos: QoS;
	/** RETAIN of the PUBLISH: the subscription found the message there, or keeps the flag as published. */
	readonly retain: boolean;
}

/**
 * The properties that the broker passes on [MQTT-3.3.2-4] [MQTT-3.3.2-15] to [MQTT-3.3.2-20].
 *
 * User properties come from mqtt-packet as one list of values a name: values of one name keep their order, the order
 * among different names is lost, and an empty value that is followed by another of its name is lost with it. So
 * [MQTT-3.3.2-18] is not kept in full.
 */
export function forwardedProperties(sent: PublishProperties | undefined): PublishProperties {
	if (sent === undefined) return {};
	const { payloadFormatIndicator, messageExpiryInterval, contentType, responseTopic, correlationData } = sent;
	return {
		...(payloadFormatIndicator === undefined ? {} : { payloadFormatIndicator }),
		...(messageExpiryInterval === undefined ? {} : { messageExpiryInterval }),
		...(contentType === undefined ? {} : { contentType }),
		...(responseTopic === undefined ? {} : { responseTopic }),
		...(correlationData === undefined ? {} : { correlationData }),
		...(sent.userProperties === undefined ? {} : { userProperties: sent.userProperties }),
	};
}

/** Bytes that topic, payload and properties have on the wire, without the lengths of topic and of all properties. */
export function sizeOf({ topic, payload, properties }: Pick<Content, "topic" | "payload" | "properties">): number {
	const { payloadFormatIndicator, messageExpiryInterval, contentType, responseTopic, correlationData } = properties;
	const fixed = (payloadFormatIndicator === undefined ? 0 : 2) + (messageExpiryInterval === undefined ? 0 : 5);
	const texts = [contentType, responseTopic, correlationData].reduce<number>(
		(sum, value) => (value === undefined ? sum : sum + 3 + Buffer.byteLength(value)),
		0,
	);
	return Buffer.byteLength(topic) + payload.length + fixed + texts + userPropertyBytes(properties.userProperties ?? {});
}

function userPropertyBytes(properties: NonNullable<PublishProperties["userProperties"]>): number {
	let bytes = 0;
	for (const [name, values] of Object.entries(properties)) {
		for (const value of [values].flat()) bytes += 5 + Buffer.byteLength(name) + Buffer.byteLength(value);
	}
	return bytes;
}

/** True once the message's lifetime is over [MQTT-3.3.2-5]; always false without a Message Expiry Interval. */
export function isExpired(message: Message, now: number): boolean {
	const interval = message.properties.messageExpiryInterval;
	return interval !== undefined && now - message.receivedAt >= interval * 1000;
}

/**
 * The PUBLISH that brings a message to one subscriber, its Message Expiry Interval less the time it has waited
 * [MQTT-3.3.2-6].
 */
export function publishPacket(
	{ message, qos, retain }: Delivery,
	packetId: number | undefined,
	recipient: { readonly version: ProtocolVersion; readonly now: number },
): IPublishPacket {
	const interval = message.properties.messageExpiryInterval;
	const waited = Math.floor((recipient.now - message.receivedAt) / 1000);
	const properties =
		interval === undefined
			? message.properties
			: { ...message.properties, messageExpiryInterval: Math.max(interval - waited, 0) };
	return {
		cmd: "publish",
		topic: message.topic,
		payload: message.payload,
		qos,
		dup: false,
		retain,
		...(packetId === undefined ? {} : { messageId: packetId }),
		...(recipient.version === 5 ? { properties } : {}),
	};
}
