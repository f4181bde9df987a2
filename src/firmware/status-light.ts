/**
 * Plays the patterns of a light that tells what the device is doing.
 * @module
 */
import type { Light } from "../device/agent/index.js";
import type { Clock, Timer } from "../device/ports.js";

/** What a light is wired to: `embedded:io/digital` on ESP32. */
export interface LightOutput {
	/** 1: lit. */
	write(value: 0 | 1): void;
}

export class StatusLight {
	private readonly output: LightOutput;
	private readonly clock: Clock;
	private pattern: Light = [];
	private at = 0;
	private timer: Timer | undefined;

	/** @param output dark from now on. @throws as the output does. */
	constructor(output: LightOutput, clock: Clock) {
		this.output = output;
		this.clock = clock;
		output.write(0);
	}

	/** Plays `pattern` from its beginning; the one that is played already goes on as it is. */
	show(pattern: Light): void {
		if (pattern === this.pattern) return;
		this.pattern = pattern;
		this.stopTimer();
		this.at = 0;
		if (pattern.length < 2) this.output.write(pattern.length === 1 ? 1 : 0);
		else this.step();
	}

	private step(): void {
		const { pattern, at } = this;
		this.at = (at + 1) % pattern.length;
		this.output.write(at % 2 === 0 ? 1 : 0);
		this.timer = this.clock.setTimer(
			() => {
				this.timer = undefined;
				this.step();
			},
			Math.max(1, pattern[at]!),
		);
	}

	private stopTimer(): void {
		if (this.timer !== undefined) this.clock.clearTimer(this.timer);
		this.timer = undefined;
	}
}
