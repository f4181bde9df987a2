/** Policies with Condition, asked through the gateway: what it knows of a client, and where it knows it. */
import test from "ava";
import type { IConnectPacket } from "mqtt-packet";
import { answer, DOMAIN_NAME, SERVER_NAME, Site, statement } from "./site.js";

const WILL = { will: { topic: "will", payload: Buffer.from("gone"), qos: 0 as const, retain: false } };
const PERSISTENT_3 = { clean: false };
const PERSISTENT_5 = { properties: { sessionExpiryInterval: 60 } };

/** A gateway whose clients may connect under this condition, and do everything else. */
function connectIf(condition: object) {
	const others = statement("Allow", ["iot:Publish", "iot:Subscribe", "iot:Receive"], "*");
	return { respond: () => answer([statement("Allow", "iot:Connect", "client/*", condition), others]) };
}

/** Whether a client with this CONNECT is let in. */
async function isLetIn(site: Site, version: 4 | 5, packet: Partial<IConnectPacket>): Promise<boolean> {
	const client = await site.connect("dev1", { version, packet });
	const [first] = client.received;
	client.socket.destroy();
	return first?.cmd === "connack" && (version === 4 || first.reasonCode === 0);
}

for (const [network, isIn] of [
	["127.0.0.0/8", true],
	["10.0.0.0/8", false],
] as const) {
	test(`aws:SourceIp is the address of the client: in ${network} ${isIn}`, async (t) => {
		const site = await Site.start(t, connectIf({ IpAddress: { "aws:SourceIp": network } }));
		t.is(await isLetIn(site, 5, {}), isIn);
	});
}

test("a denied condition is explained: the key and what it was", async (t) => {
	const site = await Site.start(t, connectIf({ IpAddress: { "aws:SourceIp": "10.0.0.0/8" } }));
	await isLetIn(site, 5, {});
	const { explanation } = await site.told("policy-denied", "dev1");
	t.regex(explanation, /aws:SourceIp/);
	t.regex(explanation, /127\.0\.0\.1/);
	t.is((await site.told("refused", "dev1")).refusal.code, "connect-denied");
});

for (const [serverName, isIn] of [
	[DOMAIN_NAME, true],
	[SERVER_NAME, false],
] as const) {
	test(`iot:DomainName is the TLS server name: ${serverName} ${isIn}`, async (t) => {
		const condition = { StringEquals: { "iot:DomainName": DOMAIN_NAME } };
		const site = await Site.start(t, { ...connectIf(condition), domain: {} });
		const client = await site.connect("dev1", { serverName: serverName.toUpperCase() });
		t.is((await client.next("connack")).reasonCode, isIn ? 0 : 0x87);
	});
}

test("iot:ClientId is the client identifier, in conditions on every action", async (t) => {
	const site = await Site.start(t, {
		respond: () =>
			answer([
				statement("Allow", "iot:Connect", "client/*"),
				statement("Allow", "iot:Publish", "topic/*", { StringEquals: { "iot:ClientId": ["dev1"] } }),
			]),
	});
	for (const [clientId, reasonCode] of [
		["dev1", 0],
		["dev2", 0x87],
	] as const) {
		const client = await site.join(clientId);
		client.publish("a", 1);
		t.is((await client.next("puback")).reasonCode, reasonCode);
	}
});

/** AWS page "Connect policy examples": what each policy lets in. */
const ATTRIBUTES: readonly (readonly [
	string,
	object,
	{ plain: boolean; persistent: boolean; will: boolean; both: boolean },
])[] = [
	[
		"only PersistentConnect",
		{ "ForAllValues:StringEquals": { "iot:ConnectAttributes": ["PersistentConnect"] } },
		{ plain: true, persistent: true, will: false, both: false },
	],
	[
		"no PersistentConnect",
		{ "ForAllValues:StringNotEquals": { "iot:ConnectAttributes": ["PersistentConnect"] } },
		{ plain: true, persistent: false, will: true, both: false },
	],
	[
		"PersistentConnect and LastWill",
		{ "ForAllValues:StringEquals": { "iot:ConnectAttributes": ["PersistentConnect", "LastWill"] } },
		{ plain: true, persistent: true, will: true, both: true },
	],
	[
		"a LastWill at least",
		{ "ForAnyValue:StringEquals": { "iot:ConnectAttributes": ["LastWill"] } },
		{ plain: false, persistent: false, will: true, both: true },
	],
	[
		"no attribute",
		{ "ForAllValues:StringEquals": { "iot:ConnectAttributes": [] } },
		{ plain: true, persistent: false, will: false, both: false },
	],
];

for (const [name, condition, expected] of ATTRIBUTES) {
	for (const [version, persistent] of [
		[4, PERSISTENT_3],
		[5, PERSISTENT_5],
	] as const) {
		test(`MQTT ${version}: iot:ConnectAttributes, a policy that allows ${name}`, async (t) => {
			const site = await Site.start(t, connectIf(condition));
			t.deepEqual(
				{
					plain: await isLetIn(site, version, {}),
					persistent: await isLetIn(site, version, persistent),
					will: await isLetIn(site, version, WILL),
					both: await isLetIn(site, version, { ...persistent, ...WILL }),
				},
				expected,
			);
		});
	}
}

test("a Deny on LastWill refuses a CONNECT with a will, whatever allows it", async (t) => {
	const condition = { "ForAnyValue:StringEquals": { "iot:ConnectAttributes": ["LastWill"] } };
	const site = await Site.start(t, {
		respond: () => answer([statement("Allow", "iot:*", "*"), statement("Deny", "iot:Connect", "*", condition)]),
	});
	t.true(await isLetIn(site, 5, {}));
	t.false(await isLetIn(site, 5, WILL));
	t.regex((await site.told("policy-denied", "dev1")).explanation, /Deny/i);
});

test("MQTT 5: a CONNECT without Clean Start that asks for no session expiry is not persistent", async (t) => {
	const condition = { "ForAllValues:StringNotEquals": { "iot:ConnectAttributes": ["PersistentConnect"] } };
	const site = await Site.start(t, connectIf(condition));
	t.true(await isLetIn(site, 5, { clean: false }));
});

test("iot:ConnectAttributes has no value for a PUBLISH", async (t) => {
	const condition = { "ForAnyValue:StringEquals": { "iot:ConnectAttributes": ["LastWill"] } };
	const site = await Site.start(t, {
		respond: () =>
			answer([statement("Allow", "iot:Connect", "client/*"), statement("Allow", "iot:Publish", "topic/*", condition)]),
	});
	const client = await site.join("dev1", { packet: WILL });
	client.publish("a", 1);
	t.is((await client.next("puback")).reasonCode, 0x87);
});
