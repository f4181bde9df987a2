/**
 * Servers that are sound until the connection is open, and then break the protocol: what was said before stays said,
 * nothing after it is taken for the server's word, and the end is told as what it is.
 * @module
 */
import { randomBytes } from "node:crypto";
import { genuine, type LateServer } from "./bad-server.js";
import { HANDSHAKE, message } from "./server/messages.js";
import { CONTENT, record } from "./server/peer.js";
import type { Step } from "./server/script.js";

const WORD = Buffer.from("20020000", "hex");
const CLOSE: Step = { kind: "close" };
const data = (bytes: Uint8Array): Step => ({ kind: "record", type: CONTENT.applicationData, body: bytes });
const alert = (level: number, number: number): Step => ({
	kind: "record",
	type: CONTENT.alert,
	body: Buffer.of(level, number),
});
const inClear = (type: number, body: Uint8Array): Step => ({ kind: "raw", bytes: record(type, body) });

/** Says `WORD`, then does `steps`, then FIN. */
function row(name: string, wrong: string, endsWith: LateServer["endsWith"], ...steps: readonly Step[]): LateServer {
	const behave = genuine({ afterwards: () => [data(WORD), ...steps, CLOSE] });
	return { name: `late-${name}`, wrong, endsWith, behave, says: WORD };
}

export const lateServers: readonly LateServer[] = [
	row("fin", "FIN without close_notify: what came may be half of it", ["truncated"]),
	row("fatal-alert", "a fatal alert", ["alert"], alert(2, 80)),
	row("record-changed", "a record that was changed on the way", ["record"], inClear(23, randomBytes(60))),
	row("record-too-short", "a record shorter than its authentication", ["record"], inClear(23, randomBytes(10))),
	row("record-too-long", "a record above 2^14 + 2048 bytes", ["record", "protocol"], inClear(23, Buffer.alloc(18_500))),
	row("record-of-unknown-type", "a protected record of type 99", ["record", "protocol"], {
		kind: "record",
		type: 99,
		body: WORD,
	}),
	row("data-in-clear", "application data in clear", ["record"], inClear(23, WORD)),
	row(
		"alert-in-clear",
		"close_notify in clear, as a man in the middle would send it",
		["record"],
		inClear(21, Buffer.of(1, 0)),
	),
	row("hello-request", "renegotiation asked for", ["protocol", "truncated"], {
		kind: "message",
		type: HANDSHAKE.helloRequest,
		body: () => Buffer.alloc(0),
	}),
	row("server-hello", "a second ServerHello", ["protocol"], {
		kind: "record",
		type: CONTENT.handshake,
		body: message(HANDSHAKE.serverHello, Buffer.alloc(70, 3)),
	}),
	row("change-cipher-spec", "ChangeCipherSpec again", ["protocol"], {
		kind: "record",
		type: CONTENT.changeCipherSpec,
		body: Buffer.of(1),
	}),
	row("heartbeat", "a protected heartbeat request", ["record", "protocol"], {
		kind: "record",
		type: CONTENT.heartbeat,
		body: Buffer.from("014000", "hex"),
	}),
	row(
		"empty-records",
		"300 protected records of no bytes, then FIN",
		["truncated", "protocol", "record"],
		...Array.from({ length: 300 }, () => data(Buffer.alloc(0))),
	),
	row(
		"data-after-close-notify",
		"application data after close_notify",
		[undefined],
		alert(1, 0),
		data(Buffer.from("late")),
	),
];
