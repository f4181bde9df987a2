/**
 * A record of what happened, that can be waited on without asking again and again.
 * @module
 */
import { CommandFailure } from "./failure.js";

/** Milliseconds after which what was expected is taken not to come: longer than the device itself waits for TLS. */
const PATIENCE = 45_000;

/** Events that are kept for those who ask later; a device may stay up for weeks. */
const REMEMBERED = 100;

interface Waiting<Event> {
	readonly matches: (event: Event) => boolean;
	readonly resolve: (event: Event) => void;
	readonly reject: (error: Error) => void;
}

export class Happenings<Event> {
	private readonly past: Event[] = [];
	private readonly waiting = new Set<Waiting<Event>>();
	private failure: Error | undefined;

	add(event: Event): void {
		this.past.push(event);
		if (this.past.length > REMEMBERED) this.past.shift();
		for (const waiting of [...this.waiting])
			if (waiting.matches(event)) {
				this.waiting.delete(waiting);
				waiting.resolve(event);
			}
	}

	/** Nothing more is to be expected: whoever waits, now or later, is told why. */
	fail(error: Error): void {
		this.failure ??= error;
		for (const { reject } of this.waiting) reject(this.failure);
		this.waiting.clear();
	}

	/** Rejects when {@link fail} is called, with what it is given; never resolves. */
	broken(): Promise<never> {
		return new Promise((_resolve, reject) => {
			if (this.failure === undefined) this.waiting.add({ matches: () => false, resolve: () => undefined, reject });
			else reject(this.failure);
		});
	}

	/**
	 * The first event that `matches`, of the last hundred and those to come.
	 * @param what says in an error what did not come.
	 * @throws {CommandFailure} code `timed-out` after thirty seconds, or what {@link fail} was given.
	 */
	async first(matches: (event: Event) => boolean, what: string): Promise<Event> {
		const found = this.past.find(matches);
		if (found !== undefined) return found;
		if (this.failure !== undefined) throw this.failure;
		let timer: NodeJS.Timeout | undefined;
		try {
			return await new Promise<Event>((resolve, reject) => {
				const waiting = { matches, resolve, reject };
				this.waiting.add(waiting);
				timer = setTimeout(() => {
					this.waiting.delete(waiting);
					reject(new CommandFailure({ code: "timed-out", cause: `no ${what} after ${PATIENCE / 1000} seconds` }));
				}, PATIENCE);
			});
		} finally {
			clearTimeout(timer);
		}
	}
}
