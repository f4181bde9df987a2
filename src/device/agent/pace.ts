/**
 * When the device may connect again: by the rule of each outcome, by what the gateway takes, and ahead of the end of a
 * connection's time to live. Moments are the monotonic clock's, everything is milliseconds unless it says otherwise.
 * @module
 */
import type { OutcomeKind } from "../link/index.js";
import type { Clock, Random } from "../ports.js";
import { jitter, type OnFault } from "./guarded-ports.js";
import { Retries } from "./retries.js";

/** Between two CONNECTs: AWS IoT Core takes one a second from a client id. */
const CONNECT_INTERVAL = 1_000;
/** Ahead of the end of a connection's time to live, at most; a tenth of it where that is less. */
const LONGEST_LEAD = 300_000;
/** Without a connection, after which a device is taken for stuck. */
const OFFLINE_LIMIT = 86_400_000;
/** Attempts in a row that found nobody. */
const REJOIN_AFTER = 5;

export class Pace {
	private readonly clock: Clock;
	private readonly random: Random;
	private readonly onFault: OnFault;
	private readonly counts = new Retries();
	/** When CONNECT was sent last, or a connection begun that has not come so far. */
	private connectedAt = Number.NEGATIVE_INFINITY;
	private onlineSince: number | undefined;
	private lastOnline = 0;

	constructor(clock: Clock, random: Random, onFault: OnFault) {
		this.clock = clock;
		this.random = random;
		this.onFault = onFault;
	}

	/** Retries in a row that are not forgotten yet. */
	get retries(): number {
		return this.counts.inRow;
	}

	/** Until a connection may be begun, 0 or more. */
	get wait(): number {
		return Math.max(0, this.connectedAt + CONNECT_INTERVAL - this.clock.monotonic());
	}

	/** Whether it has not been online for a day. */
	get isLost(): boolean {
		return this.clock.monotonic() - this.lastOnline >= OFFLINE_LIMIT;
	}

	/** Whether the network may be gone without a word: it is to be left and joined anew, now and then. */
	get findsNobody(): boolean {
		const count = this.counts.of("network");
		return count > 0 && count % REJOIN_AFTER === 0;
	}

	/** The device is switched on: whoever does that wants it to try at once. */
	reset(): void {
		this.counts.clear();
		this.onlineSince = undefined;
		this.lastOnline = this.clock.monotonic();
	}

	/** A connection is begun; told again when CONNECT is sent, which may be much later. */
	connects(): void {
		this.connectedAt = this.clock.monotonic();
	}

	online(): void {
		this.onlineSince = this.clock.monotonic();
	}

	/** Nothing where it was not online. */
	offline(): void {
		const { onlineSince } = this;
		if (onlineSince === undefined) return;
		this.onlineSince = undefined;
		this.lastOnline = this.clock.monotonic();
		this.counts.stayed(this.lastOnline - onlineSince);
	}

	/** Counts an outcome. @returns how long to wait because of it. */
	after(kind: OutcomeKind): number {
		return this.counts.next(kind, this.jitter());
	}

	/**
	 * `disconnectAfterInSeconds` closes hard; a device that knows of it says goodbye before, each at a moment of its own.
	 * @param disconnectAfter seconds, 300 or more.
	 */
	refreshAfter(disconnectAfter: number): number {
		const lead = Math.min(LONGEST_LEAD, disconnectAfter * 100);
		return disconnectAfter * 1000 - lead - Math.floor((this.jitter() * lead) / 2);
	}

	private jitter(): number {
		return jitter(this.random, this.onFault);
	}
}
