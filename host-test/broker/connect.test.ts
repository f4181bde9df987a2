import test from "ava";
import { generate } from "mqtt-packet";
import { AWS_LIMITS } from "../../src/broker/index.js";
import { Bench, settled, type Verdict } from "./harness.js";

test("MQTT 3.1.1: CONNECT is answered with return code 0", async (t) => {
	const client = await new Bench().connect("dev1", 4);
	const { returnCode, sessionPresent } = client.connack();
	t.deepEqual({ returnCode, sessionPresent }, { returnCode: 0, sessionPresent: false });
	t.deepEqual(client.log, ["opened"]);
});

test("MQTT 5: CONNACK says what the broker does not have", async (t) => {
	const client = await new Bench().connect("dev1", 5);
	t.is(client.connack().reasonCode, 0);
	t.deepEqual(
		{ ...client.connack().properties },
		{
			receiveMaximum: 100,
			maximumQoS: 1,
			retainAvailable: true,
			maximumPacketSize: AWS_LIMITS.packetBytes,
			subscriptionIdentifiersAvailable: false,
			sharedSubscriptionAvailable: false,
		},
	);
});

test("MQTT 5: a session that should outlive its connection is declined: Session Expiry Interval 0", async (t) => {
	const client = await new Bench().connect("dev1", 5, { properties: { sessionExpiryInterval: 3600 } });
	t.is(client.connack().properties?.sessionExpiryInterval, 0);
	t.false(client.connack().sessionPresent);
});

for (const [asked, given] of [
	[0, 1200],
	[1, 30],
	[29, 30],
	[30, undefined],
	[1200, undefined],
	[1201, 1200],
	[65_535, 1200],
] as const) {
	test(`MQTT 5: a keep-alive of ${asked} s is answered with Server Keep Alive ${given ?? "left out"}`, async (t) => {
		const client = await new Bench().connect("dev1", 5, { keepalive: asked });
		t.is(client.connack().properties?.serverKeepAlive, given);
	});
}

test("MQTT 5: an empty client identifier is replaced by an assigned one", async (t) => {
	const client = await new Bench().connect("", 5);
	t.is(client.connack().properties?.assignedClientIdentifier, "assigned-0");
});

for (const [name, clientId, code] of [
	["a client identifier that starts with $", "$dev1", "client-id-reserved"],
	["a client identifier of 129 bytes", "x".repeat(129), "client-id-too-long"],
] as const) {
	test(`MQTT 5: ${name} gets CONNACK 0x85`, async (t) => {
		const client = await new Bench().connect(clientId, 5);
		t.is(client.connack().reasonCode, 0x85);
		t.deepEqual(client.log, [`violated ${code}`]);
		t.is(client.transportState, "ended");
	});

	test(`MQTT 3.1.1: ${name} is closed without CONNACK`, async (t) => {
		const client = await new Bench().connect(clientId, 4);
		t.deepEqual(client.received, []);
		t.deepEqual(client.log, [`violated ${code}`]);
		t.is(client.transportState, "ended");
	});
}

test("MQTT 3.1.1: an empty client identifier is refused", async (t) => {
	const client = await new Bench().connect("", 4);
	t.deepEqual(client.received, []);
	t.deepEqual(client.log, ["violated client-id-missing"]);
});

test("a client identifier of 128 bytes is taken", async (t) => {
	t.deepEqual((await new Bench().connect("x".repeat(128), 4)).log, ["opened"]);
});

for (const [name, connect, reasonCode, code] of [
	["a will of QoS 2", { will: { topic: "w", payload: "", qos: 2 } }, 0x9b, "qos-2-unsupported"],
	["a will to a wildcard", { will: { topic: "w/#", payload: "" } }, 0x90, "topic-name-invalid"],
	[
		"enhanced authentication",
		{ properties: { authenticationMethod: "x" } },
		0x8c,
		"enhanced-authentication-unsupported",
	],
] as const) {
	test(`MQTT 5: ${name} gets CONNACK 0x${reasonCode.toString(16)}`, async (t) => {
		const client = await new Bench().connect("dev1", 5, connect);
		t.is(client.connack().reasonCode, reasonCode);
		t.deepEqual(client.log, [`violated ${code}`]);
	});
}

test("MQTT 3.1.1: a will of QoS 2 is closed without CONNACK", async (t) => {
	const client = await new Bench().connect("dev1", 4, { will: { topic: "w", payload: Buffer.alloc(0), qos: 2 } });
	t.deepEqual(client.received, []);
	t.is(client.ending?.cause, "violation");
});

test("another protocol level is answered with return code 1", (t) => {
	const client = new Bench().open(4);
	client.sendBytes("10 12 0006 4d5149736470 03 02 003c 0004 64657631");
	t.is(client.connack().returnCode, 1);
	t.is(client.transportState, "ended");
});

test("MQTT 5: a refusal is CONNACK with its code and reason, then the end", async (t) => {
	const bench = new Bench({ admit: () => ({ admitted: false, reasonCode: 0x87, reason: "no" }) });
	const client = await bench.connect("dev1", 5);
	t.is(client.connack().reasonCode, 0x87);
	t.is(client.connack().properties?.reasonString, "no");
	t.is(client.transportState, "ended");
	t.deepEqual(client.ending, { cause: "connect-refused", reasonCode: 0x87, reason: "no" });
});

test("MQTT 3.1.1: a refusal is the end, without CONNACK", async (t) => {
	const bench = new Bench({ admit: () => ({ admitted: false, reasonCode: 0x87, reason: "no" }) });
	const client = await bench.connect("dev1", 4);
	t.deepEqual(client.received, []);
	t.is(client.transportState, "ended");
});

test("nothing is read from a client while its CONNECT is judged, and all of it afterwards", async (t) => {
	let judge = (_: Verdict): void => {};
	const bench = new Bench({
		admit: () =>
			new Promise((resolve) => {
				judge = resolve;
			}),
	});
	const client = bench.open(4);
	client.sendBytes("10 10 00044d515454 04 02 003c 0004 64657631 c000");
	await settled();
	t.true(client.paused);
	t.deepEqual(client.received, []);
	judge({ admitted: true });
	await settled();
	t.false(client.paused);
	t.deepEqual(
		client.received.map(({ cmd }) => cmd),
		["connack", "pingresp"],
	);
});

test("a client that leaves while its CONNECT is judged never gets a session", async (t) => {
	let judge = (_: Verdict): void => {};
	const bench = new Bench({
		admit: () =>
			new Promise((resolve) => {
				judge = resolve;
			}),
	});
	const client = await bench.connect("dev1", 4);
	client.lose();
	judge({ admitted: true });
	await settled();
	t.is(bench.broker.size, 0);
	t.is(client.ending?.cause, "connection-lost");
	t.is(bench.clock.waiting, 0);
});

test("a connection that does not send CONNECT in time is closed", (t) => {
	const bench = new Bench();
	const client = bench.open(4);
	client.sendBytes("10 10 0004");
	bench.clock.advance(AWS_LIMITS.connectTimeout - 1);
	t.is(client.transportState, "open");
	bench.clock.advance(1);
	t.is(client.transportState, "ended");
	t.deepEqual(client.log, ["violated connect-timeout"]);
});

test("a peer that does not close after the goodbye is cut off", (t) => {
	const bench = new Bench();
	const client = bench.open(4);
	client.sendBytes("ff");
	t.is(client.transportState, "ended");
	bench.clock.advance(AWS_LIMITS.lingerTimeout);
	t.is(client.transportState, "destroyed");
});

test("what comes after the end is thrown away", async (t) => {
	const client = await new Bench().connect("dev1", 4);
	client.sendBytes("ff");
	client.take();
	client.sendBytes("c000");
	t.deepEqual(client.received, []);
	t.false(client.paused);
});

test("a CONNACK larger than the client takes ends the connection", async (t) => {
	const client = await new Bench().connect("dev1", 5, { properties: { maximumPacketSize: 10 } });
	t.is(client.connack().reasonCode, 0x95);
	t.deepEqual(client.log, ["violated packet-too-large"]);
});

test("a CONNECT cut anywhere and lost leaves nothing behind", async (t) => {
	const connect = generate({ cmd: "connect", clientId: "dev1", username: "user", password: Buffer.from("secret") });
	for (let length = 0; length < connect.length; length++) {
		const bench = new Bench();
		const client = bench.open(4);
		client.sendBytes(connect.subarray(0, length));
		await settled();
		client.lose();
		t.is(client.ending?.cause, "connection-lost", `after ${length} bytes`);
		t.is(bench.clock.waiting, 0);
		t.is(bench.broker.size, 0);
	}
});
