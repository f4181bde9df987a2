/**
 * Time as the broker is given it, so that a test decides how late it is.
 * @module
 */

/** A handle that {@link Clock.setTimer} gave out. */
export type Timer = unknown;

export interface Clock {
	/** Milliseconds since 1970-01-01T00:00:00Z, with a fraction where the platform has one. */
	now(): number;
	/** Calls `callback` once, `delay` milliseconds (0 or more) from now. */
	setTimer(callback: () => void, delay: number): Timer;
	/** Forgets a timer; nothing happens when it has already run. */
	clearTimer(timer: Timer): void;
}
