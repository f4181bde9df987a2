/**
 * The timers of an application: all of them end with it.
 * @module
 */
import type { Clock, Timer } from "../ports.js";
import type { Cancel } from "./application.js";

export class Timers {
	private readonly clock: Clock;
	private readonly running = new Set<{ timer: Timer }>();

	constructor(clock: Clock) {
		this.clock = clock;
	}

	/** @throws {RangeError} for an interval below 1 ms: it would leave no time for anything else. */
	every(interval: number, action: () => void): Cancel {
		if (!(interval >= 1)) throw new RangeError(`every: expected 1 millisecond or more, got ${interval}`);
		const again = (): Timer =>
			this.clock.setTimer(() => {
				// Set before the action: one that throws does not end it.
				entry.timer = again();
				action();
			}, interval);
		const entry = { timer: again() };
		return this.keep(entry);
	}

	/** @throws {RangeError} for a negative delay. */
	after(delay: number, action: () => void): Cancel {
		if (!(delay >= 0)) throw new RangeError(`after: expected 0 milliseconds or more, got ${delay}`);
		const entry: { timer: Timer } = {
			timer: this.clock.setTimer(() => {
				this.running.delete(entry);
				action();
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
