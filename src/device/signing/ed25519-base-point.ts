/**
 * Multiples of Ed25519's base point B (RFC 8032 section 5.1) by a comb of five teeth.
 *
 * An odd scalar is a sum of plus and minus 2^0 .. 2^254. Its 255 signs make 51 columns of five, and each column is one of 16
 * points of a table or the negative of one: 50 doublings and 50 additions, none of which depends on the scalar but by
 * which point it reads. Points are in extended coordinates x = X/Z, y = Y/Z, xy = T/Z with a = -1
 * (H. Hisil et al., ASIACRYPT 2008, sections 3.1 and 3.3); the formulas have no exceptions on this curve.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { FOLD_FACTOR, FOLD_MASK, FOLD_SHIFT, invert, PRIME, product } from "./ed25519-field.js";
import { BASE_POINT_TABLE } from "./ed25519-table.js";

/** The order L of B. */
export const ORDER = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn;

/** Positions of the comb: {@link BASE_POINT_TABLE} is made for these. */
const TEETH = 5;
const COLUMNS = 51;
/** Bits of a column's teeth that are worked on as one small number. */
const HALF_COLUMNS = 26;
/** A multiple of p that no coordinate reaches: they are below 2^257. */
const COORDINATE_BIAS = PRIME << 2n;
/** A multiple of p that no product folded once reaches: they are below 2^264. */
const PRODUCT_BIAS = PRIME << 12n;
/** d of the curve -x^2 + y^2 = 1 + d x^2 y^2. */
const CURVE_D = 0x52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3n;

/**
 * The point `scalar` * B.
 * @param scalar 0 or more and below {@link ORDER}.
 * @returns its encoding (RFC 8032 section 5.1.2) as a number: y, and above its 255 bits the lowest bit of x.
 * @throws {DeviceError} code `signature-fault` when the result is no point of the curve: what a computing fault makes of
 * one is hardly ever on it.
 */
export function multiplyBasePoint(scalar: bigint): bigint {
	const [x, y, z] = sumOfColumns(columnsOf(scalar));
	const inverse = invert(z);
	return encodePoint(product(x, inverse) % PRIME, product(y, inverse) % PRIME);
}

/** The encoding of the point of affine `x` and `y`, both below p; throws as {@link multiplyBasePoint}. */
export function encodePoint(x: bigint, y: bigint): bigint {
	const xx = product(x, x);
	const yy = product(y, y);
	if ((yy + COORDINATE_BIAS - xx) % PRIME !== (product(product(xx, yy), CURVE_D) + 1n) % PRIME)
		throw new DeviceError({
			code: "signature-fault",
			step: "signing",
			cause: "the point just computed is not on the curve; it was thrown away",
			remedy: "sign again; if it recurs, the program's flash is damaged or the power supply is unstable",
		});
	return y | ((x & 1n) << 255n);
}

/**
 * X, Y and Z of the sum that `columns` describe, the last one first.
 *
 * Coordinates stay below 2^257, what is multiplied in between (e to h) below 2^268. Folds are written out: a call would
 * cost as much as a seventh of a product, and there are a thousand of them.
 */
function sumOfColumns(columns: readonly number[]): readonly [bigint, bigint, bigint] {
	const table = BASE_POINT_TABLE;
	const mask = FOLD_MASK;
	const shift = FOLD_SHIFT;
	const factor = FOLD_FACTOR;
	const bias = PRODUCT_BIAS;
	const coordinateBias = COORDINATE_BIAS;
	let entry = columns[COLUMNS - 1]!;
	// (y + x) - (y - x) = 2x and (y + x) + (y - x) = 2y. The first operation is a doubling, which needs no T.
	let x = table[entry ^ 1]!.n + PRIME - table[entry]!.n;
	let y = table[entry ^ 1]!.n + table[entry]!.n;
	let z = 2n;
	for (let column = COLUMNS - 2; column >= 0; column--) {
		let a = x * x;
		a = (a & mask) + (a >> shift) * factor;
		let b = y * y;
		b = (b & mask) + (b >> shift) * factor;
		let c = z * z;
		c = (c & mask) + (c >> shift) * factor;
		let e = x * y;
		e = (e & mask) + (e >> shift) * factor;
		e += e;
		let f = c + c + a + bias - b;
		let g = b + bias - a;
		let h = a + b;
		x = e * f;
		x = (x & mask) + (x >> shift) * factor;
		x = (x & mask) + (x >> shift) * factor;
		y = g * h;
		y = (y & mask) + (y >> shift) * factor;
		y = (y & mask) + (y >> shift) * factor;
		z = f * g;
		z = (z & mask) + (z >> shift) * factor;
		z = (z & mask) + (z >> shift) * factor;
		let t = e * h;
		t = (t & mask) + (t >> shift) * factor;
		t = (t & mask) + (t >> shift) * factor;

		entry = columns[column]!;
		a = (y + coordinateBias - x) * table[entry]!.n;
		a = (a & mask) + (a >> shift) * factor;
		b = (y + x) * table[entry ^ 1]!.n;
		b = (b & mask) + (b >> shift) * factor;
		c = t * table[entry | 2]!.n;
		c = (c & mask) + (c >> shift) * factor;
		z += z;
		e = b + bias - a;
		f = z + bias - c;
		g = z + c;
		h = a + b;
		x = e * f;
		x = (x & mask) + (x >> shift) * factor;
		x = (x & mask) + (x >> shift) * factor;
		y = g * h;
		y = (y & mask) + (y >> shift) * factor;
		y = (y & mask) + (y >> shift) * factor;
		z = f * g;
		z = (z & mask) + (z >> shift) * factor;
		z = (z & mask) + (z >> shift) * factor;
	}
	return [x, y, z];
}

/**
 * The columns of `scalar`, each as the place in {@link BASE_POINT_TABLE} where its point begins, plus 1 when the
 * point's negative is meant: of the four numbers there, the negative has the same in each pair the other way round.
 */
function columnsOf(scalar: bigint): number[] {
	// L * B is nothing, and L is odd. With bit i of `signs` set 2^i is added, else subtracted.
	const odd = (scalar & 1n) === 1n ? scalar : scalar + ORDER;
	const signs = (odd + ALL_SIGNS) >> 1n;
	const columns = new Array<number>(COLUMNS).fill(0);
	for (let tooth = 0; tooth < TEETH; tooth++) {
		const at = COLUMNS * tooth;
		spread(columns, 0, tooth, Number((signs >> BigInt(at)) & HALF_MASK));
		spread(columns, HALF_COLUMNS, tooth, Number((signs >> BigInt(at + HALF_COLUMNS)) & HALF_MASK));
	}
	for (let i = 0; i < COLUMNS; i++) {
		const column = columns[i]!;
		// The table has the points whose last tooth is added.
		const negative = 1 - (column >> (TEETH - 1));
		columns[i] = (((column ^ -negative) & 15) << 2) | negative;
	}
	return columns;
}

const ALL_SIGNS = (1n << BigInt(TEETH * COLUMNS)) - 1n;
const HALF_MASK = (1n << BigInt(HALF_COLUMNS)) - 1n;

/** Gives the columns from `first` on the bits of `bits` as bit `tooth`. */
function spread(columns: number[], first: number, tooth: number, bits: number): void {
	const end = Math.min(first + HALF_COLUMNS, COLUMNS);
	let rest = bits;
	for (let i = first; i < end; i++) {
		columns[i] = columns[i]! | ((rest & 1) << tooth);
		rest >>= 1;
	}
}
