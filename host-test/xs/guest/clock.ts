/**
 * The guest's clock: the time is Node's, the timers are kept here and run one a turn, as on the device.
 * @module
 */
import type { Clock, Timer } from "../../../src/device/ports.js";
import { HOST_CALL, MessageWriter } from "../protocol.js";
import { callHost } from "./call-host.js";

interface GuestTimer {
	readonly callback: () => void;
	/** On the monotonic clock. */
	readonly deadline: number;
}

export class GuestClock implements Clock {
	/** In the order they were set, which is the order of those with the same deadline. */
	private timers: GuestTimer[] = [];

	wallTime(): number | undefined {
		const time = callHost(new MessageWriter(HOST_CALL.wallTime)).f64();
		return Number.isNaN(time) ? undefined : time;
	}

	monotonic(): number {
		return callHost(new MessageWriter(HOST_CALL.monotonic)).f64();
	}

	setTimer(callback: () => void, delay: number): Timer {
		const timer: GuestTimer = { callback, deadline: this.monotonic() + delay };
		this.timers.push(timer);
		return timer;
	}

	clearTimer(timer: Timer): void {
		this.timers = this.timers.filter((other) => other !== timer);
	}

	/** When {@link tick} has something to do; Infinity without a timer. */
	nextDeadline(): number {
		return this.timers.reduce((first, timer) => Math.min(first, timer.deadline), Number.POSITIVE_INFINITY);
	}

	/** Runs the first timer that is due; the next one is for the next turn. */
	tick(): void {
		const deadline = this.nextDeadline();
		if (deadline > this.monotonic()) return;
		const timer = this.timers.find((candidate) => candidate.deadline === deadline)!;
		this.clearTimer(timer);
		timer.callback();
	}
}
