/** @module */
import test from "ava";
import fc from "fast-check";
import { least } from "./least.js";

test("the least number is found to the step", async (t) => {
	const range = fc.record({
		from: fc.nat(100),
		steps: fc.integer({ min: 1, max: 500 }),
		step: fc.integer({ min: 1, max: 64 }),
	});
	const property = fc.asyncProperty(range, fc.double({ min: 0, max: 1, noNaN: true }), async (given, share) => {
		const { from, steps, step } = given;
		const bound = from + Math.ceil(share * steps) * step;
		const found = await least({ from, to: from + steps * step, step }, async (value) => value >= bound);
		return found === Math.max(bound, from + step);
	});
	await fc.assert(property);
	t.pass();
});

test("a number is tried once, and few are tried", async (t) => {
	const tried: number[] = [];
	await least({ from: 0, to: 16_384, step: 16 }, async (value) => {
		tried.push(value);
		return value >= 5000;
	});
	t.is(new Set(tried).size, tried.length);
	t.true(tried.length <= 12);
});

test("what does not hold for the largest number is an error", async (t) => {
	await t.throwsAsync(
		least({ from: 0, to: 64, step: 8 }, async () => false),
		{ instanceOf: RangeError, message: /64 is not enough/ },
	);
});
