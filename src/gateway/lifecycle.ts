/**
 * Why a connection ended, in the words of AWS IoT's lifecycle events (AWS page "Lifecycle events", `disconnectReason`).
 * @module
 */
import type { EndCause } from "../broker/index.js";

export type DisconnectReason =
	| "AUTH_ERROR"
	| "CLIENT_ERROR"
	| "CLIENT_INITIATED_DISCONNECT"
	| "CONNECTION_LOST"
	| "CUSTOMAUTH_TTL_EXPIRATION"
	| "DUPLICATE_CLIENTID"
	| "MQTT_KEEP_ALIVE_TIMEOUT"
	| "SERVER_INITIATED_DISCONNECT";

const REASONS: Readonly<Record<EndCause, DisconnectReason>> = {
	"client-disconnect": "CLIENT_INITIATED_DISCONNECT",
	"client-disconnect-with-will": "CLIENT_INITIATED_DISCONNECT",
	"connection-lost": "CONNECTION_LOST",
	"keep-alive-timeout": "MQTT_KEEP_ALIVE_TIMEOUT",
	"not-reading": "SERVER_INITIATED_DISCONNECT",
	"taken-over": "DUPLICATE_CLIENTID",
	violation: "CLIENT_ERROR",
	"connect-refused": "AUTH_ERROR",
	"not-authorized": "AUTH_ERROR",
	"authorization-withdrawn": "AUTH_ERROR",
	"time-to-live": "CUSTOMAUTH_TTL_EXPIRATION",
	"server-shutdown": "SERVER_INITIATED_DISCONNECT",
};

export function disconnectReason(cause: EndCause): DisconnectReason {
	return REASONS[cause];
}
