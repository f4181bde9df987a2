/**
 * Names for the reason codes that AWS IoT Core sends (Developer Guide, "MQTT 5 reason codes") and for the return
 * codes of MQTT 3.1.1. For people; the device itself goes by numbers.
 * @module
 */
import type { ProtocolVersion } from "./packets.js";

const REASON_NAMES: Readonly<Record<number, string>> = {
	0: "success",
	1: "granted QoS 1",
	4: "disconnect with will message",
	16: "no matching subscribers",
	17: "no subscription existed",
	128: "unspecified error",
	129: "malformed packet",
	130: "protocol error",
	133: "client identifier not valid",
	134: "bad user name or password",
	135: "not authorized",
	139: "server shutting down",
	141: "keep alive timeout",
	142: "session taken over",
	143: "topic filter invalid",
	144: "topic name invalid",
	145: "packet identifier in use",
	147: "receive maximum exceeded",
	148: "topic alias invalid",
	149: "packet too large",
	151: "quota exceeded",
	152: "administrative action",
	155: "QoS not supported",
	161: "subscription identifiers not supported",
};

/** CONNACK of MQTT 3.1.1, table 3.1; 7 is AWS's own. */
const RETURN_NAMES: Readonly<Record<number, string>> = {
	0: "accepted",
	1: "unacceptable protocol version",
	2: "identifier rejected",
	3: "server unavailable",
	4: "bad user name or password",
	5: "not authorized",
	7: "not authorized (AWS)",
};

/** A name for people; the number where there is none: `reason 0x9d`. */
export function reasonName(code: number, version: ProtocolVersion): string {
	const name = (version === 5 ? REASON_NAMES : RETURN_NAMES)[code];
	return name ?? `reason 0x${code.toString(16).padStart(2, "0")}`;
}
