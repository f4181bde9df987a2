/**
 * RSA signatures with blinded exponents.
 * @module
 */
import { generateKeyPairSync, sign } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { parseRsaPrivateKey, signRsaSha256, signToken } from "../../../src/device/signing/index.js";
import { Modulus } from "../../../src/device/signing/modular.js";
import { nodeDigest } from "../../../src/host/ports.js";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = parseRsaPrivateKey(privateKey.export({ type: "pkcs8", format: "pem" }) as string);
const message = new TextEncoder().encode("a token");
const expected = new Uint8Array(sign("sha256", message, privateKey));

test("whatever the random bytes are, the signature is the same", (t) => {
	fc.assert(
		fc.property(fc.infiniteStream(fc.nat(255)), (stream) => {
			const random = { bytes: (count: number) => Uint8Array.from([...stream.take(count)]) };
			t.deepEqual(signRsaSha256(message, key, nodeDigest, random), expected);
		}),
		{ numRuns: 20 },
	);
	for (const byte of [0, 1, 0x80, 0xff]) {
		const random = { bytes: (count: number) => new Uint8Array(count).fill(byte) };
		t.deepEqual(signRsaSha256(message, key, nodeDigest, random), expected, `all ${byte}`);
		t.is(signToken("a token", key, nodeDigest, random), Buffer.from(expected).toString("base64"));
	}
});

test("each half's exponent is another one for each signature, and never the one of the key", (t) => {
	const power = Modulus.prototype.power;
	const exponents: bigint[] = [];
	Modulus.prototype.power = function (this: Modulus, base, exponent, extraBits) {
		exponents.push(exponent);
		return power.call(this, base, exponent, extraBits);
	};
	let next = 0;
	const random = { bytes: (count: number) => Uint8Array.from({ length: count }, () => ++next) };
	try {
		for (let i = 0; i < 3; i++) signRsaSha256(message, key, nodeDigest, random);
	} finally {
		Modulus.prototype.power = power;
	}
	t.is(new Set([...exponents, key.exponent1, key.exponent2]).size, 8);
	for (const [i, exponent] of exponents.entries()) {
		const [prime, own] = i % 2 === 0 ? [key.prime1, key.exponent1] : [key.prime2, key.exponent2];
		t.is(exponent % (prime - 1n), own);
		t.true(exponent >> 1060n > 0n, "some 64 bits longer");
	}
});

test("random bytes that cannot be had stop the signature", (t) => {
	const random = {
		bytes(): Uint8Array {
			throw new RangeError("no entropy");
		},
	};
	t.throws(() => signRsaSha256(message, key, nodeDigest, random), { message: "no entropy" });
});
