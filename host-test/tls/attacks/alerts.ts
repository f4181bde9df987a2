/**
 * Every alert of TLS (IANA's TLS Alerts registry, and an unassigned one), in clear, before the handshake is over.
 *
 * An alert is not authentic there: whatever it says, the client must not take it for the end of the handshake. A warning
 * may be passed over; the FIN behind it may not.
 * @module
 */
import { type BadServer, type Behaviour, genuine } from "../bad-server.js";
import { CONTENT, record } from "../server/peer.js";
import type { Step } from "../server/script.js";

const ALERTS: Readonly<Record<string, number>> = {
	"close-notify": 0,
	"unexpected-message": 10,
	"bad-record-mac": 20,
	"decryption-failed": 21,
	"record-overflow": 22,
	"decompression-failure": 30,
	"handshake-failure": 40,
	"no-certificate": 41,
	"bad-certificate": 42,
	"unsupported-certificate": 43,
	"certificate-revoked": 44,
	"certificate-expired": 45,
	"certificate-unknown": 46,
	"illegal-parameter": 47,
	"unknown-ca": 48,
	"access-denied": 49,
	"decode-error": 50,
	"decrypt-error": 51,
	"too-many-cids-requested": 52,
	"export-restriction": 60,
	"protocol-version": 70,
	"insufficient-security": 71,
	"internal-error": 80,
	"inappropriate-fallback": 86,
	"user-canceled": 90,
	"no-renegotiation": 100,
	"missing-extension": 109,
	"unsupported-extension": 110,
	"certificate-unobtainable": 111,
	"unrecognized-name": 112,
	"bad-certificate-status-response": 113,
	"bad-certificate-hash-value": 114,
	"unknown-psk-identity": 115,
	"certificate-required": 116,
	"no-application-protocol": 120,
	unassigned: 255,
};

type Place = "at-once" | "after-server-hello" | "after-done";

/** The steps up to a place of the handshake, then `more`. */
function upTo(place: Place, ...more: readonly Step[]): Behaviour {
	if (place === "after-done") return genuine({ lastFlight: () => more });
	const count = place === "at-once" ? 0 : 1;
	return genuine({ firstFlight: (steps) => [...steps.slice(0, count), ...more] });
}

const CLOSE: Step = { kind: "close" };
const alertRecord = (...body: readonly number[]): Step => ({
	kind: "raw",
	bytes: record(CONTENT.alert, Buffer.from(body)),
});

function refusal(level: "warning" | "fatal", number: number): Pick<BadServer, "refusedWith" | "alert"> {
	if (level === "fatal") return { refusedWith: number === 0 ? ["alert", "early-close"] : ["alert"], alert: number };
	return { refusedWith: number === 0 ? ["early-close"] : ["alert", "truncated", "protocol"] };
}

function alertRow(level: "warning" | "fatal", alert: string, number: number, place: Place): BadServer {
	return {
		name: `${level}-${alert}-${place}`,
		wrong: `alert ${number} (${level}) before Finished`,
		...refusal(level, number),
		behave: upTo(place, alertRecord(level === "fatal" ? 2 : 1, number), CLOSE),
	};
}

const each: readonly BadServer[] = Object.entries(ALERTS).flatMap(([alert, number]) =>
	(["fatal", "warning"] as const).flatMap((level) => [
		alertRow(level, alert, number, "at-once"),
		alertRow(level, alert, number, "after-done"),
	]),
);

const odd = (
	name: string,
	wrong: string,
	refusedWith: BadServer["refusedWith"],
	...steps: readonly Step[]
): BadServer => ({
	name,
	wrong,
	refusedWith,
	behave: upTo("at-once", ...steps),
});

export const alerts: readonly BadServer[] = [
	...each,
	alertRow("warning", "close-notify", 0, "after-server-hello"),
	alertRow("fatal", "handshake-failure", 40, "after-server-hello"),
	odd("alert-of-unknown-level", "an alert of level 3", ["alert", "protocol", "truncated"], alertRecord(3, 40), CLOSE),
	odd("alert-of-one-byte", "an alert of one byte", ["record", "protocol", "truncated"], alertRecord(2), CLOSE),
	odd("alert-empty", "an alert of no bytes", ["record", "protocol", "truncated"], alertRecord(), CLOSE),
	odd(
		"alert-of-three-bytes",
		"an alert with a byte too many",
		["record", "protocol", "alert", "early-close"],
		alertRecord(1, 0, 0),
		CLOSE,
	),
	odd(
		"two-alerts-in-a-record",
		"two alerts in one record",
		["record", "protocol", "early-close", "truncated"],
		alertRecord(1, 0, 1, 0),
		CLOSE,
	),
	odd(
		"warnings-without-end",
		"500 warnings, then FIN",
		["alert", "truncated", "protocol"],
		...Array.from({ length: 500 }, () => alertRecord(1, 90)),
		CLOSE,
	),
];
