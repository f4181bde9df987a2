/**
 * From what the socket or the server said, and how far the link had come, to an {@link Outcome}.
 * @module
 */
import type { MqttError } from "../mqtt/index.js";
import type { TransportFailure, TransportFailureCode } from "../ports.js";
import { kindOf } from "../thrown.js";
import { type Outcome, type OutcomeKind, outcomeOf } from "./outcome.js";

/** How far an attempt has come: TCP and TLS, then CONNECT sent, then CONNACK received. */
export type LinkPhase = "securing" | "connecting" | "online";

/** The stream failed or was closed by the peer. */
export function classifyFailure(failure: TransportFailure, phase: LinkPhase): Outcome {
	const { code, message, detail, step, remedy } = failure;
	// How TCP ended says nothing of why a CONNECT, or a device that was online, was dropped.
	const isTold = phase === "securing" || (phase === "connecting" && code !== "closed");
	return {
		...outcomeOf(failureKind(code, phase), message),
		...(detail === undefined ? {} : { detail }),
		...(step === undefined ? {} : { step }),
		...(remedy === undefined || !isTold ? {} : { remedy }),
	};
}

function failureKind(code: TransportFailureCode, phase: LinkPhase): OutcomeKind {
	if (phase === "online") return "server-gone";
	// AWS IoT Core refuses a CONNECT of MQTT 3.1.1 by closing.
	if (code === "closed") return phase === "connecting" ? "closed-before-connack" : "tls-refused";
	if (code === "tls-trust") return "tls-trust";
	// With TLS 1.3 a server refuses a client after the client has taken the handshake for done.
	if (code === "tls-refused" || code === "tls-protocol") return "tls-refused";
	return "network";
}

/** CONNACK with a code other than 0: MQTT 3.1.1 table 3.1, MQTT 5 table 3-1. */
export function classifyConnack(code: number, reason: string | undefined): Outcome {
	return outcomeOf(CONNACK_KINDS[code] ?? "refused", `CONNACK with code ${hex(code)}`, code, reason);
}

/** DISCONNECT from the server: MQTT 5 table 3-10. */
export function classifyDisconnect(code: number, reason: string | undefined): Outcome {
	const outcome = outcomeOf(DISCONNECT_KINDS[code] ?? "server-gone", `DISCONNECT with code ${hex(code)}`, code, reason);
	if (outcome.kind !== "protocol") return outcome;
	return { ...outcome, remedy: "look at what the device subscribes to and publishes: the server does not take it" };
}

/** The client gave up on the server. */
export function classifyClientError(error: MqttError, phase: LinkPhase): Outcome {
	if (error.code === "connack-timed-out")
		return {
			...outcomeOf("network", `CONNECT: ${error.message}`),
			remedy: "look at the authorizer's function, if it stays so",
		};
	if (error.code === "keep-alive-timed-out") return outcomeOf("server-gone", error.message);
	const outcome = outcomeOf(phase === "online" ? "server-gone" : "protocol", error.message);
	if (error.code !== "packet-too-large") return outcome;
	return { ...outcome, remedy: "send the device smaller messages, or let it take larger packets" };
}

/** The credential's fields make no CONNECT. */
export function classifyUnsent(error: MqttError): Outcome {
	const outcome = outcomeOf("protocol", `no CONNECT can be made: ${error.message}`);
	return { ...outcome, remedy: "correct the credential" };
}

/** The platform's socket threw. By the exception's kind alone: its text may hold what a log must not. */
export function classifyThrown(what: string, error: unknown, phase: LinkPhase): Outcome {
	const message = `${what} (${kindOf(error)})`;
	return classifyFailure({ code: "unreachable", message }, phase);
}

const CONNACK_KINDS: Readonly<Record<number, OutcomeKind>> = {
	1: "protocol",
	3: "server-gone",
	129: "protocol",
	130: "protocol",
	132: "protocol",
	136: "server-gone",
	137: "server-gone",
	151: "throttled",
	156: "server-gone",
	157: "server-gone",
	159: "throttled",
};

/** `protocol`: what the device did will end the next connection as well, and no waiting mends it. */
const DISCONNECT_KINDS: Readonly<Record<number, OutcomeKind>> = {
	129: "protocol",
	130: "protocol",
	135: "policy-denied",
	142: "taken-over",
	// Topic filter, topic name, receive maximum, topic alias, size.
	143: "protocol",
	144: "protocol",
	147: "protocol",
	148: "protocol",
	149: "protocol",
	150: "throttled",
	151: "throttled",
	// Administrative action: of the codes AWS lists, the one that fits the end of disconnectAfterInSeconds.
	152: "time-to-live",
	// Payload format, retain, QoS, shared subscriptions.
	153: "protocol",
	154: "protocol",
	155: "protocol",
	158: "protocol",
	159: "throttled",
	160: "time-to-live",
	// Subscription identifiers, wildcards.
	161: "protocol",
	162: "protocol",
};

function hex(code: number): string {
	return `0x${code.toString(16).padStart(2, "0")}`;
}
