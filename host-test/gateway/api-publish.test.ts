import test from "ava";
import { type ApiMessage, PublishError, type PublishErrorCode } from "../../src/gateway/index.js";
import { Site } from "./site.js";

function bytes(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

const MESSAGE: ApiMessage = { topic: "a/b", payload: bytes("21.5"), qos: 1 };

test("a message of the API reaches the subscribers of its topic", async (t) => {
	const site = await Site.start(t);
	const client = await site.join("dev1");
	await client.subscribe("a/+");
	t.deepEqual(site.gateway.publish(MESSAGE), { recipients: 1 });
	const { topic, payload, qos, retain } = await client.next("publish");
	t.deepEqual([topic, payload.toString(), qos, retain], ["a/b", "21.5", 1, false]);
});

test("it has its properties on MQTT 5", async (t) => {
	const site = await Site.start(t);
	const client = await site.join("dev1");
	await client.subscribe("a/b");
	site.gateway.publish({
		...MESSAGE,
		contentType: "text/plain",
		responseTopic: "r/1",
		correlationData: bytes("c"),
		payloadFormatIndicator: 1,
		messageExpiry: 60,
		userProperties: [
			["k", "2"],
			["k", "1"],
			["__proto__", ""],
		],
	});
	const { properties } = await client.next("publish");
	t.like(properties, {
		contentType: "text/plain",
		responseTopic: "r/1",
		payloadFormatIndicator: true,
		messageExpiryInterval: 60,
	});
	t.is(properties?.correlationData?.toString(), "c");
	t.deepEqual(Object.entries(properties?.userProperties ?? {}), [
		["k", ["2", "1"]],
		["__proto__", ""],
	]);
});

test("the event of such a message has neither a connection nor a client, and says that it was the API", async (t) => {
	const site = await Site.start(t);
	const client = await site.join("dev1");
	await client.subscribe("a/b");
	site.gateway.publish({ ...MESSAGE, retain: true });
	const { at, ...event } = await site.told("published");
	t.is(at, site.clock.now());
	const published = { event: "published", publisher: "api", topic: "a/b", qos: 1, retain: true, bytes: 4 };
	t.deepEqual(event, { ...published, recipients: 1 } as typeof event);
	t.is((await site.told("delivered", "dev1")).publisher, undefined);
});

test("who asked for No Local gets messages of the API", async (t) => {
	const site = await Site.start(t);
	const client = await site.join("dev1");
	client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "a/b", qos: 0, nl: true }] });
	await client.next("suback");
	t.is(site.gateway.publish(MESSAGE).recipients, 1);
});

test("changing the payload afterwards changes nothing", async (t) => {
	const site = await Site.start(t);
	const payload = bytes("21.5");
	site.gateway.publish({ ...MESSAGE, payload, retain: true });
	payload.fill(0);
	t.deepEqual(site.gateway.retainedMessage("a/b")?.payload, bytes("21.5"));
});

test("a retained message can be read, listed and deleted", async (t) => {
	const site = await Site.start(t);
	const { gateway, clock } = site;
	const lastModifiedTime = clock.now();
	const userProperties = [
		["k", "1"],
		["k", "2"],
	] as const;
	for (const topic of ["b", "B", "a/b"]) gateway.publish({ ...MESSAGE, topic, retain: true, userProperties });
	clock.advance(1000);
	gateway.publish({ ...MESSAGE, topic: "B", payload: bytes("longer"), qos: 0, retain: true });
	t.deepEqual(gateway.retainedMessage("a/b"), {
		topic: "a/b",
		payload: bytes("21.5"),
		qos: 1,
		lastModifiedTime,
		userProperties,
	});
	t.deepEqual(gateway.listRetainedMessages(), [
		{ topic: "B", payloadSize: 6, qos: 0, lastModifiedTime: lastModifiedTime + 1000 },
		{ topic: "a/b", payloadSize: 4, qos: 1, lastModifiedTime },
		{ topic: "b", payloadSize: 4, qos: 1, lastModifiedTime },
	]);
	gateway.publish({ ...MESSAGE, payload: bytes(""), retain: true });
	t.is(gateway.retainedMessage("a/b"), undefined);
	t.deepEqual(gateway.retainedMessage("B")?.userProperties, []);
});

test("an expired retained message is neither read nor listed", async (t) => {
	const { gateway, clock } = await Site.start(t);
	gateway.publish({ ...MESSAGE, retain: true, messageExpiry: 5 });
	clock.advance(4999);
	t.is(gateway.listRetainedMessages().length, 1);
	clock.advance(1);
	t.is(gateway.retainedMessage("a/b"), undefined);
	t.deepEqual(gateway.listRetainedMessages(), []);
});

const REFUSED: readonly (readonly [string, Partial<ApiMessage>, PublishErrorCode, RegExp])[] = [
	["an empty topic", { topic: "" }, "topic-name-invalid", /empty/],
	["a wildcard", { topic: "a/+" }, "topic-name-invalid", /wildcard/],
	["257 bytes of topic", { topic: "x".repeat(257) }, "topic-name-invalid", /257 bytes/],
	["8 slashes", { topic: "1/2/3/4/5/6/7/8/9" }, "topic-name-invalid", /8 slashes/],
	["a reserved topic", { topic: "$SYS/x" }, "topic-name-invalid", /starts with \$/],
	["a null character in the topic", { topic: "a\0b" }, "topic-name-invalid", /null character/],
	["half a surrogate pair in the topic", { topic: "a\ud800" }, "topic-name-invalid", /surrogate/],
	["131,073 bytes of payload", { payload: new Uint8Array(131_073) }, "payload-too-large", /131072 bytes, got 131073/],
	["a negative expiry", { messageExpiry: -1 }, "property-invalid", /message expiry/],
	["a fractional expiry", { messageExpiry: 1.5 }, "property-invalid", /message expiry/],
	["an expiry beyond 32 bits", { messageExpiry: 2 ** 32 }, "property-invalid", /message expiry/],
	["a wildcard in the response topic", { responseTopic: "r/#" }, "property-invalid", /response topic/],
	["an empty response topic", { responseTopic: "" }, "property-invalid", /response topic/],
	["a null character in the content type", { contentType: "\0" }, "property-invalid", /content type/],
	["65,536 bytes of content type", { contentType: "x".repeat(65_536) }, "property-invalid", /65535 bytes/],
	["65,536 bytes of correlation data", { correlationData: new Uint8Array(65_536) }, "property-invalid", /65536/],
	["half a surrogate pair in a user property", { userProperties: [["\udc00", ""]] }, "property-invalid", /surrogate/],
	[
		"properties that no client takes",
		{ payload: new Uint8Array(131_072), userProperties: [["k", "x".repeat(20_000)]] },
		"property-invalid",
		/at most 149504 bytes/,
	],
];

for (const [name, more, code, message] of REFUSED) {
	test(`${name} is refused: ${code}`, async (t) => {
		const { gateway, events } = await Site.start(t);
		const error = t.throws(() => gateway.publish({ ...MESSAGE, retain: true, ...more }), { instanceOf: PublishError });
		t.is(error?.code, code);
		t.regex(error?.message ?? "", message);
		t.deepEqual(events, []);
		t.deepEqual(gateway.listRetainedMessages(), []);
	});
}

test("a retained message too many is an error of its own, and goes nowhere", async (t) => {
	const site = await Site.start(t, { limits: { retainedMessages: 1 } });
	const client = await site.join("dev1");
	await client.subscribe("#");
	site.gateway.publish({ ...MESSAGE, topic: "first", retain: true });
	await client.next("publish");
	t.throws(() => site.gateway.publish({ ...MESSAGE, retain: true }), { code: "retained-quota-exceeded" });
	await client.roundTrip();
	t.is(site.gateway.publish(MESSAGE).recipients, 1);
});
