/**
 * Control packet types (MQTT 5 table 2-1): their numbers, their fixed flags, and who sends them.
 *
 * The constants are sets of types, bit n for type n, so that one number says which packets a property belongs to.
 * Bit 0 is no packet type and stands for the will inside a CONNECT.
 * @module
 */
import { MqttDecodeError } from "./errors.js";
import type { Packet, ProtocolVersion } from "./packets.js";

export const WILL = 1 << 0;
export const CONNECT = 1 << 1;
export const CONNACK = 1 << 2;
export const PUBLISH = 1 << 3;
export const PUBACK = 1 << 4;
export const SUBSCRIBE = 1 << 8;
export const SUBACK = 1 << 9;
export const UNSUBSCRIBE = 1 << 10;
export const UNSUBACK = 1 << 11;
const PINGREQ = 1 << 12;
const PINGRESP = 1 << 13;
export const DISCONNECT = 1 << 14;

export const FROM_CLIENT = CONNECT | PUBLISH | PUBACK | SUBSCRIBE | UNSUBSCRIBE | PINGREQ | DISCONNECT;
const FROM_SERVER = CONNACK | PUBLISH | PUBACK | SUBACK | UNSUBACK | PINGRESP | DISCONNECT;

/** PUBREC, PUBREL, PUBCOMP (QoS 2) and AUTH. */
const UNSUPPORTED = (1 << 5) | (1 << 6) | (1 << 7) | (1 << 15);

/** By number. */
const NAMES = (
	"reserved connect connack publish puback pubrec pubrel pubcomp " +
	"subscribe suback unsubscribe unsuback pingreq pingresp disconnect auth"
).split(" ");

/** The type of the packet that begins with byte `header`; {@link checkFirstByte} knows whether it is one. */
export function packetType(header: number): Packet["type"] {
	return NAMES[header >> 4] as Packet["type"];
}

/** The first byte of a packet of this type, with the flags of table 2-2; those of a PUBLISH are still 0. */
export function firstByte(type: Packet["type"]): number {
	const number = NAMES.indexOf(type);
	return (number << 4) | fixedFlags(1 << number);
}

/** What a server sends; DISCONNECT comes from clients alone before MQTT 5 (MQTT 3.1.1 section 3.14). */
export function fromServer(version: ProtocolVersion): number {
	return version === 5 ? FROM_SERVER : FROM_SERVER & ~DISCONNECT;
}

/**
 * Judges the first byte of a packet, before the rest has come.
 * @param accepted the set of types that the peer sends.
 * @throws {MqttDecodeError}
 */
export function checkFirstByte(header: number, accepted: number): void {
	const type = 1 << (header >> 4);
	const name = packetType(header);
	if (type & UNSUPPORTED) throw new MqttDecodeError("unsupported", `${name}: not supported`, 0x82);
	if (type === WILL || (type !== PUBLISH && (header & 0x0f) !== fixedFlags(type))) {
		throw new MqttDecodeError("malformed-packet", `${name}: first byte ${header}`, 0x81);
	}
	if (!(type & accepted)) throw new MqttDecodeError("protocol-error", `${name}: from the wrong side`, 0x82);
}

function fixedFlags(type: number): number {
	return type & (SUBSCRIBE | UNSUBSCRIBE) ? 2 : 0;
}
