/**
 * A guest in XS and its ports in Node: what passes over the bridge, and what happens when either end goes.
 * @module
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import type { Ports } from "../../src/device/ports.js";
import { createDevelopmentCa, issueServerCertificate } from "../../src/gateway/development-ca.js";
import { nodeClock } from "../../src/host/ports.js";
import { NodeTLSSocket } from "../../src/host/tls-socket.js";
import { engineTest } from "./engine-test.js";
import { fakePorts } from "./fake-ports.js";
import { bundleGuest, type XsEngine, XsException, XsGuest, XsMachineError } from "./index.js";
import { Mailbox } from "./mailbox.js";

const test = await engineTest();
const { text: program } = await bundleGuest(fileURLToPath(new URL("guest/bridge.guest.ts", import.meta.url)));

const CONNECT = { host: "gateway.test", port: 443, serverName: "iot.test", protocols: ["mqtt", "x"] };

interface Harness {
	readonly guest: XsGuest;
	/** What the guest emits, in order. */
	readonly events: Mailbox<unknown>;
	readonly errors: Mailbox<Error>;
}

async function start(t: ExecutionContext, engine: XsEngine, ports: Ports): Promise<Harness> {
	const events = new Mailbox<unknown>();
	const errors = new Mailbox<Error>();
	const onEvent = (event: unknown) => events.put(event);
	const onError = (error: Error) => errors.put(error);
	const guest = await XsGuest.start({ engine, program, ports, onEvent, onError, opcodeLimit: 10_000_000 });
	t.teardown(() => guest.close());
	return { guest, events, errors };
}

test("a socket is opened with the options the guest gave", async (t, engine) => {
	const ports = fakePorts();
	const { guest } = await start(t, engine, ports);
	await guest.run("connect", { ...CONNECT, certificate: [1, 2, 3] });
	await guest.run("connect", CONNECT);
	const [first, second] = ports.opened.map(({ options }) => options);
	t.is(first!.host, "gateway.test");
	t.is(first!.port, 443);
	t.is(first!.secure.serverName, "iot.test");
	t.deepEqual(first!.secure.applicationLayerProtocolNegotiation, ["mqtt", "x"]);
	t.deepEqual(new Uint8Array(first!.secure.certificate!), Uint8Array.of(1, 2, 3));
	t.is(second!.secure.certificate, undefined);
});

test("the guest is told that it can write, and its bytes and the room left pass over", async (t, engine) => {
	const ports = fakePorts();
	const { guest, events } = await start(t, engine, ports);
	await guest.run("connect", CONNECT);
	ports.opened[0]!.allow(10);
	t.deepEqual(await events.take(), { writable: 10 });
	t.is(await guest.run("write", "grüße"), 3);
	t.is(ports.opened[0]!.sent, "grüße");
});

test("a write beyond the room is a RangeError in the guest, and nothing of it is sent", async (t, engine) => {
	const ports = fakePorts();
	const { guest } = await start(t, engine, ports);
	await guest.run("connect", CONNECT);
	ports.opened[0]!.allow(3);
	await t.throwsAsync(guest.run("write", "four"), { instanceOf: XsException, message: /^RangeError: write: .*3/ });
	t.is(ports.opened[0]!.sent, "");
});

test("the guest reads what came, and reads on later where it left off", async (t, engine) => {
	const ports = fakePorts();
	const { guest, events } = await start(t, engine, ports);
	await guest.run("connect", { ...CONNECT, atMost: 3 });
	ports.opened[0]!.receive("Hello");
	t.deepEqual(await events.take(), { readable: 5, text: "Hel" });
	ports.opened[0]!.receive("!");
	t.deepEqual(await events.take(), { readable: 3, text: "lo!" });
	t.is(await guest.run("read", 10), undefined);
});

test("what the guest has read already is not announced", async (t, engine) => {
	const ports = fakePorts();
	const { guest, events } = await start(t, engine, ports);
	await guest.run("connect", CONNECT);
	const read = guest.run("read", 100);
	ports.opened[0]!.receive("early");
	ports.opened[0]!.receive(" bird");
	t.is(await read, "early bird");
	await guest.run("setTimer", { name: "after", delay: 0 });
	t.like(await events.take(), { timer: "after" });
});

test("a guest that does not read holds the peer back, and loses nothing", async (t, engine) => {
	const ports = fakePorts();
	const { guest, events } = await start(t, engine, ports);
	await guest.run("connect", { ...CONNECT, atMost: 1 });
	const [socket] = ports.opened;
	for (let i = 0; i < 20; i++) socket!.receive("0123456789".repeat(1000));
	t.true(socket!.unread > 60_000, "the rest stays in the socket");
	t.deepEqual(await events.take(), { readable: 131_072, text: "0" });
	t.is(await guest.run("drain"), 131_071);
	t.deepEqual(await events.take(), { readable: 68_928, text: "2" });
	t.is(await guest.run("drain"), 68_927);
	t.is(await guest.run("drain"), undefined);
});

test("a peer's last words are heard before its end", async (t, engine) => {
	const ports = fakePorts();
	const { guest, events } = await start(t, engine, ports);
	await guest.run("connect", CONNECT);
	const [socket] = ports.opened;
	socket!.receive("refused");
	socket!.fail({ code: "closed", message: "the peer closed the connection" });
	t.deepEqual(await events.take(), { readable: 7, text: "refused" });
	t.deepEqual(await events.take(), { failure: { code: "closed", message: "the peer closed the connection" } });
});

test("a socket that failed takes what is written nowhere, and is closed", async (t, engine) => {
	const ports = fakePorts();
	const { guest, events } = await start(t, engine, ports);
	await guest.run("connect", CONNECT);
	const write = guest.run("write", "too late");
	ports.opened[0]!.fail({ code: "unreachable", message: "gone" });
	t.is(await write, 0);
	t.like(await events.take(), { failure: { code: "unreachable" } });
	t.true(ports.opened[0]!.closed);
	t.is(await guest.run("write", "later still"), 0);
	t.is(await guest.run("read", 1), undefined);
});

test("a socket that the guest closed is told nothing more", async (t, engine) => {
	const ports = fakePorts();
	const { guest, events } = await start(t, engine, ports);
	await guest.run("connect", CONNECT);
	const closing = guest.run("close");
	ports.opened[0]!.allow(10);
	ports.opened[0]!.receive("unheard");
	ports.opened[0]!.fail({ code: "closed", message: "unheard" });
	await closing;
	t.true(ports.opened[0]!.closed);
	await guest.run("close");
	await guest.run("setTimer", { name: "after", delay: 0 });
	t.like(await events.take(), { timer: "after" });
});

test("timers run when their time has come, in order, each in a turn of its own", async (t, engine) => {
	const ports = fakePorts();
	const { guest, events } = await start(t, engine, ports);
	await guest.run("setTimer", { name: "late", delay: 30 });
	await guest.run("setTimer", { name: "early", delay: 10 });
	await guest.run("setTimer", { name: "early too", delay: 10 });
	await guest.run("setTimer", { name: "never", delay: 20 });
	await guest.run("clearTimer", "never");
	ports.clock.advance(9);
	ports.clock.advance(1);
	t.deepEqual(await events.take(), { timer: "early", at: 10 });
	t.deepEqual(await events.take(), { timer: "early too", at: 10 });
	await guest.run("wallTime");
	ports.clock.advance(20);
	t.deepEqual(await events.take(), { timer: "late", at: 30 });
	await guest.run("wallTime");
	t.is(ports.clock.pending, 0);
});

test("the guest's wall time is Node's, and unset where that is", async (t, engine) => {
	const ports = fakePorts();
	const { guest } = await start(t, engine, ports);
	t.is(await guest.run("wallTime"), undefined);
	ports.clock.epoch = 1_767_225_600_123;
	t.is(await guest.run("wallTime"), 1_767_225_600_123);
});

test("random bytes, digests and stored values come from the ports", async (t, engine) => {
	const ports = fakePorts();
	const { guest } = await start(t, engine, ports);
	t.deepEqual(await guest.run("random", 4), [0, 1, 2, 3]);
	t.deepEqual(await guest.run("sha256", "é"), [...createHash("sha256").update("é").digest()]);
	t.is(await guest.run("storeRead", "credential"), undefined);
	await guest.run("storeWrite", { key: "credential", value: [7, 8] });
	await guest.run("storeWrite", { key: "empty", value: [] });
	t.deepEqual(new Uint8Array(ports.values.get("credential")!), Uint8Array.of(7, 8));
	t.deepEqual(await guest.run("storeRead", "credential"), [7, 8]);
	t.deepEqual(await guest.run("storeRead", "empty"), []);
	await guest.run("storeDelete", "credential");
	t.is(await guest.run("storeRead", "credential"), undefined);
});

test("what a port throws, the guest gets", async (t, engine) => {
	const { guest } = await start(t, engine, fakePorts());
	const write = guest.run("storeWrite", { key: "longer than fifteen", value: [] });
	await t.throwsAsync(write, { instanceOf: XsException, message: /^RangeError: key: expected 1\.\.15/ });
});

test("an unknown command is an exception", async (t, engine) => {
	const { guest } = await start(t, engine, fakePorts());
	await t.throwsAsync(guest.run("nonsense"), { instanceOf: XsException, message: /no command nonsense/ });
	await t.throwsAsync(guest.run("toString"), { instanceOf: XsException, message: /no command toString/ });
});

test("an argument that JSON cannot hold is refused, and the guest goes on", async (t, engine) => {
	const { guest } = await start(t, engine, fakePorts());
	await t.throwsAsync(guest.run("random", 1n), { instanceOf: TypeError });
	t.deepEqual(await guest.run("random", 1), [0]);
});

test("a socket callback that throws is told, and the guest goes on", async (t, engine) => {
	const ports = fakePorts();
	const { guest, errors } = await start(t, engine, ports);
	await guest.run("connect", { ...CONNECT, faulty: true });
	ports.opened[0]!.receive("x");
	const error = await errors.take();
	t.true(error instanceof XsException);
	t.regex(error.message, /a fault in onReadable\n at onReadable/);
	t.is(await guest.run("read", 10), "x");
});

test("a timer that throws is told, and the timers after it run", async (t, engine) => {
	const ports = fakePorts();
	const { guest, events, errors } = await start(t, engine, ports);
	await guest.run("setTimer", { name: "faulty", delay: 10, faulty: true });
	await guest.run("setTimer", { name: "sound", delay: 10 });
	ports.clock.advance(10);
	t.regex((await errors.take()).message, /a fault in timer faulty/);
	t.deepEqual(await events.take(), { timer: "sound", at: 10 });
});

test("when the machine ends it is told once, and sockets and timers are let go", async (t, engine) => {
	const ports = fakePorts();
	const { guest, errors } = await start(t, engine, ports);
	await guest.run("connect", CONNECT);
	await guest.run("setTimer", { name: "never", delay: 10 });
	const loop = guest.run("loop");
	ports.opened[0]!.allow(10);
	await t.throwsAsync(loop, { instanceOf: XsMachineError, code: "too-much-computation" });
	await t.throwsAsync(guest.run("wallTime"), { code: "too-much-computation" });
	t.is((await errors.take()).message, (await t.throwsAsync(guest.run("wallTime")))!.message);
	t.is(errors.size, 0);
	t.true(ports.opened[0]!.closed);
	t.is(ports.clock.pending, 0);
});

test("closing lets sockets and timers go and rejects what waits", async (t, engine) => {
	const ports = fakePorts();
	const { guest, errors } = await start(t, engine, ports);
	await guest.run("connect", CONNECT);
	await guest.run("setTimer", { name: "never", delay: 10 });
	const loop = guest.run("loop");
	const waiting = guest.run("wallTime");
	const closing = guest.close();
	await t.throwsAsync(loop, { instanceOf: XsMachineError, code: "closed" });
	await t.throwsAsync(waiting, { instanceOf: XsMachineError, code: "closed" });
	await closing;
	t.true(ports.opened[0]!.closed);
	t.is(ports.clock.pending, 0);
	ports.opened[0]!.receive("unheard");
	await guest.close();
	t.is(errors.size, 0);
});

test("a program that throws while it loads is an error of the start", async (t, engine) => {
	const onEvent = () => t.fail();
	const starting = XsGuest.start({
		engine,
		program: "throw new Error('at load')",
		ports: fakePorts(),
		onEvent,
		onError: onEvent,
	});
	await t.throwsAsync(starting, { instanceOf: XsException, message: /at load/ });
});

test("a guest talks to a real TLS server, with certificate check and ALPN", async (t, engine) => {
	const now = Date.now();
	const ca = await createDevelopmentCa(now);
	const { certificate, privateKey } = await issueServerCertificate(ca, { serverNames: ["iot.test"], now });
	const server = tls.createServer({ cert: certificate, key: privateKey, ALPNProtocols: ["mqtt"] }, (socket) => {
		socket.on("data", (data) => socket.end(`${socket.alpnProtocol} ${data}`));
		socket.on("error", () => undefined);
	});
	server.listen(0, "127.0.0.1");
	t.teardown(() => void server.close());
	await once(server, "listening");
	const { guest, events } = await start(t, engine, { ...fakePorts(), TLSSocket: NodeTLSSocket, clock: nodeClock });

	const { port } = server.address() as AddressInfo;
	const certificates = [...Buffer.from(ca.certificate.replace(/-----[^-]+-----/g, ""), "base64")];
	await guest.run("connect", { ...CONNECT, host: "127.0.0.1", port, certificate: certificates });
	t.like(await events.take(), { writable: 65_536 });
	await guest.run("write", "grüße");
	t.like(await events.take(), { text: "mqtt grüße" });
	t.like(await events.take(), { failure: { code: "closed" } });

	await guest.run("connect", {
		...CONNECT,
		serverName: "other.test",
		host: "127.0.0.1",
		port,
		certificate: certificates,
	});
	t.like(await events.take(), { failure: { code: "tls-trust" } });
});
