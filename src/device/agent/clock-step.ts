/**
 * The ladder's second rung: the wall clock, without which no certificate can be judged. Set once before the first
 * connection, again when it is in doubt, and once a day while the device is online.
 * @module
 */
import { type Outcome, outcomeOf } from "../link/index.js";
import type { Clock, Timer, TimeSource } from "../ports.js";
import { kindOf } from "../thrown.js";
import { attempted, type OnFault } from "./guarded-ports.js";

/** Milliseconds that the source may take. */
const ANSWER_TIMEOUT = 90_000;
/** Milliseconds after which a clock that was set is set again: crystals drift by seconds a day. */
const SET_EVERY = 86_400_000;
/** Milliseconds until that is tried again when it did not work out. */
const TRY_AGAIN_AFTER = 3_600_000;
/** Milliseconds that the wall clock may move against the monotonic one, unasked, before it is in doubt. */
const TOLERANCE = 60_000;

/** The clock was set: milliseconds since 1970, and by how many it had been wrong; unknown when it had never been set. */
export interface ClockSet {
	readonly wallTime: number;
	readonly jump?: number;
}

export class ClockStep {
	private readonly source: TimeSource | undefined;
	private readonly clock: Clock;
	private readonly onFault: OnFault;
	/** Wall time less monotonic time, as it was when last looked at. */
	private offset: number | undefined;
	private doubted = false;
	private asking = false;
	/** Counts the questions: the answer to an earlier one is not heard. */
	private questions = 0;
	private timer: Timer | undefined;
	/** Moment of the monotonic clock at which the clock is to be set again; a day from the first look at one that runs. */
	private due: number | undefined;

	constructor(source: TimeSource | undefined, clock: Clock, onFault: OnFault) {
		this.source = source;
		this.clock = clock;
		this.onFault = onFault;
	}

	/** Where nobody could set the clock there is nothing to wait for: the link then says that it is not set. */
	get isSet(): boolean {
		return this.source === undefined || (!this.doubted && this.clock.wallTime() !== undefined);
	}

	/** A certificate is not valid yet, or no more: it may be the clock that is wrong. */
	doubt(): void {
		this.doubted = true;
	}

	/** Asks the source; `done` is called once, never before this returns, unless {@link cancel} comes first. */
	synchronize(done: (result: ClockSet | Outcome) => void): void {
		this.cancel();
		this.look();
		const before = this.offset;
		const question = ++this.questions;
		this.asking = true;
		const finish = (failure?: string) => {
			if (!this.asking || question !== this.questions) return;
			this.cancel();
			done(failure === undefined ? this.taken(before) : this.notTaken(failure));
		};
		this.answerAfter(ANSWER_TIMEOUT, () => finish(`no answer after ${ANSWER_TIMEOUT / 1000} seconds`));
		try {
			this.source?.synchronize(finish);
		} catch (error) {
			const failure = `the source of time cannot be asked (${kindOf(error)})`;
			this.answerAfter(0, () => finish(failure));
			this.onFault("time source", error);
		}
	}

	/**
	 * To be called now and then while the device is online; tells when the clock was set, or jumped by itself, and does
	 * nothing after that: `done` may switch the device off.
	 */
	keep(done: (result: ClockSet) => void): void {
		const { clock } = this;
		this.due ??= clock.monotonic() + SET_EVERY;
		const jump = this.look() ?? 0;
		const hasJumped = Math.abs(jump) > TOLERANCE;
		if (hasJumped) this.due = clock.monotonic();
		if (!this.asking && this.source !== undefined && clock.monotonic() >= this.due)
			this.synchronize((result) => {
				if ("wallTime" in result) done(result);
			});
		const wallTime = clock.wallTime();
		if (hasJumped && wallTime !== undefined) done({ wallTime, jump });
	}

	/** Forgets the question. */
	cancel(): void {
		this.stopTimer();
		const { asking } = this;
		this.asking = false;
		if (asking) attempted("time source", this.onFault, () => this.source?.cancel());
	}

	private answerAfter(delay: number, act: () => void): void {
		this.stopTimer();
		this.timer = this.clock.setTimer(() => {
			this.timer = undefined;
			act();
		}, delay);
	}

	private stopTimer(): void {
		if (this.timer !== undefined) this.clock.clearTimer(this.timer);
		this.timer = undefined;
	}

	/** @returns milliseconds by which the wall clock has moved against the monotonic one since the last look. */
	private look(): number | undefined {
		const wallTime = this.clock.wallTime();
		const before = this.offset;
		this.offset = wallTime === undefined ? undefined : wallTime - this.clock.monotonic();
		return before === undefined || this.offset === undefined ? undefined : this.offset - before;
	}

	private taken(before: number | undefined): ClockSet | Outcome {
		const wallTime = this.clock.wallTime();
		if (wallTime === undefined) return this.notTaken("the source set a time before the firmware was built");
		this.look();
		this.doubted = false;
		this.due = this.clock.monotonic() + SET_EVERY;
		return before === undefined ? { wallTime } : { wallTime, jump: this.offset! - before };
	}

	/** A clock that was only in doubt is believed again: a server of time that cannot be reached must not keep it offline. */
	private notTaken(failure: string): Outcome {
		this.doubted = false;
		this.due = this.clock.monotonic() + TRY_AGAIN_AFTER;
		return outcomeOf("clock-unset", failure);
	}
}
