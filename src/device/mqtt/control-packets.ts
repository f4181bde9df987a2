/**
 * Control packet types (MQTT 5 table 2-1): their numbers, their fixed flags, and who sends them.
 *
 * The names below are sets of types, bit n for type n, so that one number says which packets a property or a
 * reason code belongs to. Bit 0 is no packet type and stands for the will inside a CONNECT.
 * @module
 */
import { MqttDecodeError } from "./errors.js";
import type { Packet, ProtocolVersion, Sender } from "./packets.js";

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

const FROM_CLIENT = CONNECT | PUBLISH | PUBACK | SUBSCRIBE | UNSUBSCRIBE | PINGREQ | DISCONNECT;
const FROM_SERVER = CONNACK | PUBLISH | PUBACK | SUBACK | UNSUBACK | PINGRESP | DISCONNECT;

const NAMES = [
	"reserved type 0",
	"connect",
	"connack",
	"publish",
	"puback",
	"pubrec",
	"pubrel",
	"pubcomp",
	"subscribe",
	"suback",
	"unsubscribe",
	"unsuback",
	"pingreq",
	"pingresp",
	"disconnect",
	"auth",
] as const;

/** The name of the packet that begins with byte `header`. */
export function packetName(header: number): (typeof NAMES)[number] {
	return NAMES[header >> 4]!;
}

/** The first byte of a packet of this type, with the flags of table 2-2; those of a PUBLISH are still 0. */
export function firstByte(type: Packet["type"]): number {
	const number = NAMES.indexOf(type);
	return (number << 4) | fixedFlags(1 << number);
}

/**
 * Judges the first byte of a packet, before the rest has come.
 * @param from who sent it; either side when omitted.
 * @throws {MqttDecodeError} where no packet of that sender begins so, or AWS IoT Core and this codec have no such packet.
 */
export function checkFirstByte(header: number, version: ProtocolVersion, from?: Sender): void {
	const type = 1 << (header >> 4);
	const name = packetName(header);
	if (type === WILL) throw new MqttDecodeError("malformed-packet", `${name}: no such packet`, 0x81);
	if (!((FROM_CLIENT | FROM_SERVER) & type)) throw new MqttDecodeError("unsupported", `${name}: not supported`, 0x82);
	if (!(type & senders(version, from))) {
		throw new MqttDecodeError("protocol-error", `${name}: no ${from} sends it`, 0x82);
	}
	if (type !== PUBLISH && (header & 0x0f) !== fixedFlags(type)) {
		throw new MqttDecodeError(
			"malformed-packet",
			`${name}: flags: expected ${fixedFlags(type)}, got ${header & 0x0f}`,
			0x81,
		);
	}
}

function fixedFlags(type: number): number {
	return type & (SUBSCRIBE | UNSUBSCRIBE) ? 2 : 0;
}

/** Before MQTT 5 only a client disconnects by a packet [MQTT-3.14.0-1]. */
function senders(version: ProtocolVersion, from: Sender | undefined): number {
	if (from === undefined) return FROM_CLIENT | FROM_SERVER;
	if (from === "client") return FROM_CLIENT;
	return version === 5 ? FROM_SERVER : FROM_SERVER & ~DISCONNECT;
}
