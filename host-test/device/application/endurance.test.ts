/**
 * Ten thousand connections: nothing of what the device keeps in memory grows.
 * @module
 */
import test from "ava";
import { CREDENTIAL, storeWith } from "../agent/powered-agent.js";
import { PlayedApplication } from "./played-application.js";

const ROTATION = "rotation";

/** Objects, list entries and members that can be reached from `root`; what its world holds is not counted. */
function sizeOf(root: object, beyond: ReadonlySet<unknown>): number {
	const seen = new Set<unknown>(beyond);
	const open: unknown[] = [root];
	let size = 0;
	while (open.length > 0) {
		const value = open.pop();
		if (typeof value !== "object" || value === null || seen.has(value)) continue;
		seen.add(value);
		const members = membersOf(value);
		size += 1 + members.length;
		for (const member of members) open.push(member);
	}
	return size;
}

function membersOf(value: object): unknown[] {
	if (value instanceof Map || value instanceof Set) return [...value];
	return ArrayBuffer.isView(value) ? [] : Object.values(value);
}

/** What may end a connection, one after the other: each has its own count, rule and way through the code. */
const ENDS: readonly ((world: PlayedApplication) => void)[] = [
	({ network }) => network.last.fail("closed"),
	({ network }) => network.last.deliver({ type: "disconnect", code: 0x8e }),
	({ network }) => network.last.deliver({ type: "disconnect", code: 0x87 }),
	({ network }) => network.last.deliverBytes(Uint8Array.of(0xff, 0xff)),
	(world) =>
		world.receive(ROTATION, { ...CREDENTIAL, rotationTopic: ROTATION, token: `t${world.network.sockets.length}` }),
	(world) => world.receive(ROTATION, "no credential"),
];

/** The gateway takes every message, and those that follow. */
function settle({ network }: PlayedApplication): void {
	const { last } = network;
	for (;;) {
		const at = last.sent.findIndex((packet) => packet.type === "publish" && packet.packetId !== undefined);
		const [packet] = at < 0 ? [] : last.sent.splice(at, 1);
		if (packet?.type !== "publish") return;
		last.deliver({ type: "puback", packetId: packet.packetId!, code: 0 });
	}
}

function connect(world: PlayedApplication, count: number): void {
	const { clock, network } = world;
	if (world.runner.status.state !== "connecting" || network.last.types !== "") return;
	if (count % 5 === 0) {
		network.last.fail(count % 2 === 0 ? "unreachable" : "tls-refused");
		return;
	}
	world.bringOnline();
	for (const packet of network.last.sent)
		if (packet.type === "subscribe" && count % 4 > 0)
			network.last.deliver({
				type: "suback",
				packetId: packet.packetId,
				codes: packet.subscriptions.map((_, at) => (at === 0 ? 1 : 0x87)),
			});
	if (count % 3 > 0) settle(world);
	clock.advance(0);
	ENDS[count % ENDS.length]!(world);
}

/** The device is online after a long time online, and rid of its messages. */
function rest(world: PlayedApplication): void {
	const { clock, network, runner } = world;
	for (let times = 0; times < 2; times++) {
		while (runner.status.state !== "connecting") clock.advance(clock.untilNext ?? 1_000);
		clock.advance(1_000);
		world.bringOnline();
		settle(world);
		for (let part = 0; part < 8; part++) {
			clock.advance(1_100_000);
			network.last.deliver({ type: "pingresp" });
			settle(world);
		}
		if (times === 0) network.last.fail("closed");
	}
	clock.advance(1_000);
	settle(world);
}

test("what a device keeps does not grow with its connections", (t) => {
	let heard = 0;
	const world = new PlayedApplication(
		{
			subscriptions: ({ clientId }) => [`devices/${clientId}/commands`, "b", "c"],
			start: (device) => void device.every(60_000, () => device.publish("t", device.status.connections)),
			changed: ({ state }, device) => {
				if (state === "online") device.after(10, () => device.publish("t", "online"));
			},
			connection: { keepAlive: 1200, outbox: { capacity: 4, whenFull: "drop-oldest" } },
		},
		{ store: storeWith({ ...CREDENTIAL, rotationTopic: ROTATION }), onEvent: () => heard++ },
	);
	const { runner, clock, network, store } = world;
	const beyond = new Set<unknown>([clock, network, store]);
	let connections = 0;
	const until = (total: number) => {
		while (connections < total) {
			connect(world, connections++);
			clock.advance(clock.untilNext ?? 1_000);
			for (let turn = 0; turn < 40 && runner.status.state !== "connecting"; turn++) clock.advance(60_000);
			clock.advance(1_000);
			network.forget();
		}
		rest(world);
		t.is(runner.status.outbox.messages, 0);
		const measured = { size: sizeOf(runner, beyond), timers: clock.pending };
		network.last.fail("closed");
		return measured;
	};
	const early = until(500);
	const late = until(10_000);
	t.true(heard > 50_000, `${heard} events`);
	t.true(early.size > 200, `${early.size} objects and members`);
	t.deepEqual(late, early);
});
