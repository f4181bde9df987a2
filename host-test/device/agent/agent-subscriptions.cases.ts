/**
 * What the device subscribes to at every connection, and what becomes of it.
 * @module
 */
import type { Subscription } from "../../../src/device/mqtt/index.js";
import type { Cases } from "../case.js";
import { PoweredAgent } from "./powered-agent.js";

const filters = (count: number): Subscription[] =>
	Array.from({ length: count }, (_, at) => ({ filter: `f${at}`, qos: 1 }));

function subscribed(subscriptions: readonly Subscription[]): PoweredAgent {
	const world = new PoweredAgent({ options: { subscriptions } });
	world.bringOnline();
	return world;
}

/** The gateway answers the SUBSCRIBEs of the last connection from `from` on, all with this code. */
function answer(world: PoweredAgent, from: number, code = 1): void {
	for (const packet of world.network.last.sent.slice(from))
		if (packet.type === "subscribe")
			world.network.last.deliver({
				type: "suback",
				packetId: packet.packetId,
				codes: packet.subscriptions.map(() => code),
			});
}

/** Filters of each `subscribed` event, with a code that is no QoS. */
function told(world: PoweredAgent): string[] {
	return world.events.flatMap((event) =>
		event.event === "subscribed"
			? [
					event.filters
						.map((filter, at) => `${filter}${event.codes[at]! < 0x80 ? "" : `!${event.codes[at]}`}`)
						.join(" "),
				]
			: [],
	);
}

/** How many filters each SUBSCRIBE of the last connection asks for. */
function sizes(world: PoweredAgent): number[] {
	return world.network.last.sent.flatMap((packet) =>
		packet.type === "subscribe" ? [packet.subscriptions.length] : [],
	);
}

export const cases: Cases = {
	"what is subscribed to is told by its filters": (check) => {
		const world = subscribed(filters(10));
		answer(world, 0);
		check.same(told(world), ["f0 f1 f2 f3 f4 f5 f6 f7", "f8 f9"]);
	},
	"a subscription that the gateway refuses is told by its filter and code, and the connection stays": (check) => {
		const world = subscribed(filters(1));
		answer(world, 0, 0x87);
		check.same(told(world), ["f0!135"]);
		check.is(world.agent.state, "online");
	},
	"a filter that is none is told without a question asked, and the others are subscribed to": (check) => {
		const world = subscribed([...filters(2), { filter: "a/#/b", qos: 1 }, { filter: "g", qos: 0 }]);
		check.same(told(world), ["a/#/b!143"]);
		check.same(sizes(world), [1, 1, 1]);
		check.is(world.agent.state, "online");
		answer(world, 0);
		check.same(told(world).slice(1), ["f0", "f1", "g"]);
	},
	"nothing but filters that are none leaves a device that is online and delivers": (check) => {
		const world = subscribed([{ filter: "", qos: 1 }]);
		world.agent.publish({ topic: "t", payload: new Uint8Array(1), qos: 1 });
		check.is(world.network.last.types, "connect publish");
	},
	"as many are asked for at once as may wait for their answer, the rest as answers come": (check) => {
		const world = subscribed(filters(70));
		check.same(sizes(world), [8, 8, 8, 8, 8, 8, 8, 8]);
		answer(world, 1);
		check.same(sizes(world), [8, 8, 8, 8, 8, 8, 8, 8, 6]);
		check.is(told(world).length, 8);
		answer(world, 9);
		check.is(told(world)[8], "f64 f65 f66 f67 f68 f69");
	},
	"messages follow the last subscription: what answers them is heard": (check) => {
		const world = new PoweredAgent({ options: { subscriptions: filters(65) } });
		world.agent.publish({ topic: "t", payload: new Uint8Array(1), qos: 1 });
		world.bringOnline();
		check.is(world.network.last.types.includes("publish"), false);
		answer(world, 1);
		check.is(world.network.last.types.endsWith("subscribe publish"), true);
	},
	"what was asked for on one connection is no business of the next": (check) => {
		const world = subscribed(filters(10));
		world.network.last.fail("closed");
		world.retry();
		world.bringOnline();
		answer(world, 1);
		check.same(told(world), ["f0 f1 f2 f3 f4 f5 f6 f7", "f8 f9"]);
		check.same(sizes(world), [8, 2]);
	},
};
