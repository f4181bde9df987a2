/**
 * The curve of Ed25519 as RFC 8032 section 5.1 writes it down, with `%` and no tricks: what the device's arithmetic is held
 * against.
 * @module
 */

export const P = 2n ** 255n - 19n;
/** The order of the base point. */
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;
export const D = mod(-121665n * inverse(121666n));

/** Extended homogeneous coordinates: x = X/Z, y = Y/Z, xy = T/Z. */
export interface Point {
	readonly x: bigint;
	readonly y: bigint;
	readonly z: bigint;
	readonly t: bigint;
}

export const NEUTRAL: Point = { x: 0n, y: 1n, z: 1n, t: 0n };
/** B: y is 4/5, x is the even root. */
export const BASE = decode((4n * inverse(5n)) % P)!;

export function mod(value: bigint): bigint {
	const rest = value % P;
	return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint): bigint {
	let result = 1n;
	let square = mod(base);
	for (let rest = exponent; rest > 0n; rest >>= 1n) {
		if (rest & 1n) result = mod(result * square);
		square = mod(square * square);
	}
	return result;
}

export function inverse(value: bigint): bigint {
	return power(value, P - 2n);
}

/** RFC 8032 section 5.1.4, which holds for doubling too. */
export function add(one: Point, other: Point): Point {
	const a = mod((one.y - one.x) * (other.y - other.x));
	const b = mod((one.y + one.x) * (other.y + other.x));
	const c = mod(2n * D * one.t * other.t);
	const d = mod(2n * one.z * other.z);
	const [e, f, g, h] = [b - a, d - c, d + c, b + a];
	return { x: mod(e * f), y: mod(g * h), z: mod(f * g), t: mod(e * h) };
}

export function negative({ x, y, z, t }: Point): Point {
	return { x: mod(-x), y, z, t: mod(-t) };
}

/** x and y. */
export function affine({ x, y, z }: Point): readonly [bigint, bigint] {
	const scale = inverse(z);
	return [mod(x * scale), mod(y * scale)];
}

export function multiply(point: Point, scalar: bigint): Point {
	let result = NEUTRAL;
	let double = point;
	for (let rest = scalar; rest > 0n; rest >>= 1n) {
		if (rest & 1n) result = add(result, double);
		double = add(double, double);
	}
	return result;
}

/** RFC 8032 section 5.1.2, the 32 bytes read as a number. */
export function encode(point: Point): bigint {
	const [x, y] = affine(point);
	return y | ((x & 1n) << 255n);
}

/** RFC 8032 section 5.1.3; `undefined` where that says decoding fails. */
export function decode(encoding: bigint): Point | undefined {
	const y = encoding & ((1n << 255n) - 1n);
	if (y >= P) return undefined;
	const square = mod((y * y - 1n) * inverse(D * y * y + 1n));
	let x = power(square, (P + 3n) / 8n);
	if (mod(x * x) !== square) x = mod(x * power(2n, (P - 1n) / 4n));
	const odd = encoding >> 255n;
	if (mod(x * x) !== square || (x === 0n && odd === 1n)) return undefined;
	if ((x & 1n) !== odd) x = P - x;
	return { x, y, z: 1n, t: mod(x * y) };
}
