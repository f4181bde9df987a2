/**
 * A packet as bytes: exact, of the least length, or refused before a byte is written.
 * @module
 */
import {
	CONNACK,
	CONNECT,
	DISCONNECT,
	firstByte,
	PUBACK,
	PUBLISH,
	SUBACK,
	SUBSCRIBE,
	UNSUBACK,
	UNSUBSCRIBE,
	WILL,
} from "./control-packets.js";
import { MqttEncodeError } from "./errors.js";
import type {
	ConnackPacket,
	ConnectPacket,
	DisconnectPacket,
	Packet,
	ProtocolVersion,
	PubackPacket,
	PublishPacket,
	QoS,
	SubackPacket,
	SubscribePacket,
	Subscription,
	UnsubackPacket,
	UnsubscribePacket,
} from "./packets.js";
import { propertiesSize, writeProperties } from "./properties.js";
import { isReasonCode } from "./reason-codes.js";
import { isShared, isTopicFilter, isTopicName } from "./topics.js";
import { MAXIMUM_VARIABLE, variableSize, Writer } from "./wire.js";

/**
 * The bytes of `packet`, in an array of exactly that length.
 * @throws {MqttEncodeError} for whatever the protocol version does not allow in it.
 */
export function encodePacket(packet: Packet, version: ProtocolVersion): Uint8Array {
	const body = new Writer();
	writeBody(body, packet, version);
	if (body.length > MAXIMUM_VARIABLE) {
		throw new MqttEncodeError(
			"packet-too-large",
			`${packet.type}: expected at most ${MAXIMUM_VARIABLE} bytes, got ${body.length}`,
		);
	}
	const bytes = new Uint8Array(1 + variableSize(body.length) + body.length);
	const writer = new Writer(bytes);
	writer.byte(firstByte(packet.type) | (packet.type === "publish" ? publishFlags(packet) : 0));
	writer.variable(body.length);
	writeBody(writer, packet, version);
	return bytes;
}

function writeBody(writer: Writer, packet: Packet, version: ProtocolVersion): void {
	switch (packet.type) {
		case "connect":
			writeConnect(writer, packet, version);
			break;
		case "connack":
			writeConnack(writer, packet, version);
			break;
		case "publish":
			writePublish(writer, packet, version);
			break;
		case "puback":
			writePuback(writer, packet, version);
			break;
		case "subscribe":
			writeSubscribe(writer, packet, version);
			break;
		case "suback":
		case "unsuback":
			writeAcknowledgedCodes(writer, packet, version);
			break;
		case "unsubscribe":
			writeUnsubscribe(writer, packet, version);
			break;
		case "disconnect":
			writeDisconnect(writer, packet, version);
			break;
	}
}

/** Section 3.1. */
function writeConnect(writer: Writer, packet: ConnectPacket, version: ProtocolVersion): void {
	const { will, username, password } = packet;
	if (version === 4 && username === undefined && password !== undefined) {
		throw new MqttEncodeError("not-in-3.1.1", "password: MQTT 3.1.1 has none without a user name [MQTT-3.1.2-22]");
	}
	if (version === 4 && packet.clientId === "" && !packet.cleanStart) {
		throw new MqttEncodeError("bad-client-id", "client id: empty without a clean session [MQTT-3.1.3-7]");
	}
	writer.string("MQTT", "protocol name");
	writer.byte(version);
	writer.byte(
		(packet.cleanStart ? 0x02 : 0) |
			(will === undefined ? 0 : 0x04 | (checkedQoS(will.qos) << 3) | (will.retain ? 0x20 : 0)) |
			(password === undefined ? 0 : 0x40) |
			(username === undefined ? 0 : 0x80),
	);
	writer.uint16(packet.keepAlive, "keep alive");
	writeProperties(writer, packet.properties, CONNECT, version);
	writer.string(packet.clientId, "client id");
	if (will !== undefined) {
		writeProperties(writer, will.properties, WILL, version);
		writeTopic(writer, will.topic, "will topic");
		writer.binary(will.payload, "will payload");
	}
	if (username !== undefined) writer.string(username, "user name");
	if (password !== undefined) writer.binary(password, "password");
}

/** Section 3.2. */
function writeConnack(writer: Writer, packet: ConnackPacket, version: ProtocolVersion): void {
	if (packet.sessionPresent && packet.code !== 0) {
		throw new MqttEncodeError("bad-flags", "session present: only with success [MQTT-3.2.2-6]");
	}
	writer.byte(packet.sessionPresent ? 1 : 0);
	writeCode(writer, packet.code, CONNACK, version);
	writeProperties(writer, packet.properties, CONNACK, version);
}

/** Section 3.3. */
function writePublish(writer: Writer, packet: PublishPacket, version: ProtocolVersion): void {
	const { topic, packetId, properties } = packet;
	if (version === 5 && topic === "" && properties?.topicAlias !== undefined) writer.string(topic, "topic");
	else writeTopic(writer, topic, "topic");
	if (packet.qos === 0) {
		if (packetId !== undefined) throw new MqttEncodeError("bad-packet-id", "packet id: none at QoS 0 [MQTT-2.2.1-2]");
	} else {
		writePacketId(writer, packetId);
	}
	writeProperties(writer, properties, PUBLISH, version);
	writer.raw(packet.payload);
}

function publishFlags(packet: PublishPacket): number {
	if (packet.dup && packet.qos === 0) throw new MqttEncodeError("bad-flags", "dup: not at QoS 0 [MQTT-3.3.1-2]");
	return (packet.dup ? 0x08 : 0) | (checkedQoS(packet.qos) << 1) | (packet.retain ? 0x01 : 0);
}

/** Section 3.4: a code of 0 is left out where no property follows. */
function writePuback(writer: Writer, packet: PubackPacket, version: ProtocolVersion): void {
	writePacketId(writer, packet.packetId);
	writeOptionalCode(writer, packet, PUBACK, version);
}

/** Section 3.14. */
function writeDisconnect(writer: Writer, packet: DisconnectPacket, version: ProtocolVersion): void {
	writeOptionalCode(writer, packet, DISCONNECT, version);
}

/** Reason code and properties, each left out where it says nothing (sections 3.4.2.1 and 3.14.2.1). */
function writeOptionalCode(
	writer: Writer,
	{ code, properties }: PubackPacket | DisconnectPacket,
	packet: number,
	version: ProtocolVersion,
): void {
	const size = propertiesSize(properties, packet);
	checkCode(code, packet, version);
	if (code !== 0 || size > 0) writer.byte(code);
	if (size > 0 || version === 4) writeProperties(writer, properties, packet, version);
}

/** Section 3.8. */
function writeSubscribe(writer: Writer, packet: SubscribePacket, version: ProtocolVersion): void {
	writePacketId(writer, packet.packetId);
	writeProperties(writer, packet.properties, SUBSCRIBE, version);
	checkSome(packet.subscriptions, "subscriptions");
	for (const subscription of packet.subscriptions) {
		writeFilter(writer, subscription.filter);
		writer.byte(subscriptionOptions(subscription, version));
	}
}

/** Section 3.8.3.1. */
function subscriptionOptions(subscription: Subscription, version: ProtocolVersion): number {
	const { filter, qos, noLocal = false, retainAsPublished = false, retainHandling = 0 } = subscription;
	const flags = (noLocal ? 0x04 : 0) | (retainAsPublished ? 0x08 : 0) | (retainHandling << 4);
	if (version === 4 && flags !== 0) {
		throw new MqttEncodeError("not-in-3.1.1", "subscription: MQTT 3.1.1 has no options but the QoS");
	}
	if (retainHandling > 2) throw new MqttEncodeError("out-of-range", "retain handling: expected 0..2");
	if (noLocal && isShared(filter)) {
		throw new MqttEncodeError("bad-flags", "no local: not on a shared subscription [MQTT-3.8.3-4]");
	}
	return flags | checkedQoS(qos);
}

/** Section 3.10. */
function writeUnsubscribe(writer: Writer, packet: UnsubscribePacket, version: ProtocolVersion): void {
	writePacketId(writer, packet.packetId);
	writeProperties(writer, packet.properties, UNSUBSCRIBE, version);
	checkSome(packet.filters, "filters");
	for (const filter of packet.filters) writeFilter(writer, filter);
}

/** Sections 3.9 and 3.11; the UNSUBACK of MQTT 3.1.1 has no codes. */
function writeAcknowledgedCodes(writer: Writer, packet: SubackPacket | UnsubackPacket, version: ProtocolVersion): void {
	const type = packet.type === "suback" ? SUBACK : UNSUBACK;
	writePacketId(writer, packet.packetId);
	writeProperties(writer, packet.properties, type, version);
	if (type === UNSUBACK && version === 4) {
		if (packet.codes.length > 0) throw new MqttEncodeError("not-in-3.1.1", "codes: MQTT 3.1.1 has none here");
		return;
	}
	checkSome(packet.codes, "codes");
	for (const code of packet.codes) writeCode(writer, code, type, version);
}

function writeTopic(writer: Writer, topic: string, field: string): void {
	if (!isTopicName(topic)) throw new MqttEncodeError("bad-topic", `${field}: empty, or a wildcard in it`);
	writer.string(topic, field);
}

function writeFilter(writer: Writer, filter: string): void {
	if (!isTopicFilter(filter)) throw new MqttEncodeError("bad-topic-filter", "topic filter: empty, or a wildcard amiss");
	writer.string(filter, "topic filter");
}

function writePacketId(writer: Writer, packetId: number | undefined): void {
	if (!packetId) throw new MqttEncodeError("bad-packet-id", "packet id: expected 1..65535 [MQTT-2.2.1-3]");
	writer.uint16(packetId, "packet id");
}

function writeCode(writer: Writer, code: number, packet: number, version: ProtocolVersion): void {
	checkCode(code, packet, version);
	writer.byte(code);
}

function checkCode(code: number, packet: number, version: ProtocolVersion): void {
	if (!isReasonCode(code, packet, version)) {
		throw new MqttEncodeError("bad-reason-code", `reason code: this packet has no ${code}`);
	}
}

function checkSome(list: readonly unknown[], field: string): void {
	if (list.length === 0) throw new MqttEncodeError("nothing-to-send", `${field}: expected at least one`);
}

/** Callers outside TypeScript may ask for QoS 2. */
function checkedQoS(qos: QoS): QoS {
	if (qos !== 0 && qos !== 1) throw new MqttEncodeError("out-of-range", `QoS: expected 0 or 1, got ${qos}`);
	return qos;
}
