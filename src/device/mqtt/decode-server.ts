/**
 * What a server sends, out of its bytes, strictly: what the standard does not allow, or AWS IoT Core does not have, is
 * refused. Paragraph numbers are those of MQTT 5.
 * @module
 */
import { CONNACK, DISCONNECT, PUBACK, PUBLISH, packetType, SUBACK, UNSUBACK } from "./control-packets.js";
import type {
	ConnackPacket,
	Properties,
	ProtocolVersion,
	PublishPacket,
	QoS,
	ServerPacket,
	SubackPacket,
	UnsubackPacket,
} from "./packets.js";
import { readProperties } from "./properties.js";
import { type CodedPacket, isReasonCode } from "./reason-codes.js";
import { BAD_TOPIC, isTopicName } from "./topics.js";
import { Reader } from "./wire.js";

/**
 * The packet of a server with first byte `header`, judged already, and the bytes after its Remaining Length.
 *
 * A server must not send a session expiry with DISCONNECT [MQTT-3.14.2-2].
 *
 * Payload and correlation data are views of `body`: whoever keeps them keeps `body`.
 * @throws {MqttDecodeError}
 */
export function decodeServerPacket(header: number, body: Uint8Array, version: ProtocolVersion): ServerPacket {
	const type = packetType(header) as ServerPacket["type"];
	const reader = new Reader(body, type);
	const packet = readServerBody(reader, type, header, version);
	if (packet.type === "disconnect" && packet.properties?.sessionExpiryInterval !== undefined) {
		throw reader.violation("sessionExpiryInterval");
	}
	return packet;
}

/** The whole body, and nothing after it. */
export function readServerBody(
	reader: Reader,
	type: ServerPacket["type"],
	header: number,
	version: ProtocolVersion,
): ServerPacket {
	const packet = readFields(reader, type, header, version);
	checkEnd(reader);
	return packet;
}

function readFields(
	reader: Reader,
	type: ServerPacket["type"],
	header: number,
	version: ProtocolVersion,
): ServerPacket {
	switch (type) {
		case "connack":
			return readConnack(reader, version);
		case "publish":
			return readPublish(reader, header, version);
		case "puback":
			return { type, packetId: readPacketId(reader), ...readOptionalCode(reader, type, PUBACK, version) };
		case "suback":
		case "unsuback":
			return readCodes(reader, type, version);
		case "disconnect":
			return { type, ...readOptionalCode(reader, type, DISCONNECT, version) };
		default:
			return { type };
	}
}

/** Section 3.2: [MQTT-3.2.2-1], [MQTT-3.2.2-6]. */
function readConnack(reader: Reader, version: ProtocolVersion): ConnackPacket {
	const flags = reader.uint(1, "flags");
	if (flags > 1) throw reader.malformed("reserved flags");
	const code = readCode(reader, "connack", version);
	if (flags === 1 && code > 0) throw reader.violation("session present");
	return { type: "connack", sessionPresent: flags === 1, code, properties: readProperties(reader, CONNACK, version) };
}

/** Section 3.3: [MQTT-3.3.1-2]. The topic may be empty where an alias stands for it. */
function readPublish(reader: Reader, header: number, version: ProtocolVersion): PublishPacket {
	const dup = (header & 0x08) !== 0;
	const qos = checkedQoS(reader, (header >> 1) & 0x03);
	if (dup && qos === 0) throw reader.malformed("dup at QoS 0");
	const topic = reader.string("topic");
	const packetId = qos === 0 ? undefined : readPacketId(reader);
	const properties = readProperties(reader, PUBLISH, version);
	if (topic !== "" || version === 4) checkTopic(reader, topic);
	else if (properties?.topicAlias === undefined) throw reader.violation("no topic");
	const retain = (header & 0x01) !== 0;
	return { type: "publish", topic, payload: reader.view(), qos, retain, dup, packetId, properties };
}

/** Sections 3.9 and 3.11; the UNSUBACK of MQTT 3.1.1 has no codes. */
function readCodes(
	reader: Reader,
	type: "suback" | "unsuback",
	version: ProtocolVersion,
): SubackPacket | UnsubackPacket {
	const packetId = readPacketId(reader);
	const properties = readProperties(reader, type === "suback" ? SUBACK : UNSUBACK, version);
	const codes: number[] = [];
	if (type === "suback" || version === 5) {
		do codes.push(readCode(reader, type, version));
		while (reader.left > 0);
	}
	return { type, packetId, codes, properties };
}

/** Code and properties of PUBACK and DISCONNECT, each of which may be left out (sections 3.4.2.1, 3.14.2.1). */
function readOptionalCode(
	reader: Reader,
	type: "puback" | "disconnect",
	set: number,
	version: ProtocolVersion,
): { code: number; properties?: Properties | undefined } {
	if (version === 4 || reader.left === 0) return { code: 0 };
	const code = readCode(reader, type, version);
	return { code, properties: reader.left > 0 ? readProperties(reader, set, version) : undefined };
}

function readCode(reader: Reader, packet: CodedPacket, version: ProtocolVersion): number {
	const code = reader.uint(1, "reason code");
	if (!isReasonCode(code, packet, version)) throw reader.violation(`reason code ${code}`);
	return code;
}

/** [MQTT-2.2.1-3]. */
export function readPacketId(reader: Reader): number {
	const packetId = reader.uint(2, "packet id");
	if (packetId === 0) throw reader.violation("packet id 0");
	return packetId;
}

/** [MQTT-3.3.2-2]. */
export function checkTopic(reader: Reader, topic: string): void {
	if (!isTopicName(topic)) throw reader.malformed(BAD_TOPIC);
}

/** [MQTT-3.3.1-4], [MQTT-3.1.2-12]. */
export function checkedQoS(reader: Reader, qos: number): QoS {
	if (qos === 3) throw reader.malformed("QoS 3");
	if (qos === 2) throw reader.unsupported("QoS 2", 0x9b);
	return qos as QoS;
}

export function checkEnd(reader: Reader): void {
	if (reader.left > 0) throw reader.malformed(`${reader.left} bytes too many`);
}
