/**
 * Sockets that throw, requests that are too many, timers that are lost.
 * @module
 */
import type { ConnectFields } from "../../../src/device/connect-fields.js";
import { Link, type LinkEvent } from "../../../src/device/link/index.js";
import type { Cases } from "../case.js";
import { CONNACK, ScriptedNetwork, VirtualClock } from "../world.js";

const FIELDS: ConnectFields = {
	clientId: "dev1",
	username: "?t=SECRET-TOKEN",
	host: "10.0.0.2",
	port: 8443,
	serverName: "gateway.test",
	applicationLayerProtocolNegotiation: ["mqtt"],
};
const MESSAGE = { topic: "t", payload: Uint8Array.of(1), qos: 1 } as const;

function boom(): never {
	throw new TypeError("SECRET");
}

class World {
	readonly network = new ScriptedNetwork();
	readonly clock = new VirtualClock();
	readonly events: LinkEvent[] = [];
	readonly link: Link;

	constructor(fields: ConnectFields = FIELDS) {
		this.link = new Link({
			fields,
			version: 5,
			keepAlive: 60,
			maximumPacketSize: 4096,
			TLSSocket: this.network.TLSSocket,
			clock: this.clock,
			onEvent: (event) => this.events.push(event),
		});
		this.link.open();
	}

	online(): this {
		this.network.last.writable();
		this.network.last.deliver(CONNACK);
		return this;
	}

	/** Kind and cause of the outcomes so far. */
	get ends(): string[] {
		return this.events.flatMap((event) =>
			event.event === "over" ? [`${event.outcome.kind}: ${event.outcome.cause}`] : [],
		);
	}
}

export const cases: Cases = {
	"a socket that throws as CONNECT is written is an outcome, once, in a turn of its own": (check) => {
		const { network, clock, link, events } = new World();
		Object.assign(network.last, { write: boom });
		network.last.writable();
		check.same(
			events.map(({ event }) => event),
			["secured"],
		);
		network.last.writable();
		clock.advance(3_600_000);
		check.same(
			events.map(({ event }) => event),
			["secured", "over"],
		);
		check.is(clock.pending, 0);
		check.throws(() => link.publish(MESSAGE), { code: "offline" });
	},
	"what a socket threw is told by its kind: its text may hold what a log must not": (check) => {
		const world = new World().online();
		Object.assign(world.network.last, { write: boom });
		world.link.publish(MESSAGE);
		world.clock.advance(0);
		check.same(world.ends, ["server-gone: the socket took nothing (TypeError)"]);
	},
	"a socket that throws as it is read, or closed, ends the link all the same": (check) => {
		const world = new World().online();
		Object.assign(world.network.last, { read: boom, close: boom });
		world.network.last.deliver({ type: "pingresp" });
		world.network.last.deliver({ type: "pingresp" });
		world.clock.advance(0);
		check.same(world.ends, ["server-gone: the socket could not be read (TypeError)"]);
		world.network.last.fail("closed");
		check.is(world.ends.length, 1);
		check.is(world.clock.pending, 0);
	},
	"a socket that has thrown is used no more, and its first exception is the outcome": (check) => {
		const world = new World().online();
		let calls = 0;
		const broken = () => {
			calls++;
			throw new TypeError("SECRET");
		};
		const { last } = world.network;
		Object.assign(last, { write: broken });
		world.link.publish(MESSAGE);
		Object.assign(last, { read: broken });
		world.link.publish(MESSAGE);
		last.deliver({ type: "pingresp" });
		last.writable();
		check.is(calls, 1);
		world.clock.advance(0);
		check.same(world.ends, ["server-gone: the socket took nothing (TypeError)"]);
	},
	"a socket that throws before it is secured is not secured afterwards": (check) => {
		const world = new World();
		const { last } = world.network;
		Object.assign(last, { read: boom });
		last.deliverBytes(Uint8Array.of(1));
		last.writable();
		world.clock.advance(0);
		check.same(
			world.events.map(({ event }) => event),
			["over"],
		);
		check.same(world.ends, ["network: the socket could not be read (TypeError)"]);
	},
	"an end that the platform tells before its exception is told is the outcome": (check) => {
		const world = new World().online();
		Object.assign(world.network.last, { write: boom });
		world.link.publish(MESSAGE);
		world.network.last.fail("closed");
		world.clock.advance(0);
		check.same(world.ends, ["server-gone: scripted closed"]);
	},
	"a link that is closed as its socket throws tells nothing": (check) => {
		const world = new World().online();
		Object.assign(world.network.last, { write: boom, close: boom });
		world.link.close();
		world.clock.advance(3_600_000);
		check.same(world.ends, []);
		check.is(world.clock.pending, 0);
	},
	"more requests than may wait are busy, and go on when one is answered": (check) => {
		const { link, network } = new World().online();
		const ids = Array.from({ length: 8 }, (_, at) => link.subscribe([{ filter: `f${at}`, qos: 1 }]));
		check.throws(() => link.subscribe([{ filter: "g", qos: 1 }]), { code: "busy", step: "link" });
		network.last.deliver({ type: "suback", packetId: ids[0]!, codes: [1] });
		link.subscribe([{ filter: "g", qos: 1 }]);
	},
	"an answer to SUBSCRIBE bears its packet id": (check) => {
		const { link, network, events } = new World().online();
		const packetId = link.subscribe([{ filter: "f", qos: 1 }]);
		network.last.deliver({ type: "suback", packetId, codes: [0x87], properties: { reasonString: "why" } });
		check.same(events[events.length - 1], { event: "subscribed", packetId, codes: [0x87], reason: "why" });
	},
	"a server that repeats a secret puts it into no event": (check) => {
		const properties = { reasonString: "unknown token SECRET-TOKEN" };
		const refused = new World();
		refused.network.last.writable();
		refused.network.last.deliver({ ...CONNACK, code: 0x87, properties });
		const world = new World();
		world.network.last.writable();
		world.network.last.deliver({ ...CONNACK, properties });
		const packetId = world.link.publish(MESSAGE);
		world.network.last.deliver({ type: "puback", packetId, code: 0x87, properties });
		world.network.last.deliver({
			type: "suback",
			packetId: world.link.subscribe([{ filter: "f", qos: 1 }]),
			codes: [0x87],
			properties,
		});
		world.network.last.deliver({ type: "disconnect", code: 0x87, properties });
		const told = JSON.stringify([refused.events, world.events]);
		check.is(told.includes("SECRET"), false);
		check.is(told.split("withheld").length - 1, 4);
	},
	"fields that make no CONNECT are told with what to mend": (check) => {
		const world = new World({ ...FIELDS, clientId: "a\ud800" });
		world.network.last.writable();
		const [over] = world.events.filter(({ event }) => event === "over");
		check.is(over?.event === "over" && over.outcome.remedy, "correct the credential");
		check.is(world.ends[0]?.startsWith("protocol: no CONNECT can be made"), true);
	},
	"a server that names a fault of the device's says what to look at": (check) => {
		const world = new World().online();
		world.network.last.deliver({ type: "disconnect", code: 0x90 });
		const over = world.events[world.events.length - 1];
		check.is(over?.event === "over" && over.outcome.remedy.includes("publishes"), true);
	},
	"a packet that is too large says what to mend": (check) => {
		const world = new World().online();
		world.network.last.deliverBytes(Uint8Array.of(0x30, 0xff, 0xff, 0x03));
		const over = world.events[world.events.length - 1];
		check.is(over?.event === "over" && over.outcome.remedy.includes("larger packets"), true);
	},
	"a timer that the platform has lost is seen when it is long due": (check) => {
		const world = new World().online();
		world.clock.loseTimers(0, 60_000);
		world.clock.advance(60_000 + 30_000);
		check.is(world.link.isStuck, false);
		world.clock.advance(1);
		check.is(world.link.isStuck, true);
		world.link.close();
		check.is(world.link.isStuck, false);
	},
};
