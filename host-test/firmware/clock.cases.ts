/**
 * The device's clock over timers that compare in 32 bits and ticks that wrap.
 * @module
 */
import { PlatformClock } from "../../src/firmware/clock.js";
import type { Cases } from "../device/case.js";

const BUILT = 1_800_000_000_000;

interface SetTimer {
	readonly callback: () => void;
	readonly delay: number;
}

/** Ticks, wall time and timers that a case moves by hand. */
class ScriptedTime {
	ticks = 0;
	wall = BUILT;
	readonly faults: string[] = [];
	readonly set: SetTimer[] = [];
	readonly cleared: object[] = [];
	readonly clock: PlatformClock;

	constructor(ticks = 0) {
		this.ticks = ticks;
		this.clock = new PlatformClock({
			Timer: {
				set: (callback, delay) => {
					const timer = { callback, delay };
					this.set.push(timer);
					return timer;
				},
				clear: (timer) => void this.cleared.push(timer!),
			},
			Time: this,
			now: () => this.wall,
			notBefore: BUILT,
			onFault: (where, error) => void this.faults.push(`${where}: ${String(error)}`),
		});
	}

	/** Runs the timer that was set last. */
	fire(): void {
		this.set[this.set.length - 1]!.callback();
	}
}

export const cases: Cases = {
	"it counts from 0 as ticks go on"(check) {
		const time = new ScriptedTime(12_345);
		check.is(time.clock.monotonic(), 0);
		time.ticks += 250;
		check.is(time.clock.monotonic(), 250);
		check.is(time.clock.monotonic(), 250);
	},

	"ticks that turn negative and wrap at 2^32 go on"(check) {
		const time = new ScriptedTime(0x7ffffff0);
		time.ticks = -0x7ffffff0;
		check.is(time.clock.monotonic(), 0x20);
		time.ticks = -1;
		check.is(time.clock.monotonic(), 0x20 + 0x7fffffef);
		time.ticks = 9;
		check.is(time.clock.monotonic(), 0x20 + 0x7fffffef + 10);
	},

	"ticks beyond 32 bits, as a host has them, are taken as they are"(check) {
		const time = new ScriptedTime(1_795_898_937_273);
		time.ticks += 60_000;
		check.is(time.clock.monotonic(), 60_000);
	},

	"ticks that somebody set back stand still, and go on from there"(check) {
		const time = new ScriptedTime(1_000_000);
		time.ticks += 500;
		check.is(time.clock.monotonic(), 500);
		time.ticks -= 400_000;
		check.is(time.clock.monotonic(), 500);
		time.ticks += 7;
		check.is(time.clock.monotonic(), 507);
	},

	"the wall time is unknown until it is no earlier than the firmware"(check) {
		const time = new ScriptedTime();
		check.is(time.clock.wallTime(), BUILT);
		time.wall = BUILT - 1;
		check.is(time.clock.wallTime(), undefined);
		time.wall = 3_000;
		check.is(time.clock.wallTime(), undefined);
	},

	"a timer runs once, and a fraction of a millisecond later rather than earlier"(check) {
		const time = new ScriptedTime();
		let runs = 0;
		time.clock.setTimer(() => runs++, 10.2);
		check.is(time.set[0]!.delay, 11);
		time.fire();
		check.is(runs, 1);
		check.is(time.set.length, 1);
	},

	"a timer that was cleared is cleared on the platform, once"(check) {
		const time = new ScriptedTime();
		const timer = time.clock.setTimer(() => {}, 10);
		time.clock.clearTimer(timer);
		time.clock.clearTimer(timer);
		check.is(time.cleared.length, 1);
		check.is(time.cleared[0], time.set[0]);
	},

	"a timer that has run is not cleared: the platform may have given its place away"(check) {
		const time = new ScriptedTime();
		const timer = time.clock.setTimer(() => {}, 10);
		time.fire();
		time.clock.clearTimer(timer);
		check.is(time.cleared.length, 0);
	},

	"a delay longer than the platform can count is waited for in parts"(check) {
		const time = new ScriptedTime();
		let runs = 0;
		const timer = time.clock.setTimer(() => runs++, 0x3fffffff * 2 + 5);
		time.fire();
		time.fire();
		check.same([runs, time.set.map(({ delay }) => delay)], [0, [0x3fffffff, 0x3fffffff, 5]]);
		time.fire();
		check.is(runs, 1);
		time.clock.clearTimer(timer);
		check.is(time.cleared.length, 0);
	},

	"a long timer can be cleared between its parts"(check) {
		const time = new ScriptedTime();
		const timer = time.clock.setTimer(() => {}, 0x40000000);
		time.fire();
		time.clock.clearTimer(timer);
		check.is(time.cleared[0], time.set[1]);
	},

	"a timer that runs looks at the ticks, so that none are lost while nobody asks"(check) {
		const time = new ScriptedTime();
		for (let i = 1; i <= 4; i++) {
			time.clock.setTimer(() => {}, 0x3fffffff);
			time.ticks = (time.ticks + 0x40000000) | 0;
			time.fire();
		}
		check.is(time.clock.monotonic(), 0x100000000);
	},

	"what a callback throws is told with where it came from, and goes no further"(check) {
		const time = new ScriptedTime();
		time.clock.setTimer(() => {
			throw new RangeError("out of it");
		}, 0);
		time.fire();
		check.same(time.faults, ["timer: RangeError: out of it"]);
	},
};
