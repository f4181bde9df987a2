/**
 * What arrived, in order, for a test that waits for the next of it.
 * @module
 */

export class Mailbox<T> {
	private readonly arrived: T[] = [];
	private readonly waiting: ((value: T) => void)[] = [];

	put(value: T): void {
		const next = this.waiting.shift();
		if (next === undefined) this.arrived.push(value);
		else next(value);
	}

	/** The next one, as soon as it is there. */
	take(): Promise<T> {
		return new Promise((resolve) => {
			if (this.arrived.length > 0) resolve(this.arrived.shift()!);
			else this.waiting.push(resolve);
		});
	}

	/** How many arrived that nobody has taken. */
	get size(): number {
		return this.arrived.length;
	}
}
