/**
 * A new credential that arrives over an authorized topic, is tried, and is kept only after it has connected.
 * @module
 */
import type { Cases } from "../case.js";
import { CREDENTIAL, PoweredAgent } from "./powered-agent.js";

const OLD = { ...CREDENTIAL, rotationTopic: "devices/dev1/credential" };
const NEW = { ...OLD, token: "NEW-SECRET" };

function online(): PoweredAgent {
	const world = new PoweredAgent({ credential: OLD });
	world.bringOnline();
	world.clock.advance(2_000);
	return world;
}

function propose(world: PoweredAgent, credential: object | string): void {
	world.network.last.receive(OLD.rotationTopic, credential);

	world.clock.advance(0);
	world.clock.advance(0);
	world.clock.advance(0);
}

export const cases: Cases = {
	"the device subscribes to the topic that its credential names, beside its own": (check) => {
		const [, subscribe] = online().network.last.sent;
		check.same(subscribe?.type === "subscribe" && subscribe.subscriptions.map(({ filter }) => filter), [
			"devices/dev1/commands",
			OLD.rotationTopic,
		]);
	},
	"a new credential is acknowledged, tried at once, and kept when it has connected": (check) => {
		const world = online();
		propose(world, NEW);
		check.is(world.network.sockets[0]?.types, "connect subscribe puback disconnect");
		check.is(world.agent.status.isOnTrial, true);
		world.bringOnline();
		check.is(world.token, "NEW-SECRET");
		check.is(world.names.includes("refreshing credential-read connecting secured credential-proven online"), true);
		check.is(world.agent.status.isOnTrial, false);
		const after = new PoweredAgent({ store: world.store });
		after.bringOnline();
		check.is(after.token, "NEW-SECRET");
	},
	"the message that brings it is never told: it holds a secret": (check) => {
		const world = online();
		propose(world, NEW);
		check.is(world.names.includes("message"), false);
		check.is(JSON.stringify(world.events).includes("NEW-SECRET"), false);
	},
	"a new credential that is refused is given up at once, and the old one connects": (check) => {
		const world = online();
		propose(world, NEW);
		world.refuse();
		check.is(world.over, "credential-rejected 3500");
		check.is(world.last("over")?.outcome.code, 0x87);
		world.retry();
		world.bringOnline();
		check.is(world.token, "TOKEN-SECRET");
		check.is(world.agent.state, "online");
	},
	"one whose endpoint cannot be reached is given up after three tries": (check) => {
		const world = online();
		propose(world, { ...NEW, endpoint: { host: "nowhere.test" } });
		const outcomes = [];
		for (let i = 0; i < 3; i++) {
			world.network.last.fail("name-unresolved");
			outcomes.push(world.last("over")?.outcome.kind);
			world.retry();
			world.clock.advance(1_000);
		}
		check.same(outcomes, ["network", "network", "credential-rejected"]);
		check.is(world.network.last.options.host, "gateway.test");
	},
	"a power cut in the middle of the trial leaves a device that gets online": (check) => {
		const world = online();
		propose(world, NEW);
		for (let i = 0; i < 5; i++) {
			const next = new PoweredAgent({ store: world.store });
			check.is(next.agent.state, "connecting");
		}
		const last = new PoweredAgent({ store: world.store });
		last.bringOnline();
		check.is(last.token, "TOKEN-SECRET", "tried often enough");
	},
	"what is no credential is told by name and changes nothing": (check) => {
		for (const [payload, code] of [
			["no json", "not-json"],
			[{ ...NEW, mode: "other" }, "unknown-mode"],
			[{ ...NEW, token: "" }, "wrong-length"],
		] as const) {
			const world = online();
			propose(world, payload);
			check.is(world.last("credential-unusable")?.error.code, code);
			check.is(world.agent.state, "online");
			check.is(world.network.last.types, "connect subscribe puback");
		}
	},
	"the credential in use, sent again, changes nothing": (check) => {
		const world = online();
		propose(world, OLD);
		check.is(world.agent.state, "online");
		check.is(world.names.includes("credential-proposed"), false);
	},
	"a store that is full is told, and the old credential stays": (check) => {
		const world = online();
		const { write } = world.store;
		Object.assign(world.store, {
			write: () => {
				throw new Error("full");
			},
		});
		propose(world, NEW);
		check.is(world.last("credential-unusable")?.error.code, "store-failed");
		check.is(world.agent.state, "online");
		Object.assign(world.store, { write });
	},
};
