/**
 * The RSA-2048 key of the benches: the same in every run, so that what a run counts may be compared with another's. It is
 * made of a published word, so it protects nothing and signs nothing else.
 * @module
 */
import { checkPrimeSync, createHash, createPrivateKey, type KeyObject } from "node:crypto";

const PUBLIC_EXPONENT = 65_537n;

export function benchKey(): KeyObject {
	const p = primeOf("latchkey bench p");
	const q = primeOf("latchkey bench q");
	const [dp, dq] = [inverse(PUBLIC_EXPONENT, p - 1n), inverse(PUBLIC_EXPONENT, q - 1n)];
	const numbers = { n: p * q, e: PUBLIC_EXPONENT, d: inverse(PUBLIC_EXPONENT, (p - 1n) * (q - 1n)), p, q, dp, dq };
	const fields = Object.entries({ ...numbers, qi: inverse(q, p) }).map(([name, value]) => [name, base64Url(value)]);
	return createPrivateKey({ key: { kty: "RSA", ...Object.fromEntries(fields) }, format: "jwk" });
}

/** The first prime from a number of 1024 bits on that the word decides; its two highest bits are set. */
function primeOf(word: string): bigint {
	const blocks = [0, 1, 2, 3].map((block) => createHash("sha256").update(`${word} ${block}`).digest("hex"));
	let candidate = BigInt(`0x${blocks.join("")}`) | (3n << 1022n) | 1n;
	while ((candidate - 1n) % PUBLIC_EXPONENT === 0n || !checkPrimeSync(candidate)) candidate += 2n;
	return candidate;
}

/** By Euclid's extended algorithm; `value` and `modulus` have no common factor. */
function inverse(value: bigint, modulus: bigint): bigint {
	let [previous, current] = [modulus, value % modulus];
	let [before, now] = [0n, 1n];
	while (current > 0n) {
		const quotient = previous / current;
		[previous, current] = [current, previous - quotient * current];
		[before, now] = [now, before - quotient * now];
	}
	return ((before % modulus) + modulus) % modulus;
}

function base64Url(value: bigint): string {
	const hex = value.toString(16);
	return Buffer.from(hex.padStart(hex.length + (hex.length % 2), "0"), "hex").toString("base64url");
}
