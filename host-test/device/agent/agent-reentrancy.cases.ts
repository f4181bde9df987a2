/**
 * The application stops, starts and publishes inside every event and every state of a life that has them all.
 * @module
 */
import type { Agent } from "../../../src/device/agent/index.js";
import type { Cases, Check } from "../case.js";
import { MINTED_CREDENTIAL, signer } from "./minted.js";
import { EVENTS, STATES, SWITCHING } from "./moments.js";
import { PlayedGateway } from "./played-gateway.js";
import { CREDENTIAL, PoweredAgent } from "./powered-agent.js";

const TOPIC = "devices/dev1/credential";
const OLD = { ...CREDENTIAL, rotationTopic: TOPIC, disconnectAfter: 300 };
const MESSAGE = { topic: "t", payload: Uint8Array.of(1), qos: 1 } as const;

type Deed = (agent: Agent) => void;

const DEEDS: Readonly<Record<string, Deed>> = {
	...SWITCHING,
	publish: (agent) => void agent.publish(MESSAGE),
};

class Life {
	readonly world: PoweredAgent;
	readonly gateway: PlayedGateway;
	/** How often the deed was done. */
	deeds = 0;

	/** @param when where the deed is done, twice at most. */
	constructor(when: { readonly event?: string; readonly state?: string }, deed: Deed) {
		const act = (agent: Agent, isThere: boolean) => {
			if (isThere && this.deeds < 2) {
				this.deeds++;
				deed(agent);
			}
		};
		this.world = new PoweredAgent({
			credential: OLD,
			epoch: "unset",
			has: ["network", "timeSource"],
			options: { keepAlive: 1200 },
			react: ({ event }, agent) => act(agent, event === when.event),
			reactToState: (state, agent) => act(agent, state === when.state),
		});
		this.gateway = new PlayedGateway(this.world.network, () => true);
	}

	/** Everything that there is, in whatever order it can come. */
	live(): void {
		const { world } = this;
		this.pass(10_000);
		this.send("devices/dev1/commands", {});
		if (world.agent.state !== "off") world.agent.publish(MESSAGE);
		this.pass(2_000);
		this.send(TOPIC, { ...OLD, username: "new" });
		this.pass(10_000);
		this.network()?.deliver({ type: "disconnect", code: 0x8e });
		this.pass(120_000);
		if (world.agent.state === "online") {
			world.agent.publish(MESSAGE);
			this.network()?.deliver({ type: "disconnect", code: 0x87 });
		}
		this.pass(120_000);
		world.wifi.down("lost");
		this.pass(300_000);
	}

	/** Until the device is online and rid of its messages, or off; ten minutes at most. */
	recover(): void {
		const { agent } = this.world;
		const isOnline = () => agent.state === "online" && agent.status.outbox.messages === 0;
		for (let second = 0; second < 600 && agent.state !== "off" && !isOnline(); second++) this.pass(1_000);
	}

	/** Lets time pass, from timer to timer, in a world in which everything works. */
	pass(milliseconds: number): void {
		const { world, gateway } = this;
		const { clock } = world;
		const end = clock.monotonic() + milliseconds;
		for (let left = milliseconds; left > 0; left = end - clock.monotonic()) {
			world.wifi.up();
			if (world.agent.state === "synchronizing") world.time.set(1_800_000_000_000);
			gateway.run(clock, Math.min(left, Math.max(1, clock.untilNext ?? left)));
			world.forget();
		}
	}

	private network() {
		return this.world.network.open[0];
	}

	private send(topic: string, json: object): void {
		this.network()?.receive(topic, json);
	}
}

function expectSound(check: Check, life: Life, what: string): void {
	const { world } = life;
	check.is(life.deeds > 0, true, `${what} was never done`);
	const open = () => world.network.open.length;
	check.is(open() <= 1, true, `${what}: ${open()} sockets`);
	// Twice at most it is switched off again.
	for (let times = 0; times < 3; times++) {
		if (world.agent.state === "off") {
			check.is(world.clock.pending, 0, `${what}: timers of a device that is off`);
			check.is(open(), 0, `${what}: sockets of a device that is off`);
			check.is(world.wifi.onChange, undefined, `${what}: network of a device that is off`);
			world.agent.start();
		}
		life.recover();
	}
	check.is(world.agent.state, "online", what);
	check.is(world.agent.status.outbox.messages, 0, `${what}: messages`);
	world.agent.stop();
	check.is(world.clock.pending, 0, what);
	check.is(open(), 0, what);
}

/** A device that is stopped and started when a message of its is denied, as its connection ends. */
function restartedWhenDenied(): PoweredAgent {
	const world = new PoweredAgent({
		react: ({ event }, agent) => {
			if (event !== "suspected") return;
			agent.stop();
			agent.start();
		},
	});
	world.bringOnline();
	world.agent.publish(MESSAGE);
	world.network.last.deliver({ type: "disconnect", code: 0x87 });
	return world;
}

/** A device whose application does this when its token is signed, the first time. */
function signing(deed: Deed): PoweredAgent {
	let isDone = false;
	return new PoweredAgent({
		credential: MINTED_CREDENTIAL,
		ports: { signer },
		react: ({ event }, agent) => {
			if (event !== "token-signed" || isDone) return;
			isDone = true;
			deed(agent);
		},
	});
}

const PAST_LIVES: Cases = {
	...Object.fromEntries(
		Object.entries(DEEDS).map(([name, deed]): [string, (check: Check) => void] => [
			`${name} in event token-signed`,
			(check) => {
				const world = signing(deed);
				world.agent.start();
				world.clock.advance(1_000);
				world.bringOnline();
				check.is(world.agent.state, "online");
				check.is(world.network.sockets.length, 1);
			},
		]),
	),
	"the outcome of a past life is neither told nor waited for in the next": (check) => {
		const world = restartedWhenDenied();
		check.is(world.names.endsWith("suspected credential-read"), true, world.names);
		check.is(world.agent.status.retryAt, undefined);
		world.clock.advance(1_000);
		check.is(world.network.sockets.length, 2);
	},
	"the end of a connection of a past life ends none of the next": (check) => {
		const world = restartedWhenDenied();
		world.clock.advance(1_000);
		world.bringOnline();
		world.network.sockets[0]!.fail("closed");
		world.network.sockets[0]!.writable();
		check.is(world.agent.state, "online");
	},
	"an outcome that switches the device off speaks against no credential": (check) => {
		const rotationTopic = "rotation";
		const world = new PoweredAgent({
			credential: { ...CREDENTIAL, rotationTopic },
			react: (event, agent) => {
				if (event.event === "dropped" && event.cause === "denied") agent.stop();
			},
			options: { outbox: { deniedAfter: 1 } },
		});
		world.bringOnline();
		world.network.last.receive(rotationTopic, { ...CREDENTIAL, rotationTopic, username: "new" });
		world.clock.advance(2_000);
		world.agent.publish(MESSAGE);
		world.bringOnline();
		world.network.last.deliver({ type: "disconnect", code: 0x87 });
		check.is(world.agent.state, "off");
		check.is(world.clock.pending, 0);
		check.is(world.names.includes("over"), false);
	},
};

/** One case a deed and a moment: each has the heap for itself. */
function moments(what: "event" | "state", names: readonly string[]): [string, (check: Check) => void][] {
	return Object.entries(DEEDS).flatMap(([deed, act]) =>
		names.map((name): [string, (check: Check) => void] => [
			`${deed} in ${what} ${name}`,
			(check) => {
				const life = new Life({ [what]: name }, act);
				life.live();
				expectSound(check, life, `${deed} in ${name}`);
			},
		]),
	);
}

export const cases: Cases = {
	...PAST_LIVES,
	...Object.fromEntries([...moments("event", EVENTS), ...moments("state", STATES)]),
};
