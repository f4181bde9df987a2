import test from "ava";
import { answer, Site, statement } from "./site.js";

const CONNECT = statement("Allow", "iot:Connect", "client/*");
const DISCONNECT_REASON = /^DISCONNECT:Client is not authenticated\/authorized to send the message:[0-9a-f-]{36}$/;

/** May publish and subscribe below `own/` and receive from there. */
const OWN = [
	CONNECT,
	statement("Allow", "iot:Publish", "topic/own/*"),
	statement("Allow", "iot:Subscribe", "topicfilter/own/*"),
	statement("Allow", "iot:Receive", "topic/own/*"),
];

const own = { respond: () => answer(OWN) };

test("MQTT 5: a denied SUBSCRIBE gets 0x87 in SUBACK, and the connection is kept", async (t) => {
	const site = await Site.start(t, own);
	const client = await site.join("dev1");
	t.deepEqual(await client.subscribe("#"), [0x87]);
	await client.roundTrip();
	t.like(await site.told("policy-denied", "dev1"), {
		action: "iot:Subscribe",
		resource: "arn:aws:iot:eu-west-1:123456789012:topicfilter/#",
	});
	t.is(site.gateway.refusals()[0]?.refusal.code, "subscribe-denied");
});

test("MQTT 3.1.1: a denied SUBSCRIBE closes the connection without SUBACK", async (t) => {
	const site = await Site.start(t, own);
	const client = await site.join("dev1", { version: 4 });
	client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "#", qos: 0 }] });
	await client.closed;
	t.deepEqual(client.received, []);
	t.is((await site.told("closed", "dev1")).disconnectReason, "AUTH_ERROR");
});

test("MQTT 5: a denied PUBLISH at QoS 1 gets PUBACK 0x87 without a reason, and the connection is kept", async (t) => {
	const site = await Site.start(t, own);
	const client = await site.join("dev1");
	client.publish("other/x", 1);
	const puback = await client.next("puback");
	t.is(puback.reasonCode, 0x87);
	t.is(puback.properties, undefined);
	await client.roundTrip();
	t.like(await site.told("policy-denied", "dev1"), { action: "iot:Publish" });
	t.is(site.gateway.refusals()[0]?.refusal.code, "publish-denied");
});

test("MQTT 5: a denied PUBLISH at QoS 0 brings DISCONNECT 0x87 in AWS's words", async (t) => {
	const site = await Site.start(t, own);
	const client = await site.join("dev1");
	client.publish("other/x", 0);
	const disconnect = await client.next("disconnect");
	t.is(disconnect.reasonCode, 0x87);
	t.regex(disconnect.properties?.reasonString ?? "", DISCONNECT_REASON);
	await client.closed;
	t.is((await site.told("closed", "dev1")).disconnectReason, "AUTH_ERROR");
});

for (const qos of [0, 1] as const) {
	test(`MQTT 3.1.1: a denied PUBLISH at QoS ${qos} closes the connection`, async (t) => {
		const site = await Site.start(t, own);
		const client = await site.join("dev1", { version: 4 });
		client.publish("other/x", qos);
		await client.closed;
		t.deepEqual(client.received, []);
		t.is((await site.told("policy-denied", "dev1")).action, "iot:Publish");
	});
}

test("MQTT 5, explained: the reason strings of PUBACK, SUBACK and DISCONNECT name the cause", async (t) => {
	const site = await Site.start(t, { ...own, explain: true });
	const client = await site.join("dev1");
	client.publish("other/x", 1);
	t.regex((await client.next("puback")).properties?.reasonString ?? "", /^publish-denied: .*topic\/other\/x.*; /);
	client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "other/#", qos: 0 }] });
	t.regex((await client.next("suback")).properties?.reasonString ?? "", /^subscribe-denied: /);
	client.publish("other/x", 0);
	t.regex((await client.next("disconnect")).properties?.reasonString ?? "", /^publish-denied: /);
});

test("a message that the subscriber may not receive is not delivered; the developer is told", async (t) => {
	const site = await Site.start(t, {
		respond: ({ protocolData }) => answer(protocolData.mqtt?.clientId === "deaf" ? OWN.slice(0, 3) : OWN),
	});
	const deaf = await site.join("deaf");
	const hearing = await site.join("hearing");
	await deaf.subscribe("own/#");
	await hearing.subscribe("own/#");
	const publisher = await site.join("publisher");
	publisher.publish("own/a", 1);
	t.is((await publisher.next("puback")).reasonCode, 0);
	await hearing.next("publish");
	await deaf.roundTrip();
	t.like(await site.told("policy-denied", "deaf"), {
		action: "iot:Receive",
		resource: "arn:aws:iot:eu-west-1:123456789012:topic/own/a",
	});
	t.is((await site.told("published", "publisher")).recipients, 1);
});

test("a topic filter is compared as text: + and # are plain characters", async (t) => {
	const site = await Site.start(t, {
		respond: () => answer([CONNECT, statement("Allow", "iot:Subscribe", "topicfilter/a/+/b")]),
	});
	const client = await site.join("dev1");
	t.deepEqual(await client.subscribe("a/+/b", 0), [0]);
	t.deepEqual(await client.subscribe("a/x/b", 0), [0x87]);
});

test("a will that its client may not publish is not published; the developer is told", async (t) => {
	const site = await Site.start(t, own);
	const will = (topic: string) => ({ packet: { will: { topic, payload: Buffer.from("gone"), qos: 0 as const } } });
	const watcher = await site.join("watcher");
	await watcher.subscribe("own/#");
	(await site.join("dev1", will("other/will"))).socket.destroy();
	t.is((await site.told("policy-denied", "dev1")).action, "iot:Publish");
	(await site.join("dev2", will("own/will"))).socket.destroy();
	t.is((await watcher.next("publish")).topic, "own/will");
});

for (const [version, qos] of [
	[4, 0],
	[4, 1],
	[5, 0],
	[5, 1],
] as const) {
	test(`MQTT ${version}: a message at QoS ${qos} goes from one client to another, and each step is told`, async (t) => {
		const site = await Site.start(t, own);
		const subscriber = await site.join("subscriber", { version });
		t.deepEqual(await subscriber.subscribe("own/+", 1), [1]);
		const publisher = await site.join("publisher", { version });
		publisher.publish("own/a", qos, "21.5");
		const message = await subscriber.next("publish");
		t.is(message.payload.toString(), "21.5");
		t.is(message.qos, qos);
		t.like(await site.told("subscribed", "subscriber"), { subscriptions: [{ filter: "own/+", qos: 1 }] });
		t.like(await site.told("published", "publisher"), { topic: "own/a", qos, bytes: 4, recipients: 1 });
		t.like(await site.told("delivered", "subscriber"), { topic: "own/a", qos, bytes: 4, publisher: "publisher" });
	});
}

test("UNSUBSCRIBE is answered and told", async (t) => {
	const site = await Site.start(t, own);
	const client = await site.join("dev1");
	await client.subscribe("own/a");
	client.send({ cmd: "unsubscribe", messageId: 9, unsubscriptions: ["own/a"] });
	t.is((await client.next("unsuback")).messageId, 9);
	t.deepEqual((await site.told("unsubscribed", "dev1")).filters, ["own/a"]);
});

test("a rule that is broken in a session is told as a refusal: QoS 2", async (t) => {
	const site = await Site.start(t, own);
	const client = await site.join("dev1");
	client.send({ cmd: "publish", topic: "own/a", payload: "", qos: 2, messageId: 1, dup: false, retain: false });
	t.is((await client.next("disconnect")).reasonCode, 0x9b);
	t.is((await site.told("refused", "dev1")).refusal.code, "qos-2-unsupported");
	t.is((await site.told("closed", "dev1")).disconnectReason, "CLIENT_ERROR");
});

test("a second client with the same identifier wins: the first gets DISCONNECT 0x8E", async (t) => {
	const site = await Site.start(t);
	const first = await site.join("dev1");
	const second = await site.join("dev1");
	t.is((await first.next("disconnect")).reasonCode, 0x8e);
	await first.closed;
	t.is((await site.told("closed", "dev1")).disconnectReason, "DUPLICATE_CLIENTID");
	await second.roundTrip();
	t.is(site.gateway.sessions, 1);
});
