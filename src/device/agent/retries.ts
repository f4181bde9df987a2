/**
 * How often each kind of outcome has come in a row, and so how long to wait.
 * @module
 */
import { type OutcomeKind, RETRY_RULES, retryDelay } from "../link/index.js";
import type { Random } from "../ports.js";

export class Retries {
	private readonly random: Random;
	/** Each kind is counted for itself: a network that was lost for a day says nothing of a gateway that refuses. */
	private readonly counts = new Map<OutcomeKind, number>();

	constructor(random: Random) {
		this.random = random;
	}

	/** Retries since the last connection that was stable. */
	get inRow(): number {
		let sum = 0;
		for (const count of this.counts.values()) sum += count;
		return sum;
	}

	/** Counts one more. @returns milliseconds until the next attempt. */
	next(kind: OutcomeKind): number {
		const before = this.counts.get(kind) ?? 0;
		this.counts.set(kind, before + 1);
		return retryDelay(RETRY_RULES[kind], before, fraction(this.random.bytes(4)));
	}

	clear(): void {
		this.counts.clear();
	}
}

/** A number of 0 or more and below 1 from four random bytes. */
export function fraction(bytes: Uint8Array): number {
	let value = 0;
	for (const byte of bytes) value = value * 256 + byte;
	return value / 4294967296;
}
