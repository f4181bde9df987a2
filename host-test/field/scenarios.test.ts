/**
 * What happens to a device in the field, and where the state table says that it leads: in XS, with its own TLS, against the
 * gateway.
 * @module
 */
import type { ExecutionContext } from "ava";
import { answer, statement } from "../gateway/site.js";
import { nativeTest } from "../xs/engine-test.js";
import type { XsEngine } from "../xs/index.js";
import { Field, type FieldOptions } from "./field.js";

const test = await nativeTest();

function start(t: ExecutionContext, engine: XsEngine, options: Omit<FieldOptions, "engine"> = {}): Promise<Field> {
	return Field.start(t, { engine, subscriptions: ["devices/dev1/commands"], ...options });
}

/** A device that is online and whose outbox is empty. */
async function online(t: ExecutionContext, engine: XsEngine, options?: Omit<FieldOptions, "engine">): Promise<Field> {
	const field = await start(t, engine, options);
	await field.publish();
	await field.until("the first acknowledgement", () => field.unacknowledged === 0);
	return field;
}

test("signed, let in by server name and ALPN, message through", async (t, engine) => {
	const field = await online(t, engine);
	const { site } = field;
	const accepted = await site.told("tls-accepted");
	t.like(accepted, { serverName: "a1b2c3-ats.iot.eu-west-1.amazonaws.com", alpn: "mqtt", tlsVersion: "TLSv1.2" });
	t.deepEqual(site.namesOf("dev1").slice(0, 4), [
		"connect-received",
		"authorizer-selected",
		"signature-verified",
		"function-invoked",
	]);
	t.deepEqual(field.lost, []);
});

test("the network is pulled and put back: the device waits, tries, and sends what was published meanwhile", async (t, engine) => {
	const field = await online(t, engine);
	const { network } = field;
	network.isDown = true;
	network.cutAll();
	t.is((await field.next("over")).outcome.kind, "server-gone");
	for (let i = 0; i < 3; i++) {
		await field.publish();
		t.is((await field.next("over")).outcome.kind, "network");
	}
	network.isDown = false;
	await field.until("the acknowledgements", () => field.unacknowledged === 0);
	t.deepEqual(field.lost, []);
});

test("the gateway ends with goodbye and is there again: so is the device", async (t, engine) => {
	const field = await online(t, engine);
	await field.killGateway();
	const { outcome } = await field.next("over");
	t.true(["server-gone", "time-to-live"].includes(outcome.kind), outcome.kind);
	await field.publish();
	t.is((await field.next("over")).outcome.kind, "network");
	await field.reviveGateway();
	await field.until("the acknowledgement", () => field.unacknowledged === 0);
	t.deepEqual(field.lost, []);
});

test("a refusal is asked about ever more rarely, and ends when the function lets the device in", async (t, engine) => {
	const field = await start(t, engine, { site: { respond: () => ({ ...answer(), isAuthenticated: false }) } });
	await field.publish();
	const delays = [];
	for (let i = 0; i < 6; i++) {
		const { outcome, retryIn } = await field.next("over");
		t.is(outcome.kind, "refused");
		t.is(outcome.code, 0x87);
		delays.push(retryIn);
	}
	t.true(Math.max(...delays.slice(3)) > 60_000, delays.join(" "));
	field.site.function.respond = () => answer();
	await field.until("the acknowledgement", () => field.unacknowledged === 0);
	t.deepEqual(field.lost, []);
});

test("on MQTT 3.1.1 a refusal is a closed connection, and obeys its own rule", async (t, engine) => {
	const field = await start(t, engine, {
		version: 4,
		site: { respond: () => ({ ...answer(), isAuthenticated: false }) },
	});
	t.is((await field.next("over")).outcome.kind, "closed-before-connack");
	field.site.function.respond = () => answer();
	await field.next("online");
});

test("a message that the policy denies is told with its code, and the others get through", async (t, engine) => {
	const allowed = [
		statement("Allow", "iot:Connect", "client/dev1"),
		statement("Allow", "iot:Publish", "topic/devices/dev1/readings/2"),
		statement("Allow", "iot:Publish", "topic/devices/dev1/readings/3"),
	];
	const field = await start(t, engine, { subscriptions: [], site: { respond: () => answer(allowed) } });
	for (let i = 0; i < 3; i++) await field.publish();
	await field.until("the others", () => field.unacknowledged === 1);
	const codes = field.events.flatMap((event) => (event.event === "acknowledged" ? [event.code] : []));
	t.deepEqual(codes, [0x87, 0, 0]);
	t.deepEqual(field.lost, [1]);
	t.is(await field.waiting(), 0);
});

test("disconnectAfterInSeconds: one who knows of it connects anew before, one who does not comes back after", async (t, engine) => {
	const respond = () => answer(undefined, { disconnectAfterInSeconds: 300 });
	const knows = await online(t, engine, { site: { respond }, credential: { disconnectAfter: 300 } });
	t.is((await knows.next("refreshing")).cause, "time-to-live");
	await knows.next("online");
	t.false(knows.events.some(({ event }) => event === "over"));
	const ignorant = await online(t, engine, { site: { respond } });
	t.is((await ignorant.next("over")).outcome.kind, "time-to-live");
	await ignorant.next("online");
});

test("another client with the same id takes over: the device waits before it takes back", async (t, engine) => {
	const field = await online(t, engine);
	const intruder = await field.site.join("dev1");
	const { outcome, retryIn } = await field.next("over");
	t.is(outcome.kind, "taken-over");
	t.true(retryIn >= 30_000);
	intruder.socket.destroy();
	await field.next("online");
});

test("power goes and comes: what was published is sent by the next life", async (t, engine) => {
	const field = await online(t, engine);
	field.network.isDown = true;
	field.network.cutAll();
	await field.next("over");
	for (let i = 0; i < 3; i++) await field.publish();
	await field.powerOff();
	field.network.isDown = false;
	await field.powerOn();
	await field.until("the acknowledgements", () => field.unacknowledged === 0);
	t.deepEqual(field.lost, []);
});

test("a new credential over its topic: kept when it connects, given up when it is refused", async (t, engine) => {
	const field = await online(t, engine, { credential: { rotationTopic: "devices/dev1/credential" } });
	field.propose("devices/dev1/credential", { username: "second" });
	await field.next("credential-proven");
	t.regex((await field.site.told("connect-received")).client ?? "", /dev1/);
	field.propose("devices/dev1/credential", { username: "third", signature: "AAAA" });
	t.is((await field.next("over")).outcome.kind, "credential-rejected");
	await field.next("online");
	await field.publish();
	await field.until("the acknowledgement", () => field.unacknowledged === 0);
});

test("a subscription that the policy denies is told by its filter, and the device stays online", async (t, engine) => {
	const allowed = [
		statement("Allow", "iot:Connect", "client/dev1"),
		statement("Allow", "iot:Publish", "topic/devices/dev1/readings/*"),
		statement("Allow", "iot:Subscribe", "topicfilter/devices/dev1/commands"),
	];
	const filters = ["devices/dev1/commands", "devices/dev2/commands"];
	const field = await start(t, engine, { subscriptions: filters, site: { respond: () => answer(allowed) } });
	const { codes, ...told } = await field.next("subscribed");
	t.deepEqual(told.filters, filters);
	t.true(codes[0]! < 0x80);
	t.is(codes[1], 0x87);
	await field.publish();
	await field.until("the acknowledgement", () => field.unacknowledged === 0);
	t.true(field.isOnline);
});

test("a retained credential that the gateway refuses is tried once, and not at every connection", async (t, engine) => {
	const rotationTopic = "devices/dev1/credential";
	const field = await online(t, engine, { credential: { rotationTopic } });
	field.propose(rotationTopic, { username: "second", signature: "AAAA" }, true);
	t.is((await field.next("over")).outcome.kind, "credential-rejected");
	t.is((await field.next("credential-unusable")).error.code, "left-behind");
	const { begun } = field.attempts;
	await field.advance(600_000);
	t.is(field.attempts.begun, begun);
	t.true(field.isOnline);
});
