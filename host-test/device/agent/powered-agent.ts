/**
 * An agent in a world that a case plays, and what is asked of it again and again.
 * @module
 */
import { Agent, type AgentEvent, type AgentOptions, type AgentState } from "../../../src/device/agent/index.js";
import { provisionStore } from "../../../src/device/credential/index.js";
import type { Packet } from "../../../src/device/mqtt/packets.js";
import type { Digest, KeyValueStore, Ports } from "../../../src/device/ports.js";
import { TornStore } from "../torn-store.js";
import { CONNACK, memoryStore, ScriptedNetwork, ScriptedTime, ScriptedWifi, VirtualClock } from "../world.js";

export const CREDENTIAL = {
	version: 1,
	mode: "presigned",
	clientId: "dev1",
	endpoint: { host: "gateway.test" },
	tokenKeyName: "t",
	token: "TOKEN-SECRET",
	signature: "U0VDUkVU",
};

/** The middle of every random range. */
const HALF = Uint8Array.of(0x80, 0, 0, 0);

/** Of nothing that is signed here. */
export const DIGEST = { sha256: () => new Uint8Array(32), sha512: () => new Uint8Array(64) };

export interface PowerUp {
	/** `CREDENTIAL` unless told otherwise. */
	readonly credential?: object | "none";
	/** Instead of one in memory with the credential in it. */
	readonly store?: KeyValueStore;
	/** The wall clock at the start, or a clock that nobody has set. */
	readonly epoch?: number | "unset";
	/** What the application does in an event, and when it is told of a state. */
	readonly react?: (event: AgentEvent, agent: Agent) => void;
	readonly reactToState?: (state: AgentState, agent: Agent) => void;
	readonly options?: Partial<AgentOptions>;
	/** Which of the ports a platform need not have are there. */
	readonly has?: readonly ("network" | "timeSource" | "watchdog")[];
	/** In place of those of this world. */
	readonly ports?: Partial<Ports>;
}

/** A device that was just switched on; it climbs as the clock is advanced. */
export class PoweredAgent {
	readonly clock: VirtualClock;
	readonly network = new ScriptedNetwork();
	readonly wifi = new ScriptedWifi();
	readonly time: ScriptedTime;
	readonly store: KeyValueStore;
	readonly events: AgentEvent[] = [];
	/** States in the order they came. */
	readonly states: string[] = [];
	/** Which ports threw, and what. */
	readonly faults: string[] = [];
	readonly agent: Agent;
	/** How often the watchdog was fed. */
	feeds = 0;

	constructor(powerUp: PowerUp = {}) {
		const { credential = CREDENTIAL, epoch, react = () => {}, reactToState, options, has = [], ports: own } = powerUp;
		this.clock = new VirtualClock(epoch);
		this.time = new ScriptedTime(this.clock);
		this.store = powerUp.store ?? storeWith(credential);
		const all = {
			network: this.wifi,
			timeSource: this.time,
			watchdog: {
				feed: () => {
					this.feeds++;
				},
			},
		};
		const ports: Ports = {
			TLSSocket: this.network.TLSSocket,
			clock: this.clock,
			random: { bytes: (count) => (count === 4 ? HALF : new Uint8Array(count).fill(0x80)) },
			digest: DIGEST,
			store: this.store,
			...Object.fromEntries(has.map((name) => [name, all[name]])),
			...own,
		};
		this.agent = new Agent({
			subscriptions: [{ filter: "devices/dev1/commands", qos: 1 }],
			...options,
			ports,
			onEvent: (event) => {
				this.events.push(event);
				react(event, this.agent);
			},
			onState: (state) => {
				this.states.push(state);
				reactToState?.(state, this.agent);
			},
			onFault: (where, error) => this.faults.push(`${where}: ${String(error)}`),
		});
		this.agent.start();
		this.clock.advance(0);
	}

	/** Names of the events so far. */
	get names(): string {
		return this.events.map(({ event }) => event).join(" ");
	}

	/** The token of the last CONNECT. */
	get token(): string | undefined {
		return tokenOf(this.network.last.sent[0]);
	}

	/** The last event of this name. */
	last<Name extends AgentEvent["event"]>(name: Name): Extract<AgentEvent, { readonly event: Name }> | undefined {
		const found = this.events.filter(({ event }) => event === name);
		return found[found.length - 1] as Extract<AgentEvent, { readonly event: Name }> | undefined;
	}

	/** How long the last attempt's outcome makes the device wait, and of what kind it is. */
	get over(): string {
		const over = this.last("over");
		return over === undefined ? "never over" : `${over.outcome.kind} ${over.retryIn}`;
	}

	/** A long life leaves no long history behind: cases run in a heap of the device's size as well. */
	forget(): void {
		this.events.length = 0;
		this.states.length = 0;
		this.network.forget();
	}

	/** The gateway takes the connection that was opened last. */
	bringOnline(): void {
		this.network.last.writable();
		this.network.last.deliver(CONNACK);
	}

	/** The gateway refuses it, with a code of MQTT 5. */
	refuse(code = 0x87): void {
		this.network.last.writable();
		this.network.last.deliver({ ...CONNACK, code });
	}

	/** Time passes until the device tries again, and it does. */
	retry(): void {
		this.clock.advance(this.last("over")?.retryIn ?? 0);
		this.clock.advance(0);
	}
}

/** A store with a credential in it, as provisioning leaves it. */
export function storeWith(credential: object | "none", digest: Digest = DIGEST): KeyValueStore {
	const store = memoryStore();
	if (credential !== "none") provisionStore(store, JSON.stringify(credential), digest);
	return store;
}

/** The same for a store that can tear what it writes, none of it counted. */
export function tornStoreWith(credential: object): TornStore {
	return new TornStore({ credential: new Uint8Array(storeWith(credential).read("credential")!) });
}

/** The token of a CONNECT, under the name that {@link CREDENTIAL} has for it. */
export function tokenOf(packet: Packet | undefined): string | undefined {
	return packet?.type === "connect" ? packet.username?.split("&t=")[1] : undefined;
}
