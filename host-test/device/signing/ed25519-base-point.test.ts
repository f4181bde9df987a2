/**
 * Multiples of Ed25519's base point by the device's comb, held against RFC 8032's own formulas, and its table against both.
 * @module
 */
import { createHash } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { bytesToUnsigned } from "../../../src/device/encoding/unsigned.js";
import { encodePoint, multiplyBasePoint, ORDER } from "../../../src/device/signing/ed25519-base-point.js";
import { invert, PRIME, product } from "../../../src/device/signing/ed25519-field.js";
import { BASE_POINT_TABLE } from "../../../src/device/signing/ed25519-table.js";
import { readVectors } from "../../vectors.js";
import {
	add,
	affine,
	BASE,
	D,
	decode,
	encode,
	inverse,
	L,
	mod,
	multiply,
	NEUTRAL,
	negative,
	P,
	type Point,
} from "./edwards.js";

test("prime and order are those of RFC 8032", (t) => {
	t.is(PRIME, P);
	t.is(ORDER, L);
});

test("every number of the table is what the base point gives", (t) => {
	const teeth = [0, 1, 2, 3, 4].map((tooth) => multiply(BASE, 2n ** BigInt(51 * tooth)));
	t.is(BASE_POINT_TABLE.length, 64);
	for (let i = 0; i < 16; i++) {
		let point: Point = teeth[4]!;
		for (let tooth = 0; tooth < 4; tooth++)
			point = add(point, (i >> tooth) & 1 ? teeth[tooth]! : negative(teeth[tooth]!));
		const [x, y] = affine(point);
		const twice = mod(2n * D * x * y);
		t.deepEqual(
			BASE_POINT_TABLE.slice(4 * i, 4 * i + 4).map(({ n }) => n),
			[mod(y - x), mod(y + x), twice, mod(-twice)],
			`point ${i}`,
		);
	}
});

test("any scalar gives the point that RFC 8032's formulas give", (t) => {
	fc.assert(
		fc.property(fc.bigInt({ min: 0n, max: L - 1n }), (scalar) => {
			t.is(multiplyBasePoint(scalar), encode(multiply(BASE, scalar)));
		}),
		{
			numRuns: 30,
			examples: [[0n], [1n], [2n], [8n], [L - 1n], [L - 2n], [L / 2n], [2n ** 252n], [2n ** 252n - 1n], [2n ** 51n]],
		},
	);
});

test("every column's every point is used rightly: single bits, and all bits below them", (t) => {
	let sum = NEUTRAL;
	let bit = BASE;
	for (let i = 0n; i < 252n; i++) {
		t.is(multiplyBasePoint(2n ** i), encode(bit), `2^${i}`);
		sum = add(sum, bit);
		t.is(multiplyBasePoint(2n ** (i + 1n) - 1n), encode(sum), `2^${i + 1n} - 1`);
		bit = add(bit, bit);
	}
});

test("any product and any inverse are right modulo p, and bounded", (t) => {
	const coordinate = fc.bigInt({ min: 0n, max: 2n ** 257n - 1n });
	const examples: [bigint, bigint][] = [
		[0n, 0n],
		[1n, P],
		[P - 1n, P + 1n],
		[2n ** 257n - 1n, 2n ** 257n - 1n],
		[2n ** 256n, 2n ** 256n - 38n],
	];
	fc.assert(
		fc.property(coordinate, coordinate, (a, b) => {
			t.is(product(a, b) % P, (a * b) % P);
			t.true(product(a, b) < 2n ** 257n);
			t.is(invert(a) % P, inverse(a));
			t.true(invert(a) < 2n ** 257n);
		}),
		{ numRuns: 50, examples },
	);
});

test("a point with any one bit turned over never gets out", (t) => {
	const point = multiply(BASE, 123456789n);
	const [x, y] = affine(point);
	t.is(encodePoint(x, y), encode(point));
	for (let bit = 0n; bit < 255n; bit++)
		for (const [badX, badY] of [
			[x ^ (1n << bit), y],
			[x, y ^ (1n << bit)],
		] as const)
			t.throws(() => encodePoint(badX, badY), { name: "DeviceError", code: "signature-fault" }, `bit ${bit}`);
});

interface WycheproofGroup {
	readonly publicKey: { readonly pk: string };
	readonly tests: readonly {
		readonly tcId: number;
		readonly comment: string;
		readonly msg: string;
		readonly sig: string;
		readonly result: "valid" | "invalid";
	}[];
}

const wycheproof = readVectors<{ readonly testGroups: readonly WycheproofGroup[] }>("crypto/ed25519_test.json");
if (wycheproof !== undefined)
	test("with the device's multiples of the base point every verdict of Wycheproof ed25519 comes out", (t) => {
		const verdicts = { valid: 0, invalid: 0 };
		for (const { publicKey, tests } of wycheproof.testGroups)
			for (const { tcId, comment, msg, sig, result } of tests) {
				const holds = verifies(fromHex(sig), fromHex(msg), fromHex(publicKey.pk));
				t.is(holds ? "valid" : "invalid", result, `test ${tcId}: ${comment}`);
				verdicts[result]++;
			}
		t.true(verdicts.valid >= 80 && verdicts.invalid >= 60, JSON.stringify(verdicts));
	});

/** RFC 8032 section 5.1.7 without the cofactor: S * B is the device's, the rest is the reference's. */
function verifies(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
	if (signature.length !== 64) return false;
	const s = bytesToUnsigned(signature.subarray(32), "little");
	const r = decode(bytesToUnsigned(signature.subarray(0, 32), "little"));
	const a = decode(bytesToUnsigned(publicKey, "little"));
	if (s >= L || r === undefined || a === undefined) return false;
	const hash = createHash("sha512").update(signature.subarray(0, 32)).update(publicKey).update(message).digest();
	return multiplyBasePoint(s) === encode(add(r, multiply(a, bytesToUnsigned(hash, "little") % L)));
}

function fromHex(text: string): Uint8Array {
	return new Uint8Array(Buffer.from(text, "hex"));
}
