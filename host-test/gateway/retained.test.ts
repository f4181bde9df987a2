import test from "ava";
import { answer, Site, statement } from "./site.js";

/** May do everything below `own/` but publish with RETAIN; that below `own/kept/` only. */
const respond = () =>
	answer([
		statement("Allow", "iot:Connect", "client/*"),
		statement("Allow", ["iot:Publish", "iot:Receive"], "topic/own/*"),
		statement("Allow", "iot:RetainPublish", "topic/own/kept/*"),
		statement("Allow", "iot:Subscribe", "topicfilter/own/*"),
	]);

test("CONNACK announces Retain Available", async (t) => {
	const site = await Site.start(t);
	const client = await site.connect("dev1");
	t.is((await client.next("connack")).properties?.retainAvailable, true);
});

test("a retained message reaches a client that subscribes later; both events say so", async (t) => {
	const site = await Site.start(t, { respond });
	const publisher = await site.join("publisher");
	publisher.publish("own/kept/a", 1, "21.5", true);
	await publisher.next("puback");
	t.like(await site.told("published", "publisher"), { topic: "own/kept/a", publisher: "client", retain: true });
	const subscriber = await site.join("subscriber");
	t.deepEqual(await subscriber.subscribe("own/kept/a"), [1]);
	t.like(await subscriber.next("publish"), { topic: "own/kept/a", retain: true, qos: 1 });
	t.like(await site.told("delivered", "subscriber"), { topic: "own/kept/a", publisher: "publisher", retain: true });
});

test("RETAIN without iot:RetainPublish is denied: PUBACK 0x87, the policies named", async (t) => {
	const site = await Site.start(t, { respond });
	const client = await site.join("dev1");
	client.publish("own/a", 1, "21.5", true);
	t.is((await client.next("puback")).reasonCode, 0x87);
	const { resource, action } = await site.told("policy-denied", "dev1");
	t.deepEqual([action, resource], ["iot:RetainPublish", "arn:aws:iot:eu-west-1:123456789012:topic/own/a"]);
	const [record] = site.gateway.refusals();
	t.is(record?.refusal.code, "retain-publish-denied");
	t.regex(record?.refusal.remedy ?? "", /iot:RetainPublish/);
	t.deepEqual(site.gateway.listRetainedMessages(), []);
	client.publish("own/a", 1);
	t.is((await client.next("puback")).reasonCode, 0);
});

test("RETAIN at QoS 0 without iot:RetainPublish brings DISCONNECT in AWS's words", async (t) => {
	const site = await Site.start(t, { respond });
	const client = await site.join("dev1");
	client.publish("own/a", 0, "21.5", true);
	const { reasonCode, properties } = await client.next("disconnect");
	t.is(reasonCode, 0x87);
	t.regex(properties?.reasonString ?? "", /^DISCONNECT:Client is not authenticated/);
});

test("without iot:Publish, iot:RetainPublish is not asked", async (t) => {
	const site = await Site.start(t, { respond });
	const client = await site.join("dev1");
	client.publish("other", 1, "x", true);
	t.is((await client.next("puback")).reasonCode, 0x87);
	t.deepEqual(
		site.events.flatMap((event) => (event.event === "policy-denied" ? [event.action] : [])),
		["iot:Publish"],
	);
});

test("a retained message that the subscriber may not receive is withheld, and told", async (t) => {
	const site = await Site.start(t, {
		respond: () =>
			answer([
				statement("Allow", ["iot:Connect", "iot:Publish", "iot:RetainPublish", "iot:Subscribe"], "*"),
				statement("Deny", "iot:Receive", "topic/secret"),
			]),
	});
	const client = await site.join("dev1");
	client.publish("secret", 1, "x", true);
	await client.next("puback");
	await client.subscribe("secret");
	await client.roundTrip();
	t.like(await site.told("policy-denied", "dev1"), { action: "iot:Receive" });
});

test("a retained will is kept when its client is lost", async (t) => {
	const site = await Site.start(t, { respond });
	const will = { topic: "own/kept/will", payload: Buffer.from("gone"), qos: 0 as const, retain: true };
	(await site.join("dev1", { packet: { will } })).reset();
	await site.told("closed", "dev1");
	t.deepEqual(site.gateway.retainedMessage("own/kept/will")?.payload, new TextEncoder().encode("gone"));
});

test("a retained message too many is refused by name", async (t) => {
	const site = await Site.start(t, { limits: { retainedMessages: 1 } });
	const client = await site.join("dev1");
	client.publish("a", 1, "x", true);
	t.is((await client.next("puback")).reasonCode, 0);
	client.publish("b", 1, "x", true);
	t.is((await client.next("puback")).reasonCode, 0x97);
	t.is((await site.told("refused", "dev1")).refusal.code, "retained-quota-exceeded");
});
