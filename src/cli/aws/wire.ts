/**
 * The credential of a test call as a real MQTT CONNECT, by the device's own code, once.
 * @module
 */
import type { ConnectFields } from "../../device/connect-fields.js";
import { Link, type LinkEvent } from "../../device/link/index.js";
import { nodeClock } from "../../host/ports.js";
import { NodeTLSSocket } from "../../host/tls-socket.js";
import { printable } from "../../policy/index.js";

export interface WireResult {
	/** Undefined where it was not decided: the network, the trust in the server, throttling. */
	readonly admitted: boolean | undefined;
	/** `online`, or how the attempt ended (`src/device/link`). */
	readonly outcome: string;
	readonly cause: string;
	readonly remedy?: string | undefined;
	/** MQTT reason code, where the server gave one. */
	readonly code?: number | undefined;
	/** The server's reason string, fit for a terminal. */
	readonly reason?: string | undefined;
}

export interface WireAttempt {
	readonly fields: ConnectFields;
	/** Trust anchor, DER; the well-known roots without. */
	readonly certificate?: ArrayBuffer | undefined;
}

/** Largest packet taken: AWS IoT Core's messages of 128 KB and what is around them. */
const MAXIMUM_PACKET = 192 * 1024;

/** Ends with the connection; bounded by the link's own patience with TLS and CONNACK. */
export function connectOnce({ fields, certificate }: WireAttempt): Promise<WireResult> {
	return new Promise((resolve) => {
		const link = new Link({
			fields,
			version: 5,
			keepAlive: 60,
			maximumPacketSize: MAXIMUM_PACKET,
			certificate,
			TLSSocket: NodeTLSSocket,
			clock: nodeClock,
			onEvent(event) {
				const result = resultOf(event);
				if (result === undefined) return;
				link.close();
				resolve(result);
			},
		});
		link.open();
	});
}

/** Ends that are the server's refusal of this credential or of how it was sent. */
const REFUSED: ReadonlySet<string> = new Set(["refused", "closed-before-connack", "policy-denied", "tls-refused"]);

function resultOf(event: LinkEvent): WireResult | undefined {
	if (event.event === "online") return { admitted: true, outcome: "online", cause: "CONNACK with success" };
	if (event.event !== "over") return undefined;
	const { kind, cause, remedy, code, reason } = event.outcome;
	return {
		admitted: REFUSED.has(kind) ? false : undefined,
		outcome: kind,
		cause,
		remedy,
		code,
		reason: reason === undefined ? undefined : printable(reason, 1_000),
	};
}
