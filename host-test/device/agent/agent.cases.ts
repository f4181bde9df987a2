/** @module */
import { Agent, type AgentEvent } from "../../../src/device/agent/index.js";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import type { Ports } from "../../../src/device/ports.js";
import type { Cases } from "../case.js";
import { memoryStore, ScriptedNetwork, VirtualClock } from "../world.js";

const CREDENTIAL = {
	version: 1,
	mode: "presigned",
	clientId: "dev1",
	endpoint: { host: "gateway.test" },
	tokenKeyName: "t",
	token: "TOKEN-SECRET",
	signature: "U0VDUkVU",
};
const CONNACK = { type: "connack", sessionPresent: false, code: 0 } as const;
/** The middle of every random range. */
const HALF = Uint8Array.of(0x80, 0, 0, 0);

function portsOf(clock: VirtualClock, network: ScriptedNetwork, credential: object | "none"): Ports {
	return {
		TLSSocket: network.TLSSocket,
		clock,
		random: { bytes: () => HALF },
		digest: { sha256: () => new Uint8Array(32), sha512: () => new Uint8Array(64) },
		store: memoryStore(credential === "none" ? {} : { credential: utf8Encode(JSON.stringify(credential)) }),
	};
}

/**
 * An agent that was started.
 * @param react what the application does in an event.
 * @param beforeRead called when the store is read.
 */
function powerUp(
	credential: object | "none" = CREDENTIAL,
	react: (event: AgentEvent, agent: Agent) => void = () => {},
	filter = "devices/dev1/commands",
	beforeRead: () => void = () => {},
) {
	const clock = new VirtualClock();
	const network = new ScriptedNetwork();
	const events: AgentEvent[] = [];
	const ports = portsOf(clock, network, credential);
	const read = (key: string) => {
		beforeRead();
		return ports.store.read(key);
	};
	const agent: Agent = new Agent({
		ports: { ...ports, store: { ...ports.store, read } },
		subscriptions: [{ filter, qos: 1 }],
		onEvent(event) {
			events.push(event);
			react(event, agent);
		},
	});
	agent.start();
	return { agent, clock, network, events, names: () => events.map(({ event }) => event).join(" ") };
}

function bringOnline(world: ReturnType<typeof powerUp>): void {
	world.network.last.writable();
	world.network.last.deliver(CONNACK);
}

export const cases: Cases = {
	"from power-up to online: credential, CONNECT with its fields, subscription": (check) => {
		const world = powerUp();
		check.is(world.agent.state, "connecting");
		bringOnline(world);
		check.is(world.agent.state, "online");
		check.is(world.names(), "credential-read connecting secured online");
		check.is(world.network.last.types, "connect subscribe");
		const [connect] = world.network.last.sent;
		check.is(
			connect?.type === "connect" && connect.username,
			"?x-amz-customauthorizer-signature=U0VDUkVU&t=TOKEN-SECRET",
		);
	},
	"no event holds a secret": (check) => {
		const world = powerUp();
		bringOnline(world);
		world.network.last.fail("closed");
		check.is(JSON.stringify(world.events).includes("SECRET"), false);
	},
	"without a credential the agent fails by name and does not connect": (check) => {
		const world = powerUp("none");
		const [event] = world.events;
		check.is(event?.event === "failed" && event.error.code, "not-provisioned");
		check.is(world.agent.state, "failed");
		check.is(world.network.sockets.length, 0);
	},
	"a key that cannot be read fails by name": (check) => {
		const world = powerUp({ ...CREDENTIAL, mode: "rsa", signature: undefined, privateKey: "no key" });
		const event = world.events[1];
		check.is(event?.event === "failed" && event.error.code, "key-not-pem");
	},
	"a lost connection is retried after the delay of its rule": (check) => {
		const world = powerUp();
		bringOnline(world);
		world.network.last.fail("closed");
		const over = world.events[world.events.length - 1];
		check.is(over?.event === "over" && over.retryIn, 2000);
		check.is(world.agent.state, "waiting");
		world.clock.advance(1_999);
		check.is(world.network.sockets.length, 1);
		world.clock.advance(1);
		check.is(world.network.sockets.length, 2);
		bringOnline(world);
		check.is(world.network.last.types, "connect subscribe");
	},
	"refusals in a row are retried ever more rarely": (check) => {
		const world = powerUp();
		const delays: number[] = [];
		for (let i = 0; i < 8; i++) {
			world.network.last.writable();
			world.network.last.deliver({ ...CONNACK, code: 0x87 });
			const over = world.events[world.events.length - 1];
			const delay = over?.event === "over" ? over.retryIn : 0;
			delays.push(delay);
			world.clock.advance(delay);
		}
		check.same(delays, [25_000, 40_000, 70_000, 130_000, 250_000, 490_000, 910_000, 910_000]);
	},
	"a connection that flaps does not start the count anew, a stable one does": (check) => {
		const world = powerUp();
		const lose = (after: number): number => {
			bringOnline(world);
			world.clock.advance(after);
			world.network.last.fail("closed");
			const over = world.events[world.events.length - 1];
			const delay = over?.event === "over" ? over.retryIn : 0;
			world.clock.advance(delay);
			return delay;
		};
		check.same([lose(10), lose(10), lose(10)], [2000, 3000, 5000]);
		check.is(lose(60_000 - 1) > 5000, true);
		bringOnline(world);
		world.clock.advance(60_000);
		world.network.last.deliver({ type: "pingresp" });
		world.network.last.fail("closed");
		const over = world.events[world.events.length - 1];
		check.is(over?.event === "over" && over.retryIn, 2000);
	},
	"stop ends everything from every state and start begins again": (check) => {
		const online = powerUp();
		bringOnline(online);
		online.agent.stop();
		check.is(online.network.last.types, "connect subscribe disconnect");
		check.is(online.agent.state, "off");
		const waiting = powerUp();
		waiting.network.last.fail("unreachable");
		waiting.agent.stop();
		waiting.clock.advance(3_600_000);
		check.is(waiting.network.sockets.length, 1);
		check.is(waiting.clock.pending, 0);
		waiting.agent.start();
		check.is(waiting.network.sockets.length, 2);
	},
	"each kind of outcome is counted for itself": (check) => {
		const world = powerUp();
		for (let i = 0; i < 12; i++) {
			world.network.last.fail("unreachable");
			world.clock.advance(120_000);
		}
		world.network.last.writable();
		world.network.last.deliver({ ...CONNACK, code: 0x87 });
		const over = world.events[world.events.length - 1];
		check.is(over?.event === "over" && over.retryIn, 25_000);
	},
	"stop and start inside any event leave one connection, and a last stop leaves none": (check) => {
		for (const name of ["credential-read", "connecting", "secured", "online", "over"]) {
			let times = 0;
			const world = powerUp(CREDENTIAL, (event, agent) => {
				if (event.event !== name || ++times > 3) return;
				agent.stop();
				agent.start();
			});
			for (let i = 0; i < 3; i++) {
				bringOnline(world);
				world.network.last.fail("closed");
				world.clock.advance(5_000);
			}
			check.is(world.network.sockets.filter(({ closed }) => !closed).length <= 1, true, name);
			world.agent.stop();
			world.clock.advance(3_600_000);
			check.is(world.network.sockets.filter(({ closed }) => !closed).length, 0, name);
			check.is(world.clock.pending, 0, name);
			check.is(world.agent.state, "off", name);
		}
	},
	"a subscription that cannot be sent fails by name and is not tried again": (check) => {
		const world = powerUp(CREDENTIAL, undefined, "a/#/b");
		bringOnline(world);
		const event = world.events[world.events.length - 1];
		check.is(event?.event === "failed" && event.error.code, "unsendable");
		check.is(world.agent.state, "failed");
		check.is(world.network.last.closed, true);
		world.clock.advance(3_600_000);
		check.is(world.network.sockets.length, 1);
	},
	"a store that cannot be read fails by name, and start tries again": (check) => {
		let broken = true;
		const world = powerUp(CREDENTIAL, undefined, undefined, () => {
			if (broken) throw new Error("flash");
		});
		const [event] = world.events;
		check.is(event?.event === "failed" && event.error.code, "store-failed");
		check.is(world.agent.state, "failed");
		broken = false;
		world.agent.start();
		check.is(world.agent.state, "connecting");
	},
	"a keep-alive or packet size out of bounds is refused at once": (check) => {
		const ports = portsOf(new VirtualClock(), new ScriptedNetwork(), CREDENTIAL);
		for (const wrong of [{ keepAlive: 29 }, { keepAlive: 1201 }, { keepAlive: 60.5 }, { maximumPacketSize: 0 }])
			check.throws(() => new Agent({ ports, onEvent: () => {}, ...wrong }), { name: "RangeError" });
	},
	"publishing is for an agent that is online": (check) => {
		const world = powerUp();
		const message = { topic: "a", payload: Uint8Array.of(1), qos: 1 } as const;
		check.throws(() => world.agent.publish(message), { code: "offline", step: "link" });
		bringOnline(world);
		check.is(world.agent.publish(message) > 0, true);
	},
};
