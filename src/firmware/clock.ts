/**
 * The device's clock over the Moddable SDK's `timer` and `time`.
 * @module
 */
import type { Clock, Timer } from "../device/ports.js";
import { guarded, type OnFault } from "./faults.js";

/** The SDK's module `timer`. */
export interface TimerModule {
	/** Calls `callback` once, `delay` milliseconds from now. */
	set(callback: () => void, delay: number): object;
	/** Nothing happens for a timer that has run. */
	clear(timer: object | null | undefined): void;
}

/** The SDK's module `time`. */
export interface TimeModule {
	/** Milliseconds, modulo 2^32 and signed on ESP32; since 1970 on a host, where somebody may set them back. */
	readonly ticks: number;
	/** @param seconds since 1970, 0..4294967295. */
	set(seconds: number): void;
}

export interface PlatformClockOptions {
	readonly Timer: TimerModule;
	readonly Time: Pick<TimeModule, "ticks">;
	/** Milliseconds since 1970 as the platform has them: near 0 on a chip that was just switched on. */
	readonly now: () => number;
	/** The clock cannot be right before this moment, milliseconds since 1970. */
	readonly notBefore: number;
	readonly onFault: OnFault;
}

/** Milliseconds that the platform is asked for at a time: it compares moments in 32 bits, with their sign. */
const LONGEST = 0x3fffffff;

/** Ticks that went on by half their range or more went back. */
const HALF = 0x80000000;

interface Armed extends Timer {
	/** The platform's; `undefined` once it has run. */
	timer: object | undefined;
}

export class PlatformClock implements Clock {
	private readonly options: PlatformClockOptions;
	private last: number;
	private elapsed = 0;

	constructor(options: PlatformClockOptions) {
		this.options = options;
		this.last = options.Time.ticks;
	}

	wallTime(): number | undefined {
		const { now, notBefore } = this.options;
		const time = now();
		return time >= notBefore ? time : undefined;
	}

	/** Has to be asked, or a timer to run, once in 24 days: more than that is taken for none. */
	monotonic(): number {
		const { ticks } = this.options.Time;
		const passed = (ticks - this.last) >>> 0;
		this.last = ticks;
		if (passed < HALF) this.elapsed += passed;
		return this.elapsed;
	}

	setTimer(callback: () => void, delay: number): Timer {
		const armed: Armed = { timer: undefined };
		this.arm(armed, guarded("timer", this.options.onFault, callback), delay);
		return armed;
	}

	clearTimer(timer: Timer): void {
		const armed = timer as Armed;
		if (armed.timer !== undefined) this.options.Timer.clear(armed.timer);
		armed.timer = undefined;
	}

	private arm(armed: Armed, callback: () => void, delay: number): void {
		const wait = Math.min(Math.ceil(delay), LONGEST);
		armed.timer = this.options.Timer.set(() => {
			armed.timer = undefined;
			this.monotonic();
			if (delay > LONGEST) this.arm(armed, callback, delay - LONGEST);
			else callback();
		}, wait);
	}
}
