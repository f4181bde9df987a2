import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { TLS_STATE } from "../../src/firmware/native/tls-engine.js";
import { TLS_FAILURE } from "../../src/firmware/native/tls-failure.js";
import {
	genuineLeaf,
	intermediate,
	leaf,
	rsaIntermediate,
	rsaLeaf,
	rsaRoots,
	SERVER_NAME,
	trustedIntermediate,
	trustedRoot,
	trustedRoots,
} from "../tls/pki/authorities.js";
import { bytewise, MemoryServer, openPair, shakeHands, soundOptions } from "./memory-server.js";
import { nativeTest } from "./native-test.js";
import { NATIVE_FOLDER } from "./programs.js";

const test = await nativeTest();

test("the failures' numbers are the same in C and in TypeScript", async (t) => {
	const header = await readFile(join(NATIVE_FOLDER, "tls_engine.h"), "utf8");
	const numbers = Array.from(header.matchAll(/TLS_FAILURE_(\w+) = (\d+)/g), ([, name, number]) => [
		name!.toLowerCase().replaceAll("_", "-"),
		Number(number),
	]);
	t.deepEqual(Object.fromEntries(numbers), { ...TLS_FAILURE });
	const states = Array.from(header.matchAll(/TLS_STATE_(\w+) = (\d+)/g), ([, , number]) => Number(number));
	t.deepEqual(states, Object.values(TLS_STATE));
});

test("a sound server is accepted, and what was agreed is told", async (t, engine) => {
	const server = await openPair(engine);
	t.is(engine.state.state, TLS_STATE.open);
	t.is(engine.state.failure, "none");
	t.regex(engine.state.version, /^TLSv1\.[23]$/);
	t.regex(engine.state.cipherSuite, /GCM/);
	t.is(engine.state.protocol, "mqtt");
	t.is(server.socket.alpnProtocol, "mqtt");
	t.is((server.socket as { servername?: string }).servername, SERVER_NAME);
	t.regex(engine.state.library, /^mbedtls \d+\.\d+\.\d+$/);
	server.close();
});

test("an RSA chain is accepted", async (t, engine) => {
	const server = new MemoryServer({ chain: [rsaLeaf(), rsaIntermediate()] });
	await openPair(engine, { roots: [...rsaRoots()] }, server);
	t.is(engine.state.state, TLS_STATE.open);
	server.close();
});

test("a P-384 leaf right under the root is accepted", async (t, engine) => {
	const server = new MemoryServer({ chain: [leaf(trustedRoot(), { kind: "p384" })] });
	await openPair(engine, {}, server);
	t.is(engine.state.state, TLS_STATE.open);
	server.close();
});

test("a server of TLS 1.2 alone is accepted", async (t, engine) => {
	const server = new MemoryServer({ maxVersion: "TLSv1.2" });
	await openPair(engine, {}, server);
	t.is(engine.state.version, "TLSv1.2");
	server.close();
});

test("roots in flash are used where they lie", async (t, engine) => {
	await engine.create(soundOptions());
	const copied = engine.state.heapBytes;
	const server = await openPair(engine, { lastingRoots: true });
	t.is(engine.state.state, TLS_STATE.open);
	await engine.create(soundOptions({ lastingRoots: true }));
	t.true(copied - engine.state.heapBytes >= trustedRoots()[0]!.length);
	server.close();
});

test("byte by byte it comes to the same", async (t, engine) => {
	const server = new MemoryServer();
	await engine.create(soundOptions());
	await shakeHands(engine, server, bytewise);
	t.is(engine.state.state, TLS_STATE.open);
	server.close();
});

test("without protocols to offer none is asked for", async (t, engine) => {
	const server = await openPair(engine, { alpn: [] });
	t.is(engine.state.state, TLS_STATE.open);
	t.is(engine.state.protocol, "");
	server.close();
});

test("40 kB go both ways and arrive whole", async (t, engine) => {
	const server = await openPair(engine);
	const data = randomBytes(40_000);
	let taken = 0;
	while (taken < data.length) {
		taken += await engine.send(data.subarray(taken, taken + 5_000));
		server.feed(await engine.produced(3_000));
	}
	for (let rest = await engine.produced(); rest.length > 0; rest = await engine.produced()) server.feed(rest);
	const arrived: Buffer[] = [];
	while (Buffer.concat(arrived).length < data.length) arrived.push(await server.received.take());
	t.deepEqual(Buffer.concat(arrived), data);
	server.socket.write(data);
	const read: Buffer[] = [];
	while (Buffer.concat(read).length < data.length) {
		let chunk = (await server.sent.take())!;
		while (chunk.length > 0) {
			chunk = chunk.subarray(await engine.receive(chunk));
			for (let part = await engine.plain(1_000); part.length > 0; part = await engine.plain(1_000)) read.push(part);
		}
	}
	t.deepEqual(Buffer.concat(read), data);
	server.close();
});

test("while plaintext waits no ciphertext is taken", async (t, engine) => {
	const server = await openPair(engine);
	server.socket.write(Buffer.alloc(60_000, 7));
	let chunk = Buffer.alloc(0);
	while (chunk.length < 60_000) chunk = Buffer.concat([chunk, (await server.sent.take())!]);
	const taken = await engine.receive(chunk);
	t.true(taken < 17_000);
	t.true(engine.state.readable > 0 && engine.state.readable <= 16_384);
	t.is(await engine.receive(chunk.subarray(taken)), 0);
	t.is((await engine.plain(10)).length, 10);
	t.is(await engine.receive(chunk.subarray(taken)), 0);
	await engine.plain();
	t.true((await engine.receive(chunk.subarray(taken))) > 0);
	server.close();
});

test("output that nobody takes is bounded, and writable says so beforehand", async (t, engine) => {
	const server = await openPair(engine);
	for (let told = engine.state.writable; told > 0; told = engine.state.writable) {
		t.is(await engine.send(Buffer.alloc(100_000)), told);
		t.true(engine.state.pending <= 16_384);
	}
	t.is(await engine.send(Buffer.alloc(1)), 0);
	t.is(engine.state.state, TLS_STATE.open);
	await engine.closeNotify();
	t.is(engine.state.state, TLS_STATE.open);
	await engine.produced();
	t.is(engine.state.pending, 0);
	server.close();
});

test("before it is open nothing can be sent", async (t, engine) => {
	await engine.create(soundOptions());
	const server = new MemoryServer();
	t.is(engine.state.writable, 0);
	t.is(await engine.send(Buffer.from("secret")), 0);
	server.feed(await engine.produced());
	const flight = (await server.sent.take())!;
	for (const byte of flight.subarray(0, 200)) {
		await engine.receive(Buffer.of(byte));
		t.is(await engine.send(Buffer.from("secret")), 0);
	}
	t.is(engine.state.pending, 0);
	server.close();
});

test("TCP that ends in the handshake is told as truncated", async (t, engine) => {
	await engine.create(soundOptions());
	await engine.tcpEnded();
	t.is(engine.state.failure, "truncated");
	t.is(engine.state.state, TLS_STATE.failed);
});

test("TCP that ends without close_notify is told as truncated, and what came before can be read", async (t, engine) => {
	const server = await openPair(engine);
	server.socket.write("last words");
	let readable = 0;
	while (readable === 0) {
		await engine.receive((await server.sent.take())!);
		readable = engine.state.readable;
	}
	await engine.tcpEnded();
	t.is(engine.state.failure, "truncated");
	t.is((await engine.plain()).toString(), "last words");
	t.is(engine.state.readable, 0);
	server.close();
});

test("the server's close_notify is an orderly end, which may be answered", async (t, engine) => {
	const server = await openPair(engine);
	server.socket.end();
	while (engine.state.state === TLS_STATE.open) await engine.receive((await server.sent.take())!);
	t.is(engine.state.state, TLS_STATE.peerClosed);
	t.is(engine.state.writable, 0);
	await engine.closeNotify();
	await engine.tcpEnded();
	t.is(engine.state.state, TLS_STATE.peerClosed);
	t.true(engine.state.pending > 0);
});

test("close_notify is sent once, and nothing after it", async (t, engine) => {
	const server = await openPair(engine);
	await engine.closeNotify();
	const pending = engine.state.pending;
	t.true(pending > 0);
	await engine.closeNotify();
	t.is(engine.state.pending, pending);
	t.is(await engine.send(Buffer.from("more")), 0);
	server.close();
});

test("close_notify before the handshake is over is told as such", async (t, engine) => {
	await engine.create(soundOptions());
	await engine.receive(Buffer.from("15030300020100", "hex"));
	t.is(engine.state.failure, "early-close");
	t.is(engine.state.alert, 0);
});

for (const level of [1, 2]) {
	test(`any alert before the handshake is over ends it, level ${level}`, async (t, engine) => {
		for (const number of [0, 10, 20, 40, 70, 80, 90, 100, 112, 120, 255]) {
			await engine.create(soundOptions());
			await engine.receive(Buffer.of(21, 3, 3, 0, 2, level, number));
			t.is(engine.state.failure, level === 1 && number === 0 ? "early-close" : "alert", `${number}`);
			t.is(engine.state.alert, number);
			t.is(await engine.send(Buffer.from("secret")), 0);
		}
	});
}

test("a server that answers no protocol is told as alpn, and gets an alert instead of data", async (t, engine) => {
	const server = new MemoryServer({ alpn: [] });
	await engine.create(soundOptions());
	await shakeHands(engine, server);
	t.is(engine.state.failure, "alpn");
	t.is(await engine.send(Buffer.from("secret")), 0);
	server.close();
});

test("a leaf with another name is refused, and the refusal is about the leaf", async (t, engine) => {
	const server = new MemoryServer();
	await engine.create(soundOptions({ serverName: "another.latchkey.test" }));
	await shakeHands(engine, server);
	t.is(engine.state.failure, "certificate-name");
	t.is(engine.state.depth, 0);
	server.close();
});

test("an expired issuer is told with its depth", async (t, engine) => {
	const expired = intermediate("Expired Issuer", trustedRoot(), {
		notBefore: new Date(Date.now() - 20 * 86_400_000),
		notAfter: new Date(Date.now() - 86_400_000),
	});
	const server = new MemoryServer({ chain: [leaf(expired), expired] });
	await engine.create(soundOptions());
	await shakeHands(engine, server);
	t.is(engine.state.failure, "certificate-expired");
	t.is(engine.state.depth, 1);
	server.close();
});

test("the first failure stands", async (t, engine) => {
	await engine.create(soundOptions());
	await engine.receive(Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"));
	t.is(engine.state.failure, "protocol");
	await engine.tcpEnded();
	await engine.closeNotify();
	t.is(await engine.receive(Buffer.from("more")), 0);
	t.is(engine.state.failure, "protocol");
});

test("a root that is no certificate is told as root-format", async (t, engine) => {
	await engine.create(soundOptions({ roots: [trustedRoot().certificate, Buffer.from("no certificate")] }));
	t.is(engine.state.failure, "root-format");
	t.is(engine.state.pending, 0);
});

test("options out of bounds are told as argument", async (t, engine) => {
	const wrong = [
		{ serverName: "" },
		{ serverName: "n".repeat(256) },
		{ roots: [] },
		{ alpn: [""] },
		{ alpn: ["a".repeat(256)] },
		{ alpn: Array.from({ length: 9 }, (_, i) => `protocol-${i}`) },
	];
	for (const changes of wrong) {
		await engine.create(soundOptions(changes));
		t.is(engine.state.failure, "argument", JSON.stringify(Object.keys(changes)));
		t.is(engine.state.state, TLS_STATE.failed);
	}
});

test("an engine can be closed at every moment of its life", async (t, engine) => {
	for (let moment = 0; moment < 40; moment++) {
		const server = new MemoryServer({ maxVersion: "TLSv1.2" });
		await engine.create(soundOptions());
		server.feed(await engine.produced());
		let flight = (await server.sent.take())!;
		flight = flight.subarray(0, Math.ceil((flight.length * moment) / 39));
		await engine.receive(flight);
		await engine.close();
		t.is(engine.state.failure, "ended");
		t.is(await engine.send(Buffer.from("x")), 0);
		t.is(await engine.receive(Buffer.from("x")), 0);
		t.is(engine.state.readable + engine.state.pending + engine.state.writable, 0);
		server.close();
	}
});

test("a changed record after the handshake is told as record, and none of it is read", async (t, engine) => {
	const server = await openPair(engine, {}, new MemoryServer({ maxVersion: "TLSv1.2" }));
	server.socket.write("changed on the way");
	const chunk = (await server.sent.take())!;
	const record = chunk.readUInt8(0) === 23 ? chunk : (await server.sent.take())!;
	record[record.length - 1]! ^= 1;
	await engine.receive(record);
	t.is(engine.state.failure, "record");
	t.is(engine.state.readable, 0);
	server.close();
});

test("a renegotiation that the server asks for is refused as protocol", async (t, engine) => {
	const server = await openPair(engine, {}, new MemoryServer({ maxVersion: "TLSv1.2" }));
	server.socket.renegotiate({}, () => undefined);
	while (engine.state.state === TLS_STATE.open) await engine.receive((await server.sent.take())!);
	t.is(engine.state.failure, "protocol");
	server.close();
});

test("the genuine leaf is no issuer", async (t, engine) => {
	const forged = leaf(genuineLeaf(), { signedBy: genuineLeaf() });
	const server = new MemoryServer({ chain: [forged, genuineLeaf(), trustedIntermediate()] });
	await engine.create(soundOptions());
	await shakeHands(engine, server);
	t.is(engine.state.failure, "certificate-untrusted");
	server.close();
});
