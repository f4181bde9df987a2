/**
 * A guest of the bench: the peer of `bench-rsa.ts`, RSA as it is written down in RFC 8017 with BigInt and `%`.
 * @module
 */
import { base64Encode } from "../../../src/device/encoding/base64.js";
import { bytesToUnsigned, unsignedToBytes } from "../../../src/device/encoding/unsigned.js";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { parseRsaPrivateKey } from "../../../src/device/signing/index.js";
import { startWork } from "./bench-work.js";

/** DER of DigestInfo for SHA-256 up to the digest (RFC 8017 section 9.2, note 1). */
const DIGEST_INFO = [48, 49, 48, 13, 6, 9, 96, 134, 72, 1, 101, 3, 4, 2, 1, 5, 0, 4, 32];

startWork(({ digest }) => ({
	"rsa-sign"({ privateKey, token }) {
		const key = parseRsaPrivateKey(privateKey);
		return () => {
			const hash = digest.sha256(utf8Encode(token));
			const block = new Uint8Array(256).fill(0xff);
			block.set([0, 1]);
			block.set([0, ...DIGEST_INFO], 256 - hash.length - DIGEST_INFO.length - 1);
			block.set(hash, 256 - hash.length);
			const message = bytesToUnsigned(block, "big");
			const half1 = power(message, key.exponent1, key.prime1);
			const half2 = power(message, key.exponent2, key.prime2);
			const difference = ((half1 - half2) % key.prime1) + key.prime1;
			const signature = half2 + ((key.coefficient * difference) % key.prime1) * key.prime2;
			if (power(signature, BigInt(key.publicExponent), key.modulus) !== message) throw new Error("wrong signature");
			return base64Encode(unsignedToBytes(signature, 256, "big"));
		};
	},
}));

/** By a window of four bits, as who cares about speed would write it. */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
	const table = [1n, base % modulus];
	for (let i = 2; i < 16; i++) table.push((table[i - 1]! * table[1]!) % modulus);
	let result = 1n;
	for (const digit of exponent.toString(16)) {
		for (let i = 0; i < 4; i++) result = (result * result) % modulus;
		const factor = Number.parseInt(digit, 16);
		if (factor > 0) result = (result * table[factor]!) % modulus;
	}
	return result;
}
