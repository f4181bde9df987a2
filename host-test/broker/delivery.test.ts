import test from "ava";
import type { IConnectPacket, IPublishPacket } from "mqtt-packet";
import type { BrokerLimits } from "../../src/broker/index.js";
import { Bench, type Client } from "./harness.js";

interface Pair {
	readonly bench: Bench;
	readonly subscriber: Client;
	readonly send: (payload: string, more?: Partial<IPublishPacket>) => void;
}

/** A subscriber of `t` at QoS 1 and somebody who publishes to it at QoS 1. */
async function pair(connect: Partial<IConnectPacket> = {}, limits: Partial<BrokerLimits> = {}): Promise<Pair> {
	const bench = new Bench({ limits });
	const subscriber = await bench.connect("subscriber", 5, connect);
	subscriber.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "t", qos: 1 }] });
	subscriber.take();
	subscriber.log.length = 0;
	const publisher = await bench.connect("publisher", 5);
	const send: Pair["send"] = (payload, more = {}) => {
		publisher.send({ cmd: "publish", topic: "t", payload, qos: 1, dup: false, retain: false, messageId: 1, ...more });
	};
	return { bench, subscriber, send };
}

function payloads(client: Client): string[] {
	return client.take().map((packet) => (packet.cmd === "publish" ? packet.payload.toString() : packet.cmd));
}

test("no more QoS 1 messages are in flight than the client's Receive Maximum; a PUBACK makes room", async (t) => {
	const { subscriber, send } = await pair({ properties: { receiveMaximum: 2 } });
	for (const payload of ["1", "2", "3", "4"]) send(payload);
	t.deepEqual(payloads(subscriber), ["1", "2"]);
	subscriber.send({ cmd: "puback", messageId: 1, reasonCode: 0 });
	t.deepEqual(payloads(subscriber), ["3"]);
	subscriber.send({ cmd: "puback", messageId: 2, reasonCode: 0x80 });
	t.deepEqual(payloads(subscriber), ["4"]);
});

test("a PUBACK for a packet that is not in flight changes nothing", async (t) => {
	const { subscriber, send } = await pair({ properties: { receiveMaximum: 1 } });
	send("1");
	send("2");
	subscriber.take();
	subscriber.send({ cmd: "puback", messageId: 77, reasonCode: 0 });
	t.deepEqual(payloads(subscriber), []);
});

test("messages keep their order when a QoS 0 message comes while QoS 1 messages wait", async (t) => {
	const { subscriber, send } = await pair({ properties: { receiveMaximum: 1 } });
	send("1");
	send("2");
	send("3", { qos: 0 });
	t.deepEqual(payloads(subscriber), ["1"]);
	subscriber.send({ cmd: "puback", messageId: 1, reasonCode: 0 });
	t.deepEqual(payloads(subscriber), ["2", "3"]);
});

test("packet identifiers run from 1 to 65535 and skip those in flight", async (t) => {
	const { subscriber, send } = await pair({ properties: { receiveMaximum: 2 } });
	send("stays in flight");
	const ids: number[] = [];
	for (let count = 0; count < 65_536; count++) {
		send("x");
		const id = subscriber.take().at(-1)?.messageId ?? 0;
		ids.push(id);
		subscriber.send({ cmd: "puback", messageId: id, reasonCode: 0 });
	}
	t.is(ids.at(0), 2);
	t.is(ids.at(65_533), 65_535);
	t.is(ids.at(65_534), 2);
});

test("while a client does not read, messages wait and nothing is read from it; then they come in order", async (t) => {
	const { subscriber, send } = await pair();
	subscriber.reads = false;
	send("1");
	send("2", { qos: 0 });
	send("3");
	t.deepEqual(payloads(subscriber), ["1"]);
	t.true(subscriber.paused);
	subscriber.sendBytes("c000");
	t.deepEqual(payloads(subscriber), [], "no answer while the client does not read");
	subscriber.drain();
	t.deepEqual(payloads(subscriber), ["2", "3", "pingresp"]);
	t.false(subscriber.paused);
});

test("a message that finds the queue full is dropped, and the drop is told", async (t) => {
	const { subscriber, send } = await pair({}, { queuedMessages: 2 });
	subscriber.reads = false;
	for (const payload of ["1", "2", "3", "4", "5"]) send(payload);
	t.deepEqual(subscriber.log, ["delivered t@1", "dropped t queue-full", "dropped t queue-full"]);
	subscriber.drain();
	t.deepEqual(payloads(subscriber), ["1", "2", "3"]);
	send("6");
	t.deepEqual(payloads(subscriber), ["6"]);
});

test("the queue is bounded in bytes too, and what left it counts no more", async (t) => {
	const { subscriber, send } = await pair({}, { queuedBytes: 12 });
	for (let round = 0; round < 3; round++) {
		subscriber.reads = false;
		send("first");
		send("12345");
		send("67890");
		send("!");
		subscriber.drain();
		t.deepEqual(payloads(subscriber), ["first", "12345", "67890"]);
	}
});

test("a message that outlives its expiry while it waits is dropped, another one counts down", async (t) => {
	const { bench, subscriber, send } = await pair({ properties: { receiveMaximum: 1 } });
	send("1");
	send("2", { properties: { messageExpiryInterval: 10 } });
	send("3", { properties: { messageExpiryInterval: 30 } });
	subscriber.take();
	bench.clock.advance(10_000);
	subscriber.send({ cmd: "puback", messageId: 1, reasonCode: 0 });
	const [message] = subscriber.take();
	t.is(message?.cmd === "publish" && message.payload.toString(), "3");
	t.is(message?.cmd === "publish" && message.properties?.messageExpiryInterval, 20);
	t.true(subscriber.log.includes("dropped t expired"));
});

test("a message larger than the client takes is dropped, and the next one comes", async (t) => {
	const { subscriber, send } = await pair({ properties: { maximumPacketSize: 60, receiveMaximum: 1 } });
	send("x".repeat(100));
	send("small");
	t.deepEqual(payloads(subscriber), ["small"]);
	t.is(subscriber.log[0], "dropped t larger-than-the-client-takes");
});

for (const [name, properties, bytes] of [
	["a content type", { contentType: "text" }, 7],
	["a response topic", { responseTopic: "r/é" }, 7],
	["correlation data", { correlationData: Buffer.alloc(20) }, 23],
	["an expiry and a format", { messageExpiryInterval: 60, payloadFormatIndicator: true }, 7],
	["user properties", { userProperties: { a: "1", b: ["22", "333"] } }, 7 + 8 + 9],
] as const) {
	test(`a message waits with its topic, its payload and ${name}: all of it counts`, async (t) => {
		const sent = properties as unknown as NonNullable<IPublishPacket["properties"]>;
		for (const [missing, expected] of [
			[0, ["first", "12345"]],
			[1, ["first"]],
		] as const) {
			const { subscriber, send } = await pair({}, { queuedBytes: "t".length + "12345".length + bytes - missing });
			subscriber.reads = false;
			send("first");
			send("12345", { properties: sent });
			subscriber.drain();
			t.deepEqual(payloads(subscriber), expected);
		}
	});
}
