/**
 * Bounds of options.
 * @module
 */

/** @throws {RangeError} unless `value` is an integer of `least..most`. */
export function requireWithin(name: string, value: number, least: number, most: number): void {
	if (!(Number.isInteger(value) && value >= least && value <= most))
		throw new RangeError(`${name}: expected ${least}..${most}, got ${value}`);
}
