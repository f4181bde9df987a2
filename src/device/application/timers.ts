/**
 * The timers of an application: all of them end with it.
 * @module
 */
import type { Clock, Timer } from "../ports.js";
import type { Cancel } from "./application.js";

/** Milliseconds: what a timer of Node's takes; a longer one runs at once there. */
const LONGEST = 0x7fffffff;

/** Runs an action; what it throws goes no further. */
export type Guard = (action: () => void) => void;

export class Timers {
	private readonly clock: Clock;
	private readonly guard: Guard;
	private readonly running = new Set<{ timer: Timer }>();

	constructor(clock: Clock, guard: Guard) {
		this.clock = clock;
		this.guard = guard;
	}

	/** @throws {RangeError} unless 1..2147483647 ms: a shorter interval would leave no time for anything else. */
	every(interval: number, action: () => void): Cancel {
		requireWithin("every", interval, 1);
		const again = (): Timer =>
			this.clock.setTimer(() => {
				this.guard(() => {
					// Until there is the next one, there is none.
					this.running.delete(entry);
					entry.timer = again();
					this.running.add(entry);
				});
				this.guard(action);
			}, interval);
		const entry = { timer: again() };
		return this.keep(entry);
	}

	/** @throws {RangeError} unless 0..2147483647 ms. */
	after(delay: number, action: () => void): Cancel {
		requireWithin("after", delay, 0);
		const entry: { timer: Timer } = {
			timer: this.clock.setTimer(() => {
				this.running.delete(entry);
				this.guard(action);
			}, delay),
		};
		return this.keep(entry);
	}

	clear(): void {
		for (const { timer } of this.running) this.clock.clearTimer(timer);
		this.running.clear();
	}

	private keep(entry: { timer: Timer }): Cancel {
		this.running.add(entry);
		return () => {
			if (this.running.delete(entry)) this.clock.clearTimer(entry.timer);
		};
	}
}

function requireWithin(what: string, value: number, least: number): void {
	if (!(value >= least && value <= LONGEST))
		throw new RangeError(`${what}: expected ${least}..${LONGEST} milliseconds, got ${value}`);
}
