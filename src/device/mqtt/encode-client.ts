/**
 * What a client sends, as bytes: exact, of the least length, or refused before a byte is written.
 *
 * Loops here count: on XS `for...of` takes three times the bytecode, and allocates.
 * @module
 */
import { CONNECT, DISCONNECT, firstByte, PUBACK, PUBLISH, SUBSCRIBE, UNSUBSCRIBE, WILL } from "./control-packets.js";
import { MqttEncodeError } from "./errors.js";
import type {
	ClientPacket,
	ConnectPacket,
	DisconnectPacket,
	Packet,
	ProtocolVersion,
	PubackPacket,
	PublishPacket,
	QoS,
	Subscription,
} from "./packets.js";
import { propertiesSize, writeProperties } from "./properties.js";
import { type CodedPacket, isReasonCode } from "./reason-codes.js";
import { BAD_FILTER, BAD_TOPIC, isShared, isTopicFilter, isTopicName } from "./topics.js";
import { MAXIMUM_VARIABLE, Writer } from "./wire.js";

/**
 * The bytes of `packet`, in an array of exactly that length.
 * @throws {MqttEncodeError} for whatever the protocol version does not allow in it.
 */
export function encodeClientPacket(packet: ClientPacket, version: ProtocolVersion): Uint8Array {
	return encodeWith(writeClientBody, packet, version);
}

/** Writes the body of packets of one side. */
type WriteBody<P extends Packet> = (writer: Writer, packet: P, version: ProtocolVersion) => void;

/** Measures the body, then writes header and body into one array. */
export function encodeWith<P extends Packet>(write: WriteBody<P>, packet: P, version: ProtocolVersion): Uint8Array {
	const body = new Writer();
	write(body, packet, version);
	if (body.length > MAXIMUM_VARIABLE) throw new MqttEncodeError("packet-too-large", `${body.length} bytes`);
	const head = new Writer();
	head.variable(body.length);
	const bytes = new Uint8Array(1 + head.length + body.length);
	const writer = new Writer(bytes);
	writer.byte(firstByte(packet.type) | (packet.type === "publish" ? publishFlags(packet) : 0));
	writer.variable(body.length);
	write(writer, packet, version);
	return bytes;
}

export function writeClientBody(writer: Writer, packet: ClientPacket, version: ProtocolVersion): void {
	switch (packet.type) {
		case "connect":
			writeConnect(writer, packet, version);
			break;
		case "publish":
			writePublish(writer, packet, version);
			break;
		case "puback":
			writePacketId(writer, packet.packetId);
			writeOptionalCode(writer, packet, PUBACK, version);
			break;
		case "subscribe":
			writePacketId(writer, packet.packetId);
			writeProperties(writer, packet.properties, SUBSCRIBE, version);
			checkSome(packet.subscriptions, packet.type);
			for (let i = 0; i < packet.subscriptions.length; i++) {
				writeSubscription(writer, packet.subscriptions[i]!, version);
			}
			break;
		case "unsubscribe":
			writePacketId(writer, packet.packetId);
			writeProperties(writer, packet.properties, UNSUBSCRIBE, version);
			checkSome(packet.filters, packet.type);
			for (let i = 0; i < packet.filters.length; i++) writeFilter(writer, packet.filters[i]!);
			break;
		case "disconnect":
			writeOptionalCode(writer, packet, DISCONNECT, version);
			break;
	}
}

/** Section 3.1. */
function writeConnect(writer: Writer, packet: ConnectPacket, version: ProtocolVersion): void {
	const { will, username, password } = packet;
	if (version === 4) checkConnect(packet);
	writer.string("MQTT", "");
	writer.byte(version);
	writer.byte(
		(packet.cleanStart ? 0x02 : 0) |
			(will === undefined ? 0 : 0x04 | (checkedQoS(will.qos) << 3) | (will.retain ? 0x20 : 0)) |
			(password === undefined ? 0 : 0x40) |
			(username === undefined ? 0 : 0x80),
	);
	writer.uint(packet.keepAlive, 2, "keep alive");
	writeProperties(writer, packet.properties, CONNECT, version);
	writer.string(packet.clientId, "client id");
	if (will !== undefined) {
		writeProperties(writer, will.properties, WILL, version);
		writeTopic(writer, will.topic);
		writer.binary(will.payload, "will");
	}
	if (username !== undefined) writer.string(username, "user name");
	if (password !== undefined) writer.binary(password, "password");
}

/** [MQTT-3.1.2-22] and [MQTT-3.1.3-7] of MQTT 3.1.1; MQTT 5 allows both. */
function checkConnect({ username, password, clientId, cleanStart }: ConnectPacket): void {
	if (username === undefined && password !== undefined) {
		throw new MqttEncodeError("not-in-3.1.1", "password without user name");
	}
	if (clientId === "" && !cleanStart) throw new MqttEncodeError("bad-client-id", "client id empty without clean start");
}

/** Section 3.3. The topic may be empty where an alias stands for it; no packet id at QoS 0 [MQTT-2.2.1-2]. */
function writePublish(writer: Writer, packet: PublishPacket, version: ProtocolVersion): void {
	const { topic, packetId, properties } = packet;
	if (topic === "" && version === 5 && properties?.topicAlias !== undefined) writer.string(topic, "");
	else writeTopic(writer, topic);
	if (packet.qos > 0) writePacketId(writer, packetId);
	else if (packetId !== undefined) throw new MqttEncodeError("bad-packet-id", "packet id at QoS 0");
	writeProperties(writer, properties, PUBLISH, version);
	writer.raw(packet.payload);
}

/** [MQTT-3.3.1-2]. */
function publishFlags(packet: PublishPacket): number {
	if (packet.dup && packet.qos === 0) throw new MqttEncodeError("bad-flags", "dup at QoS 0");
	return (packet.dup ? 0x08 : 0) | (checkedQoS(packet.qos) << 1) | (packet.retain ? 0x01 : 0);
}

/** Code and properties of PUBACK and DISCONNECT, each left out where it says nothing (sections 3.4.2.1, 3.14.2.1). */
function writeOptionalCode(
	writer: Writer,
	packet: PubackPacket | DisconnectPacket,
	set: number,
	version: ProtocolVersion,
): void {
	const { code, properties } = packet;
	checkCode(code, packet.type, version);
	const size = propertiesSize(properties, set);
	if (code > 0 || size > 0) writer.byte(code);
	if (size > 0) writeProperties(writer, properties, set, version);
}

/** Section 3.8.3.1; no local is not for shared subscriptions [MQTT-3.8.3-4]. */
function writeSubscription(writer: Writer, subscription: Subscription, version: ProtocolVersion): void {
	const { filter, qos, noLocal, retainHandling = 0 } = subscription;
	const options = (noLocal ? 0x04 : 0) | (subscription.retainAsPublished ? 0x08 : 0) | (retainHandling << 4);
	if (version === 4 && options > 0) throw new MqttEncodeError("not-in-3.1.1", "subscription options");
	if (retainHandling > 2 || (noLocal && isShared(filter))) {
		throw new MqttEncodeError("bad-flags", "retain handling, or no local on a shared subscription");
	}
	writeFilter(writer, filter);
	writer.byte(options | checkedQoS(qos));
}

function writeTopic(writer: Writer, topic: string): void {
	if (!isTopicName(topic)) throw new MqttEncodeError("bad-topic", BAD_TOPIC);
	writer.string(topic, "topic");
}

function writeFilter(writer: Writer, filter: string): void {
	if (!isTopicFilter(filter)) throw new MqttEncodeError("bad-topic-filter", BAD_FILTER);
	writer.string(filter, "topic filter");
}

/** [MQTT-2.2.1-3]. */
export function writePacketId(writer: Writer, packetId = 0): void {
	if (packetId === 0) throw new MqttEncodeError("bad-packet-id", "packet id: expected 1..65535");
	writer.uint(packetId, 2, "packet id");
}

export function checkCode(code: number, packet: CodedPacket, version: ProtocolVersion): void {
	if (!isReasonCode(code, packet, version)) throw new MqttEncodeError("bad-reason-code", `${packet}: ${code}`);
}

export function checkSome(list: readonly unknown[], packet: string): void {
	if (list.length === 0) throw new MqttEncodeError("nothing-to-send", `${packet} of nothing`);
}

/** Callers outside TypeScript may ask for QoS 2. */
function checkedQoS(qos: QoS): QoS {
	if (qos !== 0 && qos !== 1) throw new MqttEncodeError("out-of-range", `QoS: expected 0..1, got ${qos}`);
	return qos;
}
