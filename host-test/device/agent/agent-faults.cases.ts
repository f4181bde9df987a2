/**
 * Ports that throw what they should not: each means something, none stops the device for ever, and no exception goes further.
 * @module
 */
import { DeviceError } from "../../../src/device/device-error.js";
import type { KeyValueStore, Ports } from "../../../src/device/ports.js";
import type { Cases } from "../case.js";
import { ED25519, playedDigest } from "../credential/samples.js";
import { CREDENTIAL, PoweredAgent, storeWith } from "./powered-agent.js";

const MESSAGE = { topic: "t", payload: Uint8Array.of(1), qos: 1 } as const;

function boom(): never {
	throw new RangeError("SECRET");
}

/** A store that fails while `isBroken`. */
class BreakableStore implements KeyValueStore {
	isBroken = false;
	private readonly inner = storeWith(CREDENTIAL);

	read(key: string): ArrayBuffer | undefined {
		return this.isBroken ? boom() : this.inner.read(key);
	}

	write(key: string, value: ArrayBuffer): void {
		if (this.isBroken) boom();
		this.inner.write(key, value);
	}

	delete(key: string): void {
		if (this.isBroken) boom();
		this.inner.delete(key);
	}
}

/** A device that is online, of whose last socket one method throws from now on. */
function withSocketThat(method: "read" | "write" | "close"): PoweredAgent {
	const world = new PoweredAgent();
	world.bringOnline();
	Object.assign(world.network.last, { [method]: boom });
	return world;
}

export const cases: Cases = {
	"an interface that cannot join is an outcome, in a turn of its own, and is tried again": (check) => {
		const world = new PoweredAgent({ ports: { network: { join: boom, leave: () => {} } } });
		world.clock.advance(0);
		check.is(world.over, "network-failed 7500");
		check.same(world.faults, ["network: RangeError: SECRET"]);
		check.is(JSON.stringify(world.events).includes("SECRET"), false);
		world.retry();
		check.is(world.faults.length, 2);
	},
	"an interface that cannot be left leaves a device that is off": (check) => {
		const world = new PoweredAgent({ has: ["network"] });
		Object.assign(world.wifi, { leave: boom });
		world.agent.stop();
		check.is(world.agent.state, "off");
		check.is(world.clock.pending, 0);
		check.is(world.faults.length, 1);
		world.wifi.up();
		check.is(world.agent.state, "off");
	},
	"a source of time that cannot be asked is an outcome, and is asked again": (check) => {
		const world = new PoweredAgent({ epoch: "unset", ports: { timeSource: { synchronize: boom, cancel: boom } } });
		world.clock.advance(0);
		check.is(world.over, "clock-unset 7500");
		world.retry();
		world.clock.advance(0);
		check.is(world.over, "clock-unset 10000");
	},
	"a watchdog that cannot be fed is told at every beat, and the device goes on": (check) => {
		const world = new PoweredAgent({ ports: { watchdog: { feed: boom } } });
		world.bringOnline();
		world.clock.advance(20_000);
		check.is(world.agent.state, "online");
		check.same(world.faults, Array(3).fill("watchdog: RangeError: SECRET"));
	},
	"without randomness the device waits as long as its rule allows": (check) => {
		const world = new PoweredAgent({ ports: { random: { bytes: boom } } });
		world.network.last.fail("unreachable");
		check.is(world.over, "network 1999");
		check.same(world.faults, ["random: RangeError: SECRET"]);
		world.retry();
		world.bringOnline();
		check.is(world.agent.state, "online");
	},
	"without randomness a connection is refreshed as early as its rule allows": (check) => {
		const credential = { ...CREDENTIAL, disconnectAfter: 300 };
		const world = new PoweredAgent({ credential, ports: { random: { bytes: boom } }, options: { keepAlive: 1200 } });
		world.bringOnline();
		check.is(world.network.last.types, "connect subscribe");
		world.clock.advance(300_000 - 30_000 - 15_000 + 1);
		check.is(world.agent.state, "connecting");
	},
	"a socket that cannot be written ends the connection, and the message is kept": (check) => {
		const world = withSocketThat("write");
		const id = world.agent.publish(MESSAGE);
		check.is(id > 0, true);
		check.is(world.agent.state, "online", "not inside the call");
		world.clock.advance(0);
		check.is(world.over, "server-gone 2000");
		check.is(world.agent.status.outbox.messages, 1);
		world.retry();
		world.bringOnline();
		check.is(world.network.last.types, "connect subscribe publish");
	},
	"a socket that cannot be read ends the connection": (check) => {
		const world = withSocketThat("read");
		world.network.last.deliver({ type: "pingresp" });
		world.clock.advance(0);
		check.is(world.over, "server-gone 2000");
		check.is(world.network.last.closed, true);
	},
	"a socket that cannot be closed is forgotten": (check) => {
		const world = withSocketThat("close");
		world.network.last.fail("closed");
		check.is(world.over, "server-gone 2000");
		world.retry();
		world.bringOnline();
		check.is(world.agent.state, "online");
		const stopped = withSocketThat("close");
		stopped.agent.stop();
		check.same([stopped.agent.state, stopped.clock.pending], ["off", 0]);
	},
	"a store that cannot be read at power-up is read again, by its rule": (check) => {
		const store = new BreakableStore();
		store.isBroken = true;
		const world = new PoweredAgent({ store });
		check.is(`${world.agent.state} ${world.over}`, "waiting store-failed 10000");
		world.retry();
		check.is(world.over, "store-failed 15000");
		store.isBroken = false;
		world.retry();
		world.bringOnline();
		check.is(world.agent.state, "online");
	},
	"a store that fails when the credential is to be read anew is read again": (check) => {
		const store = new BreakableStore();
		const world = new PoweredAgent({ store });
		world.bringOnline();
		world.agent.stop();
		store.isBroken = true;
		world.agent.start();
		check.is(world.over, "store-failed 10000");
		store.isBroken = false;
		world.retry();
		check.is(world.agent.state, "connecting");
	},
	"messages of an earlier life are found when the store can be read again": (check) => {
		const store = new BreakableStore();
		new PoweredAgent({ store }).agent.publish(MESSAGE);
		store.isBroken = true;
		const world = new PoweredAgent({ store });
		check.throws(() => world.agent.publish(MESSAGE), { step: "outbox", code: "store-failed" });
		store.isBroken = false;
		world.agent.publish(MESSAGE);
		check.is(world.last("outbox-opened")?.messages, 1);
		check.is(world.names.split(" ").filter((name) => name === "outbox-opened").length, 1);
	},
	"a digest that throws is an outcome that holds nothing of what it was given": (check) => {
		const digest: Ports["digest"] = { ...playedDigest(), sha512: boom };
		const world = new PoweredAgent({ store: storeWith(ED25519, playedDigest()), ports: { digest } });
		check.is(world.over, "signing-failed 10000");
		check.is(JSON.stringify(world.events).includes("SECRET"), false);
	},
	"a platform that makes no timer leaves an agent that has failed, and a watchdog that is not fed": (check) => {
		const world = new PoweredAgent({ has: ["watchdog"] });
		world.bringOnline();
		const { feeds } = world;
		Object.assign(world.clock, { setTimer: boom });
		world.network.last.fail("closed");
		check.is(world.agent.state, "failed");
		check.is(world.last("failed")?.error.code, "no-timer");
		world.clock.advance(60_000);
		check.is(world.feeds, feeds);
	},
	"a platform that makes no timer at power-up leaves an agent that has failed, and that can be started again": (
		check,
	) => {
		const world = new PoweredAgent({ has: ["watchdog"] });
		world.agent.stop();
		const { setTimer } = world.clock;
		Object.assign(world.clock, { setTimer: boom });
		world.agent.start();
		check.is(world.agent.state, "failed");
		Object.assign(world.clock, { setTimer });
		world.agent.start();
		world.clock.advance(1_000);
		check.is(world.agent.state, "connecting");
		const { feeds } = world;
		world.clock.advance(20_000);
		check.is(world.feeds, feeds + 2);
	},
	"a defect is thrown on, and left to the watchdog": (check) => {
		const world = new PoweredAgent({ has: ["watchdog"], options: { subscriptions: boom } });
		check.throws(() => world.bringOnline(), { name: "RangeError" });
		check.is(world.agent.state, "failed");
		check.is(world.network.last.closed, true);
		const { feeds } = world;
		world.clock.advance(60_000);
		check.is(world.feeds, feeds);
	},
	"a device that has failed because somebody must provision it is fed": (check) => {
		const world = new PoweredAgent({ credential: "none", has: ["watchdog"] });
		check.is(world.agent.state, "failed");
		check.is(world.last("failed")?.error instanceof DeviceError, true);
		const { feeds } = world;
		world.clock.advance(60_000);
		check.is(world.feeds, feeds + 6);
	},
};
