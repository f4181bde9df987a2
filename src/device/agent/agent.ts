/**
 * From power-up to online and back: climbs the ladder of `agent-table.ts`, stays online, and starts again by the rule of
 * each outcome.
 *
 * Everything it does is a turn: a timer's, a socket's, the network's, the application's. An event may make the application
 * stop and start the agent; what is left of the turn then belongs to a past life and does nothing ({@link Agent.mark}).
 * @module
 */
import { DeviceError } from "../device-error.js";
import { utf8Length } from "../encoding/utf8.js";
import { type LinkEvent, needsMending, type Outcome, type OutgoingMessage, outcomeOf } from "../link/index.js";
import type { PublishPacket, Subscription } from "../mqtt/index.js";
import type { Timer } from "../ports.js";
import type { AgentEvent, AgentOptions } from "./agent-interface.js";
import { type AgentState, type AgentStimulus, longestStay, nextAgentState, nextStep } from "./agent-table.js";
import { Beat } from "./beat.js";
import { type ClockSet, ClockStep } from "./clock-step.js";
import { Identity } from "./identity.js";
import { NetworkStep } from "./network-step.js";
import { fraction, Retries } from "./retries.js";
import { Session } from "./session.js";
import { type AgentStatus, lightOf } from "./status.js";

/** Milliseconds online after which the count of failures in a row starts anew. */
const STABLE_AFTER = 60_000;
/** Milliseconds between two connections: AWS IoT Core takes one CONNECT a second from a client id. */
const CONNECT_INTERVAL = 1_000;
/** Milliseconds that acknowledgements may take before the device connects anew all the same. */
const QUIESCE = 5_000;
/** Milliseconds ahead of the end of a connection's time to live, at most; a tenth of it where that is less. */
const LONGEST_LEAD = 300_000;
/** Milliseconds without a connection after which the watchdog is left to do its work. */
const OFFLINE_LIMIT = 86_400_000;
/** What a wrong clock makes of a good certificate. */
const DATES = ["certificate-expired", "certificate-not-yet-valid"];

/** What kept a proof from being made, and need not the next time; anything else would, such as a key that is none. */
const PASSING = ["clock-unset", "signature-fault", "signer-failed", "store-failed"];

export class Agent {
	private readonly options: AgentOptions;
	private readonly identity: Identity;
	private readonly session: Session;
	private readonly network: NetworkStep;
	private readonly time: ClockStep;
	private readonly retries: Retries;
	private readonly beat: Beat;
	private current: AgentState = "off";
	private since = 0;
	/** Counts the starts and stops. */
	private life = 0;
	/** The one timer of the state it is in: a turn of its own, the retry, the refresh. */
	private timer: Timer | undefined;
	private retryAt: number | undefined;
	private outcome: Outcome | undefined;
	private connections = 0;
	private connectedAt = Number.NEGATIVE_INFINITY;
	private onlineSince: number | undefined;
	private lastOnline = 0;

	/** @throws {RangeError} for a keep-alive, packet size or outbox out of bounds. */
	constructor(options: AgentOptions) {
		requireWithin("keepAlive", options.keepAlive, 30, 1200);
		requireWithin("maximumPacketSize", options.maximumPacketSize, 128, 0xfffffff);
		const { clock, random, network, timeSource, watchdog } = options.ports;
		const tell = (event: AgentEvent) => this.tell(event);
		this.options = options;
		this.identity = new Identity(options.ports, tell);
		this.session = new Session(options, {
			online: (event) => this.online(event),
			message: (packet) => this.message(packet),
			over: (outcome) => this.over(outcome),
			settled: () => {
				if (this.current === "refreshing") this.leave();
			},
			tell,
		});
		this.network = new NetworkStep(network, clock, {
			up: (address) => this.climbed("joining", { event: "network-up", address }),
			down: (outcome) => this.over(outcome),
		});
		this.time = new ClockStep(timeSource, clock);
		this.retries = new Retries(random);
		this.beat = new Beat({
			clock,
			watchdog,
			isWell: () => this.isWell(),
			onBeat: () => {
				if (this.current === "online") this.time.keep((set) => this.tell({ event: "clock-set", ...set }));
			},
		});
	}

	get state(): AgentState {
		return this.current;
	}

	/** What it is doing, and what of the last attempt became; made anew at each look. */
	get status(): AgentStatus {
		const { identity, session } = this;
		return {
			state: this.current,
			since: this.since,
			outcome: this.outcome,
			retryAt: this.retryAt,
			retries: this.retries.inRow,
			connections: this.connections,
			credential: identity.summary,
			isOnTrial: identity.isOnTrial,
			outbox: session.waiting,
		};
	}

	/** Powers up. Nothing happens when already started. */
	start(): void {
		if (!this.move("start")) return;
		this.life++;
		this.identity.forget();
		const { watchdog, timeSource } = this.options.ports;
		this.lastOnline = this.now();
		if (watchdog !== undefined || timeSource !== undefined) this.beat.start();
		const isStill = this.mark();
		this.attempt(() => {
			this.session.openOutbox();
			if (isStill()) this.advance();
		});
	}

	/** Says goodbye and stays off until started again. */
	stop(): void {
		this.life++;
		this.rest();
		this.beat.stop();
		this.retries.clear();
		this.identity.forget();
		this.onlineSince = undefined;
		this.move("stop");
	}

	/**
	 * A message at QoS 1 is kept in the outbox, across a loss of power too, until the gateway has acknowledged it; one at
	 * QoS 0 is sent now or not at all.
	 * @returns the id that an `acknowledged` or `dropped` event will name; 0 at QoS 0.
	 * @throws {DeviceError} step `outbox` as `Outbox.add`; step `link`, code `offline`, `busy` or `unsendable`, at QoS 0;
	 * step `link`, code `offline`, for an agent that is not started.
	 */
	publish(message: OutgoingMessage): number {
		if (this.current !== "off") return this.session.publish(message);
		throw new DeviceError({
			code: "offline",
			step: "link",
			cause: `the agent is ${this.current}`,
			remedy: "start it before it is to publish",
		});
	}

	private now(): number {
		return this.options.ports.clock.monotonic();
	}

	private tell(event: AgentEvent): void {
		this.options.onEvent(event);
	}

	/** @returns what says, after an event, whether the agent is still in the life and state it was in before. */
	private mark(): () => boolean {
		const { life, current } = this;
		return () => life === this.life && current === this.current;
	}

	private move(stimulus: AgentStimulus): boolean {
		const next = nextAgentState(this.current, stimulus);
		if (next === undefined) return false;
		const isNew = next !== this.current;
		this.current = next;
		this.since = this.now();
		if (isNew) this.options.onState?.(next, lightOf(next));
		return true;
	}

	/** Gets anywhere: no state outlasts its bound, and the last connection is not too long ago. */
	private isWell(): boolean {
		const { current } = this;
		if (current === "failed" || current === "online") return true;
		const end = this.retryAt === undefined ? this.since + longestStay(current) : this.retryAt + longestStay("signing");
		return this.now() <= end && this.now() - this.lastOnline < OFFLINE_LIMIT;
	}

	/** What it throws would not be mended by trying again: the agent has failed. */
	private attempt(act: () => void): void {
		try {
			act();
		} catch (error) {
			this.rest();
			this.move("unusable");
			if (!(error instanceof DeviceError)) throw error;
			this.tell({ event: "failed", error });
		}
	}

	/** Ends whatever is going on, without a word. */
	private rest(): void {
		this.stopTimer();
		this.time.cancel();
		this.session.close();
		this.network.leave();
	}

	/** To the next rung, whatever that is by now. */
	private advance(): void {
		this.stopTimer();
		const isStill = this.mark();
		this.attempt(() => {
			if (this.identity.isStale) this.identity.select();
			if (isStill()) this.climb();
		});
	}

	private climb(): void {
		const step = nextStep({
			networkIsUp: this.network.isUp,
			clockIsSet: this.time.isSet,
			proofIsMade: this.identity.hasProof,
		});
		if (!this.move(step)) return;
		switch (step) {
			case "join":
				this.join();
				break;
			case "synchronize":
				this.time.synchronize((result) => this.clockAnswered(result));
				break;
			case "sign":
				// A turn of its own: a signature may take seconds on the chip, and the application has seen the state by then.
				this.later(() => this.sign());
				break;
			case "connect":
				this.later(() => this.connect(), Math.max(0, this.connectedAt + CONNECT_INTERVAL - this.now()));
		}
	}

	/** The rung of `state` is reached: told, and on to the next one. */
	private climbed(state: AgentState, event: AgentEvent): void {
		const isStill = this.mark();
		this.tell(event);
		if (isStill() && this.current === state) this.advance();
	}

	private join(): void {
		const isStill = this.mark();
		this.tell({ event: "joining" });
		if (isStill()) this.network.join();
	}

	private clockAnswered(result: ClockSet | Outcome): void {
		if ("wallTime" in result) this.climbed("synchronizing", { event: "clock-set", ...result });
		else this.over(result);
	}

	private sign(): void {
		const isStill = this.mark();
		this.attempt(() => {
			try {
				this.identity.sign();
			} catch (error) {
				if (!(error instanceof DeviceError && PASSING.includes(error.code))) throw error;
				this.over(outcomeOf(error.code === "clock-unset" ? "clock-unset" : "signing-failed", error.message));
				return;
			}
			if (isStill()) this.advance();
		});
	}

	private connect(): void {
		const isStill = this.mark();
		this.attempt(() => {
			const fields = this.identity.connectFields();
			const usernameBytes = utf8Length(fields.username ?? "");
			this.tell({ event: "connecting", attempt: this.retries.inRow, usernameBytes });
			if (!isStill()) return;
			this.connectedAt = this.now();
			this.session.connect(fields);
		});
	}

	private online(event: Extract<LinkEvent, { readonly event: "online" }>): void {
		this.move("online");
		this.connections++;
		this.outcome = undefined;
		this.onlineSince = this.now();
		const isStill = this.mark();
		this.identity.prove();
		if (isStill()) this.tell(event);
		if (!isStill()) return;
		this.refreshAhead();
		this.attempt(() => this.session.begin(this.subscriptions()));
	}

	private subscriptions(): readonly Subscription[] {
		const { subscriptions = [] } = this.options;
		const { summary, rotationTopic } = this.identity;
		const own = typeof subscriptions === "function" ? subscriptions(summary!) : subscriptions;
		return rotationTopic === undefined ? own : [...own, { filter: rotationTopic, qos: 1 }];
	}

	/** `disconnectAfterInSeconds` closes hard; a device that knows of it says goodbye before, each at a moment of its own. */
	private refreshAhead(): void {
		const { disconnectAfter } = this.identity;
		if (disconnectAfter === undefined) return;
		const lead = Math.min(LONGEST_LEAD, disconnectAfter * 100);
		const early = Math.floor((fraction(this.options.ports.random.bytes(4)) * lead) / 2);
		this.later(() => this.refresh("time-to-live"), disconnectAfter * 1000 - lead - early);
	}

	/** Waits a moment for what is on its way, then says goodbye and connects anew. */
	private refresh(cause: "time-to-live" | "new-credential"): void {
		if (!this.move("refresh")) return;
		this.session.pause();
		const isStill = this.mark();
		this.tell({ event: "refreshing", cause });
		if (!isStill()) return;
		if (this.session.inFlight === 0) this.leave();
		else this.later(() => this.leave(), QUIESCE);
	}

	private leave(): void {
		this.stopTimer();
		this.noteOnline();
		this.session.close();
		this.advance();
	}

	/** A new credential is tried in a turn of its own, after the PUBACK for the message that brought it. */
	private message(packet: PublishPacket): void {
		if (packet.topic !== this.identity.rotationTopic) {
			this.tell({ event: "message", packet });
			return;
		}
		const isStill = this.mark();
		if (this.identity.propose(packet.payload, packet.retain) && isStill() && this.current === "online")
			this.later(() => this.refresh("new-credential"));
	}

	private over(found: Outcome): void {
		this.noteOnline();
		this.time.cancel();
		this.session.close(found.kind);
		if (found.kind === "tls-trust" && DATES.includes(found.detail ?? "")) this.time.doubt();
		const isStill = this.mark();
		const outcome = this.identity.judge(found);
		if (!isStill() || !this.move(needsMending(outcome.kind) ? "refused" : "over")) return;
		const retryIn = this.retries.next(outcome.kind);
		this.later(() => this.advance(), retryIn);
		this.retryAt = this.now() + retryIn;
		this.outcome = outcome;
		this.tell({ event: "over", outcome, retryIn });
	}

	private noteOnline(): void {
		const { onlineSince } = this;
		if (onlineSince === undefined) return;
		this.lastOnline = this.now();
		if (this.lastOnline - onlineSince >= STABLE_AFTER) this.retries.clear();
		this.onlineSince = undefined;
	}

	private later(act: () => void, delay = 0): void {
		this.stopTimer();
		this.timer = this.options.ports.clock.setTimer(() => {
			this.timer = undefined;
			act();
		}, delay);
	}

	private stopTimer(): void {
		if (this.timer !== undefined) this.options.ports.clock.clearTimer(this.timer);
		this.timer = undefined;
		this.retryAt = undefined;
	}
}

function requireWithin(name: string, value: number | undefined, least: number, most: number): void {
	if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most))
		throw new RangeError(`${name}: expected ${least}..${most}, got ${value}`);
}
