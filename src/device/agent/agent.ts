/**
 * From power-up to online and back: climbs the ladder of `agent-table.ts`, stays online, and starts again by the rule of
 * each outcome.
 *
 * Everything it does is a turn: a timer's, a socket's, the network's, the application's. An event may make the application
 * stop and start the agent; what is left of the turn then belongs to a past life and does nothing ({@link Agent.mark}).
 * @module
 */
import { requireWithin } from "../bounds.js";
import { DeviceError } from "../device-error.js";
import { utf8Length } from "../encoding/utf8.js";
import {
	isDateFault,
	type LinkEvent,
	needsMending,
	type Outcome,
	type OutgoingMessage,
	outcomeOf,
} from "../link/index.js";
import type { PublishPacket, Subscription } from "../mqtt/index.js";
import type { Clock, Timer } from "../ports.js";
import type { AgentEvent, AgentOptions } from "./agent-interface.js";
import { type AgentState, type AgentStimulus, longestStay, nextAgentState, nextStep } from "./agent-table.js";
import { Beat } from "./beat.js";
import { type ClockSet, ClockStep } from "./clock-step.js";
import { guardedClock, NO_TIMER, noTimer, type OnFault } from "./guarded-ports.js";
import { Identity } from "./identity.js";
import { NetworkStep } from "./network-step.js";
import { Pace } from "./pace.js";
import { Session } from "./session.js";
import { type AgentStatus, lightOf } from "./status.js";

/** Milliseconds that acknowledgements may take before the device connects anew all the same. */
const QUIESCE = 5_000;

export class Agent {
	private readonly options: AgentOptions;
	private readonly clock: Clock;
	private readonly identity: Identity;
	private readonly session: Session;
	private readonly network: NetworkStep;
	private readonly time: ClockStep;
	private readonly pace: Pace;
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
	/** Only a restart helps: a defect, or a platform without timers. */
	private isBroken = false;

	/** @throws {RangeError} for a keep-alive, packet size or outbox out of bounds. */
	constructor(options: AgentOptions) {
		const { ports, keepAlive, maximumPacketSize } = options;
		if (keepAlive !== undefined) requireWithin("keepAlive", keepAlive, 30, 1200);
		if (maximumPacketSize !== undefined) requireWithin("maximumPacketSize", maximumPacketSize, 128, 0xfffffff);
		const tell = (event: AgentEvent) => this.tell(event);
		const onFault: OnFault = (where, error) => this.fault(where, error);
		const clock = guardedClock(ports.clock, onFault);
		this.options = options;
		this.clock = clock;
		this.identity = new Identity(ports, tell);
		this.session = new Session(options, clock, {
			secured: (event) => this.secured(event),
			online: (event) => this.online(event),
			message: (packet) => this.message(packet),
			over: (outcome) => this.over(outcome),
			settled: () => {
				if (this.current === "refreshing") this.leave();
			},
			tell,
		});
		const listener = {
			up: (address: string) => this.climbed("joining", { event: "network-up", address }),
			down: (outcome: Outcome) => this.over(outcome),
		};
		this.network = new NetworkStep({ network: ports.network, clock, listener, onFault });
		this.time = new ClockStep(ports.timeSource, clock, onFault);
		this.pace = new Pace(clock, ports.random, onFault);
		this.beat = new Beat({
			clock,
			watchdog: ports.watchdog,
			isWell: () => this.isWell(),
			onBeat: () => {
				if (this.current === "online") this.time.keep((set) => this.tell({ event: "clock-set", ...set }));
			},
			onFault,
		});
	}

	get state(): AgentState {
		return this.current;
	}

	/** What it is doing, and what of the last attempt became; made anew at each look. */
	get status(): AgentStatus {
		const { identity, session, pace } = this;
		return {
			state: this.current,
			since: this.since,
			outcome: this.outcome,
			retryAt: this.retryAt,
			retries: pace.retries,
			connections: this.connections,
			credential: identity.summary,
			isOnTrial: identity.isOnTrial,
			outbox: session.waiting,
		};
	}

	/** Powers up. Nothing happens when already started. */
	start(): void {
		if (nextAgentState(this.current, "start") === undefined) return;
		this.life++;
		this.identity.forget();
		this.pace.reset();
		this.outcome = undefined;
		this.isBroken = false;
		if (!this.move("start")) return;
		const { watchdog, timeSource } = this.options.ports;
		this.beat.stop();
		if (watchdog !== undefined || timeSource !== undefined) this.beat.start();
		this.advance();
	}

	/** Says goodbye and stays off until started again. */
	stop(): void {
		this.life++;
		this.rest();
		this.beat.stop();
		this.identity.forget();
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
		return this.clock.monotonic();
	}

	private tell(event: AgentEvent): void {
		this.options.onEvent(event);
	}

	/** What waits for a timer that was not made waits for ever. */
	private fault(where: string, error: unknown): void {
		if (where === "timer") this.isBroken = true;
		this.options.onFault?.(where, error);
	}

	/** @returns what says, after an event, whether the agent is still in the life and state it was in before. */
	private mark(): () => boolean {
		const { life, current } = this;
		return () => life === this.life && current === this.current;
	}

	/** @returns whether the stimulus leads anywhere, and nobody who was told has led the agent somewhere else since. */
	private move(stimulus: AgentStimulus): boolean {
		const next = nextAgentState(this.current, stimulus);
		if (next === undefined) return false;
		const isNew = next !== this.current;
		this.current = next;
		this.since = this.now();
		const isStill = this.mark();
		if (isNew) this.options.onState?.(next, lightOf(next));
		return isStill();
	}

	/** Gets anywhere: no state outlasts its bound, and the last connection is not too long ago. A failed one needs a person. */
	private isWell(): boolean {
		const { current } = this;
		if (this.isBroken || this.session.isStuck) return false;
		if (current === "failed" || current === "online") return true;
		const end = this.retryAt === undefined ? this.since + longestStay(current) : this.retryAt + longestStay("signing");
		return this.now() <= end && !this.pace.isLost;
	}

	/** What it throws is an outcome, where trying again may mend it; else the agent has failed. */
	private attempt(act: () => void): void {
		const { life } = this;
		try {
			act();
		} catch (error) {
			if (!(error instanceof DeviceError)) {
				// A defect. Whoever called hears of it; the watchdog, where there is one, restarts the device.
				this.isBroken = true;
				if (life === this.life) this.fail();
				throw error;
			}
			// Of a past life: nobody is concerned any more.
			if (life !== this.life) return;
			if (error.code === "store-failed") this.over(outcomeOf("store-failed", error.message));
			else if (this.identity.isExpendable) this.over(outcomeOf("signing-failed", error.message), true);
			else this.fail(error);
		}
	}

	private fail(error?: DeviceError): void {
		this.rest();
		if (this.move("unusable") && error !== undefined) this.tell({ event: "failed", error });
	}

	/** Ends whatever is going on, without a word. */
	private rest(): void {
		this.stopTimer();
		this.pace.offline();
		this.time.cancel();
		this.session.close();
		this.network.leave();
	}

	/** To the next rung, whatever that is by now. */
	private advance(): void {
		this.stopTimer();
		const isStill = this.mark();
		this.attempt(() => {
			this.session.openOutbox();
			if (isStill() && this.identity.isStale) this.identity.select();
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
				this.later(() => this.connect(), this.pace.wait);
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
			const made = this.identity.sign();
			if (made !== undefined && "kind" in made) {
				this.over(made);
				return;
			}
			if (made !== undefined) this.tell({ event: "token-signed", ...made });
			if (isStill()) this.advance();
		});
	}

	private connect(): void {
		const isStill = this.mark();
		this.attempt(() => {
			if (!this.identity.hasProof) {
				if (this.move("sign")) this.later(() => this.sign());
				return;
			}
			const fields = this.identity.connectFields();
			const usernameBytes = utf8Length(fields.username ?? "");
			this.tell({ event: "connecting", attempt: this.pace.retries, usernameBytes });
			if (!isStill()) return;
			this.pace.connects();
			this.session.connect(fields);
		});
	}

	private secured(event: Extract<LinkEvent, { readonly event: "secured" }>): void {
		this.pace.connects();
		this.tell(event);
	}

	private online(event: Extract<LinkEvent, { readonly event: "online" }>): void {
		this.connections++;
		this.outcome = undefined;
		this.pace.online();
		if (!this.move("online")) return;
		const isStill = this.mark();
		this.identity.prove();
		if (isStill()) this.tell(event);
		if (!isStill()) return;
		const { disconnectAfter } = this.identity;
		if (disconnectAfter !== undefined)
			this.later(() => this.refresh("time-to-live"), this.pace.refreshAfter(disconnectAfter));
		this.attempt(() => this.session.begin(this.subscriptions()));
	}

	private subscriptions(): readonly Subscription[] {
		const { subscriptions = [] } = this.options;
		const { summary, rotationTopic } = this.identity;
		const own = typeof subscriptions === "function" ? subscriptions(summary!) : subscriptions;
		return rotationTopic === undefined ? own : [...own, { filter: rotationTopic, qos: 1 }];
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
		this.pace.offline();
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

	/** @param isUnusable the credential could not even be used. */
	private over(found: Outcome, isUnusable = false): void {
		// The network may be lost while the device waits: the next attempt joins it.
		if (this.retryAt !== undefined || nextAgentState(this.current, "over") === undefined) return;
		const isStill = this.mark();
		this.pace.offline();
		this.time.cancel();
		if (isDateFault(found)) this.time.doubt();
		this.session.close(found);
		const outcome = this.identity.judge(found, isUnusable);
		if (!isStill() || !this.move(needsMending(outcome.kind) ? "refused" : "over")) return;
		const retryIn = this.pace.after(outcome.kind);
		if (outcome.kind === "network" && this.pace.findsNobody) this.network.leave();
		this.outcome = outcome;
		if (!this.later(() => this.advance(), retryIn)) return;
		this.retryAt = this.now() + retryIn;
		this.tell({ event: "over", outcome, retryIn });
	}

	/** @returns whether there is such a timer; without it the agent has failed. */
	private later(act: () => void, delay = 0): boolean {
		this.stopTimer();
		const timer = this.clock.setTimer(() => {
			this.timer = undefined;
			act();
		}, delay);
		if (timer !== NO_TIMER) {
			this.timer = timer;
			return true;
		}
		this.fail(noTimer());
		return false;
	}

	private stopTimer(): void {
		if (this.timer !== undefined) this.clock.clearTimer(this.timer);
		this.timer = undefined;
		this.retryAt = undefined;
	}
}
