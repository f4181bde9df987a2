/**
 * Messages at QoS 1 through the agent: kept until they are acknowledged, whatever happens to the connection and the power.
 * @module
 */
import type { OutgoingMessage } from "../../../src/device/link/index.js";
import type { Packet } from "../../../src/device/mqtt/packets.js";
import type { Cases } from "../case.js";
import { PoweredAgent } from "./powered-agent.js";

const message = (value: number): OutgoingMessage => ({
	topic: "devices/dev1/readings",
	payload: Uint8Array.of(value),
	qos: 1,
});

/** First payload bytes of the messages sent on the last connection, with `'` behind one that may have been sent before. */
function sent(world: PoweredAgent): string {
	const publishes = world.network.last.sent.filter(
		(packet): packet is Extract<Packet, { type: "publish" }> => packet.type === "publish",
	);
	return publishes.map(({ payload, dup }) => `${payload[0]}${dup ? "'" : ""}`).join(" ");
}

/** The gateway takes whatever comes, until nothing more does. */
function acknowledgeAll(world: PoweredAgent, code = 0): void {
	const { last } = world.network;
	for (let at = 0; at < last.sent.length; at++) {
		const packet = last.sent[at]!;
		if (packet.type === "publish" && packet.packetId !== undefined)
			last.deliver({ type: "puback", packetId: packet.packetId, code });
	}
}

export const cases: Cases = {
	"a message published before the device is online is sent when it is": (check) => {
		const world = new PoweredAgent();
		world.agent.publish(message(1));
		world.agent.publish(message(2));
		check.is(world.agent.status.outbox.messages, 2);
		world.bringOnline();
		check.is(sent(world), "1 2");
		acknowledgeAll(world);
		check.is(world.agent.status.outbox.messages, 0);
	},
	"an acknowledgement names the id that publishing gave": (check) => {
		const world = new PoweredAgent();
		world.bringOnline();
		const ids = [world.agent.publish(message(1)), world.agent.publish(message(2))];
		acknowledgeAll(world);
		const told = world.events.flatMap((event) => (event.event === "acknowledged" ? [event.id] : []));
		check.same(told, ids);
	},
	"what was not acknowledged goes again with DUP on the next connection, in order, before what is new": (check) => {
		const world = new PoweredAgent();
		world.bringOnline();
		world.agent.publish(message(1));
		world.agent.publish(message(2));
		world.network.last.fail("closed");
		world.agent.publish(message(3));
		world.retry();
		world.bringOnline();
		acknowledgeAll(world);
		check.is(sent(world), "1' 2' 3");
	},
	"a loss of power loses nothing that was published": (check) => {
		const world = new PoweredAgent();
		world.bringOnline();
		world.agent.publish(message(1));
		world.agent.publish(message(2));
		world.network.last.deliver({ type: "puback", packetId: 2, code: 0 });
		const next = new PoweredAgent({ store: world.store });
		check.is(next.last("outbox-opened")?.messages, 1);
		next.bringOnline();
		check.is(sent(next), "2'");
	},
	"a message that the gateway does not take is told with its code and not sent again": (check) => {
		const world = new PoweredAgent();
		world.bringOnline();
		world.agent.publish(message(1));
		acknowledgeAll(world, 0x97);
		check.is(world.last("acknowledged")?.code, 0x97);
		check.is(world.agent.status.outbox.messages, 0);
	},
	"a message that the policy does not allow is dropped after three connections that it ended, and told": (check) => {
		const world = new PoweredAgent();
		world.agent.publish(message(1));
		let connections = 0;
		while (world.last("dropped") === undefined && connections < 10) {
			world.bringOnline();
			connections++;
			world.network.last.deliver({ type: "disconnect", code: 0x87 });
			world.retry();
		}
		check.same([world.last("dropped")?.cause, connections <= 4], ["denied", true]);
		world.bringOnline();
		check.is(sent(world), "");
	},
	"a message that the server takes for a fault of the device's is dropped as one that it denies": (check) => {
		const world = new PoweredAgent();
		world.agent.publish(message(1));
		world.agent.publish(message(2));
		const dropped: unknown[] = [];
		for (let i = 0; i < 4; i++) {
			world.bringOnline();
			check.is(world.agent.state, "online");
			world.network.last.deliver({ type: "disconnect", code: 0x90 });
			check.is(world.over.split(" ")[0], "protocol");
			dropped.push(world.last("dropped")?.id);
			world.retry();
			world.forget();
		}
		check.same(dropped, [undefined, undefined, undefined, 1]);
		world.bringOnline();
		check.is(sent(world), "2'");
	},
	"a full outbox refuses by name, or lets the oldest give way: the application's choice": (check) => {
		const refusing = new PoweredAgent({ options: { outbox: { capacity: 2 } } });
		refusing.agent.publish(message(1));
		refusing.agent.publish(message(2));
		check.throws(() => refusing.agent.publish(message(3)), { step: "outbox", code: "full" });
		const yielding = new PoweredAgent({ options: { outbox: { capacity: 2, whenFull: "drop-oldest" } } });
		for (const value of [1, 2, 3]) yielding.agent.publish(message(value));
		check.is(yielding.last("dropped")?.cause, "full");
		yielding.bringOnline();
		check.is(sent(yielding), "2 3");
	},
	"more messages than may be in flight follow as they are acknowledged": (check) => {
		const world = new PoweredAgent();
		for (let value = 1; value <= 12; value++) world.agent.publish(message(value));
		world.bringOnline();
		check.is(sent(world), "1 2 3 4 5 6 7 8");
		acknowledgeAll(world);
		check.is(sent(world), "1 2 3 4 5 6 7 8 9 10 11 12");
	},
};
