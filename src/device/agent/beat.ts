/**
 * The agent's pulse: feeds the watchdog as long as the device gets anywhere.
 *
 * The platform's own watchdog sees a loop that stands still. This one also sees a loop that turns and an agent that is
 * stuck in a state whose end never came, or that has not been online for a day: both end in a restart.
 * @module
 */
import type { Clock, Timer, Watchdog } from "../ports.js";
import { attempted, type OnFault } from "./guarded-ports.js";

/** Milliseconds; a watchdog has to be patient for three of them. */
const INTERVAL = 10_000;

export interface BeatOptions {
	readonly clock: Clock;
	readonly watchdog: Watchdog | undefined;
	/** Whether the device gets anywhere. */
	readonly isWell: () => boolean;
	/** Called at each beat. */
	readonly onBeat: () => void;
	/** A watchdog that cannot be fed restarts the device; until then it goes on. */
	readonly onFault: OnFault;
}

export class Beat {
	private readonly options: BeatOptions;
	private timer: Timer | undefined;

	constructor(options: BeatOptions) {
		this.options = options;
	}

	/** Beats at once, and on. Nothing happens when it does already. */
	start(): void {
		if (this.timer === undefined) this.beat();
	}

	/** The watchdog is not fed any more: a device that is switched off stands in nobody's way, so it is stopped as well. */
	stop(): void {
		if (this.timer !== undefined) this.options.clock.clearTimer(this.timer);
		this.timer = undefined;
	}

	private beat(): void {
		const { clock, watchdog, isWell, onBeat, onFault } = this.options;
		this.timer = clock.setTimer(() => this.beat(), INTERVAL);
		if (isWell()) attempted("watchdog", onFault, () => watchdog?.feed());
		onBeat();
	}
}
