/**
 * The ladder's first rung: the network, joined within a bound and watched from then on.
 * @module
 */
import { type Outcome, outcomeOf } from "../link/index.js";
import type { Clock, Network, NetworkChange, Timer } from "../ports.js";

/** Milliseconds for association and address together. */
const JOIN_TIMEOUT = 90_000;

export interface NetworkListener {
	up(address: string): void;
	/** It could not be joined, or was lost; {@link NetworkStep.isUp} is false. */
	down(outcome: Outcome): void;
}

export class NetworkStep {
	private readonly network: Network | undefined;
	private readonly clock: Clock;
	private readonly listener: NetworkListener;
	private address: string | undefined;
	private timer: Timer | undefined;
	/** Counts the joins: what is told of an earlier one is not heard. */
	private joins = 0;

	constructor(network: Network | undefined, clock: Clock, listener: NetworkListener) {
		this.network = network;
		this.clock = clock;
		this.listener = listener;
	}

	/** Always, on a platform whose network is nobody's business. */
	get isUp(): boolean {
		return this.network === undefined || this.address !== undefined;
	}

	/** Told by the listener, never before this returns. */
	join(): void {
		const join = ++this.joins;
		this.address = undefined;
		this.stopTimer();
		this.timer = this.clock.setTimer(() => {
			this.timer = undefined;
			this.leave();
			this.listener.down(outcomeOf("network-failed", `no network after ${JOIN_TIMEOUT / 1000} seconds`));
		}, JOIN_TIMEOUT);
		this.network?.join((change) => {
			if (join === this.joins) this.changed(change);
		});
	}

	leave(): void {
		this.joins++;
		this.address = undefined;
		this.stopTimer();
		this.network?.leave();
	}

	private changed(change: NetworkChange): void {
		this.stopTimer();
		if (change.isUp) {
			this.address = change.address;
			this.listener.up(change.address);
			return;
		}
		this.address = undefined;
		const { code, message } = change.failure;
		this.listener.down(outcomeOf(`network-${code}`, message));
	}

	private stopTimer(): void {
		if (this.timer !== undefined) this.clock.clearTimer(this.timer);
		this.timer = undefined;
	}
}
