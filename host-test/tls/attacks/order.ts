/**
 * Handshake messages left out, repeated, out of order or false (RFC 5246 section 7.3), by a server with the genuine key.
 * @module
 */
import { randomBytes } from "node:crypto";
import { type BadServer, genuine } from "../bad-server.js";
import { HANDSHAKE, message, type ServerHello, uint, vector } from "../server/messages.js";
import { CONTENT, record } from "../server/peer.js";
import type { Script, Step, Tamper } from "../server/script.js";

type Codes = BadServer["refusedWith"];
type Flight = Exclude<Script["firstFlight"], undefined>;

/** A message in place of Certificate may be told as a Certificate that is none. */
const UNEXPECTED: Codes = ["protocol", "certificate-format"];

function row(name: string, wrong: string, script: Partial<Script>, refusedWith = UNEXPECTED): BadServer {
	const behave = genuine(script);
	return { name, wrong, refusedWith, behave };
}

const CLOSE: Step = { kind: "close" };
const CHANGE: Step = { kind: "change-cipher-spec" };
const handshake = (type: number, body: Uint8Array = Buffer.alloc(0)): Step => ({
	kind: "message",
	type,
	body: () => Buffer.from(body),
});
const NAMES = ["server-hello", "certificate", "server-key-exchange", "server-hello-done"] as const;

/** Leaves step `index` out; FIN at the end, as the client may be waiting for it. */
const without =
	(index: number): Flight =>
	(steps) => [...steps.filter((_, at) => at !== index), CLOSE];
const twice =
	(index: number): Flight =>
	(steps) => [...steps.flatMap((step, at) => (at === index ? [step, step] : [step])), CLOSE];
const swapped =
	(index: number): Flight =>
	(steps) => {
		const changed = [...steps];
		[changed[index], changed[index + 1]] = [steps[index + 1]!, steps[index]!];
		return [...changed, CLOSE];
	};
/** The flight's first `count` steps, then others. */
const after =
	(count: number, ...others: readonly Step[]): Flight =>
	(steps) => [...steps.slice(0, count), ...others, CLOSE];

const order: readonly BadServer[] = [
	...NAMES.map((name, index) =>
		row(
			`${name}-left-out`,
			"a message is missing",
			{ firstFlight: without(index) },
			name === "server-hello-done" ? ["truncated", "protocol"] : UNEXPECTED,
		),
	),
	...NAMES.map((name, index) => row(`${name}-twice`, "a message comes twice", { firstFlight: twice(index) })),
	...NAMES.slice(0, 3).map((name, index) =>
		row(`${name}-after-${NAMES[index + 1]}`, "two messages change places", { firstFlight: swapped(index) }),
	),
	row("nothing-but-server-hello-done", "no certificate and no key exchange", {
		firstFlight: ([hello, , , done]) => [hello!, done!, CLOSE],
	}),
	row("client-hello-sent-back", "a ClientHello as answer", {
		firstFlight: () => [handshake(HANDSHAKE.clientHello, randomBytes(60)), CLOSE],
	}),
	row("client-key-exchange-sent-back", "a ClientKeyExchange in the server's flight", {
		firstFlight: after(3, handshake(HANDSHAKE.clientKeyExchange, vector(1, randomBytes(65)))),
	}),
	row("unknown-handshake-message", "a handshake message nobody knows", { firstFlight: after(1, handshake(77)) }),
	row(
		"hello-request-between",
		"HelloRequest in the middle, then FIN",
		{
			firstFlight: after(1, handshake(HANDSHAKE.helloRequest)),
		},
		["protocol", "certificate-format", "truncated"],
	),
	row(
		"hello-requests-without-end",
		"2000 HelloRequests, then FIN",
		{
			firstFlight: () => [...Array.from({ length: 2000 }, () => handshake(HANDSHAKE.helloRequest)), CLOSE],
		},
		["protocol", "truncated"],
	),
	row("server-hello-done-with-bytes", "ServerHelloDone must be empty", {
		firstFlight: after(3, handshake(HANDSHAKE.serverHelloDone, Buffer.of(0))),
	}),
	row(
		"message-longer-than-any",
		"a handshake message that says it has 16 777 215 bytes",
		{
			firstFlight: after(1, {
				kind: "record",
				type: CONTENT.handshake,
				body: Buffer.concat([Buffer.of(HANDSHAKE.certificate), uint(0xffffff, 3), Buffer.alloc(1000)]),
			}),
		},
		["protocol", "certificate-format", "truncated", "record"],
	),
	row(
		"message-cut-short",
		"half a Certificate, then FIN",
		{
			firstFlight: after(1, {
				kind: "record",
				type: CONTENT.handshake,
				body: message(HANDSHAKE.certificate, Buffer.alloc(900)).subarray(0, 400),
			}),
		},
		["truncated", "protocol"],
	),
];

const finished = (
	name: string,
	wrong: string,
	change: Script["finished"],
	codes: Codes = ["signature", "protocol"],
): BadServer => row(`finished-${name}`, wrong, { finished: change }, codes);
const last = (name: string, wrong: string, lastFlight: Flight, codes: Codes = ["protocol", "record"]): BadServer =>
	row(name, wrong, { lastFlight }, codes);
const flipped: Tamper = (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.of(bytes.at(-1)! ^ 1)]);

const finisheds: readonly BadServer[] = [
	finished("changed", "one bit of verify_data", flipped),
	finished("of-zeros", "verify_data of zeros", () => Buffer.alloc(12)),
	finished("too-short", "eleven bytes of verify_data", (data) => data.subarray(0, 11)),
	finished("too-long", "thirteen bytes of verify_data", (data) => Buffer.concat([data, Buffer.of(0)])),
	finished("of-one-byte", "the right first byte alone", (data) => data.subarray(0, 1)),
	finished("empty", "verify_data of no bytes", () => Buffer.alloc(0)),
	finished("of-the-client", "the client's verify_data sent back", (_data, server) => server.clientVerifyData()),
	last(
		"finished-record-sent-back",
		"the client's own Finished record sent back",
		(_steps, server) => [
			{ kind: "raw", bytes: record(CONTENT.changeCipherSpec, Buffer.of(1)) },
			{ kind: "raw", bytes: server.clientFinished },
			CLOSE,
		],
		["record", "protocol", "signature"],
	),
	last("finished-in-clear", "Finished without ChangeCipherSpec, in clear", ([, done]) => [done!, CLOSE]),
	last(
		"finished-in-clear-after-change",
		"ChangeCipherSpec, then Finished in clear",
		() => [
			{ kind: "raw", bytes: record(CONTENT.changeCipherSpec, Buffer.of(1)) },
			{ kind: "raw", bytes: record(CONTENT.handshake, message(HANDSHAKE.finished, randomBytes(12))) },
			CLOSE,
		],
		["record", "protocol", "signature"],
	),
	last("finished-twice-change", "ChangeCipherSpec twice", ([change, done]) => [change!, change!, done!, CLOSE], [
		"protocol",
		"record",
	]),
	last("application-data-in-place-of-finished", "application data under the right keys before Finished", ([change]) => [
		change!,
		{ kind: "record", type: CONTENT.applicationData, body: Buffer.from("20020000", "hex") },
		CLOSE,
	]),
	last("finished-left-out", "ChangeCipherSpec, then FIN", ([change]) => [change!, CLOSE], ["truncated"]),
	last(
		"alert-in-place-of-finished",
		"close_notify under the right keys before Finished",
		([change]) => [change!, { kind: "record", type: CONTENT.alert, body: Buffer.of(1, 0) }, CLOSE],
		["early-close"],
	),
	last(
		"hello-request-in-place-of-finished",
		"HelloRequest under the right keys before Finished",
		([change]) => [change!, handshake(HANDSHAKE.helloRequest), CLOSE],
		["protocol", "signature", "truncated"],
	),
	last("change-with-another-value", "ChangeCipherSpec of value 2", () => [
		{ kind: "record", type: CONTENT.changeCipherSpec, body: Buffer.of(2) },
		CLOSE,
	]),
	last("change-of-two-bytes", "ChangeCipherSpec of two bytes", () => [
		{ kind: "record", type: CONTENT.changeCipherSpec, body: Buffer.of(1, 1) },
		CLOSE,
	]),
];

/** The abbreviated handshake of a session nobody had: no certificate, keys of an empty secret. */
const resumed = (name: string, wrong: string, sessionId: (client: Buffer) => Buffer): BadServer =>
	row(
		`resumed-${name}`,
		wrong,
		{
			hello: (hello, client): ServerHello => ({ ...hello, sessionId: sessionId(client.sessionId) }),
			firstFlight: ([hello]) => [hello!, CHANGE, handshake(HANDSHAKE.finished, randomBytes(12)), CLOSE],
		},
		["protocol", "record"],
	);

const shortcuts: readonly BadServer[] = [
	resumed("with-the-clients-id", "an abbreviated handshake with the client's session id", (id) => id),
	resumed("with-another-id", "an abbreviated handshake with a new session id", () => randomBytes(32)),
	resumed("without-id", "an abbreviated handshake without session id", () => Buffer.alloc(0)),
	row(
		"change-before-certificate",
		"ChangeCipherSpec right after ServerHello (CVE-2014-0224)",
		{
			firstFlight: ([hello, ...rest]) => [hello!, CHANGE, ...rest, CLOSE],
		},
		["protocol", "record"],
	),
	row(
		"change-before-key-exchange",
		"ChangeCipherSpec after the certificate",
		{
			firstFlight: ([hello, certificate, ...rest]) => [hello!, certificate!, CHANGE, ...rest, CLOSE],
		},
		["protocol", "record"],
	),
	row(
		"change-before-done",
		"ChangeCipherSpec before ServerHelloDone",
		{
			firstFlight: ([hello, certificate, exchange, done]) => [hello!, certificate!, exchange!, CHANGE, done!, CLOSE],
		},
		["protocol", "record"],
	),
	row("change-at-once", "ChangeCipherSpec as the first record", { firstFlight: (steps) => [CHANGE, ...steps, CLOSE] }, [
		"protocol",
		"record",
	]),
	row("finished-at-once", "Finished in place of Certificate", {
		firstFlight: after(1, handshake(HANDSHAKE.finished, randomBytes(12))),
	}),
	row("finished-in-place-of-done", "Finished in place of ServerHelloDone", {
		firstFlight: after(3, handshake(HANDSHAKE.finished, randomBytes(12))),
	}),
];

export const orders: readonly BadServer[] = [...order, ...finisheds, ...shortcuts];
