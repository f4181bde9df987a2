/**
 * TLS that runs in the guest, over TCP by Node: what passes over the bridge, with an engine whose cipher is readable.
 * @module
 */
import { once } from "node:events";
import net from "node:net";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import { nodeClock } from "../../src/host/ports.js";
import { NodeTCPSocket } from "../../src/host/tcp-socket.js";
import { frame, framesOf } from "../firmware/scripted-engine.js";
import { closedPort, listenOnLoopback } from "../loopback.js";
import { engineTest } from "./engine-test.js";
import { fakePorts } from "./fake-ports.js";
import type { HostPorts } from "./host-calls.js";
import { bundleGuest, type XsEngine, XsException, XsGuest } from "./index.js";
import { Mailbox } from "./mailbox.js";

const test = await engineTest();
const { text: program } = await bundleGuest(fileURLToPath(new URL("guest/bridge.guest.ts", import.meta.url)));

const CONNECT = { host: "127.0.0.1", serverName: "iot.test", protocols: ["mqtt"], tls: "scripted" };

async function start(t: ExecutionContext, engine: XsEngine, tcp: Pick<HostPorts, "TCPSocket"> = {}) {
	const events = new Mailbox<unknown>();
	const errors = new Mailbox<Error>();
	const ports = { ...fakePorts(), clock: nodeClock, TCPSocket: NodeTCPSocket, ...tcp };
	const onEvent = (event: unknown) => events.put(event);
	const onError = (error: Error) => errors.put(error);
	const guest = await XsGuest.start({ engine, program, ports, onEvent, onError });
	t.teardown(() => guest.close());
	return { guest, events, errors };
}

/** A server on loopback, and the first client that comes. */
async function listen(t: ExecutionContext): Promise<{ port: number; client: Promise<net.Socket> }> {
	const server = net.createServer();
	const client = once(server, "connection").then(([socket]) => socket as net.Socket);
	return { port: await listenOnLoopback(t, server), client };
}

/** The frames a client has sent, once there are `bytes` of them. */
async function sentBy(client: net.Socket, bytes: number): Promise<string> {
	while (client.readableLength < bytes) await once(client, "readable");
	return framesOf([...(client.read() as Buffer)]);
}

test("a guest's own TLS speaks through Node's TCP: handshake, bytes both ways, orderly end", async (t, engine) => {
	const { guest, events } = await start(t, engine);
	const { port, client } = await listen(t);
	await guest.run("connect", { ...CONNECT, port });
	const server = await client;
	t.is(await sentBy(server, 2), "hello");
	server.write(frame.finished());
	t.like(await events.take(), { session: { version: "TLSv1.2", protocol: "mqtt" } });
	t.deepEqual(await events.take(), { writable: 56 });
	await guest.run("write", "AB");
	t.is(await sentBy(server, 4), "data(65,66)");
	server.write(Buffer.concat([frame.data(67, 68), frame.goodbye()]));
	t.deepEqual(await events.take(), { readable: 2, text: "CD" });
	t.like(await events.take(), { failure: { code: "closed", step: "tls" } });
	t.is(await sentBy(server, 2), "goodbye");
});

test("a great many records arrive in order, and what is cut off is told after them", async (t, engine) => {
	const { guest, events } = await start(t, engine);
	const { port, client } = await listen(t);
	await guest.run("connect", { ...CONNECT, port });
	const records = Array.from({ length: 1500 }, (_, i) => frame.data(...Buffer.from(`${i} `.padEnd(200, "."))));
	(await client).end(Buffer.concat([frame.finished(), ...records]));
	await events.take();
	await events.take();
	for (let i = 0; i < records.length; i++)
		t.is(Number.parseInt(((await events.take()) as { text: string }).text, 10), i);
	t.like(await events.take(), { failure: { code: "closed", detail: "truncated", step: "tls" } });
});

test("a refusal is told with detail, step and remedy", async (t, engine) => {
	const { guest, events } = await start(t, engine);
	const { port, client } = await listen(t);
	await guest.run("connect", { ...CONNECT, port });
	const server = await client;
	server.write(frame.failure("certificate-expired", 1));
	const { failure } = (await events.take()) as { failure: Record<string, string> };
	t.like(failure, { code: "tls-trust", detail: "certificate-expired", step: "tls" });
	t.regex(failure["remedy"]!, /clock/);
	t.is(await sentBy(server, 5), "hello alert(42)");
});

test("how far it came is told: the name, or TCP", async (t, engine) => {
	const { guest, events } = await start(t, engine);
	await guest.run("connect", { ...CONNECT, host: "gateway.invalid", port: 443 });
	t.like(await events.take(), { failure: { code: "name-unresolved", step: "name" } });
	await guest.run("connect", { ...CONNECT, port: await closedPort() });
	t.like(await events.take(), { failure: { code: "unreachable", step: "tcp" } });
});

test("a socket that the guest closed is told nothing more, and the server sees its goodbye", async (t, engine) => {
	const { guest, events } = await start(t, engine);
	const { port, client } = await listen(t);
	await guest.run("connect", { ...CONNECT, port });
	const server = await client;
	server.write(frame.finished());
	await events.take();
	await events.take();
	await guest.run("close");
	const ended = once(server, "end");
	t.is(await sentBy(server, 4), "hello goodbye");
	server.resume();
	await ended;
	t.is(events.size, 0);
});

test("an exception of the guest's callback closes the socket, and Node is told both", async (t, engine) => {
	const { guest, events, errors } = await start(t, engine);
	const { port, client } = await listen(t);
	await guest.run("connect", { ...CONNECT, port, faulty: true });
	(await client).write(Buffer.concat([frame.finished(), frame.data(1)]));
	await events.take();
	await events.take();
	const { failure } = (await events.take()) as { failure: { code: string; message: string } };
	t.is(failure.code, "closed");
	t.regex(failure.message, /owner threw Error/);
	const error = await errors.take();
	t.true(error instanceof XsException);
	t.regex(error.message, /a fault in onReadable/);
	t.is(await guest.run("read", 1), undefined);
});

test("where Node gives no TCP the guest's TLS tells so", async (t, engine) => {
	const { guest, events } = await start(t, engine, { TCPSocket: undefined });
	await guest.run("connect", { ...CONNECT, port: 443 });
	const { failure } = (await events.take()) as { failure: { code: string; message: string } };
	t.is(failure.code, "unreachable");
	t.regex(failure.message, /Node has no TCP/);
});
