/** The gateway as users of MQTT.js meet it. */
import test from "ava";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import { answer, CA, SERVER_NAME, Site, signatureOf, signedUsername, statement, TOKEN } from "./site.js";

function options(site: Site, clientId: string, more: IClientOptions = {}): IClientOptions {
	return {
		host: "127.0.0.1",
		port: site.gateway.port,
		protocol: "mqtts",
		servername: SERVER_NAME,
		ca: CA,
		ALPNProtocols: ["mqtt"],
		reconnectPeriod: 0,
		clientId,
		username: signedUsername(),
		password: "pw",
		...more,
	};
}

/** What the client says until it is closed, by the names of its events. */
function said(client: MqttClient): Promise<string[]> {
	const words: string[] = [];
	client.on("connect", () => words.push("connect"));
	client.on("error", (error) => words.push(`error: ${error.message}`));
	client.on("disconnect", ({ reasonCode }) => words.push(`disconnect ${reasonCode}`));
	return new Promise((resolve) => client.on("close", () => resolve(words)));
}

for (const protocolVersion of [4, 5] as const) {
	for (const qos of [0, 1] as const) {
		test(`MQTT.js, version ${protocolVersion}: subscribe, publish and receive at QoS ${qos}`, async (t) => {
			const site = await Site.start(t);
			const subscriber = await mqtt.connectAsync(options(site, "subscriber", { protocolVersion }));
			const message = new Promise<string>((resolve) => {
				subscriber.on("message", (topic, payload) => resolve(`${topic} ${payload}`));
			});
			const [granted] = await subscriber.subscribeAsync("devices/+/readings", { qos });
			t.is(granted?.qos, qos);
			const publisher = await mqtt.connectAsync(options(site, "publisher", { protocolVersion }));
			await publisher.publishAsync("devices/dev1/readings", "21.5", { qos });
			t.is(await message, "devices/dev1/readings 21.5");
			await Promise.all([subscriber.endAsync(), publisher.endAsync()]);
			t.is((await site.told("closed", "publisher")).disconnectReason, "CLIENT_INITIATED_DISCONNECT");
		});
	}
}

for (const protocolVersion of [4, 5] as const) {
	test(`MQTT.js, version ${protocolVersion}: a retained message comes with the subscription, a live one after it`, async (t) => {
		const site = await Site.start(t);
		const client = await mqtt.connectAsync(options(site, "dev1", { protocolVersion }));
		await client.publishAsync("state", "kept", { qos: 1, retain: true });
		const seen: string[] = [];
		const both = new Promise<void>((resolve) => {
			client.on("message", (_, payload, { retain }) => {
				seen.push(`${payload} ${retain}`);
				if (seen.length === 2) resolve();
			});
		});
		await client.subscribeAsync("state", { qos: 1 });
		await client.publishAsync("state", "newer", { qos: 1, retain: true });
		await both;
		t.deepEqual(seen, ["kept true", "newer false"]);
		await client.endAsync();
	});
}

test("MQTT.js, version 5: Retain Handling 2 and Retain As Published", async (t) => {
	const site = await Site.start(t);
	const client = await mqtt.connectAsync(options(site, "dev1", { protocolVersion: 5 }));
	await client.publishAsync("state", "kept", { qos: 1, retain: true });
	const first = new Promise<string>((resolve) => {
		client.on("message", (_, payload, { retain }) => resolve(`${payload} ${retain}`));
	});
	await client.subscribeAsync("state", { qos: 1, rh: 2, rap: true });
	await client.publishAsync("state", "newer", { qos: 1, retain: true });
	t.is(await first, "newer true");
	await client.endAsync();
});

const WRONG = { username: signedUsername(TOKEN, signatureOf("another")) };

test("MQTT.js, version 4: a refused client sees the connection close, and no error", async (t) => {
	const site = await Site.start(t);
	const words = await said(mqtt.connect(options(site, "dev1", { protocolVersion: 4, ...WRONG })));
	t.deepEqual(words, []);
	t.is((await site.told("refused", "dev1")).refusal.code, "signature-mismatch");
});

test("MQTT.js, version 5: a refused client sees: Not authorized", async (t) => {
	const site = await Site.start(t);
	const words = await said(mqtt.connect(options(site, "dev1", { protocolVersion: 5, ...WRONG })));
	t.deepEqual(words, ["error: Connection refused: Not authorized"]);
});

test("MQTT.js: a wrong ALPN protocol ends in a TLS alert", async (t) => {
	const site = await Site.start(t);
	const words = await said(mqtt.connect(options(site, "dev1", { ALPNProtocols: ["x-amzn-mqtt-ca"] })));
	t.regex(words.join(), /no application protocol/);
	t.is((await site.told("refused")).refusal.code, "alpn-unsupported");
});

test("MQTT.js without ALPNProtocols sees the connection close", async (t) => {
	const site = await Site.start(t);
	const { ALPNProtocols: _, ...withoutAlpn } = options(site, "dev1");
	t.deepEqual(await said(mqtt.connect(withoutAlpn)), []);
	t.is((await site.told("refused")).refusal.code, "alpn-missing");
});

test("MQTT.js, version 5: a client that is taken over sees DISCONNECT 142", async (t) => {
	const site = await Site.start(t);
	const first = mqtt.connect(options(site, "dev1", { protocolVersion: 5 }));
	const words = said(first);
	await site.told("session-opened", "dev1");
	const second = await mqtt.connectAsync(options(site, "dev1", { protocolVersion: 5 }));
	t.deepEqual(await words, ["connect", "disconnect 142"]);
	await second.endAsync();
});

test("MQTT.js, version 4: a denied PUBLISH closes the connection", async (t) => {
	const site = await Site.start(t, { respond: () => answer([statement("Allow", "iot:Connect", "client/*")]) });
	const client = await mqtt.connectAsync(options(site, "dev1", { protocolVersion: 4 }));
	const closed = said(client);
	client.publish("a", "x", { qos: 1 });
	t.deepEqual(await closed, []);
	t.is((await site.told("policy-denied", "dev1")).action, "iot:Publish");
});

test("MQTT.js, version 5: a denied PUBLISH at QoS 1 fails with Not authorized", async (t) => {
	const site = await Site.start(t, { respond: () => answer([statement("Allow", "iot:Connect", "client/*")]) });
	const client = await mqtt.connectAsync(options(site, "dev1", { protocolVersion: 5 }));
	await t.throwsAsync(client.publishAsync("a", "x", { qos: 1 }), { message: /Not authorized/ });
	t.true(client.connected);
	await client.endAsync();
});

test("MQTT.js, version 5: a will is delivered when its client is lost", async (t) => {
	const site = await Site.start(t);
	const watcher = await mqtt.connectAsync(options(site, "watcher", { protocolVersion: 5 }));
	await watcher.subscribeAsync("will/#", { qos: 1 });
	const message = new Promise<string>((resolve) => {
		watcher.on("message", (topic, payload) => resolve(`${topic} ${payload}`));
	});
	const will = { topic: "will/dev1", payload: Buffer.from("gone"), qos: 1 as const, retain: false };
	const client = await mqtt.connectAsync(options(site, "dev1", { protocolVersion: 5, will }));
	client.stream.destroy();
	t.is(await message, "will/dev1 gone");
	await watcher.endAsync();
});
