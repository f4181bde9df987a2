/**
 * Bytes as a packet, strictly: what the standard does not allow, or AWS IoT Core does not have, is refused.
 *
 * Paragraph numbers are those of MQTT 5; the rules are the same on 3.1.1 unless the version is asked.
 * @module
 */
import {
	CONNACK,
	CONNECT,
	checkFirstByte,
	DISCONNECT,
	PUBACK,
	PUBLISH,
	packetName,
	SUBACK,
	SUBSCRIBE,
	UNSUBACK,
	UNSUBSCRIBE,
	WILL,
} from "./control-packets.js";
import type { Packet, Properties, ProtocolVersion, QoS, Sender, Subscription, Will } from "./packets.js";
import { readProperties } from "./properties.js";
import { isReasonCode } from "./reason-codes.js";
import { isShared, isTopicFilter, isTopicName } from "./topics.js";
import { Reader } from "./wire.js";

/**
 * The packet with first byte `header` and the bytes after its Remaining Length.
 *
 * Payload, password and other binary fields are views of `body`: whoever keeps them keeps `body`.
 * @param from who sent it; packets and fields of either side are taken when omitted.
 * @throws {MqttDecodeError}
 */
export function decodePacket(header: number, body: Uint8Array, version: ProtocolVersion, from?: Sender): Packet {
	checkFirstByte(header, version, from);
	const reader = new Reader(body, packetName(header));
	const packet = readBody(reader, header, version);
	reader.finish();
	if (from === "server" && packet.type === "disconnect" && packet.properties?.sessionExpiryInterval !== undefined) {
		throw reader.violation("sessionExpiryInterval: no server sends it [MQTT-3.14.2-2]");
	}
	return packet;
}

function readBody(reader: Reader, header: number, version: ProtocolVersion): Packet {
	const type = packetName(header) as Packet["type"];
	switch (type) {
		case "connect":
			return readConnect(reader, version);
		case "connack":
			return readConnack(reader, version);
		case "publish":
			return readPublish(reader, header, version);
		case "subscribe":
			return readSubscribe(reader, version);
		case "unsubscribe":
			return readUnsubscribe(reader, version);
		case "puback":
			return { type, packetId: readPacketId(reader), ...readOptionalCode(reader, PUBACK, version) };
		case "suback":
			return readAcknowledgedCodes(reader, type, SUBACK, version);
		case "unsuback":
			return readAcknowledgedCodes(reader, type, UNSUBACK, version);
		case "disconnect":
			return { type, ...readOptionalCode(reader, DISCONNECT, version) };
		default:
			return { type };
	}
}

/** Section 3.1. */
function readConnect(reader: Reader, version: ProtocolVersion): Packet {
	if (reader.string("protocol name") !== "MQTT") throw reader.unsupported("protocol name: expected MQTT", 0x84);
	const level = reader.byte("protocol version");
	if (level !== version) throw reader.unsupported(`protocol version: expected ${version}, got ${level}`, 0x84);
	const flags = reader.byte("flags");
	checkConnectFlags(reader, flags, version);
	const keepAlive = reader.uint16("keep alive");
	const properties = readProperties(reader, CONNECT, version);
	const clientId = reader.string("client id");
	if (version === 4 && clientId === "" && !(flags & 0x02)) {
		throw reader.violation("client id: empty without a clean session [MQTT-3.1.3-8]", 0x85);
	}
	return {
		type: "connect",
		cleanStart: (flags & 0x02) !== 0,
		keepAlive,
		clientId,
		will: flags & 0x04 ? readWill(reader, flags, version) : undefined,
		username: flags & 0x80 ? reader.string("user name") : undefined,
		password: flags & 0x40 ? reader.binary("password") : undefined,
		properties,
	};
}

function checkConnectFlags(reader: Reader, flags: number, version: ProtocolVersion): void {
	if (flags & 0x01) throw reader.malformed("flags: the reserved bit is set [MQTT-3.1.2-3]");
	if (!(flags & 0x04) && flags & 0x38) throw reader.malformed("flags: will bits without a will [MQTT-3.1.2-11]");
	if (version === 4 && (flags & 0xc0) === 0x40) {
		throw reader.malformed("flags: password without a user name [MQTT-3.1.2-22]");
	}
}

function readWill(reader: Reader, flags: number, version: ProtocolVersion): Will {
	const qos = checkedQoS(reader, (flags >> 3) & 0x03);
	const properties = readProperties(reader, WILL, version);
	return {
		topic: checkedTopic(reader, reader.string("will topic")),
		payload: reader.binary("will payload"),
		qos,
		retain: (flags & 0x20) !== 0,
		properties,
	};
}

/** Section 3.2. */
function readConnack(reader: Reader, version: ProtocolVersion): Packet {
	const flags = reader.byte("flags");
	if (flags > 1) throw reader.malformed("flags: a reserved bit is set [MQTT-3.2.2-1]");
	const code = readCode(reader, CONNACK, version);
	if (flags === 1 && code !== 0) throw reader.violation("session present: only with success [MQTT-3.2.2-6]");
	return { type: "connack", sessionPresent: flags === 1, code, properties: readProperties(reader, CONNACK, version) };
}

/** Section 3.3. */
function readPublish(reader: Reader, header: number, version: ProtocolVersion): Packet {
	const dup = (header & 0x08) !== 0;
	const qos = checkedQoS(reader, (header >> 1) & 0x03);
	if (dup && qos === 0) throw reader.malformed("dup: not at QoS 0 [MQTT-3.3.1-2]");
	const topic = reader.string("topic");
	const packetId = qos === 0 ? undefined : readPacketId(reader);
	const properties = readProperties(reader, PUBLISH, version);
	if (topic === "" && version === 5) {
		if (properties?.topicAlias === undefined) throw reader.violation("topic: empty without a topic alias");
	} else {
		checkedTopic(reader, topic);
	}
	const retain = (header & 0x01) !== 0;
	return { type: "publish", topic, payload: reader.rest(), qos, retain, dup, packetId, properties };
}

/** Section 3.8. */
function readSubscribe(reader: Reader, version: ProtocolVersion): Packet {
	const packetId = readPacketId(reader);
	const properties = readProperties(reader, SUBSCRIBE, version);
	const subscriptions: Subscription[] = [];
	do subscriptions.push(readSubscription(reader, version));
	while (reader.left > 0);
	return { type: "subscribe", packetId, subscriptions, properties };
}

/** Section 3.8.3.1; on MQTT 3.1.1 the upper six bits are reserved. */
function readSubscription(reader: Reader, version: ProtocolVersion): Subscription {
	const filter = readFilter(reader);
	const options = reader.byte("subscription options");
	const reserved = version === 5 ? 0xc0 : 0xfc;
	if (options & reserved) throw reader.malformed("subscription options: a reserved bit is set [MQTT-3.8.3-5]");
	const qos = checkedQoS(reader, options & 0x03);
	if (version === 4) return { filter, qos };
	const noLocal = (options & 0x04) !== 0;
	const retainHandling = options >> 4;
	if (retainHandling > 2) throw reader.violation("retain handling: expected 0..2, got 3");
	if (noLocal && isShared(filter)) throw reader.violation("no local: not on a shared subscription [MQTT-3.8.3-4]");
	return {
		filter,
		qos,
		noLocal,
		retainAsPublished: (options & 0x08) !== 0,
		retainHandling: retainHandling as 0 | 1 | 2,
	};
}

/** Section 3.10. */
function readUnsubscribe(reader: Reader, version: ProtocolVersion): Packet {
	const packetId = readPacketId(reader);
	const properties = readProperties(reader, UNSUBSCRIBE, version);
	const filters: string[] = [];
	do filters.push(readFilter(reader));
	while (reader.left > 0);
	return { type: "unsubscribe", packetId, filters, properties };
}

/** Sections 3.9 and 3.11; the UNSUBACK of MQTT 3.1.1 has no codes. */
function readAcknowledgedCodes(
	reader: Reader,
	type: "suback" | "unsuback",
	packet: number,
	version: ProtocolVersion,
): Packet {
	const packetId = readPacketId(reader);
	const properties = readProperties(reader, packet, version);
	const codes: number[] = [];
	if (type === "suback" || version === 5) {
		do codes.push(readCode(reader, packet, version));
		while (reader.left > 0);
	}
	return { type, packetId, codes, properties };
}

/** Reason code and properties that may each be left out (sections 3.4.2.1 and 3.14.2.1). */
function readOptionalCode(
	reader: Reader,
	packet: number,
	version: ProtocolVersion,
): { code: number; properties?: Properties | undefined } {
	if (version === 4 || reader.left === 0) return { code: 0 };
	const code = readCode(reader, packet, version);
	return { code, properties: reader.left === 0 ? undefined : readProperties(reader, packet, version) };
}

function readCode(reader: Reader, packet: number, version: ProtocolVersion): number {
	const code = reader.byte("reason code");
	if (!isReasonCode(code, packet, version)) throw reader.violation(`reason code: this packet has no ${code}`);
	return code;
}

function readPacketId(reader: Reader): number {
	const packetId = reader.uint16("packet id");
	if (packetId === 0) throw reader.violation("packet id: expected 1..65535, got 0 [MQTT-2.2.1-3]");
	return packetId;
}

function readFilter(reader: Reader): string {
	const filter = reader.string("topic filter");
	if (!isTopicFilter(filter)) throw reader.malformed("topic filter: empty, or a wildcard amiss");
	return filter;
}

function checkedTopic(reader: Reader, topic: string): string {
	if (!isTopicName(topic)) throw reader.malformed("topic: empty, or a wildcard in it [MQTT-3.3.2-2]");
	return topic;
}

function checkedQoS(reader: Reader, qos: number): QoS {
	if (qos === 3) throw reader.malformed("QoS: expected 0..2, got 3 [MQTT-3.3.1-4]");
	if (qos === 2) throw reader.unsupported("QoS 2: not supported", 0x9b);
	return qos as QoS;
}
