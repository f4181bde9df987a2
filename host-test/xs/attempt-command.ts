/**
 * What Node tells the guest that tries its TLS against servers, as JSON; both sides import it.
 * @module
 */

/** Argument of the command `attempt`; bytes in base64. */
export interface AttemptArgument {
	/** Comes back in the {@link AttemptEvent}. */
	readonly id: number;
	/** On 127.0.0.1. */
	readonly port: number;
	readonly serverName: string;
	readonly alpn: readonly string[];
	/** Trust anchors, DER. */
	readonly roots: readonly string[];
	/** Sent as soon as the socket takes it; offered to it all the time. */
	readonly plaintext: string;
}

/** Emitted once, when the connection is over. */
export interface AttemptEvent {
	readonly id: number;
	readonly opened: boolean;
	/** Detail of the failure, or its code; none after an orderly close. */
	readonly failure?: string | undefined;
	/** In base64, piece by piece. */
	readonly received: readonly string[];
}
