/**
 * Waits for what a device tells, and fails on what it tells instead.
 * @module
 */

interface Waiting {
	readonly event: string;
	readonly resolve: () => void;
	readonly reject: (error: Error) => void;
}

/** What a device tells when it does not come to be online. */
const ENDS: ReadonlySet<string> = new Set(["over", "failed"]);

export class ExpectedEvents {
	private waiting: Waiting | undefined;
	private failure: Error | undefined;

	/** The next event of this name; to be called before what makes it come. One at a time. */
	next(event: string): Promise<void> {
		return new Promise((resolve, reject) => {
			if (this.failure !== undefined) reject(this.failure);
			else this.waiting = { event, resolve, reject };
		});
	}

	/** @param told an event of the agent, as it is or as the guest makes JSON of it. */
	take(told: unknown): void {
		const { event } = told as { readonly event: string };
		if (ENDS.has(event)) this.fail(new Error(`bench: the device told "${event}"`));
		else if (event === this.waiting?.event) this.waiting.resolve();
	}

	/** What has failed stays failed. */
	fail(error: Error): void {
		this.failure ??= error;
		this.waiting?.reject(this.failure);
	}
}
