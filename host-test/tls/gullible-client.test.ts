/**
 * The tables' own test: clients that make the mistakes the bad servers hope for are found out.
 * @module
 */
import { randomBytes } from "node:crypto";
import { connect, isIP } from "node:net";
import tls from "node:tls";
import test from "ava";
import { certificates } from "./attacks/certificates.js";
import { issuers } from "./attacks/issuers.js";
import { names } from "./attacks/names.js";
import { badServers } from "./bad-servers.js";
import { type Attempt, type AttemptOptions, encounter, leaks, type TlsClientUnderTest } from "./client-under-test.js";
import { HANDSHAKE, message } from "./server/messages.js";
import { CONTENT, record } from "./server/peer.js";

/** Takes any certificate, as `rejectUnauthorized: false` does. */
const takesAnyCertificate = client("takes any certificate", async ({ port, serverName, alpn, plaintext }) => {
	const socket = tls.connect({
		host: "127.0.0.1",
		port,
		servername: isIP(serverName) === 0 ? serverName : "",
		ALPNProtocols: [...alpn],
		minVersion: "TLSv1.2",
		rejectUnauthorized: false,
		ciphers: `${tls.DEFAULT_CIPHERS}:@SECLEVEL=0`,
	});
	socket.on("secureConnect", () => socket.write(plaintext));
	return await over(socket);
});

/** Sends in clear as soon as TCP is up. */
const sendsInClear = client("sends in clear", async ({ port, plaintext }) => {
	const socket = connect({ host: "127.0.0.1", port });
	socket.on("connect", () => socket.end(plaintext));
	return await over(socket);
});

/** Says ClientHello, and takes whatever answer for the end of the handshake, as a client may that only counts messages. */
const takesAnyAnswer = client("takes any answer", async ({ port, plaintext }) => {
	const suites = Buffer.from("0004c02bc02f", "hex");
	const body = Buffer.concat([Buffer.of(3, 3), randomBytes(32), Buffer.of(0), suites, Buffer.of(1, 0)]);
	const hello = record(CONTENT.handshake, message(HANDSHAKE.clientHello, body));
	const socket = connect({ host: "127.0.0.1", port });
	socket.on("connect", () => socket.write(hello));
	socket.once("data", () => socket.end(record(CONTENT.applicationData, plaintext)));
	return await over(socket);
});

function client(name: string, attempt: (options: AttemptOptions) => Promise<Attempt>): TlsClientUnderTest {
	return { name, stack: "none", tls13: true, severalRoots: true, tellsEnd: true, attempt };
}

async function over(socket: tls.TLSSocket | ReturnType<typeof connect>): Promise<Attempt> {
	const received: Buffer[] = [];
	socket.on("data", (bytes: Buffer) => received.push(bytes));
	// How it ends is not what is asked here.
	socket.on("error", () => socket.destroy());
	await new Promise((resolve) => socket.on("close", resolve));
	return { opened: true, failure: undefined, received: Buffer.concat(received) };
}

async function leaksOf(gullible: TlsClientUnderTest, name: string): Promise<readonly string[]> {
	const server = badServers.find((row) => row.name === name);
	if (server === undefined) throw new RangeError(`expected a bad server, got ${name}`);
	return leaks(await encounter(gullible, server), server.encryptsHandshake);
}

/** What OpenSSL cannot work with even where it verifies nothing: no key that signs, or no certificate that parses. */
const USELESS = [
	"intermediate-first",
	"root-first",
	"dates-without-end",
	"p-192-leaf",
	"leaf-that-may-not-sign",
	"leaf-that-signs-certificates-only",
	"two-alternative-names",
	"basic-constraints-malformed",
	"serial-number-empty",
	"certificate-of-another-key",
];

test("every server with a bad chain is sound but for it: who takes any certificate sends it CONNECT", async (t) => {
	const refusing: string[] = [];
	for (const { name } of [...issuers, ...names, ...certificates]) {
		const found = await leaksOf(takesAnyCertificate, name);
		if (!found.some((leak) => leak.startsWith("the server understood"))) refusing.push(name);
	}
	t.deepEqual(refusing.sort(), [...USELESS].sort());
});

test("a client that takes any certificate is found out in TLS 1.3 as well", async (t) => {
	t.deepEqual(await leaksOf(takesAnyCertificate, "openssl-wrong-name"), ["the server understood 100 bytes"]);
});

for (const name of ["fin-after-client-hello", "warning-close-notify-at-once", "plain-http"])
	test(`a client that sends in clear is found out by ${name}`, async (t) => {
		t.true((await leaksOf(sendsInClear, name)).includes("the marker went in clear"));
	});

for (const name of ["warning-close-notify-at-once", "server-hello-tls-1-1", "data-in-clear-at-once"])
	test(`a client that takes any answer for the last is found out by ${name}`, async (t) => {
		const found = await leaksOf(takesAnyAnswer, name);
		t.true(found.includes("the marker went in clear") && found.includes("1 records of application data"));
	});
