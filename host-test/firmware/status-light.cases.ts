/**
 * Patterns of a light, as they are seen over time.
 * @module
 */
import { StatusLight } from "../../src/firmware/status-light.js";
import type { Cases } from "../device/case.js";
import { VirtualClock } from "../device/world.js";

function lamp() {
	const clock = new VirtualClock();
	/** Each change, with its moment. */
	const seen: string[] = [];
	const light = new StatusLight({ write: (value) => void seen.push(`${clock.monotonic()} ${value}`) }, clock);
	seen.length = 0;
	return { clock, seen, light };
}

export const cases: Cases = {
	"it is dark at first"(check) {
		const values: number[] = [];
		new StatusLight({ write: (value) => void values.push(value) }, new VirtualClock());
		check.same(values, [0]);
	},

	"a pattern is lit and dark in turn, again and again"(check) {
		const { clock, seen, light } = lamp();
		light.show([100, 200, 100, 600]);
		clock.advance(1_350);
		check.same(seen, ["0 1", "100 0", "300 1", "400 0", "1000 1", "1100 0", "1300 1"]);
	},

	"one entry is lit for good, none dark for good"(check) {
		const { clock, seen, light } = lamp();
		light.show([1000]);
		check.same([seen, clock.pending], [["0 1"], 0]);
		light.show([]);
		check.same([seen, clock.pending], [["0 1", "0 0"], 0]);
	},

	"another pattern begins at once, from its beginning"(check) {
		const { clock, seen, light } = lamp();
		light.show([500, 500]);
		clock.advance(250);
		light.show([100, 1900]);
		clock.advance(100);
		check.same([seen, clock.pending], [["0 1", "250 1", "350 0"], 1]);
	},

	"the pattern that is shown already goes on"(check) {
		const { clock, seen, light } = lamp();
		const pattern = [100, 100];
		light.show(pattern);
		clock.advance(50);
		light.show(pattern);
		clock.advance(50);
		check.same(seen, ["0 1", "100 0"]);
	},

	"times of nothing do not keep the device busy"(check) {
		const { clock, seen, light } = lamp();
		light.show([0, 0]);
		clock.advance(10);
		check.is(seen.length, 11);
	},
};
