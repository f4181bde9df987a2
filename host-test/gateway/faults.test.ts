/** Clients that send rubbish, stop anywhere, never read, or never stop. The gateway stays, and keeps nothing of them. */
import test from "ava";
import fc from "fast-check";
import { generate } from "mqtt-packet";
import { answer, Site, signedUsername } from "./site.js";

const CONNECT = generate({
	cmd: "connect",
	clientId: "dev1",
	protocolVersion: 4,
	clean: true,
	keepalive: 60,
	username: signedUsername(),
	password: Buffer.from("pw"),
	will: { topic: "will", payload: Buffer.from("gone"), qos: 1, retain: false },
});

const MEGABYTE = 1 << 20;

/** The gateway still does its work, and nobody else is connected. */
async function works(site: Site): Promise<boolean> {
	const client = await site.connect("healthy");
	const { reasonCode } = await client.next("connack");
	const alone = site.gateway.sessions === 1;
	client.socket.destroy();
	await site.told("closed", "healthy");
	return reasonCode === 0 && alone;
}

test("a client that is cut off after any byte of its CONNECT leaves nothing behind", async (t) => {
	const site = await Site.start(t);
	for (let length = 0; length < CONNECT.length; length += length < 40 ? 1 : 37) {
		const client = await site.dial({ version: 4 });
		client.socket.write(CONNECT.subarray(0, length), () => client.reset());
		await client.closed;
		const closed = () => site.events.filter(({ event }) => event === "closed").length;
		while (closed() < site.events.filter(({ event }) => event === "tls-accepted").length) await tick();
	}
	t.is(site.function.calls.length, 0);
	t.is(site.clock.waiting, 0);
	t.true(await works(site));
});

test("a client that is cut off right after its CONNECT leaves nothing behind", async (t) => {
	const site = await Site.start(t);
	for (let round = 0; round < 10; round++) {
		const client = await site.dial({ version: 4 });
		client.socket.write(CONNECT, () => client.reset());
		await client.closed;
	}
	const closed = () => site.events.filter(({ event }) => event === "closed").length;
	while (closed() < 10) await tick();
	t.true(await works(site));
	t.is(site.clock.waiting, 0);
});

test("rubbish ends the connection that it came on and no other", async (t) => {
	const site = await Site.start(t);
	const bystander = await site.join("bystander");
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.boolean(), async (bytes, connects) => {
			const client = connects ? await site.join("dev1", { version: 4 }) : await site.dial({ version: 4 });
			client.socket.end(bytes);
			await client.closed;
		}),
		{ numRuns: 40 },
	);
	await bystander.roundTrip();
	t.pass();
});

test("while the function is asked, a flood backs up at the client instead of being read", async (t) => {
	const site = await Site.start(t);
	let finish = (): void => {};
	site.function.respond = () =>
		new Promise((_, reject) => {
			finish = () => reject(new Error("enough"));
		});
	const client = await site.dial({ version: 4 });
	client.socket.write(CONNECT);
	await site.told("signature-verified", "dev1");
	for (let written = 0; written < 32; written++) client.socket.write(Buffer.alloc(MEGABYTE));
	for (let still = 0, last = 0; still < 100; last = client.socket.writableLength) {
		still = client.socket.writableLength === last ? still + 1 : 0;
		await tick();
	}
	t.true(client.socket.writableLength > 16 * MEGABYTE);
	finish();
	client.reset();
	await site.told("closed", "dev1");
	site.function.respond = () => answer();
	t.true(await works(site));
});

test("a subscriber that never reads costs a bounded queue; others go on", async (t) => {
	const site = await Site.start(t, { limits: { queuedMessages: 50 } });
	const stalled = await site.join("stalled");
	const reader = await site.join("reader");
	const publisher = await site.join("publisher");
	await stalled.subscribe("a", 0);
	await reader.subscribe("a", 0);
	stalled.socket.pause();
	const payload = "x".repeat(100_000);
	for (let count = 0; count < 200; count++) {
		publisher.publish("a", 1, payload);
		await publisher.next("puback");
		await reader.next("publish");
	}
	t.like(await site.told("dropped", "stalled"), { topic: "a", reason: "queue-full" });
	t.false(site.events.some(({ event, client }) => event === "dropped" && client === "reader"));
	stalled.socket.destroy();
	await site.told("closed", "stalled");
	t.is(site.gateway.sessions, 2);
});

test("a client that pings and never reads is cut off for not reading, not for its keep-alive", async (t) => {
	const site = await Site.start(t);
	const stalled = await site.join("stalled", { packet: { keepalive: 30 } });
	await stalled.subscribe("a", 0);
	stalled.socket.pause();
	const publisher = await site.join("publisher", { packet: { keepalive: 1200 } });
	const payload = "x".repeat(100_000);
	for (let count = 0; count < 100; count++) publisher.publish("a", 0, payload);
	await publisher.roundTrip();
	site.clock.advance(59_999);
	t.false(site.namesOf("stalled").includes("closed"));
	site.clock.advance(1);
	t.is((await site.told("closed", "stalled")).disconnectReason, "SERVER_INITIATED_DISCONNECT");
	stalled.socket.destroy();
});

test("a client that closes only its sending half is closed whole", async (t) => {
	const site = await Site.start(t);
	const client = await site.join("dev1");
	client.socket.end();
	await client.closed;
	t.is((await site.told("closed", "dev1")).disconnectReason, "CONNECTION_LOST");
});

test("DISCONNECT is a good end", async (t) => {
	const site = await Site.start(t);
	const client = await site.join("dev1");
	client.send({ cmd: "disconnect", reasonCode: 0 });
	await client.closed;
	t.is((await site.told("closed", "dev1")).disconnectReason, "CLIENT_INITIATED_DISCONNECT");
});

function tick(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
