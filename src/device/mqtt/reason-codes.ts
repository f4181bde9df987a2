/**
 * Reason codes of MQTT 5 (section 2.4) and return codes of MQTT 3.1.1: which packet may carry which, and names for
 * those that AWS IoT Core sends.
 * @module
 */
import { CONNACK, DISCONNECT, PUBACK, SUBACK, UNSUBACK } from "./control-packets.js";
import type { ProtocolVersion } from "./packets.js";

type ReasonCode = readonly [code: number, packets: number, name?: string];

/** Tables 3-1, 3-4, 3-8, 3-9 and 3-10 of MQTT 5 in one. Granted QoS 2 (SUBACK 0x02) is left out: nobody asks for it here. */
const REASON_CODES: readonly ReasonCode[] = [
	[0x00, CONNACK | PUBACK | SUBACK | UNSUBACK | DISCONNECT, "success"],
	[0x01, SUBACK, "granted QoS 1"],
	[0x04, DISCONNECT, "disconnect with will message"],
	[0x10, PUBACK, "no matching subscribers"],
	[0x11, UNSUBACK, "no subscription existed"],
	[0x80, CONNACK | PUBACK | SUBACK | UNSUBACK | DISCONNECT, "unspecified error"],
	[0x81, CONNACK | DISCONNECT, "malformed packet"],
	[0x82, CONNACK | DISCONNECT, "protocol error"],
	[0x83, CONNACK | PUBACK | SUBACK | UNSUBACK | DISCONNECT],
	[0x84, CONNACK],
	[0x85, CONNACK, "client identifier not valid"],
	[0x86, CONNACK, "bad user name or password"],
	[0x87, CONNACK | PUBACK | SUBACK | UNSUBACK | DISCONNECT, "not authorized"],
	[0x88, CONNACK],
	[0x89, CONNACK | DISCONNECT],
	[0x8a, CONNACK],
	[0x8b, DISCONNECT, "server shutting down"],
	[0x8c, CONNACK],
	[0x8d, DISCONNECT, "keep alive timeout"],
	[0x8e, DISCONNECT, "session taken over"],
	[0x8f, SUBACK | UNSUBACK | DISCONNECT, "topic filter invalid"],
	[0x90, CONNACK | PUBACK | DISCONNECT, "topic name invalid"],
	[0x91, PUBACK | SUBACK | UNSUBACK, "packet identifier in use"],
	[0x93, DISCONNECT, "receive maximum exceeded"],
	[0x94, DISCONNECT, "topic alias invalid"],
	[0x95, CONNACK | DISCONNECT, "packet too large"],
	[0x96, DISCONNECT],
	[0x97, CONNACK | PUBACK | SUBACK | DISCONNECT, "quota exceeded"],
	[0x98, DISCONNECT, "administrative action"],
	[0x99, CONNACK | PUBACK | DISCONNECT],
	[0x9a, CONNACK | DISCONNECT],
	[0x9b, CONNACK | DISCONNECT, "QoS not supported"],
	[0x9c, CONNACK | DISCONNECT],
	[0x9d, CONNACK | DISCONNECT],
	[0x9e, SUBACK | DISCONNECT],
	[0x9f, CONNACK | DISCONNECT],
	[0xa0, DISCONNECT],
	[0xa1, SUBACK | DISCONNECT, "subscription identifiers not supported"],
	[0xa2, SUBACK | DISCONNECT],
];

/**
 * CONNACK return codes of MQTT 3.1.1 (table 3.1) by number. 7 is AWS's own: "not authorized" where the standard has 5
 * (AWS IoT Core Developer Guide 2023, "Device communication protocols").
 */
const RETURN_CODES: readonly (string | undefined)[] = [
	"accepted",
	"unacceptable protocol version",
	"identifier rejected",
	"server unavailable",
	"bad user name or password",
	"not authorized",
	undefined,
	"not authorized (AWS)",
];

/** Whether a packet (one of the sets of `control-packets.ts`) may carry `code`. */
export function isReasonCode(code: number, packet: number, version: ProtocolVersion): boolean {
	if (version === 5) return REASON_CODES.some(([known, packets]) => known === code && (packets & packet) !== 0);
	if (packet === CONNACK) return RETURN_CODES[code] !== undefined;
	return code === 0 || (packet === SUBACK && (code === 1 || code === 0x80));
}

/** A name for people; the number where there is none: `reason 0x9d`. */
export function reasonName(code: number, version: ProtocolVersion): string {
	const name = version === 5 ? REASON_CODES.find(([known]) => known === code)?.[2] : RETURN_CODES[code];
	return name ?? `reason 0x${code.toString(16).padStart(2, "0")}`;
}
