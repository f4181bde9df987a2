/**
 * How long an open connection is waited for: for the next packet while it is read, for the peer to take what was
 * written while it is not.
 *
 * The two exclude each other: a PINGREQ that the broker itself leaves unread must not count as missing.
 * @module
 */
import type { Clock, Timer } from "./clock.js";
import type { Ending } from "./ending.js";

interface PatienceOptions {
	readonly clock: Clock;
	/** Seconds. */
	readonly keepAlive: number;
	/** Milliseconds that the peer may take nothing. */
	readonly stallTimeout: number;
	readonly end: (ending: Ending) => void;
}

const KEEP_ALIVE_TIMEOUT: Ending = { cause: "keep-alive-timeout", reasonCode: 0x8d };
/** MQTT 5 has no reason code of its own for it; this one is "quota exceeded". */
const NOT_READING: Ending = { cause: "not-reading", reasonCode: 0x97 };

/** Waits for packets from its making on, until it is stopped. */
export class Patience {
	private readonly options: PatienceOptions;
	/** When the last packet came or reading began again, in milliseconds. */
	private heardAt = 0;
	private timer: Timer;

	constructor(options: PatienceOptions) {
		this.options = options;
		this.awaitPackets();
	}

	/** A packet came. */
	heard(): void {
		this.heardAt = this.options.clock.now();
	}

	/** Waits for packets, one and a half times the keep-alive for each, from now on [MQTT-3.1.2-22]. */
	awaitPackets(): void {
		this.stop();
		this.heard();
		this.checkKeepAlive();
	}

	/** Waits for the peer to take what was written. */
	awaitDrain(): void {
		const { clock, stallTimeout, end } = this.options;
		this.stop();
		this.timer = clock.setTimer(() => end(NOT_READING), stallTimeout);
	}

	stop(): void {
		this.options.clock.clearTimer(this.timer);
	}

	private checkKeepAlive(): void {
		const { clock, keepAlive, end } = this.options;
		const left = this.heardAt + keepAlive * 1500 - clock.now();
		if (left > 0) this.timer = clock.setTimer(() => this.checkKeepAlive(), left);
		else end(KEEP_ALIVE_TIMEOUT);
	}
}
