/**
 * How an attempt to connect, or a connection, can end: one kind for each thing a device should do differently about.
 * @module
 */

export type OutcomeKind =
	| "network"
	| "clock-unset"
	| "tls-trust"
	| "tls-refused"
	| "closed-before-connack"
	| "refused"
	| "throttled"
	| "policy-denied"
	| "taken-over"
	| "time-to-live"
	| "server-gone"
	| "protocol";

export interface Outcome {
	readonly kind: OutcomeKind;
	/** What was seen, for people; no secret in it. */
	readonly cause: string;
	readonly remedy: string;
	/** What exactly failed below MQTT, such as `certificate-expired`, and how far it had come; where the platform told. */
	readonly detail?: string;
	readonly step?: "name" | "tcp" | "tls";
	/** MQTT return code or reason code, where the server gave one. */
	readonly code?: number;
	/** The server's reason string (MQTT 5), as it came. */
	readonly reason?: string;
}

/**
 * When to try again, as a value: `minimum` milliseconds and a random part of up to `base * 2^attempt`, at most `cap`
 * (full jitter: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog).
 */
export interface RetryRule {
	readonly minimum: number;
	readonly base: number;
	readonly cap: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * The rule of each outcome. What a person must mend is asked for ever more rarely; a lost network is looked for eagerly.
 * No minimum is below one second: AWS IoT Core takes one CONNECT a second from a client id.
 */
export const RETRY_RULES: Readonly<Record<OutcomeKind, RetryRule>> = {
	network: { minimum: SECOND, base: SECOND, cap: MINUTE },
	"clock-unset": { minimum: SECOND, base: SECOND, cap: 10 * SECOND },
	"tls-trust": { minimum: 30 * SECOND, base: MINUTE, cap: HOUR },
	"tls-refused": { minimum: 10 * SECOND, base: 30 * SECOND, cap: 30 * MINUTE },
	"closed-before-connack": { minimum: 5 * SECOND, base: 10 * SECOND, cap: 30 * MINUTE },
	refused: { minimum: 10 * SECOND, base: 30 * SECOND, cap: 30 * MINUTE },
	throttled: { minimum: 2 * SECOND, base: 5 * SECOND, cap: 5 * MINUTE },
	"policy-denied": { minimum: 10 * SECOND, base: 30 * SECOND, cap: 30 * MINUTE },
	"taken-over": { minimum: 30 * SECOND, base: MINUTE, cap: 30 * MINUTE },
	"time-to-live": { minimum: SECOND, base: 5 * SECOND, cap: 30 * SECOND },
	"server-gone": { minimum: SECOND, base: 2 * SECOND, cap: 2 * MINUTE },
	protocol: { minimum: 10 * SECOND, base: 30 * SECOND, cap: 30 * MINUTE },
};

/**
 * Milliseconds to wait.
 * @param attempt 0 for the first retry in a row.
 * @param random 0 or more and below 1.
 */
export function retryDelay(rule: RetryRule, attempt: number, random: number): number {
	return rule.minimum + Math.floor(random * Math.min(rule.cap, rule.base * 2 ** Math.min(attempt, 30)));
}

/** What the person beside the device can do. */
const REMEDIES: Readonly<Record<OutcomeKind, string>> = {
	network: "check the Wi-Fi, the endpoint's name and that its TCP port is open",
	"clock-unset": "let the device reach a time server before it connects",
	"tls-trust": "check the server name, the trusted root and the device's clock",
	"tls-refused": "check the server name (SNI) and that ALPN mqtt is sent to port 443",
	"closed-before-connack":
		"look at the authorizer: its name, its signing key, the function's answer, iot:Connect for this client id",
	refused: "look at the authorizer: its name, its signing key, the function's answer, iot:Connect for this client id",
	throttled: "connect less often with this client id",
	"policy-denied": "let the authorizer's function return a policy that allows what the device did",
	"taken-over": "give each device its own client id",
	"time-to-live": "nothing to mend: disconnectAfterInSeconds is over and the device connects anew",
	"server-gone": "nothing to mend on the device: it connects anew",
	protocol: "the peer does not speak MQTT as it should; check the endpoint and the protocol version",
};

export function outcomeOf(kind: OutcomeKind, cause: string, code?: number, reason?: string): Outcome {
	return {
		kind,
		cause,
		remedy: REMEDIES[kind],
		...(code === undefined ? {} : { code }),
		...(reason === undefined ? {} : { reason }),
	};
}
