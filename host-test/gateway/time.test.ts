/** What happens by the clock; the tests move it. */
import test from "ava";
import { settled } from "../broker/harness.js";
import { answer, Site, statement } from "./site.js";

const CONNECT = statement("Allow", "iot:Connect", "client/*");
const SUBSCRIBE_A = statement("Allow", "iot:Subscribe", "topicfilter/a");
const SUBSCRIBE_B = statement("Allow", "iot:Subscribe", "topicfilter/b");

/** A keep-alive that does not run out before the timers under test. */
const PATIENT = { packet: { keepalive: 1200 } };

test("after refreshAfterInSeconds the function is asked again with the same credentials, and its policies replace the old", async (t) => {
	const site = await Site.start(t, { respond: () => answer([CONNECT, SUBSCRIBE_A], { refreshAfterInSeconds: 600 }) });
	const client = await site.join("dev1", PATIENT);
	t.deepEqual(await client.subscribe("a"), [1]);
	site.function.respond = () => answer([CONNECT, SUBSCRIBE_B], { refreshAfterInSeconds: 300 });
	site.clock.advance(599_999);
	t.is(site.function.calls.length, 1);
	site.clock.advance(1);
	t.like(await site.told("policies-refreshed", "dev1"), { policies: 1, refreshAfterInSeconds: 300 });
	t.is(site.function.calls.length, 2);
	t.deepEqual(site.function.calls[1], site.function.calls[0]);
	t.deepEqual(await client.subscribe("a"), [0x87]);
	t.deepEqual(await client.subscribe("b"), [1]);
});

test("the next refresh counts from the last answer", async (t) => {
	const site = await Site.start(t, { respond: () => answer([CONNECT], { refreshAfterInSeconds: 600 }) });
	await site.join("dev1", PATIENT);
	site.function.respond = () => answer([CONNECT], { refreshAfterInSeconds: 900 });
	site.clock.advance(600_000);
	await site.told("policies-refreshed", "dev1");
	site.clock.advance(899_999);
	t.is(site.function.calls.length, 2);
	site.clock.advance(1);
	t.is(site.function.calls.length, 3);
});

for (const [name, respond, code] of [
	["denies", () => answer([], { isAuthenticated: false }), "not-authenticated"],
	["answers badly", () => "nonsense", "answer-invalid"],
] as const) {
	test(`MQTT 5: a refresh that ${name} ends the connection with DISCONNECT 0x87`, async (t) => {
		const site = await Site.start(t);
		const client = await site.join("dev1", PATIENT);
		site.function.respond = respond;
		site.clock.advance(300_000);
		t.is((await client.next("disconnect")).reasonCode, 0x87);
		await client.closed;
		t.is((await site.told("refused", "dev1")).refusal.code, code);
		t.is((await site.told("closed", "dev1")).disconnectReason, "AUTH_ERROR");
	});
}

test("a refresh that fails by a defect of the gateway ends the connection and nothing else", async (t) => {
	const site = await Site.start(t);
	const client = await site.join("dev1", PATIENT);
	site.account.selectAuthorizer = () => {
		throw new Error("a secret of the account");
	};
	site.clock.advance(300_000);
	t.is((await client.next("disconnect")).reasonCode, 0x87);
	const { refusal } = await site.told("refused", "dev1");
	t.is(refusal.code, "internal-error");
	t.false(JSON.stringify(refusal).includes("secret"));
	t.is((await site.told("closed", "dev1")).disconnectReason, "AUTH_ERROR");
});

test("MQTT 3.1.1: a refresh that denies closes the connection", async (t) => {
	const site = await Site.start(t);
	const client = await site.join("dev1", { version: 4, packet: { keepalive: 1200 } });
	site.function.respond = () => answer([], { isAuthenticated: false });
	site.clock.advance(300_000);
	await client.closed;
	t.deepEqual(client.received, []);
});

test("a refresh that finds the authorizer inactive ends the connection", async (t) => {
	const site = await Site.start(t);
	const client = await site.join("dev1", PATIENT);
	const authorizer = site.account.getAuthorizer("Devices");
	if (authorizer !== undefined) site.account.putAuthorizer({ ...authorizer, status: "INACTIVE" });
	site.clock.advance(300_000);
	await client.closed;
	t.is((await site.told("refused", "dev1")).refusal.code, "authorizer-inactive");
});

test("a refresh under way when the client leaves changes nothing", async (t) => {
	const site = await Site.start(t);
	const client = await site.join("dev1", PATIENT);
	let finish = (_: object): void => {};
	site.function.respond = () =>
		new Promise((resolve) => {
			finish = resolve;
		});
	site.clock.advance(300_000);
	client.socket.destroy();
	await site.told("closed", "dev1");
	finish(answer([], { isAuthenticated: false }));
	await settled();
	t.is(site.namesOf("dev1").at(-1), "closed");
	t.is(site.clock.waiting, 0);
});

test("disconnectAfterInSeconds after the connect the connection ends, whatever the refreshes said", async (t) => {
	const site = await Site.start(t, { respond: () => answer([CONNECT], { disconnectAfterInSeconds: 1000 }) });
	const client = await site.join("dev1", PATIENT);
	for (let refreshes = 1; refreshes <= 3; refreshes++) {
		site.function.respond = () => answer([CONNECT], { disconnectAfterInSeconds: 86_400 });
		site.clock.advance(300_000);
		while (site.namesOf("dev1").filter((name) => name === "policies-refreshed").length < refreshes) await settled();
	}
	site.clock.advance(99_999);
	t.false(site.namesOf("dev1").includes("closed"));
	site.clock.advance(1);
	t.is((await client.next("disconnect")).reasonCode, 0x98);
	t.is((await site.told("closed", "dev1")).disconnectReason, "CUSTOMAUTH_TTL_EXPIRATION");
	await client.closed;
});

test("a client that is silent for one and a half times its keep-alive is cut off", async (t) => {
	const site = await Site.start(t);
	const client = await site.join("dev1", { packet: { keepalive: 60 } });
	site.clock.advance(89_999);
	t.false(site.namesOf("dev1").includes("closed"));
	site.clock.advance(1);
	t.is((await client.next("disconnect")).reasonCode, 0x8d);
	t.is((await site.told("closed", "dev1")).disconnectReason, "MQTT_KEEP_ALIVE_TIMEOUT");
});

test("MQTT 5: the keep-alive that holds stands in CONNACK", async (t) => {
	const site = await Site.start(t);
	const client = await site.connect("dev1", { packet: { keepalive: 5 } });
	t.is((await client.next("connack")).properties?.serverKeepAlive, 30);
});
