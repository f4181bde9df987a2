/**
 * RSA signatures when the arithmetic goes wrong: with one CRT half wrong, gcd(s^e - m, n) would be a prime.
 * @module
 */
import { generateKeyPairSync } from "node:crypto";
import test, { type ExecutionContext } from "ava";
import { parseRsaPrivateKey, type RsaPrivateKey, signRsaSha256 } from "../../../src/device/signing/index.js";
import { Modulus } from "../../../src/device/signing/modular.js";
import { nodeDigest } from "../../../src/host/ports.js";

const pem = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" });
const key = parseRsaPrivateKey(pem as string);
const message = new TextEncoder().encode("a token");
const signature = signRsaSha256(message, key, nodeDigest);

const power = Modulus.prototype.power;
/** The right halves by their prime: each is computed once. */
const halves = new Map<bigint, bigint>();

/** The signature with the halves changed by `change`; the engine's arithmetic is as it was afterwards. */
function signWith(change: (half: bigint, prime: bigint) => bigint): Uint8Array {
	Modulus.prototype.power = function (this: Modulus, base, exponent) {
		const half = halves.get(this.value) ?? power.call(this, base, exponent);
		halves.set(this.value, half);
		return change(half, this.value);
	};
	try {
		return signRsaSha256(message, key, nodeDigest);
	} finally {
		Modulus.prototype.power = power;
	}
}

function refused(t: ExecutionContext, run: () => Uint8Array, what: string): void {
	const error = t.throws(run, { name: "DeviceError", code: "signature-fault" }, what);
	t.is(error?.["step" as keyof Error], "signing");
}

for (const which of ["prime1", "prime2"] as const)
	test(`a half with any one bit turned over never gets out: ${which}`, (t) => {
		t.deepEqual(
			signWith((half) => half),
			signature,
		);
		for (let bit = 0n; bit < 1024n; bit++)
			refused(t, () => signWith((half, prime) => (prime === key[which] ? half ^ (1n << bit) : half)), `bit ${bit}`);
	});

test("a half that is 0, 1, the other half or all ones never gets out", (t) => {
	const other = (prime: bigint) => halves.get(prime === key.prime1 ? key.prime2 : key.prime1)!;
	signWith((half) => half);
	for (const which of ["prime1", "prime2"] as const)
		for (const wrong of [() => 0n, () => 1n, other, () => 2n ** 1024n - 1n])
			refused(t, () => signWith((half, prime) => (prime === key[which] ? wrong(prime) : half)), which);
});

for (const number of ["modulus", "prime1", "prime2", "exponent1", "exponent2", "coefficient"] as const)
	test(`a key whose ${number} has one bit turned over in memory gives no signature`, (t) => {
		const bits = number === "modulus" ? 2048 : 1024;
		for (let bit = 0; bit < bits; bit += 89) {
			const damaged: RsaPrivateKey = { ...key, [number]: key[number] ^ (1n << BigInt(bit)) };
			refused(t, () => signRsaSha256(message, damaged, nodeDigest), `bit ${bit}`);
		}
	});

test("a public exponent with one bit turned over gives no signature", (t) => {
	for (let bit = 0; bit < 31; bit++) {
		const damaged = { ...key, publicExponent: key.publicExponent ^ (1 << bit) };
		refused(t, () => signRsaSha256(message, damaged, nodeDigest), `bit ${bit}`);
	}
});
