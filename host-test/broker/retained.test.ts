import test from "ava";
import type { IPublishPacket, ISubscription } from "mqtt-packet";
import { Bench, type Client, settled } from "./harness.js";

function retained(topic: string, more: Partial<IPublishPacket> = {}): IPublishPacket {
	return { cmd: "publish", topic, payload: "kept", qos: 1, dup: false, retain: true, messageId: 9, ...more };
}

function subscribe(client: Client, topic: string, more: Partial<ISubscription> = {}): void {
	client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic, qos: 1, ...more }] });
}

/** What came, in words: `SUBACK`, `topic=payload` with `R` for RETAIN and the QoS. */
function took(client: Client): string[] {
	return client.take().map((packet) => {
		if (packet.cmd !== "publish") return packet.cmd.toUpperCase();
		return `${packet.topic}=${packet.payload} ${packet.retain ? "R" : "-"}${packet.qos}`;
	});
}

/** A broker that keeps `kept` of topic `a`, and a client that has not subscribed yet. */
async function bench(version: 4 | 5 = 5, message: Partial<IPublishPacket> = {}, options = new Bench()) {
	const publisher = await options.connect("publisher", 5);
	publisher.send(retained("a", message));
	publisher.take();
	const subscriber = await options.connect("subscriber", version);
	subscriber.take();
	return { bench: options, publisher, subscriber };
}

for (const version of [4, 5] as const) {
	test(`MQTT ${version}: a new subscription gets SUBACK, then the retained message with RETAIN`, async (t) => {
		const { subscriber } = await bench(version);
		subscribe(subscriber, "a");
		t.deepEqual(took(subscriber), ["SUBACK", "a=kept R1"]);
		t.is(subscriber.log.at(-1), "delivered a@1");
	});

	test(`MQTT ${version}: whoever has subscribed already gets it without RETAIN`, async (t) => {
		const bench = new Bench();
		const subscriber = await bench.connect("subscriber", version);
		subscribe(subscriber, "a");
		subscriber.take();
		(await bench.connect("publisher", version)).send(retained("a"));
		t.deepEqual(took(subscriber), ["a=kept -1"]);
	});

	test(`MQTT ${version}: a second SUBSCRIBE to the same filter brings it again`, async (t) => {
		const { subscriber } = await bench(version);
		subscribe(subscriber, "a");
		subscriber.take();
		subscribe(subscriber, "a");
		t.deepEqual(took(subscriber), ["SUBACK", "a=kept R1"]);
	});

	test(`MQTT ${version}: each of several filters gets its own, after one SUBACK`, async (t) => {
		const { publisher, subscriber } = await bench(version);
		publisher.send(retained("b", { payload: "too" }));
		const subscriptions = ["b", "none", "a"].map((topic) => ({ topic, qos: 1 as const }));
		subscriber.send({ cmd: "subscribe", messageId: 1, subscriptions });
		t.deepEqual(took(subscriber), ["SUBACK", "b=too R1", "a=kept R1"]);
	});
}

test("the last message of a topic is the one that is kept", async (t) => {
	const { publisher, subscriber } = await bench();
	publisher.send(retained("a", { payload: "newer" }));
	publisher.send(retained("a", { payload: "not kept", retain: false }));
	subscribe(subscriber, "a");
	t.deepEqual(took(subscriber), ["SUBACK", "a=newer R1"]);
});

test("an empty payload with RETAIN deletes it, and reaches those who have subscribed", async (t) => {
	const { bench: site, publisher, subscriber } = await bench();
	subscribe(subscriber, "a");
	subscriber.take();
	publisher.send(retained("a", { payload: "" }));
	t.deepEqual(took(subscriber), ["a= -1"]);
	const late = await site.connect("late");
	late.take();
	subscribe(late, "a");
	t.deepEqual(took(late), ["SUBACK"]);
});

test("an empty payload without RETAIN deletes nothing", async (t) => {
	const { publisher, subscriber } = await bench();
	publisher.send(retained("a", { payload: "", retain: false }));
	subscribe(subscriber, "a");
	t.deepEqual(took(subscriber), ["SUBACK", "a=kept R1"]);
});

for (const [kept, wanted, delivered] of [
	[0, 0, 0],
	[0, 1, 0],
	[1, 0, 0],
	[1, 1, 1],
] as const) {
	test(`a message kept at QoS ${kept} reaches a subscription of QoS ${wanted} at QoS ${delivered}`, async (t) => {
		const { subscriber } = await bench(5, { qos: kept });
		subscribe(subscriber, "a", { qos: wanted });
		t.deepEqual(took(subscriber), ["SUBACK", `a=kept R${delivered}`]);
	});
}

for (const filter of ["#", "+"]) {
	test(`AWS: the wildcard filter ${filter} gets no retained message`, async (t) => {
		const { subscriber } = await bench();
		subscribe(subscriber, filter);
		t.deepEqual(took(subscriber), ["SUBACK"]);
	});

	test(`standard: the wildcard filter ${filter} gets it`, async (t) => {
		const { subscriber } = await bench(5, {}, new Bench({ dialect: "standard" }));
		subscribe(subscriber, filter);
		t.deepEqual(took(subscriber), ["SUBACK", "a=kept R1"]);
	});
}

test("Retain Handling 1 brings it to a new subscription only", async (t) => {
	const { subscriber } = await bench();
	subscribe(subscriber, "a", { rh: 1 });
	t.deepEqual(took(subscriber), ["SUBACK", "a=kept R1"]);
	subscribe(subscriber, "a", { rh: 1 });
	t.deepEqual(took(subscriber), ["SUBACK"]);
	subscriber.send({ cmd: "unsubscribe", messageId: 2, unsubscriptions: ["a"] });
	subscriber.take();
	subscribe(subscriber, "a", { rh: 1 });
	t.deepEqual(took(subscriber), ["SUBACK", "a=kept R1"]);
});

test("Retain Handling 2 brings nothing", async (t) => {
	const { subscriber } = await bench();
	subscribe(subscriber, "a", { rh: 2 });
	t.deepEqual(took(subscriber), ["SUBACK"]);
});

test("Retain As Published keeps the flag of messages that come later", async (t) => {
	const { publisher, subscriber } = await bench();
	subscribe(subscriber, "a", { rap: true, rh: 2 });
	subscriber.take();
	publisher.send(retained("a"));
	publisher.send(retained("a", { retain: false }));
	t.deepEqual(took(subscriber), ["a=kept R1", "a=kept -1"]);
});

test("No Local withholds what the same client had published", async (t) => {
	const { publisher } = await bench();
	subscribe(publisher, "a", { nl: true });
	t.deepEqual(took(publisher), ["SUBACK"]);
	subscribe(publisher, "a");
	t.deepEqual(took(publisher), ["SUBACK", "a=kept R1"]);
});

test("a subscriber that may not receive the topic gets nothing", async (t) => {
	const deny = (id: string, { action }: { action: string }) => ({
		allowed: id !== "subscriber" || action !== "receive",
	});
	const { subscriber } = await bench(5, {}, new Bench({ authorize: deny }));
	subscribe(subscriber, "a");
	t.deepEqual(took(subscriber), ["SUBACK"]);
});

test("a filter that is refused brings no retained message", async (t) => {
	const deny = (_: string, { action }: { action: string }) => ({ allowed: action !== "subscribe" });
	const { subscriber } = await bench(5, {}, new Bench({ authorize: deny }));
	subscribe(subscriber, "a");
	t.deepEqual(took(subscriber), ["SUBACK"]);
});

test("retained messages wait for the delivery window like any other", async (t) => {
	const { bench: site, publisher } = await bench();
	publisher.send(retained("b", { payload: "second" }));
	const subscriber = await site.connect("narrow", 5, { properties: { receiveMaximum: 1 } });
	subscriber.take();
	const subscriptions = ["a", "b"].map((topic) => ({ topic, qos: 1 as const }));
	subscriber.send({ cmd: "subscribe", messageId: 1, subscriptions });
	t.deepEqual(took(subscriber), ["SUBACK", "a=kept R1"]);
	subscriber.send({ cmd: "puback", messageId: 1, reasonCode: 0 });
	t.deepEqual(took(subscriber), ["b=second R1"]);
});

test("while a client does not read, its retained messages wait behind SUBACK", async (t) => {
	const { subscriber } = await bench();
	subscriber.reads = false;
	subscribe(subscriber, "a");
	t.deepEqual(took(subscriber), ["SUBACK"]);
	subscriber.drain();
	t.deepEqual(took(subscriber), ["a=kept R1"]);
});

test("the message expires with its Message Expiry Interval, and counts down until then", async (t) => {
	const { bench: site, subscriber } = await bench(5, { properties: { messageExpiryInterval: 10, contentType: "t" } });
	site.clock.advance(4_000);
	subscribe(subscriber, "a");
	const [, message] = subscriber.take();
	t.like(message?.cmd === "publish" && message.properties, { messageExpiryInterval: 6, contentType: "t" });
	site.clock.advance(6_000);
	subscribe(subscriber, "a");
	t.deepEqual(took(subscriber), ["SUBACK"]);
});

test("a will with RETAIN is kept", async (t) => {
	const bench = new Bench();
	const will = { topic: "will", payload: Buffer.from("gone"), qos: 1 as const, retain: true };
	(await bench.connect("dev1", 5, { will })).lose();
	const late = await bench.connect("late");
	late.take();
	subscribe(late, "will");
	t.deepEqual(took(late), ["SUBACK", "will=gone R1"]);
});

test("a message with RETAIN asks for publish, then for retain-publish", async (t) => {
	const asked: string[] = [];
	const authorize = (_: string, { action, topic }: { action: string; topic: string }) => {
		asked.push(`${action} ${topic}`);
		return { allowed: true };
	};
	const { publisher } = await bench(5, {}, new Bench({ authorize }));
	publisher.send(retained("b", { retain: false }));
	t.deepEqual(asked, ["publish a", "retain-publish a", "publish b"]);
});

/** Everything is allowed but to publish with RETAIN. */
const withoutRetain = () =>
	new Bench({ authorize: (_, { action }) => ({ allowed: action !== "retain-publish", reason: "no RETAIN" }) });

test("MQTT 5: who may publish and not retain gets PUBACK 0x87, and the message goes nowhere", async (t) => {
	const site = withoutRetain();
	const subscriber = await site.connect("subscriber");
	subscribe(subscriber, "a");
	subscriber.take();
	const publisher = await site.connect("publisher");
	publisher.take();
	publisher.send(retained("a"));
	t.like(publisher.take(), [{ cmd: "puback", reasonCode: 0x87, properties: { reasonString: "no RETAIN" } }]);
	t.deepEqual(took(subscriber), []);
	t.deepEqual(site.broker.retained.all(), []);
});

test("MQTT 3.1.1: who may publish and not retain is closed", async (t) => {
	const publisher = await withoutRetain().connect("publisher", 4);
	publisher.send(retained("a"));
	t.is(publisher.ending?.cause, "not-authorized");
});

test("a will that its client may not retain is not published", async (t) => {
	const site = withoutRetain();
	const watcher = await site.connect("watcher");
	subscribe(watcher, "will");
	watcher.take();
	const will = { topic: "will", payload: Buffer.from("gone"), qos: 1 as const, retain: true };
	(await site.connect("dev1", 5, { will })).lose();
	t.deepEqual(took(watcher), []);
});

/** A broker that keeps one message, of topic `a`, and somebody who subscribed to `b`. */
async function full() {
	const { bench: site, publisher, subscriber } = await bench(5, {}, new Bench({ limits: { retainedMessages: 1 } }));
	subscribe(subscriber, "b");
	subscriber.take();
	return { site, publisher, subscriber };
}

test("MQTT 5: a retained message too many at QoS 1 gets PUBACK 0x97 and goes nowhere; the connection is kept", async (t) => {
	const { publisher, subscriber } = await full();
	publisher.send(retained("b"));
	t.like(publisher.take(), [{ cmd: "puback", reasonCode: 0x97 }]);
	t.is(publisher.log.at(-1), "violated retained-quota-exceeded");
	t.is(publisher.transportState, "open");
	t.deepEqual(took(subscriber), []);
});

test("MQTT 5: a retained message too many at QoS 0 brings DISCONNECT 0x97", async (t) => {
	const { publisher } = await full();
	publisher.send(retained("b", { qos: 0 }));
	t.like(publisher.take(), [{ cmd: "disconnect", reasonCode: 0x97 }]);
});

test("MQTT 3.1.1: a retained message too many closes the connection", async (t) => {
	const { site } = await full();
	const old = await site.connect("old", 4);
	old.send(retained("b"));
	t.is(old.ending?.cause, "violation");
});

test("a will too many is told of and goes nowhere", async (t) => {
	const { site, subscriber } = await full();
	const will = { topic: "b", payload: Buffer.from("gone"), qos: 1 as const, retain: true };
	const dying = await site.connect("dying", 5, { will });
	dying.lose();
	await settled();
	t.is(dying.log.at(-1), "violated retained-quota-exceeded");
	t.deepEqual(took(subscriber), []);
});

test("where no message fits any more, replacing and deleting still work", async (t) => {
	const { site, publisher } = await full();
	publisher.send(retained("a", { payload: "newer" }));
	t.is(site.broker.retained.get("a")?.payload.toString(), "newer");
	publisher.send(retained("a", { payload: "" }));
	publisher.send(retained("b"));
	t.is(site.broker.retained.get("b")?.payload.toString(), "kept");
});
