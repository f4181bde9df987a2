/**
 * Any packet as bytes, for whoever plays the server's side too: a device needs `encode-client.ts` alone.
 * @module
 */
import { CONNACK, SUBACK, UNSUBACK } from "./control-packets.js";
import { checkCode, checkSome, encodeWith, writeClientBody, writePacketId } from "./encode-client.js";
import { MqttEncodeError } from "./errors.js";
import type { ConnackPacket, Packet, ProtocolVersion, SubackPacket, UnsubackPacket } from "./packets.js";
import { writeProperties } from "./properties.js";
import type { Writer } from "./wire.js";

/**
 * The bytes of `packet`, in an array of exactly that length.
 * @throws {MqttEncodeError} for whatever the protocol version does not allow in it.
 */
export function encodePacket(packet: Packet, version: ProtocolVersion): Uint8Array {
	return encodeWith(writeBody, packet, version);
}

function writeBody(writer: Writer, packet: Packet, version: ProtocolVersion): void {
	switch (packet.type) {
		case "connack":
			writeConnack(writer, packet, version);
			break;
		case "suback":
		case "unsuback":
			writeCodes(writer, packet, version);
			break;
		case "pingresp":
			break;
		default:
			writeClientBody(writer, packet, version);
	}
}

/** Section 3.2. */
function writeConnack(writer: Writer, packet: ConnackPacket, version: ProtocolVersion): void {
	const { sessionPresent, code, properties } = packet;
	if (sessionPresent && code !== 0) throw new MqttEncodeError("bad-flags", "session present [MQTT-3.2.2-6]");
	checkCode(code, "connack", version);
	writer.byte(sessionPresent ? 1 : 0);
	writer.byte(code);
	writeProperties(writer, properties, CONNACK, version);
}

/** Sections 3.9 and 3.11; the UNSUBACK of MQTT 3.1.1 has no codes. */
function writeCodes(writer: Writer, packet: SubackPacket | UnsubackPacket, version: ProtocolVersion): void {
	const { type, packetId, codes, properties } = packet;
	writePacketId(writer, packetId);
	writeProperties(writer, properties, type === "suback" ? SUBACK : UNSUBACK, version);
	if (type === "suback" || version === 5) checkSome(codes, type);
	for (const code of codes) {
		checkCode(code, type, version);
		writer.byte(code);
	}
}
