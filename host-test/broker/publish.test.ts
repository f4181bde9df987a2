import test from "ava";
import type { IPublishPacket } from "mqtt-packet";
import { Bench, type Client } from "./harness.js";

function publish(topic: string, more: Partial<IPublishPacket> = {}): IPublishPacket {
	return { cmd: "publish", topic, payload: "hello", qos: 0, dup: false, retain: false, messageId: 9, ...more };
}

async function subscribed(bench: Bench, filter: string, qos: 0 | 1, version: 4 | 5 = 5): Promise<Client> {
	const client = await bench.connect("subscriber", version);
	client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: filter, qos }] });
	client.take();
	return client;
}

for (const [sent, subscribedAt, delivered] of [
	[0, 0, 0],
	[0, 1, 0],
	[1, 0, 0],
	[1, 1, 1],
] as const) {
	test(`QoS ${sent} to a subscription of QoS ${subscribedAt} is delivered at QoS ${delivered}`, async (t) => {
		const bench = new Bench();
		const subscriber = await subscribed(bench, "a/+", subscribedAt);
		const publisher = await bench.connect("publisher", 4);
		publisher.take();
		publisher.send(publish("a/b", { qos: sent }));
		const [message] = subscriber.take();
		t.like(message, { cmd: "publish", topic: "a/b", qos: delivered, dup: false, retain: false });
		t.is(message?.cmd === "publish" && message.payload.toString(), "hello");
		t.is(message?.messageId, delivered === 1 ? 1 : undefined);
		t.deepEqual(
			publisher.received.map(({ cmd, messageId }) => ({ cmd, messageId })),
			sent === 1 ? [{ cmd: "puback", messageId: 9 }] : [],
		);
		t.is(publisher.log.at(-1), "published a/b to 1");
	});
}

test("the properties of a message reach MQTT 5 subscribers, and only those meant for them", async (t) => {
	const bench = new Bench();
	const subscriber = await subscribed(bench, "a", 0);
	const publisher = await bench.connect("publisher", 5);
	const properties = {
		payloadFormatIndicator: true,
		messageExpiryInterval: 60,
		contentType: "text/plain",
		responseTopic: "r",
		correlationData: Buffer.from("c"),
		userProperties: { k: ["1", "2"], j: "3" },
	};
	publisher.send(publish("a", { properties }));
	const [message] = subscriber.take();
	t.deepEqual(message?.cmd === "publish" && { ...message.properties }, {
		...properties,
		userProperties: Object.assign(Object.create(null), properties.userProperties),
	});
});

test("a content type and correlation data of zero length are passed on", async (t) => {
	const bench = new Bench();
	const subscriber = await subscribed(bench, "a", 0);
	const publisher = await bench.connect("publisher", 5);
	publisher.sendBytes("30 0a 0001 61 06 03 0000 09 0000");
	t.is(subscriber.bytes.at(-1)?.toString("hex"), "300a00016106030000090000");
});

test("user properties of one name keep their order", async (t) => {
	const bench = new Bench();
	const subscriber = await subscribed(bench, "a", 0);
	const publisher = await bench.connect("publisher", 5);
	const properties = "26 0001 61 0001 33 26 0001 61 0001 31 26 0001 61 0001 32";
	publisher.sendBytes(`30 19 0001 61 15 ${properties}`);
	t.is(subscriber.bytes.at(-1)?.toString("hex"), `301900016115${properties.replace(/ /g, "")}`);
});

test("MQTT 3.1.1 subscribers get the message without properties", async (t) => {
	const bench = new Bench();
	const subscriber = await subscribed(bench, "a", 0, 4);
	const publisher = await bench.connect("publisher", 5);
	publisher.send(publish("a", { properties: { contentType: "text/plain" } }));
	t.is(subscriber.bytes.at(-1)?.toString("hex"), `300800016168656c6c6f`);
});

test("a publisher that subscribed gets its own message, unless it asked for No Local", async (t) => {
	const bench = new Bench();
	const client = await bench.connect("dev1", 5);
	const subscriptions = [
		{ topic: "own", qos: 0 as const },
		{ topic: "other", qos: 0 as const, nl: true },
	];
	client.send({ cmd: "subscribe", messageId: 1, subscriptions });
	client.take();
	client.send(publish("own"));
	client.send(publish("other"));
	t.deepEqual(
		client.take().map((packet) => packet.cmd === "publish" && packet.topic),
		["own"],
	);
});

test("after UNSUBSCRIBE nothing comes any more", async (t) => {
	const bench = new Bench();
	const client = await subscribed(bench, "a/#", 0);
	client.send({ cmd: "unsubscribe", messageId: 2, unsubscriptions: ["a/#", "never"] });
	client.send(publish("a/b"));
	t.like(client.take(), [{ cmd: "unsuback", messageId: 2, granted: [0, 0] }]);
});

for (const [name, packet, code, reasonCode] of [
	["QoS 2", publish("a", { qos: 2 }), "qos-2-unsupported", 0x9b],
	["a wildcard in the topic", publish("a/+"), "topic-name-invalid", 0x90],
	["8 slashes in the topic", publish("1/2/3/4/5/6/7/8/9"), "topic-name-invalid", 0x90],
	["a reserved topic", publish("$SYS/x"), "topic-name-invalid", 0x90],
	["131,073 bytes of payload", publish("a", { payload: Buffer.alloc(131_073) }), "packet-too-large", 0x95],
] as const) {
	test(`MQTT 5: PUBLISH with ${name} brings DISCONNECT 0x${reasonCode.toString(16)}`, async (t) => {
		const client = await new Bench().connect("dev1", 5);
		client.take();
		client.send(packet);
		t.like(client.take(), [{ cmd: "disconnect", reasonCode }]);
		t.deepEqual(client.log, ["opened", `violated ${code}`]);
		t.is(client.transportState, "ended");
	});

	test(`MQTT 3.1.1: PUBLISH with ${name} closes the connection`, async (t) => {
		const client = await new Bench().connect("dev1", 4);
		client.take();
		client.send(packet);
		t.deepEqual(client.take(), []);
		t.is(client.ending?.cause, "violation");
		t.is(client.transportState, "ended");
	});
}

test("MQTT 5: a topic alias brings DISCONNECT 0x94", async (t) => {
	const client = await new Bench().connect("dev1", 5);
	client.take();
	client.send(publish("a", { properties: { topicAlias: 1 } }));
	t.like(client.take(), [{ cmd: "disconnect", reasonCode: 0x94 }]);
});

test("131,072 bytes of payload are taken and delivered", async (t) => {
	const bench = new Bench();
	const subscriber = await subscribed(bench, "a", 0);
	const publisher = await bench.connect("publisher", 5);
	publisher.send(publish("a", { payload: Buffer.alloc(131_072) }));
	const [message] = subscriber.take();
	t.is(message?.cmd === "publish" && message.payload.length, 131_072);
});

test("MQTT 5: a client that broke a rule is told which, where the broker explains itself", async (t) => {
	const client = await new Bench({ explain: true }).connect("dev1", 5);
	client.take();
	client.send(publish("a/+"));
	t.like(client.take(), [
		{
			cmd: "disconnect",
			reasonCode: 0x90,
			properties: { reasonString: "topic-name-invalid: topic name: a wildcard in a topic name [MQTT-3.3.2-2]" },
		},
	]);
});
