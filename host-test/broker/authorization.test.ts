import test from "ava";
import type { IPublishPacket } from "mqtt-packet";
import { Bench } from "./harness.js";

const denying = (action: string, topic: string) =>
	new Bench({
		authorize: (_, request) =>
			request.action === action && request.topic === topic ? { allowed: false, reason: "not you" } : { allowed: true },
	});

function publish(qos: 0 | 1): IPublishPacket {
	return { cmd: "publish", topic: "secret", payload: "x", qos, dup: false, retain: false, messageId: 3 };
}

test("MQTT 5: PUBLISH at QoS 1 that is denied gets PUBACK 0x87, and the connection is kept", async (t) => {
	const client = await denying("publish", "secret").connect("dev1", 5);
	client.take();
	client.send(publish(1));
	t.like(client.take(), [{ cmd: "puback", messageId: 3, reasonCode: 0x87, properties: { reasonString: "not you" } }]);
	t.is(client.transportState, "open");
	t.deepEqual(client.log, ["opened"]);
});

test("MQTT 5: a client without interest in problem information gets no reason string in PUBACK", async (t) => {
	const connect = { properties: { requestProblemInformation: false } };
	const client = await denying("publish", "secret").connect("dev1", 5, connect);
	client.take();
	client.send(publish(1));
	const [puback] = client.take();
	t.like(puback, { cmd: "puback", reasonCode: 0x87 });
	t.is(puback?.cmd === "puback" && puback.properties, undefined);
});

test("MQTT 5: a reason string that makes PUBACK larger than the client takes is left out", async (t) => {
	const bench = new Bench({ authorize: () => ({ allowed: false, reason: "no".repeat(20) }) });
	const client = await bench.connect("dev1", 5, { properties: { maximumPacketSize: 40 } });
	client.send(publish(1));
	t.true(client.bytes.every(({ length }) => length <= 40));
	t.is(client.bytes.at(-1)?.toString("hex"), "400400038700");
});

test("MQTT 5: PUBLISH at QoS 0 that is denied brings DISCONNECT 0x87", async (t) => {
	const client = await denying("publish", "secret").connect("dev1", 5);
	client.take();
	client.send(publish(0));
	t.like(client.take(), [{ cmd: "disconnect", reasonCode: 0x87, properties: { reasonString: "not you" } }]);
	t.is(client.ending?.cause, "not-authorized");
});

for (const qos of [0, 1] as const) {
	test(`MQTT 3.1.1: PUBLISH at QoS ${qos} that is denied closes the connection without PUBACK`, async (t) => {
		const client = await denying("publish", "secret").connect("dev1", 4);
		client.take();
		client.send(publish(qos));
		t.deepEqual(client.take(), []);
		t.is(client.ending?.cause, "not-authorized");
		t.is(client.transportState, "ended");
	});
}

const TWO_FILTERS = [
	{ topic: "open", qos: 1 as const },
	{ topic: "secret", qos: 1 as const },
];

test("MQTT 5: a filter that is denied gets 0x87 in SUBACK, the others are granted", async (t) => {
	const client = await denying("subscribe", "secret").connect("dev1", 5);
	client.take();
	client.send({ cmd: "subscribe", messageId: 1, subscriptions: TWO_FILTERS });
	t.like(client.take(), [{ cmd: "suback", granted: [1, 0x87], properties: { reasonString: "not you" } }]);
	t.is(client.transportState, "open");
	t.is(client.log.at(-1), "subscribed open@1");
});

test("MQTT 3.1.1: a filter that is denied closes the connection without SUBACK", async (t) => {
	const client = await denying("subscribe", "secret").connect("dev1", 4);
	client.take();
	client.send({ cmd: "subscribe", messageId: 1, subscriptions: TWO_FILTERS });
	t.deepEqual(client.take(), []);
	t.is(client.ending?.cause, "not-authorized");
});

test("a message that the subscriber may not receive is not delivered, and the publisher is not affected", async (t) => {
	const bench = denying("receive", "secret");
	const subscriber = await bench.connect("subscriber", 5);
	subscriber.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "#", qos: 1 }] });
	subscriber.take();
	const publisher = await bench.connect("publisher", 4);
	publisher.take();
	publisher.send(publish(1));
	t.like(publisher.take(), [{ cmd: "puback", messageId: 3 }]);
	t.deepEqual(subscriber.take(), []);
	t.is(publisher.log.at(-1), "published secret to 0");
});
