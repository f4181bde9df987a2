/**
 * The clock of this machine.
 * @module
 */
import type { Clock } from "../broker/index.js";

/** Wall time that never goes back and has a fraction of a millisecond, so that durations can be told from it. */
export const systemClock: Clock = {
	now: () => performance.timeOrigin + performance.now(),
	setTimer: (callback, delay) => setTimeout(callback, delay),
	clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
};
