/**
 * Time that passes only when a test says so.
 * @module
 */
import type { Clock } from "../../src/broker/index.js";

interface Pending {
	readonly due: number;
	readonly order: number;
	readonly callback: () => void;
}

export class FakeClock implements Clock {
	private time: number;
	private order = 0;
	private readonly pending = new Set<Pending>();

	/** @param start milliseconds since 1970. */
	constructor(start = Date.UTC(2026, 0, 1)) {
		this.time = start;
	}

	now(): number {
		return this.time;
	}

	setTimer(callback: () => void, delay: number): Pending {
		const timer = { due: this.time + delay, order: this.order++, callback };
		this.pending.add(timer);
		return timer;
	}

	clearTimer(timer: unknown): void {
		this.pending.delete(timer as Pending);
	}

	/** How many timers wait: none when everything was let go. */
	get waiting(): number {
		return this.pending.size;
	}

	/** Lets `milliseconds` pass; what is due runs in order. */
	advance(milliseconds: number): void {
		const end = this.time + milliseconds;
		for (;;) {
			const [next] = [...this.pending].filter(({ due }) => due <= end).sort(byTime);
			if (next === undefined) break;
			this.pending.delete(next);
			this.time = Math.max(this.time, next.due);
			next.callback();
		}
		this.time = end;
	}
}

function byTime(a: Pending, b: Pending): number {
	return a.due - b.due || a.order - b.order;
}
