/**
 * How an attempt to connect, or a connection, can end: one kind for each thing a device should do differently about.
 * @module
 */

export type OutcomeKind =
	/** The six of {@link NetworkFailureCode}: the device has no network. */
	| "network-unconfigured"
	| "network-not-found"
	| "network-rejected"
	| "network-no-address"
	| "network-lost"
	| "network-failed"
	/** The endpoint cannot be reached through the network that is there. */
	| "network"
	| "clock-unset"
	/** The store could not be read, and may be the next time. */
	| "store-failed"
	/** The proof could not be made, and may be the next time. */
	| "signing-failed"
	| "tls-trust"
	| "tls-refused"
	| "closed-before-connack"
	| "refused"
	| "throttled"
	| "policy-denied"
	| "taken-over"
	| "time-to-live"
	| "server-gone"
	| "protocol"
	/** A new credential did not get the device online: the old one is used again. */
	| "credential-rejected";

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
	"network-unconfigured": { minimum: 30 * SECOND, base: MINUTE, cap: 10 * MINUTE },
	"network-not-found": { minimum: 5 * SECOND, base: 5 * SECOND, cap: 5 * MINUTE },
	"network-rejected": { minimum: 30 * SECOND, base: 30 * SECOND, cap: 15 * MINUTE },
	"network-no-address": { minimum: 5 * SECOND, base: 10 * SECOND, cap: 5 * MINUTE },
	"network-lost": { minimum: SECOND, base: SECOND, cap: MINUTE },
	"network-failed": { minimum: 5 * SECOND, base: 5 * SECOND, cap: 5 * MINUTE },
	network: { minimum: SECOND, base: SECOND, cap: MINUTE },
	// Servers of time ask not to be called more often than every few seconds (RFC 4330 section 10).
	"clock-unset": { minimum: 5 * SECOND, base: 5 * SECOND, cap: 2 * MINUTE },
	"store-failed": { minimum: 5 * SECOND, base: 10 * SECOND, cap: 10 * MINUTE },
	"signing-failed": { minimum: 5 * SECOND, base: 10 * SECOND, cap: 10 * MINUTE },
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
	"credential-rejected": { minimum: SECOND, base: 5 * SECOND, cap: 30 * SECOND },
};

/** What does not mend itself: somebody has to do what the outcome's remedy says. */
const NEEDS_MENDING: readonly OutcomeKind[] = [
	"network-unconfigured",
	"network-rejected",
	"tls-trust",
	"tls-refused",
	"closed-before-connack",
	"refused",
	"policy-denied",
	"taken-over",
	"protocol",
];

export function needsMending(kind: OutcomeKind): boolean {
	return NEEDS_MENDING.includes(kind);
}

/** What a wrong clock makes of a good certificate. */
const DATE_FAULTS: readonly string[] = ["certificate-expired", "certificate-not-yet-valid"];

/** Whether the clock may be to blame. */
export function isDateFault({ kind, detail = "" }: Outcome): boolean {
	return kind === "tls-trust" && DATE_FAULTS.includes(detail);
}

/**
 * Milliseconds to wait.
 * @param attempt 0 for the first retry in a row.
 * @param random 0 or more and below 1.
 */
export function retryDelay(rule: RetryRule, attempt: number, random: number): number {
	return rule.minimum + Math.floor(random * randomPart(rule, attempt));
}

/** What {@link retryDelay} never exceeds. */
export function longestDelay(rule: RetryRule, attempt: number): number {
	return rule.minimum + randomPart(rule, attempt);
}

function randomPart({ base, cap }: RetryRule, attempt: number): number {
	return Math.min(cap, base * 2 ** Math.min(attempt, 30));
}

/** What the person beside the device can do. */
const REMEDIES: Readonly<Record<OutcomeKind, string>> = {
	"network-unconfigured": "give the device a Wi-Fi network: its name and password",
	"network-not-found": "bring the device into reach of its access point, or give it the right network name",
	"network-rejected": "give the device the network's right password",
	"network-no-address": "look at the network's DHCP server: it gave the device no address",
	"network-lost": "nothing to mend on the device: it joins anew. If it happens often, look at the reception",
	"network-failed": "nothing to mend on the device: it tries again. If it stays so, restart it",
	network: "check the endpoint's name and that its TCP port is open to the device",
	"clock-unset": "let the device reach a time server (UDP port 123) before it connects",
	"store-failed": "restart the device; if it stays so, its flash is worn or full: provision it again",
	"signing-failed": "restart the device; if it stays so, provision it again or look at its power supply",
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
	"credential-rejected": "look at the new credential: with it the device did not get online; it uses the old one again",
};

/** @param code as {@link Outcome.code}; so `reason`. */
export function outcomeOf(kind: OutcomeKind, cause: string, code?: number, reason?: string): Outcome {
	return {
		kind,
		cause,
		remedy: REMEDIES[kind],
		...(code === undefined ? {} : { code }),
		...(reason === undefined ? {} : { reason }),
	};
}
