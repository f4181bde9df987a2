/**
 * Modular exponentiation on BigInt, shaped for an engine whose `%` costs five multiplications.
 *
 * A product is folded once at one and a half times the modulus' size and then reduced after Barrett
 * (P. Barrett, CRYPTO '86), without a final subtraction: values stay below `m * (1 + 2^-14)`.
 * BigInt cannot be made constant-time; the sequence of operations at least does not depend on the exponent's digits.
 * In a product the longer factor comes first: the engine's inner loop runs over it.
 * @module
 */

/** How many bits a number of 0 or more and below 2^8192 has, without leading zeros. */
export function bitLength(value: bigint): number {
	let bits = 0;
	let rest = value;
	for (let step = 4096; step >= 32; step /= 2) {
		const above = rest >> BigInt(step);
		if (above === 0n) continue;
		bits += step;
		rest = above;
	}
	return bits + 32 - Math.clz32(Number(rest));
}

/** Powers modulo one number. */
export class Modulus {
	readonly value: bigint;
	private readonly bits: number;
	private readonly mask: bigint;
	private readonly foldShift: bigint;
	/** 2^foldShift mod value: what a bit above the fold is worth below it. */
	private readonly fold: bigint;
	private readonly estimateShift: bigint;
	private readonly quotientShift: bigint;
	private readonly reciprocal: bigint;

	/** @param value the modulus, of 512 bits or more. */
	constructor(value: bigint) {
		const length = bitLength(value);
		const bits = length + (length % 2);
		this.value = value;
		this.bits = bits;
		const half = bits / 2;
		this.foldShift = BigInt(bits + half);
		this.mask = (1n << this.foldShift) - 1n;
		this.fold = (1n << this.foldShift) % value;
		this.estimateShift = BigInt(bits - SLACK);
		this.quotientShift = BigInt(half + 2 * SLACK);
		this.reciprocal = (1n << BigInt(bits + half + SLACK)) / value;
	}

	/**
	 * `base ** exponent mod value` in windows of five bits; five squarings and a product per digit, zero or not.
	 * @param base 0 or more and below the modulus.
	 * @param exponent 0 or more and below 2^(bits of the modulus + extraBits).
	 * @param extraBits by how many bits the exponent may be longer than the modulus.
	 */
	power(base: bigint, exponent: bigint, extraBits = 0): bigint {
		const table = this.powers(base);
		const { mask, foldShift, fold, estimateShift, quotientShift, reciprocal, value } = this;
		let digit = Math.ceil((this.bits + extraBits) / WINDOW) - 1;
		let word = wordOf(exponent, digit);
		let result = table[(word >> (WINDOW * (digit % DIGITS))) & LAST_DIGIT]!;
		while (digit-- > 0) {
			const place = digit % DIGITS;
			if (place === DIGITS - 1) word = wordOf(exponent, digit);
			const factor = table[(word >> (WINDOW * place)) & LAST_DIGIT]!;
			// Written out rather than called: a call costs as much as an eighth of a product.
			for (let i = 0; i <= WINDOW; i++) {
				let product = result * (i < WINDOW ? result : factor);
				product = (product & mask) + fold * (product >> foldShift);
				result = product - value * ((reciprocal * (product >> estimateShift)) >> quotientShift);
			}
		}
		return result % value;
	}

	/** `base ** exponent mod value` for a public exponent below 2^31: as quick as its few set bits allow. */
	powerPublic(base: bigint, exponent: number): bigint {
		let result = base;
		for (let bit = 31 - Math.clz32(exponent) - 1; bit >= 0; bit--) {
			result = this.product(result, result);
			if ((exponent >> bit) & 1) result = this.product(result, base);
		}
		return result % this.value;
	}

	private product(a: bigint, b: bigint): bigint {
		let product = a * b;
		product = (product & this.mask) + this.fold * (product >> this.foldShift);
		return product - this.value * ((this.reciprocal * (product >> this.estimateShift)) >> this.quotientShift);
	}

	/** `base ** 0` to `base ** 31`. The first is written as the modulus + 1: a product by a short 1 would be quicker. */
	private powers(base: bigint): bigint[] {
		const table = new Array<bigint>(LAST_DIGIT + 1).fill(base);
		table[0] = this.value + 1n;
		for (let i = 2; i <= LAST_DIGIT; i++) table[i] = this.product(table[i - 1]!, base);
		return table;
	}
}

/** The digits of `exponent` that are taken out together with the one at `digit`: 30 bits, which is quick to shift. */
function wordOf(exponent: bigint, digit: number): number {
	const first = digit - (digit % DIGITS);
	return Number((exponent >> BigInt(WINDOW * first)) & WORD_MASK);
}

/** Bits of an exponent's digit. */
const WINDOW = 5;
const LAST_DIGIT = (1 << WINDOW) - 1;
/** Digits of a word. */
const DIGITS = 6;
const WORD_MASK = (1n << BigInt(WINDOW * DIGITS)) - 1n;
/** Bits kept beyond the modulus in Barrett's estimate, so that no correcting subtraction is needed. */
const SLACK = 17;
