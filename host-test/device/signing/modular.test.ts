/**
 * Powers modulo a number of any size, held against square and multiply with `%`.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { bitLength, Modulus } from "../../../src/device/signing/modular.js";

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
	let result = 1n;
	let square = base % modulus;
	for (let rest = exponent; rest > 0n; rest >>= 1n) {
		if (rest & 1n) result = (result * square) % modulus;
		square = (square * square) % modulus;
	}
	return result % modulus;
}

/** A number of exactly that many bits. */
function ofBits(bits: number): fc.Arbitrary<bigint> {
	return fc.bigInt({ min: 1n << BigInt(bits - 1), max: (1n << BigInt(bits)) - 1n });
}

/** Any share of a modulus, both ends too. */
const shares = fc.oneof(fc.constantFrom(0n, 1n, 2n ** 64n - 1n, 2n ** 64n), fc.bigInt({ min: 0n, max: 2n ** 64n }));

function share(whole: bigint, part: bigint): bigint {
	return ((whole - 1n) * part) >> 64n;
}

test("any base to any exponent is right modulo any number of 512 bits or more", (t) => {
	fc.assert(
		fc.property(fc.integer({ min: 512, max: 1100 }).chain(ofBits), shares, shares, (value, base, exponent) => {
			const b = share(value, base);
			const e = share(value, exponent);
			t.is(new Modulus(value).power(b, e), power(b, e, value));
		}),
		{ numRuns: 60 },
	);
});

for (const bits of [1024, 1536, 2048])
	test(`modulo the smallest and largest numbers of ${bits} bits every edge is right`, (t) => {
		const top = 1n << BigInt(bits);
		for (const value of [top / 2n, top / 2n + 1n, top - 1n, top - 2n])
			for (const base of [0n, 1n, 2n, value / 2n, value - 1n])
				for (const exponent of [0n, 1n, 31n, 32n, 2n ** 30n, 2n ** 30n - 1n, value - 1n])
					t.is(new Modulus(value).power(base, exponent), power(base, exponent, value), `${value} ${base} ${exponent}`);
	});

test("an exponent may be longer than the modulus by the bits that were said", (t) => {
	fc.assert(
		fc.property(ofBits(1024), shares, fc.integer({ min: 0, max: 80 }), shares, (value, base, extraBits, exponent) => {
			const b = share(value, base);
			const e = share(value << BigInt(extraBits), exponent);
			t.is(new Modulus(value).power(b, e, extraBits), power(b, e, value));
		}),
		{ numRuns: 30 },
	);
});

test("any public exponent is right", (t) => {
	const exponents = fc.oneof(
		fc.constantFrom(1, 2, 3, 17, 65537, 2 ** 31 - 1),
		fc.integer({ min: 1, max: 2 ** 31 - 1 }),
	);
	fc.assert(
		fc.property(ofBits(2048), shares, exponents, (value, base, exponent) => {
			const b = share(value, base);
			t.is(new Modulus(value).powerPublic(b, exponent), power(b, BigInt(exponent), value));
		}),
		{ numRuns: 40 },
	);
});

test("the length in bits of any number is that of its binary digits", (t) => {
	t.is(bitLength(0n), 0);
	for (let bit = 0; bit < 8192; bit += 31) {
		t.is(bitLength(1n << BigInt(bit)), bit + 1);
		t.is(bitLength((1n << BigInt(bit + 1)) - 1n), bit + 1);
	}
	fc.assert(fc.property(fc.bigInt({ min: 1n, max: 2n ** 4096n }), (n) => t.is(bitLength(n), n.toString(2).length)));
});
