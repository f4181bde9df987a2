import test from "ava";
import type { ISubscribePacket } from "mqtt-packet";
import { Bench } from "./harness.js";

function subscribe(...topics: string[]): ISubscribePacket {
	return { cmd: "subscribe", messageId: 5, subscriptions: topics.map((topic) => ({ topic, qos: 1 })) };
}

const NINE = Array.from({ length: 9 }, (_, index) => `t${index}`);

for (const version of [4, 5] as const) {
	test(`MQTT ${version}: SUBACK grants each filter the QoS that was asked for`, async (t) => {
		const client = await new Bench().connect("dev1", version);
		client.take();
		const subscriptions = [
			{ topic: "a", qos: 0 as const },
			{ topic: "b/#", qos: 1 as const },
		];
		client.send({ cmd: "subscribe", messageId: 5, subscriptions });
		t.like(client.take(), [{ cmd: "suback", messageId: 5, granted: [0, 1] }]);
		t.is(client.log.at(-1), "subscribed a@0,b/#@1");
	});

	test(`MQTT ${version}: 8 filters in one SUBSCRIBE are taken`, async (t) => {
		const client = await new Bench().connect("dev1", version);
		client.take();
		client.send(subscribe(...NINE.slice(0, 8)));
		t.like(client.take(), [{ cmd: "suback", granted: [1, 1, 1, 1, 1, 1, 1, 1] }]);
	});

	test(`MQTT ${version}: the 50th subscription is taken, and replacing one after it`, async (t) => {
		const client = await new Bench().connect("dev1", version);
		for (let index = 0; index < 50; index++) client.send(subscribe(`t${index}`));
		client.take();
		client.send(subscribe("t0"));
		t.like(client.take(), [{ cmd: "suback", granted: [1] }]);
	});
}

test("MQTT 5: QoS 2 is granted as QoS 1", async (t) => {
	const client = await new Bench().connect("dev1", 5);
	client.take();
	client.send({ cmd: "subscribe", messageId: 5, subscriptions: [{ topic: "a", qos: 2 }] });
	t.like(client.take(), [{ cmd: "suback", granted: [1] }]);
});

test("MQTT 3.1.1: QoS 2 closes the connection without SUBACK", async (t) => {
	const client = await new Bench().connect("dev1", 4);
	client.take();
	client.send({ cmd: "subscribe", messageId: 5, subscriptions: [{ topic: "a", qos: 2 }] });
	t.deepEqual(client.take(), []);
	t.is(client.log.at(-1), "violated qos-2-unsupported");
});

test("MQTT 5: every filter of a SUBSCRIBE with 9 is answered with 0x97, and the connection kept", async (t) => {
	const client = await new Bench().connect("dev1", 5);
	client.take();
	client.send(subscribe(...NINE));
	t.like(client.take(), [{ cmd: "suback", granted: NINE.map(() => 0x97) }]);
	t.is(client.log.at(-1), "violated too-many-filters");
	t.is(client.transportState, "open");
});

test("MQTT 3.1.1: a SUBSCRIBE with 9 filters closes the connection", async (t) => {
	const client = await new Bench().connect("dev1", 4);
	client.take();
	client.send(subscribe(...NINE));
	t.deepEqual(client.take(), []);
	t.is(client.log.at(-1), "violated too-many-filters");
});

test("MQTT 5: the 51st subscription is answered with 0x97", async (t) => {
	const client = await new Bench().connect("dev1", 5);
	for (let index = 0; index < 50; index++) client.send(subscribe(`t${index}`));
	client.take();
	client.send(subscribe("one-more"));
	t.like(client.take(), [{ cmd: "suback", granted: [0x97] }]);
	t.is(client.log.at(-1), "violated too-many-subscriptions");
});

for (const [name, packet, reasonCode, code] of [
	["a # before the last level", subscribe("a/#/b"), 0x8f, "topic-filter-invalid"],
	["8 slashes", subscribe("1/2/3/4/5/6/7/8/+"), 0x8f, "topic-filter-invalid"],
	["a shared subscription", subscribe("$share/g/a"), 0x9e, "shared-subscriptions-unsupported"],
	[
		"a Subscription Identifier",
		{ ...subscribe("a"), properties: { subscriptionIdentifier: 1 } },
		0xa1,
		"subscription-identifiers-unsupported",
	],
] as const) {
	test(`MQTT 5: SUBSCRIBE with ${name} brings DISCONNECT 0x${reasonCode.toString(16)}`, async (t) => {
		const client = await new Bench().connect("dev1", 5);
		client.take();
		client.send(packet);
		t.like(client.take(), [{ cmd: "disconnect", reasonCode }]);
		t.is(client.log.at(-1), `violated ${code}`);
	});
}

test("MQTT 5: what is wrong with a SUBSCRIBE of 40 filters is told once", async (t) => {
	const client = await new Bench().connect("dev1", 5);
	client.send(subscribe(...Array.from({ length: 40 }, (_, index) => `t${index}`)));
	t.deepEqual(client.log, ["opened", "violated too-many-filters"]);
});
