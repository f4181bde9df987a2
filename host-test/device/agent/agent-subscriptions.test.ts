/**
 * Subscriptions of more bytes than may wait for the socket: more than a heap of the device's size holds.
 * @module
 */
import test from "ava";
import { PoweredAgent } from "./powered-agent.js";

test("a socket that takes no more makes the rest wait until it does", (t) => {
	const subscriptions = Array.from({ length: 40 }, (_, at) => ({
		filter: `f${at}${"x".repeat(3_000)}`,
		qos: 1 as const,
	}));
	const world = new PoweredAgent({ options: { subscriptions } });
	const { last } = world.network;
	const sizes = () => last.sent.flatMap((packet) => (packet.type === "subscribe" ? [packet.subscriptions.length] : []));
	world.agent.publish({ topic: "t", payload: new Uint8Array(1), qos: 1 });
	last.writable(200);
	last.deliver({ type: "connack", sessionPresent: false, code: 0 });
	t.is(world.agent.state, "online");
	t.deepEqual(sizes(), []);
	last.writable(30_000);
	t.deepEqual(sizes(), [8]);
	for (let i = 0; i < 10; i++) last.writable(65_536);
	t.deepEqual(sizes(), [8, 8, 8, 8, 8]);
	t.true(last.types.endsWith("subscribe publish"), "the message follows the last one");
});
