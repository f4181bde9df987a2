/**
 * Bytes that are no TLS, or records that break its rules (RFC 5246 section 6.2).
 * @module
 */
import { randomBytes } from "node:crypto";
import { type BadServer, genuine } from "../bad-server.js";
import { HANDSHAKE, message, serverHello } from "../server/messages.js";
import { CONTENT, record } from "../server/peer.js";
import type { Script, Step } from "../server/script.js";

type Codes = BadServer["refusedWith"];
/** "Check that the port is one for TLS" is what they all come to. */
const NOT_TLS: Codes = ["protocol"];
/** All it says is less than a record's header: only the end tells. */
const TOO_SHORT: Codes = ["truncated"];
const CLOSE: Step = { kind: "close" };

function row(name: string, wrong: string, refusedWith: Codes, script: Partial<Script>): BadServer {
	const behave = genuine(script);
	return { name, wrong, refusedWith, behave };
}

/** Sends `bytes` in answer to the ClientHello, then FIN. */
const answer = (name: string, wrong: string, bytes: Uint8Array, refusedWith: Codes = NOT_TLS): BadServer =>
	row(name, wrong, refusedWith, { firstFlight: () => [{ kind: "raw", bytes }, CLOSE] });

const CONNACK = Buffer.from("20020000", "hex");
const data = (body: Uint8Array): Step => ({ kind: "raw", bytes: record(CONTENT.applicationData, body) });

/** The same message, in two records. What it was hashed as stays. */
function halved(step: Step): readonly Step[] {
	if (step.kind !== "message") return [step];
	const half = step.body().length >> 1;
	const wire = (message: Buffer): Buffer => message.subarray(0, half);
	const rest: Step = { kind: "record", type: CONTENT.handshake, body: message(step.type, step.body()).subarray(half) };
	return [{ ...step, wire }, rest];
}

const HELLO = message(
	HANDSHAKE.serverHello,
	serverHello({
		version: 0x0303,
		random: Buffer.alloc(32, 1),
		sessionId: Buffer.alloc(0),
		cipherSuite: 0xc02b,
		compression: 0,
		extensions: [],
	}),
);

const strangers: readonly BadServer[] = [
	answer("plain-http", "an HTTP answer", Buffer.from("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")),
	answer("plain-connack", "an MQTT CONNACK in clear", CONNACK, TOO_SHORT),
	answer("plain-connack-of-mqtt-5", "an MQTT 5 CONNACK in clear", Buffer.from("2003000000", "hex")),
	answer("plain-ssh", "an SSH greeting", Buffer.from("SSH-2.0-OpenSSH_9.2\r\n")),
	answer(
		"client-hello-reflected",
		"the client's kind of record: a ClientHello",
		record(22, message(1, Buffer.alloc(50, 3))),
	),
	answer("ssl-2-server-hello", "an SSL 2 hello", Buffer.from("802e0400010002000000100001", "hex")),
	answer(
		"ssl-3-server-hello",
		"an SSL 3 hello in an SSL 3 record",
		record(
			22,
			Buffer.concat([
				Buffer.from("0200002603 00".replace(" ", ""), "hex"),
				Buffer.alloc(32, 5),
				Buffer.from("00000500", "hex"),
			]),
			0x0300,
		),
		["version"],
	),
	answer(
		"random-bytes",
		"1000 random bytes that begin with no record type",
		Buffer.concat([Buffer.of(0xa5), randomBytes(999)]),
	),
	answer("zero-bytes", "1000 zero bytes", Buffer.alloc(1000)),
	answer("one-bits", "1000 bytes of ones", Buffer.alloc(1000, 0xff)),
];

const records: readonly BadServer[] = [
	answer("record-of-unknown-type", "a record of type 99", record(99, HELLO)),
	answer("record-of-type-zero", "a record of type 0", record(0, HELLO)),
	answer("record-of-version-2", "a record of version 2.0", record(22, HELLO, 0x0200)),
	answer("record-of-version-zero", "a record of version 0.0", record(22, HELLO, 0)),
	answer("record-of-version-5", "a record of version 5.0", record(22, HELLO, 0x0500)),
	answer("record-too-long", "a record of 2^14 + 257 bytes in clear", record(22, Buffer.alloc(16_641, 2))),
	answer("record-of-64-kilobytes", "a record of 65 535 bytes", record(22, Buffer.alloc(65_535, 2))),
	answer("record-empty", "a handshake record of no bytes, then FIN", record(22, Buffer.alloc(0))),
	answer(
		"records-empty-without-end",
		"3000 handshake records of no bytes",
		Buffer.concat(Array.from({ length: 3000 }, () => record(22, Buffer.alloc(0)))),
	),
	answer("heartbeat", "a heartbeat request that asks for 16 384 bytes", record(24, Buffer.from("014000", "hex"))),
	answer(
		"record-cut-short",
		"a record that says 500 bytes and has 20",
		record(22, HELLO.subarray(0, 20), 0x0303, 500),
		["truncated"],
	),
	{
		name: "message-in-two-records",
		wrong: "Certificate in two records: legal (RFC 5246 section 6.2.1), and more than mbedTLS 2.28 reads",
		refusedWith: ["protocol"],
		behave: genuine({ firstFlight: ([hello, certificate, ...steps]) => [hello!, ...halved(certificate!), ...steps] }),
		takenBy: { "node:tls": "it is legal" },
	},
];

/** Application data in clear at each place before Finished. */
const clear: readonly BadServer[] = [
	row("data-in-clear-at-once", "application data in clear as answer", NOT_TLS, {
		firstFlight: () => [data(CONNACK), CLOSE],
	}),
	row("data-in-clear-after-server-hello", "application data in clear after ServerHello", NOT_TLS, {
		firstFlight: ([hello]) => [hello!, data(CONNACK), CLOSE],
	}),
	row("data-in-clear-before-done", "application data in clear before ServerHelloDone", NOT_TLS, {
		firstFlight: (steps) => [...steps.slice(0, 3), data(CONNACK), ...steps.slice(3), CLOSE],
	}),
	row("data-in-clear-after-done", "application data in clear after ServerHelloDone", NOT_TLS, {
		firstFlight: (steps) => [...steps, data(CONNACK), CLOSE],
	}),
	row("data-in-clear-after-client-finished", "application data in clear before ChangeCipherSpec", NOT_TLS, {
		lastFlight: () => [data(CONNACK), CLOSE],
	}),
	row("data-in-clear-after-change", "application data in clear after ChangeCipherSpec", ["signature"], {
		lastFlight: () => [{ kind: "raw", bytes: record(20, Buffer.of(1)) }, data(CONNACK), CLOSE],
	}),
	row("data-empty-in-clear", "application data of no bytes, in clear, then FIN", NOT_TLS, {
		firstFlight: () => [data(Buffer.alloc(0)), CLOSE],
	}),
	row("data-between-fragments", "application data between the two halves of a message", NOT_TLS, {
		firstFlight: () => [
			{ kind: "raw", bytes: record(22, HELLO.subarray(0, 20)) },
			data(CONNACK),
			{ kind: "raw", bytes: record(22, HELLO.subarray(20)) },
			CLOSE,
		],
	}),
	row("record-changed-after-change", "a Finished record that does not open", ["signature"], {
		lastFlight: () => [
			{ kind: "raw", bytes: record(20, Buffer.of(1)) },
			{ kind: "raw", bytes: record(22, randomBytes(40)) },
			CLOSE,
		],
	}),
	row("record-too-short-after-change", "a protected record of eight bytes", ["signature"], {
		lastFlight: () => [
			{ kind: "raw", bytes: record(20, Buffer.of(1)) },
			{ kind: "raw", bytes: record(22, randomBytes(8)) },
			CLOSE,
		],
	}),
];

export const notTls: readonly BadServer[] = [...strangers, ...records, ...clear];
