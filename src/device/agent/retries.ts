/**
 * How often each kind of outcome has come in a row, and so how long to wait.
 * @module
 */
import { longestDelay, type OutcomeKind, RETRY_RULES, retryDelay } from "../link/index.js";

/** Milliseconds online below which nothing is taken for mended. */
const STABLE_AFTER = 60_000;

export class Retries {
	/** Each kind is counted for itself: a network that was lost for a day says nothing of a gateway that refuses. */
	private readonly counts = new Map<OutcomeKind, number>();

	/** Retries that are not forgotten yet. */
	get inRow(): number {
		let sum = 0;
		for (const count of this.counts.values()) sum += count;
		return sum;
	}

	/** Counts one more. @param random 0 or more and below 1. @returns milliseconds until the next attempt. */
	next(kind: OutcomeKind, random: number): number {
		const before = this.of(kind);
		this.counts.set(kind, before + 1);
		return retryDelay(RETRY_RULES[kind], before, random);
	}

	/** How often in a row. */
	of(kind: OutcomeKind): number {
		return this.counts.get(kind) ?? 0;
	}

	/**
	 * The device has been online for so many milliseconds. A kind is forgotten when that was a minute and longer than it
	 * makes the device wait: one that ends every connection after a minute and a second is asked for ever more rarely, too.
	 */
	stayed(duration: number): void {
		if (duration < STABLE_AFTER) return;
		for (const [kind, count] of [...this.counts])
			if (duration >= longestDelay(RETRY_RULES[kind], count)) this.counts.delete(kind);
	}

	clear(): void {
		this.counts.clear();
	}
}
