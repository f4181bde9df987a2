import test from "ava";
import type { IUnsubscribePacket } from "mqtt-packet";
import { Bench, type Client } from "./harness.js";

function unsubscribe(...unsubscriptions: string[]): IUnsubscribePacket {
	return { cmd: "unsubscribe", messageId: 2, unsubscriptions };
}

async function subscribed(version: 4 | 5): Promise<Client> {
	const client = await new Bench().connect("dev1", version);
	client.send({ cmd: "subscribe", messageId: 1, subscriptions: [{ topic: "a/#", qos: 0 }] });
	client.take();
	client.log.length = 0;
	return client;
}

const NINE = Array.from({ length: 9 }, (_, index) => `t${index}`);

for (const version of [4, 5] as const) {
	test(`MQTT ${version}: 8 filters in one UNSUBSCRIBE are taken, with 256 bytes each`, async (t) => {
		const client = await subscribed(version);
		const filters = NINE.slice(0, 8).map((filter) => filter.padEnd(256, "x"));
		client.send(unsubscribe(...filters));
		t.like(client.take(), [{ cmd: "unsuback", messageId: 2 }]);
		t.deepEqual(client.log, [`unsubscribed ${filters}`]);
	});
}

for (const [name, filters, reasonCode, code] of [
	["9 filters", NINE, 0x97, "too-many-filters"],
	["40,000 filters", Array.from({ length: 40_000 }, () => "a"), 0x97, "too-many-filters"],
	["a # before the last level", ["a/#", "a/#/b"], 0x8f, "topic-filter-invalid"],
	["a filter of 257 bytes", ["x".repeat(257)], 0x8f, "topic-filter-invalid"],
	["8 slashes", ["1/2/3/4/5/6/7/8/+"], 0x8f, "topic-filter-invalid"],
	["an empty filter", [""], 0x8f, "topic-filter-invalid"],
] as const) {
	test(`MQTT 5: UNSUBSCRIBE with ${name} brings DISCONNECT 0x${reasonCode.toString(16)}`, async (t) => {
		const client = await subscribed(5);
		client.send(unsubscribe(...filters));
		t.like(client.take(), [{ cmd: "disconnect", reasonCode }]);
		t.deepEqual(client.log, [`violated ${code}`]);
	});

	test(`MQTT 3.1.1: UNSUBSCRIBE with ${name} closes the connection`, async (t) => {
		const client = await subscribed(4);
		client.send(unsubscribe(...filters));
		t.deepEqual(client.take(), []);
		t.deepEqual(client.log, [`violated ${code}`]);
		t.is(client.transportState, "ended");
	});
}
