/**
 * The ladder's first rung: the network, joined within a bound and watched from then on.
 * @module
 */
import { type Outcome, outcomeOf } from "../link/index.js";
import type { Clock, Network, NetworkChange, Timer } from "../ports.js";
import { kindOf } from "../thrown.js";
import { attempted, type OnFault } from "./guarded-ports.js";

/** Milliseconds for association and address together. */
const JOIN_TIMEOUT = 90_000;

export interface NetworkListener {
	up(address: string): void;
	/** It could not be joined, or was lost; {@link NetworkStep.isUp} is false. */
	down(outcome: Outcome): void;
}

export interface NetworkStepOptions {
	/** Without it the network is always up. */
	readonly network: Network | undefined;
	readonly clock: Clock;
	readonly listener: NetworkListener;
	readonly onFault: OnFault;
}

export class NetworkStep {
	private readonly options: NetworkStepOptions;
	private address: string | undefined;
	private timer: Timer | undefined;
	/** Counts the joins: what is told of an earlier one is not heard. */
	private joins = 0;

	constructor(options: NetworkStepOptions) {
		this.options = options;
	}

	/** Always, on a platform whose network is nobody's business. */
	get isUp(): boolean {
		return this.options.network === undefined || this.address !== undefined;
	}

	/** Told by the listener, never before this returns. */
	join(): void {
		const { network } = this.options;
		const join = ++this.joins;
		this.address = undefined;
		this.failAfter(JOIN_TIMEOUT, `no network after ${JOIN_TIMEOUT / 1000} seconds`);
		try {
			network?.join((change) => {
				if (join === this.joins) this.changed(change);
			});
		} catch (error) {
			this.failAfter(0, `the interface does not join (${kindOf(error)})`);
			this.options.onFault("network", error);
		}
	}

	/** Nothing is told any more; an interface that cannot be left is not heard any more either. */
	leave(): void {
		const { network, onFault } = this.options;
		this.joins++;
		this.address = undefined;
		this.stopTimer();
		attempted("network", onFault, () => network?.leave());
	}

	private failAfter(delay: number, cause: string): void {
		const { clock, listener } = this.options;
		this.stopTimer();
		this.timer = clock.setTimer(() => {
			this.timer = undefined;
			this.leave();
			listener.down(outcomeOf("network-failed", cause));
		}, delay);
	}

	private changed(change: NetworkChange): void {
		const { listener } = this.options;
		this.stopTimer();
		if (change.isUp) {
			this.address = change.address;
			listener.up(change.address);
			return;
		}
		this.address = undefined;
		const { code, message } = change.failure;
		listener.down(outcomeOf(`network-${code}`, message));
	}

	private stopTimer(): void {
		if (this.timer !== undefined) this.options.clock.clearTimer(this.timer);
		this.timer = undefined;
	}
}
