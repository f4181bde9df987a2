import { connect as connectTcp } from "node:net";
import test from "ava";
import { DOMAIN_NAME, SERVER_NAME, Site } from "./site.js";

for (const tlsVersion of ["TLSv1.2", "TLSv1.3"] as const) {
	test(`${tlsVersion} with a known server name and ALPN mqtt is accepted and told`, async (t) => {
		const site = await Site.start(t);
		const client = await site.dial({ tlsVersion });
		t.is(client.socket.alpnProtocol, "mqtt");
		const event = await site.told("tls-accepted");
		t.like(event, { serverName: SERVER_NAME, alpn: "mqtt", tlsVersion });
		t.regex(event.cipher, /^TLS_/);
		t.regex(event.remote, /^127\.0\.0\.1:\d+$/);
		t.regex(event.connection, /^[0-9a-f-]{36}$/);
		t.deepEqual(site.gateway.refusals(), []);
	});

	for (const [name, dial, code, alert] of [
		["an unknown server name", { serverName: "wrong.example.com" }, "unknown-server-name", /handshake failure/],
		["no server name", { serverName: "" }, "server-name-missing", /handshake failure/],
		["neither server name nor ALPN", { serverName: "", alpn: [] }, "server-name-missing", /handshake failure/],
		["ALPN x-amzn-mqtt-ca", { alpn: ["x-amzn-mqtt-ca"] }, "alpn-unsupported", /no application protocol/],
		["ALPN h2 and http/1.1", { alpn: ["h2", "http/1.1"] }, "alpn-unsupported", /no application protocol/],
	] as const) {
		test(`${tlsVersion}: ${name} gets a TLS alert, and the refusal is called ${code}`, async (t) => {
			const site = await Site.start(t);
			const client = await site.dial({ tlsVersion, ...dial });
			await client.closed;
			t.regex(client.failure?.message ?? "", alert);
			const { refusal } = await site.told("refused");
			t.is(refusal.code, code);
			t.is(refusal.step, "tls");
			t.like(site.gateway.refusals()[0], { refusal: { code } });
			t.regex(site.gateway.refusals()[0]?.remote ?? "", /^127\.0\.0\.1:\d+$/);
		});
	}

	test(`${tlsVersion}: without ALPN the handshake ends well and the connection is closed`, async (t) => {
		const site = await Site.start(t);
		const client = await site.dial({ tlsVersion, alpn: [] });
		await client.closed;
		t.is((await site.told("refused")).refusal.code, "alpn-missing");
		t.is(client.failure, undefined);
	});
}

test("what the client offered stands in the refusal", async (t) => {
	const site = await Site.start(t);
	await site.dial({ alpn: ["h2", "http/1.1"] });
	t.regex((await site.told("refused")).refusal.cause, /"h2", "http\/1\.1"/);
	await site.dial({ serverName: "wrong.example.com" });
	const [newest] = site.gateway.refusals();
	t.regex(newest?.refusal.cause ?? "", /"wrong\.example\.com"/);
	t.regex(newest?.refusal.remedy ?? "", new RegExp(SERVER_NAME.replaceAll(".", "\\.")));
});

test("mqtt is chosen among several application protocols", async (t) => {
	const site = await Site.start(t);
	const client = await site.dial({ alpn: ["x-amzn-mqtt-ca", "http/1.1", "mqtt"] });
	t.is(client.socket.alpnProtocol, "mqtt");
});

test("server names are compared without regard to case", async (t) => {
	const site = await Site.start(t);
	const client = await site.dial({ serverName: SERVER_NAME.toUpperCase() });
	t.is(client.socket.alpnProtocol, "mqtt");
	t.is((await site.told("tls-accepted")).serverName, SERVER_NAME);
});

test("the server name of a domain configuration is known from the moment it exists", async (t) => {
	const site = await Site.start(t);
	await (await site.dial({ serverName: DOMAIN_NAME })).closed;
	t.is((await site.told("refused")).refusal.code, "unknown-server-name");
	site.account.putDomainConfiguration({
		name: "Custom",
		serverName: DOMAIN_NAME,
		allowAuthorizerOverride: true,
		authenticationType: "CUSTOM_AUTH",
		applicationProtocol: "SECURE_MQTT",
	});
	t.is((await site.dial({ serverName: DOMAIN_NAME })).socket.alpnProtocol, "mqtt");
});

for (const [name, bytes, code] of [
	["HTTP without TLS", "GET / HTTP/1.1\r\n\r\n", "tls-not-spoken"],
	["MQTT without TLS", Buffer.from("101000044d5154540402003c000464657631", "hex"), "tls-not-spoken"],
] as const) {
	test(`${name} is refused: ${code}`, async (t) => {
		const site = await Site.start(t);
		const socket = connectTcp(site.gateway.port, "127.0.0.1", () => socket.write(bytes));
		socket.on("error", () => socket.destroy());
		t.is((await site.told("refused")).refusal.code, code);
		socket.destroy();
	});
}

test("a client that sends nothing is refused after the handshake timeout", async (t) => {
	const site = await Site.start(t, { limits: { handshakeTimeout: 20 } });
	const socket = connectTcp(site.gateway.port, "127.0.0.1");
	const closed = new Promise((resolve) => socket.on("close", resolve));
	t.is((await site.told("refused")).refusal.code, "tls-handshake-timeout");
	await closed;
});

test("a client that leaves during the handshake is told of and forgotten", async (t) => {
	const site = await Site.start(t);
	const socket = connectTcp(site.gateway.port, "127.0.0.1", () => socket.resetAndDestroy());
	socket.on("error", () => socket.destroy());
	t.is((await site.told("refused")).refusal.code, "tls-abandoned");
});

test("connections over the limit are refused, and one that ends makes room", async (t) => {
	const site = await Site.start(t, { limits: { connections: 1 } });
	const first = await site.dial();
	const second = await site.dial();
	await second.closed;
	t.is((await site.told("refused")).refusal.code, "too-many-connections");
	first.socket.destroy();
	await site.told("closed");
	t.is((await site.dial()).socket.alpnProtocol, "mqtt");
});

test("a port that is taken is an error of start", async (t) => {
	const site = await Site.start(t);
	const { port } = site.gateway;
	await t.throwsAsync(Site.start(t, { port }), { code: "EADDRINUSE" });
});

test("close ends handshakes, connections and the listener", async (t) => {
	const site = await Site.start(t);
	const silent = connectTcp(site.gateway.port, "127.0.0.1");
	const silentClosed = new Promise((resolve) => silent.on("close", resolve));
	const client = await site.join("dev1");
	await site.gateway.close();
	await silentClosed;
	t.is((await client.next("disconnect")).reasonCode, 0x8b);
	await client.closed;
	t.is((await site.told("closed", "dev1")).disconnectReason, "SERVER_INITIATED_DISCONNECT");
	t.is(site.clock.waiting, 0);
});
