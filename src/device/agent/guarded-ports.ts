/**
 * The ports of the platform where they throw what they should not: the agent goes on, and whoever keeps the log is told.
 *
 * An exception that got any further would leave the agent in the middle of a step, with no timer that leads out of it.
 * @module
 */
import { DeviceError } from "../device-error.js";
import type { Clock, Random, Timer } from "../ports.js";

/** Told of what a port threw, and which one; for a log. Must not throw. */
export type OnFault = (where: string, error: unknown) => void;

/** In place of a timer that the platform did not make: it never runs. */
export const NO_TIMER: Timer = /* @__PURE__ */ Object.freeze({});

/** `clock`, whose `setTimer` gives {@link NO_TIMER} instead of throwing. */
export function guardedClock(clock: Clock, onFault: OnFault): Clock {
	return {
		wallTime: () => clock.wallTime(),
		monotonic: () => clock.monotonic(),
		setTimer(callback, delay) {
			try {
				return clock.setTimer(callback, delay);
			} catch (error) {
				onFault("timer", error);
				return NO_TIMER;
			}
		},
		clearTimer(timer) {
			if (timer !== NO_TIMER) clock.clearTimer(timer);
		},
	};
}

export function noTimer(): DeviceError {
	return new DeviceError({
		code: "no-timer",
		step: "link",
		cause: "the platform makes no timer",
		remedy: "restart the device; if it recurs, it has too little memory",
	});
}

/** Does what a port is asked for, if it can; nothing depends on it. */
export function attempted(where: string, onFault: OnFault, act: () => void): void {
	try {
		act();
	} catch (error) {
		onFault(where, error);
	}
}

/**
 * A random number of 0 or more and below 1, to spread moments over time. The highest where there is no randomness: a device
 * that waits too long does no harm.
 */
export function jitter(random: Random, onFault: OnFault): number {
	let fraction = 1 - 2 ** -32;
	attempted("random", onFault, () => {
		let value = 0;
		for (const byte of random.bytes(4)) value = value * 256 + byte;
		fraction = value / 2 ** 32;
	});
	return fraction;
}
