/**
 * The device's TLS socket on Node, against real servers: what it lets in, what it refuses and by which code.
 * @module
 */
import { X509Certificate } from "node:crypto";
import net from "node:net";
import tls from "node:tls";
import test, { type ExecutionContext } from "ava";
import type { TLSSocketOptions, TransportFailure } from "../../src/device/ports.js";
import { createDevelopmentCa, issueServerCertificate } from "../../src/gateway/development-ca.js";
import { NodeTLSSocket } from "../../src/host/tls-socket.js";
import { closedPort, listenOnLoopback } from "../loopback.js";

const now = Date.now();
const DAY = 86_400_000;
const ca = await createDevelopmentCa(now - 1000 * DAY);
const anchor = Uint8Array.from(new X509Certificate(ca.certificate).raw).buffer;
const good = await issueServerCertificate(ca, { serverNames: ["gateway.test"], now });

/** A TLS server on loopback that does `serve` with each client. */
async function listen(t: ExecutionContext, options: tls.TlsOptions, serve: (socket: tls.TLSSocket) => void = () => {}) {
	const server = tls.createServer({
		key: good.privateKey,
		cert: good.certificate,
		ALPNProtocols: ["mqtt"],
		...options,
	});
	server.on("secureConnection", (socket) => {
		socket.on("error", () => {});
		serve(socket);
	});
	server.on("tlsClientError", () => {});
	return listenOnLoopback(t, server);
}

type Callbacks = Pick<TLSSocketOptions, "onReadable" | "onWritable" | "onError">;

function connect(to: number, callbacks: Callbacks, secure: Partial<TLSSocketOptions["secure"]> = {}): NodeTLSSocket {
	return new NodeTLSSocket({
		host: "127.0.0.1",
		port: to,
		secure: {
			serverName: "gateway.test",
			applicationLayerProtocolNegotiation: ["mqtt"],
			certificate: anchor,
			...secure,
		},
		...callbacks,
	});
}

/** How an attempt ends: `secured`, or the code of the failure. */
function outcome(to: number, secure?: Partial<TLSSocketOptions["secure"]>): Promise<string> {
	return new Promise((resolve) => {
		const socket = connect(
			to,
			{
				onWritable: () => {
					socket.close();
					resolve("secured");
				},
				onError: ({ code }) => resolve(code),
			},
			secure,
		);
	});
}

test("a verified server with ALPN mqtt is let in, and is sent the server name", async (t) => {
	let seen: (what: string) => void;
	const offer = new Promise<string>((resolve) => {
		seen = resolve;
	});
	const to = await listen(t, {}, (socket) => {
		const { servername } = socket as tls.TLSSocket & { servername?: string };
		seen(`${servername} ${socket.alpnProtocol}`);
	});
	t.is(await outcome(to), "secured");
	t.is(await offer, "gateway.test mqtt");
});

test("a server the device has no reason to trust is refused as such", async (t) => {
	const otherCa = await createDevelopmentCa(now);
	const wrong = {
		"another CA": await issueServerCertificate(otherCa, { serverNames: ["gateway.test"], now }),
		"another name": await issueServerCertificate(ca, { serverNames: ["other.test"], now }),
		expired: await issueServerCertificate(ca, { serverNames: ["gateway.test"], now: now - 500 * DAY }),
		"not yet valid": await issueServerCertificate(ca, { serverNames: ["gateway.test"], now: now + 5 * DAY }),
	};
	for (const [what, { certificate, privateKey }] of Object.entries(wrong))
		t.is(await outcome(await listen(t, { cert: certificate, key: privateKey })), "tls-trust", what);
});

test("without an anchor of its own the development CA is not trusted", async (t) => {
	const to = await listen(t, {});
	const socketOutcome = await new Promise<string>((resolve) => {
		new NodeTLSSocket({
			host: "127.0.0.1",
			port: to,
			secure: { serverName: "gateway.test", applicationLayerProtocolNegotiation: ["mqtt"] },
			onWritable: () => resolve("secured"),
			onError: ({ code }) => resolve(code),
		});
	});
	t.is(socketOutcome, "tls-trust");
});

test("a server without ALPN, or with another protocol, is tls-refused before anything is sent", async (t) => {
	const silent = tls.createServer({ key: good.privateKey, cert: good.certificate });
	t.is(await outcome(await listenOnLoopback(t, silent)), "tls-refused");
	t.is(await outcome(await listen(t, { ALPNProtocols: ["x-amzn-mqtt-ca"] })), "tls-refused");
});

test("an alert of the server is tls-refused, in words without OpenSSL's frame", async (t) => {
	const to = await listen(t, { ALPNProtocols: ["other"] });
	const failure = await new Promise<TransportFailure>((resolve) => {
		connect(to, { onError: resolve });
	});
	t.is(failure.code, "tls-refused");
	t.regex(failure.message, /^TLS: [a-z0-9 ]+$/);
});

test("what is no TLS, hangs up or is not there is told apart", async (t) => {
	const http = net.createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
	t.is(await outcome(await listenOnLoopback(t, http)), "tls-protocol");
	const closing = net.createServer((socket) => socket.destroy());
	t.is(await outcome(await listenOnLoopback(t, closing)), "closed");
	t.is(await outcome(await closedPort()), "unreachable");
});

test("a name that does not resolve is name-unresolved", async (t) => {
	const failure = await new Promise<TransportFailure>((resolve) => {
		new NodeTLSSocket({
			host: "gateway.invalid",
			port: 443,
			secure: { serverName: "gateway.invalid", applicationLayerProtocolNegotiation: ["mqtt"] },
			onError: resolve,
		});
	});
	t.is(failure.code, "name-unresolved");
});

test("the last bytes of a server that hangs up come before the error", async (t) => {
	const to = await listen(t, {}, (socket) => socket.end("goodbye"));
	const seen: string[] = [];
	await new Promise<void>((resolve) => {
		const socket = connect(to, {
			onReadable: () => seen.push(Buffer.from(socket.read() ?? new ArrayBuffer(0)).toString()),
			onError: ({ code }) => {
				seen.push(code);
				resolve();
			},
		});
	});
	t.deepEqual(seen, ["goodbye", "closed"]);
});

test("read gives at most what is asked for and keeps the rest", async (t) => {
	const to = await listen(t, {}, (socket) => socket.write("abcdef"));
	const parts = await new Promise<string[]>((resolve) => {
		const socket = connect(to, {
			onReadable: (count) => {
				if (count < 6) return;
				const read = (n?: number) => Buffer.from(socket.read(n) ?? new ArrayBuffer(0)).toString();
				resolve([read(2), read(3), read(), read()]);
				socket.close();
			},
		});
	});
	t.deepEqual(parts, ["ab", "cde", "f", ""]);
});

test("writing beyond the room is refused whole, and room comes back when the server reads", async (t) => {
	let received = 0;
	let resume: () => void = () => {};
	const to = await listen(t, {}, (socket) => {
		socket.pause();
		resume = () => socket.resume();
		socket.on("data", (chunk) => {
			received += chunk.length;
		});
	});
	let written = 0;
	await new Promise<void>((resolve) => {
		let full = false;
		const socket = connect(to, {
			onWritable(room) {
				if (full) {
					t.true(room > 0);
					socket.close();
					resolve();
					return;
				}
				let left = room;
				while (left > 0) {
					written += left;
					left = socket.write(new Uint8Array(left));
				}
				full = true;
				t.throws(() => socket.write(new Uint8Array(1)), { instanceOf: RangeError });
				resume();
			},
		});
	});
	t.true(written >= 65_536);
	t.true(received <= written);
});

test("close before the handshake and close twice are safe and tell nothing", async (t) => {
	const to = await listen(t, {});
	const socket = connect(to, {
		onWritable: () => t.fail("writable after close"),
		onError: () => t.fail("error after close"),
	});
	socket.close();
	socket.close();
	t.is(socket.read(), undefined);
	t.is(await outcome(to), "secured");
});

test("what was agreed on is told before the first onWritable", async (t) => {
	const to = await listen(t, { maxVersion: "TLSv1.2" });
	const seen: unknown[] = [];
	await new Promise<void>((resolve) => {
		const secure = { serverName: "gateway.test", applicationLayerProtocolNegotiation: ["mqtt"], certificate: anchor };
		const onWritable = () => {
			seen.push("writable");
			socket.close();
			resolve();
		};
		const socket = new NodeTLSSocket({ host: "127.0.0.1", port: to, secure, onWritable }, (session) =>
			seen.push(session),
		);
	});
	const [session, then] = seen as [Record<string, string>, string];
	t.like(session, { version: "TLSv1.2", protocol: "mqtt" });
	t.regex(session["cipherSuite"]!, /^TLS_ECDHE_ECDSA_/);
	t.is(then, "writable");
});

test("a failure tells its step, and the cause behind a refusal", async (t) => {
	const failureOf = (to: number, secure?: Partial<TLSSocketOptions["secure"]>) =>
		new Promise<TransportFailure>((resolve) => {
			connect(to, { onError: resolve }, secure);
		});
	const expired = await issueServerCertificate(ca, { serverNames: ["gateway.test"], now: now - 500 * DAY });
	const expiredAt = await listen(t, { cert: expired.certificate, key: expired.privateKey });
	t.like(await failureOf(expiredAt), { detail: "certificate-expired", step: "tls" });
	const to = await listen(t, {});
	t.like(await failureOf(to, { serverName: "other.test" }), { detail: "certificate-name", step: "tls" });
	const other = await createDevelopmentCa(now);
	const certificate = Uint8Array.from(new X509Certificate(other.certificate).raw).buffer;
	t.like(await failureOf(to, { certificate }), { detail: "certificate-untrusted", step: "tls" });
	t.like(await failureOf(to, { applicationLayerProtocolNegotiation: ["h2"] }), { detail: "alert", step: "tls" });
	t.like(
		await failureOf(await listenOnLoopback(t, tls.createServer({ key: good.privateKey, cert: good.certificate }))),
		{
			detail: "alpn",
			step: "tls",
		},
	);
});
