/**
 * Power-up, connection, retries, and what the application may do at any moment.
 * @module
 */
import { Agent } from "../../../src/device/agent/index.js";
import type { Cases } from "../case.js";
import { CREDENTIAL, PoweredAgent, storeWith } from "./powered-agent.js";

const MESSAGE = { topic: "a", payload: Uint8Array.of(1), qos: 0 } as const;

export const cases: Cases = {
	"from power-up to online: credential, CONNECT with its fields, subscription": (check) => {
		const world = new PoweredAgent();
		check.is(world.agent.state, "connecting");
		world.bringOnline();
		check.is(world.states.join(" "), "starting signing connecting online");
		check.is(world.names, "credential-read connecting secured online");
		check.is(world.network.last.types, "connect subscribe");
		const [connect] = world.network.last.sent;
		check.is(
			connect?.type === "connect" && connect.username,
			"?x-amz-customauthorizer-signature=U0VDUkVU&t=TOKEN-SECRET",
		);
	},
	"no event and no status holds a secret": (check) => {
		const world = new PoweredAgent();
		const seen = () => JSON.stringify([world.events, world.agent.status]);
		world.bringOnline();
		check.is(seen().includes("SECRET"), false);
		world.network.last.fail("closed");
		check.is(seen().includes("SECRET"), false);
	},
	"without a credential the agent fails by name and does not connect": (check) => {
		const world = new PoweredAgent({ credential: "none" });
		check.is(world.last("failed")?.error.code, "not-provisioned");
		check.is(world.agent.state, "failed");
		check.is(world.network.sockets.length, 0);
		check.is(world.clock.pending, 0);
	},
	"a failed agent starts again when it has been provisioned": (check) => {
		const store = storeWith("none");
		const world = new PoweredAgent({ store });
		const provisioned = storeWith(CREDENTIAL);
		for (const key of ["credential", "credential2", "credential-use"]) {
			const value = provisioned.read(key);
			if (value !== undefined) store.write(key, value);
		}
		world.agent.start();
		world.clock.advance(0);
		check.is(world.agent.state, "connecting");
	},
	"a lost connection is retried after the delay of its rule": (check) => {
		const world = new PoweredAgent();
		world.bringOnline();
		world.network.last.fail("closed");
		check.is(world.over, "server-gone 2000");
		check.is(world.agent.state, "waiting");
		world.clock.advance(1_999);
		check.is(world.network.sockets.length, 1);
		world.clock.advance(1);
		check.is(world.network.sockets.length, 2);
		world.bringOnline();
		check.is(world.network.last.types, "connect subscribe");
	},
	"refusals in a row are retried ever more rarely, and the state says that somebody must mend something": (check) => {
		const world = new PoweredAgent();
		const delays: (number | undefined)[] = [];
		for (let i = 0; i < 8; i++) {
			world.refuse();
			check.is(world.agent.state, "refused");
			delays.push(world.last("over")?.retryIn);
			world.retry();
		}
		check.same(delays, [25_000, 40_000, 70_000, 130_000, 250_000, 490_000, 910_000, 910_000]);
	},
	"a connection that flaps does not start the count anew, a stable one does": (check) => {
		const world = new PoweredAgent();
		const lose = (after: number): string => {
			world.bringOnline();
			world.clock.advance(after);
			world.network.last.fail("closed");
			const { over } = world;
			world.retry();
			return over;
		};
		check.same([lose(10), lose(10), lose(10)], ["server-gone 2000", "server-gone 3000", "server-gone 5000"]);
		check.is(lose(60_000 - 1), "server-gone 9000");
		world.bringOnline();
		world.clock.advance(60_000);
		world.network.last.deliver({ type: "pingresp" });
		world.network.last.fail("closed");
		check.is(world.over, "server-gone 2000");
	},
	"each kind of outcome is counted for itself": (check) => {
		const world = new PoweredAgent();
		for (let i = 0; i < 12; i++) {
			world.network.last.fail("unreachable");
			world.clock.advance(120_000);
		}
		world.refuse();
		check.is(world.over, "refused 25000");
	},
	"the status says what it is doing, what came of the last attempt, and when the next one begins": (check) => {
		const world = new PoweredAgent();
		world.network.last.fail("unreachable");
		const { state, outcome, retryAt, retries, connections, credential, isOnTrial } = world.agent.status;
		check.same([state, outcome?.kind, retryAt, retries, connections], ["waiting", "network", 1500, 1, 0]);
		check.same([credential?.clientId, isOnTrial], ["dev1", false]);
		world.retry();
		world.bringOnline();
		const online = world.agent.status;
		check.same([online.state, online.outcome, online.retryAt, online.connections], ["online", undefined, undefined, 1]);
	},
	"a device that is switched off and on tries at once, whatever came before": (check) => {
		const world = new PoweredAgent();
		for (let i = 0; i < 3; i++) {
			world.refuse();
			world.retry();
			world.forget();
		}
		check.is(world.agent.status.retries, 3);
		world.agent.stop();
		world.agent.start();
		check.same([world.agent.status.retries, world.agent.status.outcome], [0, undefined]);
		world.clock.advance(1_000);
		world.refuse();
		check.is(world.over, "refused 25000");
	},
	"stop ends everything from every state and start begins again": (check) => {
		const online = new PoweredAgent();
		online.bringOnline();
		online.agent.stop();
		check.is(online.network.last.types, "connect subscribe disconnect");
		check.is(online.agent.state, "off");
		const waiting = new PoweredAgent();
		waiting.network.last.fail("unreachable");
		waiting.agent.stop();
		waiting.clock.advance(3_600_000);
		check.is(waiting.network.sockets.length, 1);
		check.is(waiting.clock.pending, 0);
		waiting.agent.start();
		waiting.clock.advance(0);
		check.is(waiting.network.sockets.length, 2);
	},
	"stop and start inside any event leave one connection, and a last stop leaves none": (check) => {
		for (const name of ["credential-read", "connecting", "secured", "online", "over"]) {
			let times = 0;
			const world = new PoweredAgent({
				react: (event, agent) => {
					if (event.event !== name || ++times > 3) return;
					agent.stop();
					agent.start();
				},
			});
			for (let i = 0; i < 3; i++) {
				world.clock.advance(1_000);
				world.bringOnline();
				world.clock.advance(1_000);
				world.network.last.fail("closed");
				world.retry();
			}
			check.is(times >= 3, true, `${name} came`);
			check.is(world.network.open.length <= 1, true, name);
			world.agent.stop();
			world.clock.advance(3_600_000);
			check.is(world.network.open.length, 0, name);
			check.is(world.clock.pending, 0, name);
			check.is(world.agent.state, "off", name);
		}
	},
	"whatever the application does, no two connections are opened within a second": (check) => {
		const world = new PoweredAgent();
		const opened: number[] = [];
		for (let i = 0; i < 10; i++) {
			world.agent.stop();
			world.agent.start();
			world.clock.advance(350);
			opened.push(world.network.sockets.length);
		}
		check.same(opened, [1, 1, 2, 2, 2, 3, 3, 3, 4, 4]);
	},
	"what to subscribe to may depend on who the device is; eight filters go in one packet": (check) => {
		const world = new PoweredAgent({
			options: {
				subscriptions: ({ clientId }) =>
					Array.from({ length: 9 }, (_, i) => ({ filter: `devices/${clientId}/${i}`, qos: 1 as const })),
			},
		});
		world.bringOnline();
		const filters = world.network.last.sent.map((packet) =>
			packet.type === "subscribe" ? packet.subscriptions.map(({ filter }) => filter) : [],
		);
		check.same(
			filters.map(({ length }) => length),
			[0, 8, 1],
		);
		check.is(filters[2]?.[0], "devices/dev1/8");
	},
	"a keep-alive or packet size out of bounds is refused at once": (check) => {
		const { agent } = new PoweredAgent();
		check.is(agent.state, "connecting");
		for (const wrong of [{ keepAlive: 29 }, { keepAlive: 1201 }, { keepAlive: 60.5 }, { maximumPacketSize: 0 }])
			check.throws(() => new PoweredAgent({ options: wrong }), { name: "RangeError" });
		check.is(Agent.name, "Agent");
	},
	"publishing at QoS 0 is for an agent that is online": (check) => {
		const world = new PoweredAgent();
		check.throws(() => world.agent.publish(MESSAGE), { code: "offline", step: "link" });
		world.bringOnline();
		check.is(world.agent.publish(MESSAGE), 0);
		check.is(world.network.last.types, "connect subscribe publish");
		world.agent.stop();
		check.throws(() => world.agent.publish(MESSAGE), { code: "offline", step: "link" });
	},
};
