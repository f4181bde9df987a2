/**
 * RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2), by the Chinese remainder theorem, checked before release.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { bytesToUnsigned, unsignedToBytes } from "../encoding/unsigned.js";
import type { Digest, Random } from "../ports.js";
import { Modulus } from "./modular.js";
import type { RsaPrivateKey } from "./rsa-private-key.js";

/**
 * Signs `message`.
 * @param random blinds the exponents, so that what many signatures take in time or current cannot be averaged; the
 * signature is the same with and without. It costs 6 % more.
 * @returns the signature, as many bytes as the modulus has (256 for RSA-2048).
 * @throws {DeviceError} code `signature-fault` when the result does not verify with the public exponent. A wrong CRT
 * half would reveal a prime to whoever sees the signature (D. Boneh et al., EUROCRYPT '97), so it is never given out.
 */
export function signRsaSha256(
	message: Uint8Array,
	key: RsaPrivateKey,
	digest: Digest,
	random?: Random | undefined,
): Uint8Array {
	const length = key.bits / 8;
	const encoded = bytesToUnsigned(encodeMessage(digest.sha256(message), length), "big");
	const signature = decryptByCrt(encoded, key, random);
	if (new Modulus(key.modulus).powerPublic(signature, key.publicExponent) !== encoded)
		throw new DeviceError({
			code: "signature-fault",
			step: "signing",
			cause: "the signature just made does not verify with the public key; it was thrown away",
			remedy: "sign again; if it recurs, the key in storage is damaged or the power supply is unstable",
		});
	return unsignedToBytes(signature, length, "big");
}

/** RSADP by CRT (RFC 8017 section 5.1.2); nothing negative is ever shifted, which XS 13.3 gets wrong. */
function decryptByCrt(value: bigint, key: RsaPrivateKey, random: Random | undefined): bigint {
	const { prime1, prime2 } = key;
	const half1 = powerOfHalf(value, key.exponent1, prime1, random);
	const half2 = powerOfHalf(value, key.exponent2, prime2, random);
	const difference = half1 + prime1 - (half2 % prime1);
	return half2 + prime2 * ((difference * key.coefficient) % prime1);
}

/**
 * `value ** exponent mod prime`; with `random` the exponent is another one each time, a multiple of `prime - 1` above the
 * one that is meant (P. Kocher, CRYPTO '96, section 10; J.-S. Coron, CHES '99, section 5.1).
 */
function powerOfHalf(value: bigint, exponent: bigint, prime: bigint, random: Random | undefined): bigint {
	const modulus = new Modulus(prime);
	if (random === undefined) return modulus.power(value % prime, exponent);
	const factor = bytesToUnsigned(random.bytes(BLINDING_BYTES), "big");
	return modulus.power(value % prime, exponent + factor * (prime - 1n), 8 * BLINDING_BYTES);
}

/** Random bytes that blind an exponent; fewer have been seen through (W. Schindler, K. Itoh, ACNS 2011). */
const BLINDING_BYTES = 8;

/** DER of DigestInfo for SHA-256 up to the digest (RFC 8017 section 9.2, note 1). */
const DIGEST_INFO = [48, 49, 48, 13, 6, 9, 96, 134, 72, 1, 101, 3, 4, 2, 1, 5, 0, 4, 32];

/** EMSA-PKCS1-v1_5 (RFC 8017 section 9.2). @param hash SHA-256 of the message. @param length bytes of the modulus. */
export function encodeMessage(hash: Uint8Array, length: number): Uint8Array {
	const encoded = new Uint8Array(length).fill(0xff);
	const tail = length - hash.length - DIGEST_INFO.length;
	encoded[0] = 0;
	encoded[1] = 1;
	encoded[tail - 1] = 0;
	encoded.set(DIGEST_INFO, tail);
	encoded.set(hash, length - hash.length);
	return encoded;
}
