/**
 * The device's own TLS in XS against real servers: what passes, what is refused and in which words, and that nothing
 * the device has to say reaches a server that is refused.
 * @module
 */
import { createHash } from "node:crypto";
import net from "node:net";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import { createDevelopmentCa, issueServerCertificate } from "../../src/gateway/development-ca.js";
import { nodeClock } from "../../src/host/ports.js";
import { NodeTCPSocket } from "../../src/host/tcp-socket.js";
import { listenOnLoopback } from "../loopback.js";
import { nativeTest } from "./engine-test.js";
import { fakePorts } from "./fake-ports.js";
import { bundleGuest, type XsEngine, XsGuest } from "./index.js";
import { Mailbox } from "./mailbox.js";

const DAY = 86_400_000;
const now = Date.now();
const ca = await createDevelopmentCa(now - 1000 * DAY);
const anchor = [...Buffer.from(ca.certificate.replace(/-----[^-]+-----/g, ""), "base64")];
const good = await issueServerCertificate(ca, { serverNames: ["iot.test"], now });
const { text: program } = await bundleGuest(fileURLToPath(new URL("guest/bridge.guest.ts", import.meta.url)));
const test = await nativeTest();

interface Event {
	readonly session?: { readonly version: string; readonly cipherSuite: string; readonly protocol: string };
	readonly writable?: number;
	readonly text?: string;
	readonly failure?: {
		readonly code: string;
		readonly detail?: string;
		readonly message: string;
		readonly step: string;
	};
}

async function start(t: ExecutionContext, engine: XsEngine) {
	const events = new Mailbox<Event>();
	const guest = await XsGuest.start({
		engine,
		program,
		ports: { ...fakePorts(), clock: nodeClock, TCPSocket: NodeTCPSocket },
		onEvent: (event) => events.put(event as Event),
		onError: (error) => t.fail(error.message),
	});
	t.teardown(() => guest.close());
	const connect = (port: number, options = {}) =>
		guest.run("connect", {
			host: "127.0.0.1",
			port,
			serverName: "iot.test",
			protocols: ["mqtt"],
			certificate: anchor,
			tls: "own",
			...options,
		});
	return { guest, events, connect };
}

/** A TLS server, and all that its clients said. */
async function listen(
	t: ExecutionContext,
	options: tls.TlsOptions = {},
	serve: (socket: tls.TLSSocket) => void = () => {},
) {
	const heard: Buffer[] = [];
	const server = tls.createServer(
		{ key: good.privateKey, cert: good.certificate, ALPNProtocols: ["mqtt"], ...options },
		(socket) => {
			socket.on("error", () => undefined);
			socket.on("data", (data) => heard.push(data));
			serve(socket);
		},
	);
	server.on("tlsClientError", () => undefined);
	return { port: await listenOnLoopback(t, server), heard };
}

test("digests and random numbers are the device's own, and it says what TLS is made of", async (t, engine) => {
	const { guest } = await start(t, engine);
	const own = (await guest.run("own", "grüße")) as Record<string, unknown>;
	t.regex(String(own["library"]), /^mbedtls \d+\.\d+\.\d+$/);
	for (const hash of ["sha256", "sha512"]) t.deepEqual(own[hash], [...createHash(hash).update("grüße").digest()], hash);
	t.is(new Set(own["random"] as number[]).size > 4, true);
	t.notDeepEqual(((await guest.run("own", "")) as Record<string, unknown>)["random"], own["random"]);
});

test("40 kB go out and come back through the device's own TLS", async (t, engine) => {
	const { guest, events, connect } = await start(t, engine);
	const { port } = await listen(t, {}, (socket) => socket.pipe(socket));
	await connect(port);
	t.like((await events.take()).session, { version: "TLSv1.2", protocol: "mqtt" });
	let room = (await events.take()).writable!;
	const text = Array.from({ length: 5000 }, (_, i) => `${i}`.padStart(8, "0")).join("");
	let echo = "";
	for (let at = 0; at < text.length; ) {
		const part = text.slice(at, at + Math.min(room, 7000));
		at += part.length;
		room = (await guest.run("write", part)) as number;
		while (room === 0 || (at === text.length && echo.length < text.length)) {
			const event = await events.take();
			echo += event.text ?? "";
			room = event.writable ?? room;
		}
	}
	t.is(echo, text);
});

test("the server sees a goodbye when the device closes", async (t, engine) => {
	const { guest, events, connect } = await start(t, engine);
	let ended: () => void = () => {};
	const end = new Promise<void>((resolve) => {
		ended = resolve;
	});
	const { port } = await listen(t, {}, (socket) => socket.on("end", ended));
	await connect(port);
	await events.take();
	await events.take();
	await guest.run("close");
	await end;
	t.is(events.size, 0);
});

test("the last bytes of a server that hangs up come before its end", async (t, engine) => {
	const { events, connect } = await start(t, engine);
	const { port } = await listen(t, {}, (socket) => socket.end("goodbye"));
	await connect(port);
	await events.take();
	await events.take();
	t.is((await events.take()).text, "goodbye");
	t.like((await events.take()).failure, { code: "closed", step: "tls" });
});

test("a server the device has no reason to trust is refused by name, and hears nothing", async (t, engine) => {
	const { events, connect } = await start(t, engine);
	const other = await createDevelopmentCa(now);
	const bad = {
		"certificate-untrusted": await issueServerCertificate(other, { serverNames: ["iot.test"], now }),
		"certificate-name": await issueServerCertificate(ca, { serverNames: ["other.test"], now }),
		"certificate-expired": await issueServerCertificate(ca, { serverNames: ["iot.test"], now: now - 500 * DAY }),
		"certificate-not-yet-valid": await issueServerCertificate(ca, { serverNames: ["iot.test"], now: now + 5 * DAY }),
	};
	for (const [detail, { certificate, privateKey }] of Object.entries(bad)) {
		const { port, heard } = await listen(t, { cert: certificate, key: privateKey });
		await connect(port);
		t.like((await events.take()).failure, { code: "tls-trust", detail, step: "tls" }, detail);
		t.is(heard.length, 0, detail);
	}
	t.is(events.size, 0);
});

test("without a root of its own the development CA is not trusted", async (t, engine) => {
	const { connect } = await start(t, engine);
	const { port } = await listen(t);
	// The guest has no roots besides: there is nothing the engine could trust.
	await t.throwsAsync(connect(port, { certificate: undefined }), { message: /RangeError|TypeError/ });
});

test("a server without ALPN, or with another, is refused before it hears anything", async (t, engine) => {
	const { events, connect } = await start(t, engine);
	const silent = await listen(t, { ALPNProtocols: undefined });
	await connect(silent.port);
	t.like((await events.take()).failure, { code: "tls-refused", detail: "alpn" });
	const other = await listen(t, { ALPNProtocols: ["x-amzn-mqtt-ca"] });
	await connect(other.port);
	const { failure } = await events.take();
	t.like(failure, { code: "tls-refused", detail: "alert" });
	t.regex(failure!.message, /no_application_protocol \(120\)/);
	t.is(silent.heard.length + other.heard.length, 0);
});

test("what is no TLS, or hangs up, is told apart", async (t, engine) => {
	const { events, connect } = await start(t, engine);
	const http = net.createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
	await connect(await listenOnLoopback(t, http));
	t.is((await events.take()).failure?.code, "tls-protocol");
	const closing = net.createServer((socket) => socket.destroy());
	await connect(await listenOnLoopback(t, closing));
	t.is((await events.take()).failure?.code, "closed");
});
