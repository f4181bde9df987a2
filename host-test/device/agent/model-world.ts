/**
 * An agent in a world where anything may happen at any moment, and what must hold in it at all times.
 * @module
 */
import { Agent, type AgentEvent, type AgentState, nextAgentState } from "../../../src/device/agent/index.js";
import { DeviceError } from "../../../src/device/device-error.js";
import type { Clock, KeyValueStore, Network, Ports, TimeSource, TLSSocketOptions } from "../../../src/device/ports.js";
import { ScriptedSocket, ScriptedTime, ScriptedWifi, VirtualClock } from "../world.js";
import { CREDENTIAL, DIGEST, storeWith } from "./powered-agent.js";
import { STIMULI } from "./stimuli.js";

export const ROTATION = "rotation";
/** With SECRET in all that must never be told. */
export const FIRST = { ...CREDENTIAL, rotationTopic: ROTATION, disconnectAfter: 300 };

/** Ports that can be made to throw. */
export const PORTS = ["read", "write", "network", "time", "random", "watchdog", "socket"] as const;
export type PortName = (typeof PORTS)[number];

/** What becomes of messages is told, whatever the state. */
const FACTS: readonly string[] = ["acknowledged", "dropped", "suspected", "store-failed"];
const CONNECTED: readonly AgentState[] = ["connecting", "online", "refreshing"];

export class ModelWorld {
	readonly clock = new VirtualClock();
	readonly wifi = new ScriptedWifi();
	readonly time = new ScriptedTime(this.clock);
	readonly store = storeWith(FIRST);
	readonly sockets: ScriptedSocket[] = [];
	readonly broken = new Set<PortName>();
	/** How often a port was used, and the one use that fails: counted from 0. */
	uses = 0;
	private readonly failAt: number;
	/** The same of timers that are made. */
	timers = 0;
	private readonly noTimerAt: number;
	/** How often the watchdog was fed. */
	feeds = 0;
	agent: Agent;
	/** What the application does in the next event, or state, of this name. */
	reaction: { readonly when: string; readonly act: () => void } | undefined;
	/** Names of the events and states that have come. */
	readonly seen = new Set<string>();
	private readonly violations: string[] = [];
	/** Ids of messages that were taken, and that nobody has acknowledged or told as dropped. */
	private pending = new Set<number>();
	/** Messages that a store which failed may bring back after a loss of power. */
	private ghosts = 0;
	/** What an earlier life left was read: until then nobody knows of it. */
	private isRead = false;
	private state: AgentState = "off";
	private connectSentAt = Number.NEGATIVE_INFINITY;
	private notBefore = Number.NEGATIVE_INFINITY;

	/** @param failAt the use of a port that fails; so `noTimerAt`. */
	constructor(failAt = -1, noTimerAt = -1) {
		this.failAt = failAt;
		this.noTimerAt = noTimerAt;
		this.agent = this.powerUp();
		this.start();
	}

	/** The socket that was opened last, if it is open. */
	get socket(): ScriptedSocket | undefined {
		const last = this.sockets[this.sockets.length - 1];
		return last?.closed === false ? last : undefined;
	}

	/** Messages that are still to be acknowledged. */
	get waiting(): number {
		return this.pending.size;
	}

	start(): void {
		if (nextAgentState(this.agent.state, "start") !== undefined) this.notBefore = Number.NEGATIVE_INFINITY;
		this.agent.start();
	}

	stop(): void {
		this.agent.stop();
	}

	publish(qos: 0 | 1, size = 1): void {
		try {
			const id = this.agent.publish({ topic: "t", payload: new Uint8Array(size), qos });
			if (qos === 1) {
				this.pending.add(id);
				this.isRead = true;
			}
		} catch (error) {
			if (!(error instanceof DeviceError)) throw error;
			if (error.code === "store-failed") this.ghosts++;
		}
	}

	/** The power is lost and comes back: nothing of the old life happens any more. */
	cutPower(): void {
		this.clock.loseTimers(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
		for (const socket of this.sockets) socket.closed = true;
		this.wifi.leave();
		this.time.cancel();
		this.reaction = undefined;
		this.state = "off";
		this.isRead = false;
		// A device that was without power knows nothing of its last CONNECT.
		this.connectSentAt = Number.NEGATIVE_INFINITY;
		this.agent = this.powerUp();
		this.start();
	}

	/** What must hold when nothing is under way. @throws {Error} for all that does not. */
	check(): void {
		const { state, retryAt, outbox } = this.agent.status;
		const open = this.sockets.filter(({ closed }) => !closed).length;
		this.expect(open === 0 || CONNECTED.includes(state), `${open} sockets open while ${state}`);
		this.expect((retryAt !== undefined) === (state === "waiting" || state === "refused"), `${state}: retry ${retryAt}`);
		this.expect(state === this.state, `is ${state}, told ${this.state}`);
		if (state === "off") this.expect(this.clock.pending === 0, `${this.clock.pending} timers of a device that is off`);
		else if (this.isRead) this.checkOutbox(outbox.messages);
		this.expect(!JSON.stringify(this.agent.status).includes("SECRET"), "the status holds a secret");
		if (this.violations.length > 0) throw new Error(this.violations.join("\n"));
	}

	private checkOutbox(messages: number): void {
		const most = this.pending.size + this.ghosts;
		this.expect(messages >= this.pending.size && messages <= most, `${messages} kept of ${this.pending.size}..${most}`);
	}

	private powerUp(): Agent {
		return new Agent({
			ports: this.ports(),
			subscriptions: Array.from({ length: 9 }, (_, at) => ({ filter: `f${at}`, qos: 1 as const })),
			outbox: { capacity: 3, whenFull: "drop-oldest" },
			onEvent: (event) => this.told(event),
			onState: (state) => this.moved(state),
		});
	}

	private told(event: AgentEvent): void {
		const now = this.clock.monotonic();
		this.expect(this.state !== "off" || FACTS.includes(event.event), `${event.event} while off`);
		if (event.event === "connecting") this.expect(now >= this.notBefore, `connects ${this.notBefore - now} ms early`);
		if (event.event === "over") this.notBefore = now + event.retryIn;
		if (event.event === "acknowledged" || event.event === "dropped") this.pending.delete(event.id);
		if (event.event === "store-failed" && "id" in event) this.ghosts++;
		if (event.event === "dropped" && event.failure !== undefined) this.ghosts++;
		this.expect(!JSON.stringify(event).includes("SECRET"), `${event.event} holds a secret`);
		this.happened(event.event);
	}

	private moved(state: AgentState): void {
		const isInTable = STIMULI.some((stimulus) => nextAgentState(this.state, stimulus) === state);
		this.expect(isInTable, `${this.state} leads to ${state}`);
		this.state = state;
		if (state === "joining" || state === "synchronizing" || state === "signing") this.isRead = true;
		this.happened(state);
	}

	private happened(name: string): void {
		this.seen.add(name);
		const { reaction } = this;
		if (reaction?.when !== name) return;
		this.reaction = undefined;
		reaction.act();
	}

	private expect(isTrue: boolean, violation: string): void {
		if (!isTrue) this.violations.push(violation);
	}

	/** @throws where this port is broken. What a store says is told: it speaks of flash. */
	private use(port: PortName): void {
		if (this.broken.has(port) || this.uses++ === this.failAt)
			throw new Error(port === "read" || port === "write" ? "flash" : "SECRET");
	}

	private ports(): Ports {
		const { wifi, time, store } = this;
		const network: Network = {
			join: (onChange) => {
				this.use("network");
				wifi.join(onChange);
			},
			leave: () => {
				wifi.leave();
				this.use("network");
			},
		};
		const timeSource: TimeSource = {
			synchronize: (answer) => {
				this.use("time");
				time.synchronize(answer);
			},
			cancel: () => {
				time.cancel();
				this.use("time");
			},
		};
		const guarded: KeyValueStore = {
			read: (key) => {
				this.use("read");
				return store.read(key);
			},
			write: (key, value) => {
				this.use("write");
				store.write(key, value);
			},
			delete: (key) => {
				this.use("write");
				store.delete(key);
			},
		};
		let drawn = 0;
		const random = {
			bytes: (count: number) => {
				this.use("random");
				drawn = (drawn + 89) % 256;
				return new Uint8Array(count).fill(drawn);
			},
		};
		return {
			TLSSocket: this.socketClass(),
			clock: this.clockThatFails(),
			random,
			digest: DIGEST,
			store: guarded,
			network,
			timeSource,
			watchdog: {
				feed: () => {
					this.use("watchdog");
					this.feeds++;
				},
			},
		};
	}

	private clockThatFails(): Clock {
		const { clock } = this;
		return {
			wallTime: () => clock.wallTime(),
			monotonic: () => clock.monotonic(),
			setTimer: (callback, delay) => {
				if (this.timers++ === this.noTimerAt) throw new Error("SECRET");
				return clock.setTimer(callback, delay);
			},
			clearTimer: (timer) => clock.clearTimer(timer),
		};
	}

	private socketClass() {
		const world = this;
		return class extends ScriptedSocket {
			constructor(options: TLSSocketOptions) {
				world.use("socket");
				super(options, 5);
				world.expect(world.socket === undefined, "two sockets at a time");
				world.sockets.push(this);
			}

			override read(count?: number): ArrayBuffer | undefined {
				world.use("socket");
				return super.read(count);
			}

			override write(data: Uint8Array): number {
				world.use("socket");
				const before = this.sent.length;
				const room = super.write(data);
				if (before === 0 && this.sent[0]?.type === "connect") world.connectSent();
				return room;
			}

			override close(): void {
				super.close();
				world.use("socket");
			}
		};
	}

	private connectSent(): void {
		const now = this.clock.monotonic();
		this.expect(now - this.connectSentAt >= 1_000, `CONNECT again after ${now - this.connectSentAt} ms`);
		this.connectSentAt = now;
	}
}
