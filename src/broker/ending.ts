/**
 * How a connection came to its end.
 * @module
 */

export type EndCause =
	/** The client sent DISCONNECT; its will is forgotten. */
	| "client-disconnect"
	/** The client sent DISCONNECT and wants its will published (MQTT 5, reason code 0x04). */
	| "client-disconnect-with-will"
	/** The network connection went away without a DISCONNECT. */
	| "connection-lost"
	| "keep-alive-timeout"
	/** For too long the client did not take what was written to it. */
	| "not-reading"
	/** Another connection came with the same client identifier. */
	| "taken-over"
	/** The client broke a rule of MQTT or a limit. */
	| "violation"
	/** CONNECT was refused. */
	| "connect-refused"
	/** The client published or subscribed where it may not. */
	| "not-authorized"
	/** What let the client in holds no longer. */
	| "authorization-withdrawn"
	/** The time that the client was given is over. */
	| "time-to-live"
	| "server-shutdown";

export interface Ending {
	readonly cause: EndCause;
	/** Reason code of the CONNACK or DISCONNECT that an MQTT 5 client gets. */
	readonly reasonCode: number;
	/** Reason string for an MQTT 5 client. */
	readonly reason?: string | undefined;
}
