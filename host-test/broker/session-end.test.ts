import test from "ava";
import type { IConnectPacket } from "mqtt-packet";
import { Bench, type Client, settled } from "./harness.js";

const WILL: Partial<IConnectPacket> = { will: { topic: "will/dev1", payload: Buffer.from("gone"), qos: 1 } };

async function watcher(bench: Bench): Promise<Client> {
	const client = await bench.connect("watcher", 5);
	client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "will/#", qos: 1 }] });
	client.take();
	return client;
}

function topics(client: Client): unknown[] {
	return client.take().map((packet) => (packet.cmd === "publish" ? packet.topic : packet.cmd));
}

test("a second connection with the same client identifier wins: the first gets DISCONNECT 0x8E", async (t) => {
	const bench = new Bench();
	const first = await bench.connect("dev1", 5);
	first.take();
	const second = await bench.connect("dev1", 5);
	t.like(first.take(), [{ cmd: "disconnect", reasonCode: 0x8e }]);
	t.is(first.transportState, "ended");
	t.is(first.ending?.cause, "taken-over");
	t.is(second.connack().reasonCode, 0);
	t.is(bench.broker.size, 1);
});

/** Two CONNECTs of `dev1` of which the older one's admission takes longer: `admit` lets it go on. */
async function overtaken(version: 4 | 5, connect: Partial<IConnectPacket> = {}) {
	let admit = (): void => {};
	let isFirst = true;
	const bench = new Bench({
		admit: ({ clientId }) => {
			if (clientId !== "dev1" || !isFirst) return { admitted: true };
			isFirst = false;
			return new Promise((resolve) => {
				admit = () => resolve({ admitted: true });
			});
		},
	});
	const older = await bench.connect("dev1", version, connect);
	const newer = await bench.connect("dev1", version, connect);
	newer.take();
	return { bench, older, newer, admit };
}

test("MQTT 5: an older CONNECT that is admitted late is taken over itself, and the newer one stays", async (t) => {
	const { bench, older, newer, admit } = await overtaken(5);
	admit();
	await settled();
	t.like(older.take(), [
		{ cmd: "connack", reasonCode: 0 },
		{ cmd: "disconnect", reasonCode: 0x8e },
	]);
	t.is(older.ending?.cause, "taken-over");
	t.deepEqual(older.log, []);
	newer.sendBytes("c000");
	t.like(newer.take(), [{ cmd: "pingresp" }]);
	t.is(bench.broker.size, 1);
	newer.lose();
	older.lose();
	t.is(bench.broker.size, 0);
	t.is(bench.clock.waiting, 0);
});

test("MQTT 3.1.1: an older CONNECT that is admitted late is closed, and the newer one stays", async (t) => {
	const { older, newer, admit } = await overtaken(4);
	admit();
	await settled();
	t.is(older.transportState, "ended");
	t.is(older.ending?.cause, "taken-over");
	t.is(newer.transportState, "open");
});

test("the will of an older CONNECT that is admitted late is not published after the newer one came", async (t) => {
	const { bench, admit } = await overtaken(5, WILL);
	const other = await watcher(bench);
	admit();
	await settled();
	t.deepEqual(topics(other), []);
});

test("an older CONNECT that is admitted first is taken over by the newer one", async (t) => {
	const admits: (() => void)[] = [];
	const bench = new Bench({
		admit: () => new Promise((resolve) => admits.push(() => resolve({ admitted: true }))),
	});
	const older = await bench.connect("dev1", 5);
	const newer = await bench.connect("dev1", 5);
	for (const admit of admits) admit();
	await settled();
	t.is(older.ending?.cause, "taken-over");
	t.is(newer.ending, undefined);
});

test("MQTT 3.1.1: the first connection is closed without a word", async (t) => {
	const bench = new Bench();
	const first = await bench.connect("dev1", 4);
	first.take();
	await bench.connect("dev1", 4);
	t.deepEqual(first.take(), []);
	t.is(first.transportState, "ended");
});

test("the first connection's subscriptions end with it, and its late close does not touch the second", async (t) => {
	const bench = new Bench();
	const first = await bench.connect("dev1", 5);
	first.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "a", qos: 0 }] });
	const second = await bench.connect("dev1", 5);
	first.lose();
	t.is(bench.broker.size, 1);
	second.take();
	second.send({ cmd: "publish", topic: "a", payload: "", qos: 0, dup: false, retain: false });
	t.deepEqual(second.take(), []);
	t.is(second.log.at(-1), "published a to 0");
});

test("a refused CONNECT takes nothing over", async (t) => {
	let admitted = true;
	const bench = new Bench({
		admit: () => (admitted ? { admitted: true } : { admitted: false, reasonCode: 0x87 }),
	});
	const first = await bench.connect("dev1", 5);
	admitted = false;
	await bench.connect("dev1", 5);
	t.is(first.transportState, "open");
	t.is(bench.broker.size, 1);
});

for (const [name, end] of [
	["the connection is lost", (client: Client) => client.lose()],
	["the client breaks a rule", (client: Client) => client.sendBytes("00 00")],
	[
		"the client says DISCONNECT with reason 0x04",
		(client: Client) => client.send({ cmd: "disconnect", reasonCode: 4 }),
	],
] as const) {
	test(`the will is published when ${name}`, async (t) => {
		const bench = new Bench();
		const other = await watcher(bench);
		const client = await bench.connect("dev1", 5, WILL);
		end(client);
		t.deepEqual(topics(other), ["will/dev1"]);
		t.is(bench.broker.size, 1);
	});
}

test("the will is published when the client is taken over, and when its keep-alive runs out", async (t) => {
	const bench = new Bench();
	const other = await watcher(bench);
	await bench.connect("dev1", 5, WILL);
	await bench.connect("dev1", 5, WILL);
	t.deepEqual(topics(other), ["will/dev1"]);
	bench.clock.advance(45_000);
	other.sendBytes("c000");
	bench.clock.advance(45_000);
	t.deepEqual(topics(other), ["pingresp", "will/dev1"]);
});

test("the will is forgotten when the client says DISCONNECT", async (t) => {
	const bench = new Bench();
	const other = await watcher(bench);
	const client = await bench.connect("dev1", 5, WILL);
	client.send({ cmd: "disconnect", reasonCode: 0 });
	client.lose();
	t.deepEqual(topics(other), []);
	t.is(client.ending?.cause, "client-disconnect");
});

test("a will that its client may not publish is not published", async (t) => {
	const bench = new Bench({ authorize: (id, { action }) => ({ allowed: id !== "dev1" || action !== "publish" }) });
	const other = await watcher(bench);
	(await bench.connect("dev1", 5, WILL)).lose();
	t.deepEqual(topics(other), []);
});

test("one and a half times the keep-alive after the last packet the connection ends: DISCONNECT 0x8D", async (t) => {
	const bench = new Bench();
	const client = await bench.connect("dev1", 5, { keepalive: 100 });
	client.take();
	bench.clock.advance(149_999);
	t.is(client.transportState, "open");
	client.sendBytes("c000");
	bench.clock.advance(149_999);
	t.is(client.transportState, "open");
	bench.clock.advance(1);
	t.like(client.take(), [{ cmd: "pingresp" }, { cmd: "disconnect", reasonCode: 0x8d }]);
	t.is(client.ending?.cause, "keep-alive-timeout");
});

test("half a packet does not keep a connection alive", async (t) => {
	const bench = new Bench();
	const client = await bench.connect("dev1", 4, { keepalive: 30 });
	bench.clock.advance(44_000);
	client.sendBytes("30 08");
	bench.clock.advance(1_000);
	t.is(client.ending?.cause, "keep-alive-timeout");
});

/** A client with a keep-alive of 30 seconds that takes no more bytes, because of a message it was sent. */
async function stalled(): Promise<{ bench: Bench; client: Client }> {
	const bench = new Bench();
	const client = await bench.connect("dev1", 5, { keepalive: 30 });
	client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "own", qos: 0 }] });
	client.reads = false;
	client.send({ cmd: "publish", topic: "own", payload: "x", qos: 0, dup: false, retain: false });
	client.take();
	return { bench, client };
}

test("while nothing is read from a client because it does not read itself, its keep-alive does not run", async (t) => {
	const { bench, client } = await stalled();
	bench.clock.advance(30_000);
	client.sendBytes("c000");
	bench.clock.advance(29_999);
	t.is(client.ending, undefined);
});

test("a client that takes nothing for a minute is cut off, with a cause of its own", async (t) => {
	const { bench, client } = await stalled();
	bench.clock.advance(59_999);
	t.is(client.ending, undefined);
	bench.clock.advance(1);
	t.is(client.ending?.cause, "not-reading");
	t.is(client.transportState, "ended");
	bench.clock.advance(2_000);
	t.is(client.transportState, "destroyed");
	client.lose();
	t.is(bench.clock.waiting, 0);
});

test("once a slow client reads again, its keep-alive runs anew and its minute is forgotten", async (t) => {
	const { bench, client } = await stalled();
	bench.clock.advance(50_000);
	client.drain();
	bench.clock.advance(44_999);
	t.is(client.ending, undefined);
	bench.clock.advance(1);
	t.is(client.ending?.cause, "keep-alive-timeout");
});

test("a client that does not take its CONNACK is cut off after a minute", async (t) => {
	const bench = new Bench();
	const client = bench.open(5);
	client.reads = false;
	client.send({ cmd: "connect", clientId: "dev1", protocolVersion: 5, clean: true, keepalive: 30 });
	await settled();
	bench.clock.advance(59_999);
	t.is(client.ending, undefined);
	bench.clock.advance(1);
	t.is(client.ending?.cause, "not-reading");
});

test("a client that reads late what was said at its end is still cut off", async (t) => {
	const { bench, client } = await stalled();
	bench.clock.advance(60_000);
	client.drain();
	bench.clock.advance(2_000);
	t.is(client.transportState, "destroyed");
});

test("MQTT 5: DISCONNECT with a Session Expiry Interval that CONNECT did not have is a protocol error", async (t) => {
	const client = await new Bench().connect("dev1", 5);
	client.take();
	client.send({ cmd: "disconnect", reasonCode: 0, properties: { sessionExpiryInterval: 60 } });
	t.like(client.take(), [{ cmd: "disconnect", reasonCode: 0x82 }]);
});

test("every ending leaves no session, no subscription and no timer behind", async (t) => {
	const bench = new Bench();
	const clients = [await bench.connect("a", 4), await bench.connect("b", 5), await bench.connect("c", 5)];
	for (const client of clients) {
		client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t/#", qos: 1 }] });
		client.lose();
	}
	t.is(bench.broker.size, 0);
	t.is(bench.clock.waiting, 0);
});
