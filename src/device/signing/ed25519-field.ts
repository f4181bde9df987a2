/**
 * Numbers modulo p = 2^255 - 19 (RFC 8032 section 5.1), as BigInts that are brought down no further than is needed.
 *
 * XS's `%` costs five multiplications. 2^256 is 38 modulo p, so a number shrinks when what lies above its 256th bit is
 * multiplied by 38 and added to the rest: a fold. One fold brings a number below 2^514 to below 2^264, two bring one
 * below 2^540 to below 2^257. Nothing is ever negative (XS 13.3 shifts negative BigInts wrongly): what is subtracted
 * from gets a multiple of p first.
 * @module
 */

/** The prime p. */
export const PRIME = 0x7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffedn;
/** Where a number is folded. */
export const FOLD_SHIFT = 256n;
export const FOLD_MASK = 0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffn;
/** 2^256 modulo p. */
export const FOLD_FACTOR = 38n;

/** `a * b`, both below 2^257; the result too. */
export function product(a: bigint, b: bigint): bigint {
	const whole = a * b;
	const once = (whole & FOLD_MASK) + (whole >> FOLD_SHIFT) * FOLD_FACTOR;
	return (once & FOLD_MASK) + (once >> FOLD_SHIFT) * FOLD_FACTOR;
}

/**
 * 1 / `value` as `value ** (p - 2)` (Fermat): 254 squarings and 12 products whatever the value is. Euclid's algorithm
 * would be five times as quick, but its time tells of the value, and with it of the nonce of a signature.
 * @param value 0 or more and below 2^257.
 * @returns below 2^257; 0 for 0.
 */
export function invert(value: bigint): bigint {
	// ones(n) is value ** (2^n - 1).
	const ones2 = product(squared(value, 1), value);
	const ones4 = product(squared(ones2, 2), ones2);
	const ones5 = product(squared(ones4, 1), value);
	const ones10 = product(squared(ones5, 5), ones5);
	const ones20 = product(squared(ones10, 10), ones10);
	const ones40 = product(squared(ones20, 20), ones20);
	const ones50 = product(squared(ones40, 10), ones10);
	const ones100 = product(squared(ones50, 50), ones50);
	const ones200 = product(squared(ones100, 100), ones100);
	const ones250 = product(squared(ones200, 50), ones50);
	// p - 2 = 2^255 - 21 = (2^250 - 1) * 2^5 + 11, and 11 = 8 + 3.
	return product(squared(ones250, 5), product(squared(value, 3), ones2));
}

/** `value` squared `times` times. */
function squared(value: bigint, times: number): bigint {
	const shift = FOLD_SHIFT;
	const mask = FOLD_MASK;
	const factor = FOLD_FACTOR;
	let result = value;
	// Written out rather than called: a call costs as much as a seventh of a product.
	for (let i = 0; i < times; i++) {
		result *= result;
		result = (result & mask) + (result >> shift) * factor;
		result = (result & mask) + (result >> shift) * factor;
	}
	return result;
}
