/**
 * Modular exponentiation on BigInt, shaped for an engine whose `%` costs five multiplications.
 *
 * A product is folded once at one and a half times the modulus' size and then reduced after Barrett
 * (P. Barrett, CRYPTO '86), without a final subtraction: values stay below `m * (1 + 2^-14)`.
 * BigInt cannot be made constant-time; the sequence of operations at least does not depend on the exponent's digits.
 * @module
 */

/** How many bits a number of 0 or more has, without leading zeros. */
export function bitLength(value: bigint): number {
	let bits = 0;
	let rest = value;
	for (; rest > 0xffffffffn; rest >>= 32n) bits += 32;
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
	 * `base ** exponent mod value` in windows of five bits; a square and multiply per digit, zero or not.
	 * @param base 0 or more and below the modulus.
	 * @param exponent 0 or more and below the modulus.
	 */
	power(base: bigint, exponent: bigint): bigint {
		const table = this.powers(base);
		const { mask, foldShift, fold, estimateShift, quotientShift, reciprocal, value } = this;
		let digit = Math.ceil(this.bits / WINDOW) - 1;
		let result = table[this.digit(exponent, digit)]!;
		while (digit-- > 0) {
			const factor = table[this.digit(exponent, digit)]!;
			// Written out rather than called: a call costs as much as an eighth of a product.
			for (let i = 0; i <= WINDOW; i++) {
				let product = result * (i < WINDOW ? result : factor);
				product = (product & mask) + (product >> foldShift) * fold;
				result = product - (((product >> estimateShift) * reciprocal) >> quotientShift) * value;
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
		product = (product & this.mask) + (product >> this.foldShift) * this.fold;
		return product - (((product >> this.estimateShift) * this.reciprocal) >> this.quotientShift) * this.value;
	}

	/** `base ** 0` to `base ** 31`. */
	private powers(base: bigint): bigint[] {
		const table = [1n, base];
		for (let i = 2; i < 1 << WINDOW; i++) table.push(this.product(table[i - 1]!, base));
		return table;
	}

	private digit(exponent: bigint, index: number): number {
		return Number((exponent >> BigInt(WINDOW * index)) & DIGIT_MASK);
	}
}

/** Bits of an exponent's digit. */
const WINDOW = 5;
const DIGIT_MASK = (1n << BigInt(WINDOW)) - 1n;
/** Bits kept beyond the modulus in Barrett's estimate, so that no correcting subtraction is needed. */
const SLACK = 17;
