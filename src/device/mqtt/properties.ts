/**
 * Properties of MQTT 5 (section 2.2.2): one table says each one's identifier, name, kind and packets, and both
 * directions work from it.
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

/** `flag` is a byte of 0 or 1; the `positive` kinds refuse 0; `topic` is a string without wildcards. */
type Kind = "flag" | "uint16" | "positive16" | "uint32" | "positive32" | "string" | "topic" | "binary" | "pairs";

type Property = readonly [identifier: number, name: keyof Properties, kind: Kind, packets: number];

const MESSAGE = PUBLISH | WILL;
const ACKNOWLEDGEMENTS = CONNACK | PUBACK | SUBACK | UNSUBACK | DISCONNECT;

/** Table 2-4 of MQTT 5, without what AWS IoT Core does not have (below). */
const PROPERTIES: readonly Property[] = [
	[0x01, "payloadFormatIndicator", "flag", MESSAGE],
	[0x02, "messageExpiryInterval", "uint32", MESSAGE],
	[0x03, "contentType", "string", MESSAGE],
	[0x08, "responseTopic", "topic", MESSAGE],
	[0x09, "correlationData", "binary", MESSAGE],
	[0x11, "sessionExpiryInterval", "uint32", CONNECT | CONNACK | DISCONNECT],
	[0x12, "assignedClientIdentifier", "string", CONNACK],
	[0x13, "serverKeepAlive", "uint16", CONNACK],
	[0x17, "requestProblemInformation", "flag", CONNECT],
	[0x18, "willDelayInterval", "uint32", WILL],
	[0x19, "requestResponseInformation", "flag", CONNECT],
	[0x1a, "responseInformation", "string", CONNACK],
	[0x1c, "serverReference", "string", CONNACK | DISCONNECT],
	[0x1f, "reasonString", "string", ACKNOWLEDGEMENTS],
	[0x21, "receiveMaximum", "positive16", CONNECT | CONNACK],
	[0x22, "topicAliasMaximum", "uint16", CONNECT | CONNACK],
	[0x23, "topicAlias", "positive16", PUBLISH],
	[0x24, "maximumQoS", "flag", CONNACK],
	[0x25, "retainAvailable", "flag", CONNACK],
	[0x26, "userProperties", "pairs", MESSAGE | CONNECT | SUBSCRIBE | UNSUBSCRIBE | ACKNOWLEDGEMENTS],
	[0x27, "maximumPacketSize", "positive32", CONNECT | CONNACK],
	[0x28, "wildcardSubscriptionAvailable", "flag", CONNACK],
	[0x29, "subscriptionIdentifiersAvailable", "flag", CONNACK],
	[0x2a, "sharedSubscriptionAvailable", "flag", CONNACK],
];

const SUBSCRIPTION_IDENTIFIER = 0x0b;
const AUTHENTICATION_METHOD = 0x15;
const AUTHENTICATION_DATA = 0x16;

/**
 * Bytes of the properties, without the Property Length before them.
 * @param packet the packet they are for, one of the sets of `control-packets.ts`.
 * @throws {MqttEncodeError} for a property this packet must not have, or a value out of bounds.
 */
export function propertiesSize(properties: Properties | undefined, packet: number): number {
	const writer = new Writer();
	if (properties !== undefined) writeEach(writer, properties, packet);
	return writer.length;
}

/**
 * Property Length and properties; on MQTT 3.1.1 nothing.
 * @throws {MqttEncodeError} as {@link propertiesSize}, and `not-in-3.1.1` for any property there.
 */
export function writeProperties(
	writer: Writer,
	properties: Properties | undefined,
	packet: number,
	version: ProtocolVersion,
): void {
	if (version === 4) {
		if (properties !== undefined) throw new MqttEncodeError("not-in-3.1.1", "properties: MQTT 3.1.1 has none");
		return;
	}
	writer.variable(propertiesSize(properties, packet));
	if (properties !== undefined) writeEach(writer, properties, packet);
}

/** @returns `undefined` where there are none, and always on MQTT 3.1.1. */
export function readProperties(reader: Reader, packet: number, version: ProtocolVersion): Properties | undefined {
	const length = version === 4 ? 0 : reader.variable("property length");
	if (length === 0) return undefined;
	const end = reader.left - length;
	if (end < 0) throw reader.malformed(`properties: expected ${length} bytes, got ${reader.left}`);
	const properties: PropertyValues = {};
	while (reader.left > end) readProperty(reader, packet, properties);
	if (reader.left < end) throw reader.malformed("properties: longer than the property length");
	return properties as Properties;
}

type PropertyValues = { -readonly [Name in keyof Properties]?: unknown };

function writeEach(writer: Writer, properties: Properties, packet: number): void {
	for (const [identifier, name, kind, packets] of PROPERTIES) {
		const value = properties[name];
		if (value === undefined) continue;
		if (!(packets & packet)) {
			throw new MqttEncodeError("property-not-allowed", `${name}: this packet must not have it`);
		}
		if (kind === "pairs") {
			for (const [first, second] of value as NonNullable<Properties["userProperties"]>) {
				writer.byte(identifier);
				writer.string(first, name);
				writer.string(second, name);
			}
		} else {
			writer.byte(identifier);
			writeValue(writer, kind, value, name);
		}
	}
}

function writeValue(writer: Writer, kind: Kind, value: unknown, name: string): void {
	switch (kind) {
		case "flag":
			if (value !== 0 && value !== 1) throw new MqttEncodeError("out-of-range", `${name}: expected 0 or 1`);
			writer.byte(value);
			break;
		case "uint16":
		case "positive16":
			writer.uint16(value as number, name, kind === "uint16" ? 0 : 1);
			break;
		case "uint32":
		case "positive32":
			writer.uint32(value as number, name, kind === "uint32" ? 0 : 1);
			break;
		case "binary":
			writer.binary(value as Uint8Array, name);
			break;
		default:
			if (kind === "topic" && !isTopicName(value as string)) {
				throw new MqttEncodeError("bad-topic", `${name}: empty, or a wildcard in it`);
			}
			writer.string(value as string, name);
	}
}

function readProperty(reader: Reader, packet: number, properties: PropertyValues): void {
	const identifier = reader.byte("property identifier");
	const property = PROPERTIES.find(([known]) => known === identifier);
	if (property === undefined) throw unknownProperty(reader, identifier);
	const [, name, kind, packets] = property;
	if (!(packets & packet)) throw reader.malformed(`${name}: this packet must not have it`);
	if (kind === "pairs") {
		const pairs = (properties[name] ?? []) as [string, string][];
		pairs.push([reader.string(name), reader.string(name)]);
		properties[name] = pairs;
	} else {
		if (properties[name] !== undefined) throw reader.violation(`${name}: more than once`);
		properties[name] = readValue(reader, kind, name);
	}
}

function readValue(reader: Reader, kind: Kind, name: keyof Properties): unknown {
	switch (kind) {
		case "flag": {
			const value = reader.byte(name);
			if (value > 1) throw reader.violation(`${name}: expected 0 or 1, got ${value}`);
			return value;
		}
		case "uint16":
			return reader.uint16(name);
		case "positive16":
			return positive(reader, reader.uint16(name), name);
		case "uint32":
			return reader.uint32(name);
		case "positive32":
			return positive(reader, reader.uint32(name), name);
		case "binary":
			return reader.binary(name);
	}
	const text = reader.string(name);
	if (kind === "topic" && !isTopicName(text)) throw reader.violation(`${name}: empty, or a wildcard in it`);
	return text;
}

/** A Topic Alias of 0 has a reason code of its own (section 3.3.2.3.4). */
function positive(reader: Reader, value: number, name: keyof Properties): number {
	if (value === 0) throw reader.violation(`${name}: expected 1 or more, got 0`, name === "topicAlias" ? 0x94 : 0x82);
	return value;
}

/** Properties of the standard that AWS IoT Core refuses are told apart from nonsense. */
function unknownProperty(reader: Reader, identifier: number): Error {
	if (identifier === SUBSCRIPTION_IDENTIFIER) return reader.unsupported("subscription identifier: not supported", 0xa1);
	if (identifier === AUTHENTICATION_METHOD || identifier === AUTHENTICATION_DATA) {
		return reader.unsupported("enhanced authentication: not supported", 0x8c);
	}
	return reader.malformed(`no property 0x${identifier.toString(16)}`);
}
