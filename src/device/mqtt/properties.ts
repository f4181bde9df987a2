/**
 * Properties of MQTT 5 (section 2.2.2): one table says each one's identifier, kind and packets, and both directions
 * work from it. They are written in the order in which the object has them.
 * @module
 */
import {
	CONNACK,
	CONNECT,
	DISCONNECT,
	PUBACK,
	PUBLISH,
	SUBACK,
	SUBSCRIBE,
	UNSUBACK,
	UNSUBSCRIBE,
	WILL,
} from "./control-packets.js";
import { MqttEncodeError } from "./errors.js";
import type { Properties, ProtocolVersion } from "./packets.js";
import { isTopicName } from "./topics.js";
import { type Reader, Writer } from "./wire.js";

/** An integer's kind is its size in bytes, negative where it must not be 0; a flag is 0 or 1. */
const FLAG = 1;
const UINT16 = 2;
const UINT32 = 4;
const POSITIVE16 = -2;
const POSITIVE32 = -4;
/** The kinds above {@link UINT32} are no integers; a topic is a string without wildcards. */
const STRING = 5;
const TOPIC = 6;
const BINARY = 7;
const PAIRS = 8;

const MESSAGE = PUBLISH | WILL;
const ANSWER = CONNACK | PUBACK | SUBACK | UNSUBACK | DISCONNECT;
const ANY = MESSAGE | CONNECT | SUBSCRIBE | UNSUBSCRIBE | ANSWER;

/**
 * Table 2-4 of MQTT 5, without the subscription identifier and enhanced authentication: identifier, kind and packets in
 * one number, as in flash a list of them takes a fifth of what a list of lists does.
 */
const PROPERTIES: Readonly<Record<keyof Properties, number>> = {
	payloadFormatIndicator: rule(0x01, FLAG, MESSAGE),
	messageExpiryInterval: rule(0x02, UINT32, MESSAGE),
	contentType: rule(0x03, STRING, MESSAGE),
	responseTopic: rule(0x08, TOPIC, MESSAGE),
	correlationData: rule(0x09, BINARY, MESSAGE),
	sessionExpiryInterval: rule(0x11, UINT32, CONNECT | CONNACK | DISCONNECT),
	assignedClientIdentifier: rule(0x12, STRING, CONNACK),
	serverKeepAlive: rule(0x13, UINT16, CONNACK),
	requestProblemInformation: rule(0x17, FLAG, CONNECT),
	willDelayInterval: rule(0x18, UINT32, WILL),
	requestResponseInformation: rule(0x19, FLAG, CONNECT),
	responseInformation: rule(0x1a, STRING, CONNACK),
	serverReference: rule(0x1c, STRING, CONNACK | DISCONNECT),
	reasonString: rule(0x1f, STRING, ANSWER),
	receiveMaximum: rule(0x21, POSITIVE16, CONNECT | CONNACK),
	topicAliasMaximum: rule(0x22, UINT16, CONNECT | CONNACK),
	topicAlias: rule(0x23, POSITIVE16, PUBLISH),
	maximumQoS: rule(0x24, FLAG, CONNACK),
	retainAvailable: rule(0x25, FLAG, CONNACK),
	userProperties: rule(0x26, PAIRS, ANY),
	maximumPacketSize: rule(0x27, POSITIVE32, CONNECT | CONNACK),
	wildcardSubscriptionAvailable: rule(0x28, FLAG, CONNACK),
	subscriptionIdentifiersAvailable: rule(0x29, FLAG, CONNACK),
	sharedSubscriptionAvailable: rule(0x2a, FLAG, CONNACK),
};

function rule(identifier: number, kind: number, packets: number): number {
	return (kind << 24) | (identifier << 16) | packets;
}

function identifierOf(rule: number): number {
	return (rule >> 16) & 0xff;
}

function kindOf(rule: number): number {
	return rule >> 24;
}

const SUBSCRIPTION_IDENTIFIER = 0x0b;
const AUTHENTICATION_METHOD = 0x15;
const AUTHENTICATION_DATA = 0x16;

type Values = { -readonly [Name in keyof Properties]?: unknown };

/**
 * Property Length and properties; on MQTT 3.1.1 nothing.
 * @param packet whom they are for, one of the sets of `control-packets.ts`.
 * @throws {MqttEncodeError} for a property this packet must not have, a value out of bounds, any property on 3.1.1.
 */
export function writeProperties(
	writer: Writer,
	properties: Properties | undefined,
	packet: number,
	version: ProtocolVersion,
): void {
	const size = propertiesSize(properties, packet);
	if (version === 5) {
		writer.variable(size);
		if (properties !== undefined) writeEach(writer, properties, packet);
	} else if (size > 0) {
		throw new MqttEncodeError("not-in-3.1.1", "properties");
	}
}

/**
 * Bytes of the properties, without the Property Length before them.
 * @throws {MqttEncodeError} as {@link writeProperties}.
 */
export function propertiesSize(properties: Properties | undefined, packet: number): number {
	const writer = new Writer();
	if (properties !== undefined) writeEach(writer, properties, packet);
	return writer.length;
}

/** @returns `undefined` where there are none, and always on MQTT 3.1.1. */
export function readProperties(reader: Reader, packet: number, version: ProtocolVersion): Properties | undefined {
	const length = version === 5 ? reader.variable("property length") : 0;
	if (length === 0) return undefined;
	const end = reader.left - length;
	const properties: Values = {};
	while (reader.left > end && reader.left > 0) readProperty(reader, packet, properties);
	if (reader.left !== end) throw reader.malformed(`property length ${length}`);
	return properties as Properties;
}

function writeEach(writer: Writer, properties: Properties, packet: number): void {
	const names = Object.keys(properties) as (keyof Properties)[];
	for (let i = 0; i < names.length; i++) {
		const name = names[i]!;
		const value = properties[name];
		if (value !== undefined) writeProperty(writer, name, value, packet);
	}
}

function writeProperty(writer: Writer, name: keyof Properties, value: unknown, packet: number): void {
	const rule = PROPERTIES[name];
	const kind = kindOf(rule);
	const identifier = identifierOf(rule);
	if (!(rule & packet)) throw new MqttEncodeError("property-not-allowed", name);
	if (kind !== PAIRS) {
		writer.byte(identifier);
		writeValue(writer, kind, value, name);
		return;
	}
	const pairs = value as NonNullable<Properties["userProperties"]>;
	for (let i = 0; i < pairs.length; i++) {
		writer.byte(identifier);
		writer.string(pairs[i]![0], name);
		writer.string(pairs[i]![1], name);
	}
}

function writeValue(writer: Writer, kind: number, value: unknown, name: string): void {
	if (kind === FLAG) writer.uint(value as number, 1, name, 0, 1);
	else if (kind <= UINT32) writer.uint(value as number, Math.abs(kind), name, kind < 0 ? 1 : 0);
	else if (kind === BINARY) writer.binary(value as Uint8Array, name);
	else if (kind === TOPIC && !isTopicName(value as string)) throw new MqttEncodeError("bad-topic", name);
	else writer.string(value as string, name);
}

function readProperty(reader: Reader, packet: number, properties: Values): void {
	const identifier = reader.uint(1, "property");
	const names = Object.keys(PROPERTIES) as (keyof Properties)[];
	const name = names.find((name) => identifierOf(PROPERTIES[name]) === identifier);
	if (name === undefined || !(PROPERTIES[name] & packet)) throw refusal(reader, identifier);
	const kind = kindOf(PROPERTIES[name]);
	if (kind === PAIRS) {
		const pairs = (properties[name] ?? []) as [string, string][];
		pairs.push([reader.string(name), reader.string(name)]);
		properties[name] = pairs;
	} else {
		if (properties[name] !== undefined) throw reader.violation(`${name} twice`);
		properties[name] = readValue(reader, kind, name);
	}
}

/** A Topic Alias of 0 has a reason code of its own (section 3.3.2.3.4). */
function readValue(reader: Reader, kind: number, name: keyof Properties): unknown {
	if (kind <= UINT32) {
		const value = reader.uint(Math.abs(kind), name);
		if (kind < 0 ? value > 0 : kind !== FLAG || value < 2) return value;
		throw reader.violation(`${name} ${value}`, name === "topicAlias" ? 0x94 : 0x82);
	}
	if (kind === BINARY) return reader.binary(name);
	const text = reader.string(name);
	if (kind === TOPIC && !isTopicName(text)) throw reader.violation(name);
	return text;
}

/** What the standard has and AWS IoT Core has not is told apart from nonsense. */
function refusal(reader: Reader, identifier: number): Error {
	const what = `property ${identifier}`;
	switch (identifier) {
		case SUBSCRIPTION_IDENTIFIER:
			return reader.unsupported(what, 0xa1);
		case AUTHENTICATION_METHOD:
		case AUTHENTICATION_DATA:
			return reader.unsupported(what, 0x8c);
		default:
			return reader.malformed(what);
	}
}
