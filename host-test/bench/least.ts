/**
 * The smallest number that something holds for.
 * @module
 */

export interface Range {
	/** It need not hold for this. */
	readonly from: number;
	/** It has to hold for this. */
	readonly to: number;
	/** What the numbers looked at are apart. */
	readonly step: number;
}

/**
 * The smallest of `from + step`, `from + 2 * step`, … up to `to` for which `holds`, by halving: where it holds for a
 * number and not for a larger one, the same such number in every run.
 * @throws {RangeError} where it does not hold for `to`.
 */
export async function least({ from, to, step }: Range, holds: (value: number) => Promise<boolean>): Promise<number> {
	let low = 0;
	let high = Math.ceil((to - from) / step);
	if (!(await holds(from + high * step))) throw new RangeError(`bench: ${to} is not enough`);
	while (high - low > 1) {
		const middle = Math.floor((low + high) / 2);
		if (await holds(from + middle * step)) high = middle;
		else low = middle;
	}
	return from + high * step;
}
