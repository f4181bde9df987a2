/** @module */
import { Timers } from "../../../src/device/application/timers.js";
import type { Clock } from "../../../src/device/ports.js";
import type { Cases } from "../case.js";
import { VirtualClock } from "../world.js";

/** Timers of an application whose exceptions are noted. */
function timers() {
	const clock = new VirtualClock();
	const thrown: string[] = [];
	const made = new Timers(clock, (action) => {
		try {
			action();
		} catch (error) {
			thrown.push(String(error));
		}
	});
	return { clock, thrown, made };
}

/** Timers that are kept. */
function kept(timers: Timers): number {
	const sets = Object.values(timers).filter((member) => member instanceof Set);
	return sets.reduce((sum, { size }) => sum + size, 0);
}

export const cases: Cases = {
	"an interval or a delay that no platform can keep is refused": (check) => {
		const { made } = timers();
		for (const wrong of [0, -1, 0.5, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY])
			check.throws(() => made.every(wrong, () => {}), { name: "RangeError" }, String(wrong));
		for (const wrong of [-1, 2 ** 31, Number.NaN, Number.POSITIVE_INFINITY])
			check.throws(() => made.after(wrong, () => {}), { name: "RangeError" }, String(wrong));
		made.every(2 ** 31 - 1, () => {});
		made.after(0, () => {});
	},
	"an action that throws does not end its interval": (check) => {
		const { clock, thrown, made } = timers();
		made.every(10, () => {
			throw new Error("tick");
		});
		clock.advance(30);
		check.same(thrown, Array(3).fill("Error: tick"));
		made.clear();
		check.is(clock.pending, 0);
	},
	"an action may take itself back, and all others": (check) => {
		const { clock, made } = timers();
		let ticks = 0;
		const cancel = made.every(10, () => {
			ticks++;
			cancel();
		});
		made.every(10, () => made.clear());
		clock.advance(100);
		check.is(ticks, 1);
		check.is(clock.pending, 0);
	},
	"a platform that makes no next timer ends the interval, and the action is done once more": (check) => {
		const { clock, thrown, made } = timers();
		let ticks = 0;
		const cancel = made.every(10, () => ticks++);
		const { setTimer } = clock;
		const broken: Pick<Clock, "setTimer"> = {
			setTimer() {
				throw new Error("no memory");
			},
		};
		Object.assign(clock, broken);
		clock.advance(100);
		check.is(ticks, 1);
		check.same(thrown, ["Error: no memory"]);
		check.is(kept(made), 0);
		Object.assign(clock, { setTimer });
		cancel();
		made.clear();
		clock.advance(100);
		check.is(ticks, 1);
	},
	"nothing is kept of a timer that has run or was taken back": (check) => {
		const { clock, made } = timers();
		for (let i = 0; i < 50; i++) {
			made.after(1, () => {});
			made.every(1, () => {})();
			clock.advance(1);
		}
		check.is(kept(made), 0);
		check.is(clock.pending, 0);
	},
};
