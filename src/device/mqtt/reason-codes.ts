/**
 * Which packet may carry which reason code (MQTT 5 section 2.4) or return code (MQTT 3.1.1).
 * @module
 */
import type { ProtocolVersion } from "./packets.js";

/** The packets that carry codes. */
export type CodedPacket = "connack" | "puback" | "suback" | "unsuback" | "disconnect";

/**
 * Two hexadecimal digits a code, apart by blanks: MQTT 5 tables 3-1, 3-4, 3-8, 3-9, 3-10. Granted QoS 2 is left out,
 * as nobody asks for it here.
 */
const REASON_CODES: Readonly<Record<CodedPacket, string>> = {
	connack: "00 80 81 82 83 84 85 86 87 88 89 8a 8c 90 95 97 99 9a 9b 9c 9d 9f",
	puback: "00 10 80 83 87 90 91 97 99",
	suback: "00 01 80 83 87 8f 91 97 9e a1 a2",
	unsuback: "00 11 80 83 87 8f 91",
	disconnect: "00 04 80 81 82 83 87 89 8b 8d 8e 8f 90 93 94 95 96 97 98 99 9a 9b 9c 9d 9e 9f a0 a1 a2",
};

/**
 * MQTT 3.1.1 table 3.1 and section 3.9.3. CONNACK 07 is AWS's own: "not authorized" where the standard has 05
 * (AWS IoT Core Developer Guide 2023, "Device communication protocols").
 */
const RETURN_CODES: Readonly<Record<CodedPacket, string>> = {
	connack: "00 01 02 03 04 05 07",
	puback: "00",
	suback: "00 01 80",
	unsuback: "",
	disconnect: "00",
};

export function isReasonCode(code: number, packet: CodedPacket, version: ProtocolVersion): boolean {
	const codes = (version === 5 ? REASON_CODES : RETURN_CODES)[packet];
	return codes.includes(code.toString(16).padStart(2, "0"));
}
