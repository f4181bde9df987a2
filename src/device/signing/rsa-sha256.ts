/**
 * RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2), by the Chinese remainder theorem, checked before release.
 * @module
 */
import { DeviceError } from "../device-error.js";
import type { Digest } from "../ports.js";
import { bigIntToBytes, bytesToBigInt } from "./der.js";
import { Modulus } from "./modular.js";
import type { RsaPrivateKey } from "./rsa-private-key.js";

/**
 * Signs `message`.
 * @returns the signature, as many bytes as the modulus has (256 for RSA-2048).
 * @throws {DeviceError} code `signature-fault` when the result does not verify with the public exponent. A wrong CRT
 * half would reveal a prime to whoever sees the signature (D. Boneh et al., EUROCRYPT '97), so it is never given out.
 */
export function signRsaSha256(message: Uint8Array, key: RsaPrivateKey, digest: Digest): Uint8Array {
	const length = key.bits / 8;
	const encoded = bytesToBigInt(encodeMessage(digest.sha256(message), length));
	const signature = decryptByCrt(encoded, key);
	if (new Modulus(key.modulus).powerPublic(signature, key.publicExponent) !== encoded)
		throw new DeviceError({
			code: "signature-fault",
			step: "signing",
			cause: "the signature just made does not verify with the public key; it was thrown away",
			remedy: "sign again; if it recurs, the key in storage is damaged or the power supply is unstable",
		});
	return bigIntToBytes(signature, length);
}

/** RSADP by CRT (RFC 8017 section 5.1.2); nothing negative is ever shifted, which XS 13.3 gets wrong. */
function decryptByCrt(value: bigint, key: RsaPrivateKey): bigint {
	const { prime1, prime2 } = key;
	const half1 = new Modulus(prime1).power(value % prime1, key.exponent1);
	const half2 = new Modulus(prime2).power(value % prime2, key.exponent2);
	const difference = half1 + prime1 - (half2 % prime1);
	return half2 + prime2 * ((difference * key.coefficient) % prime1);
}

/** DER of DigestInfo for SHA-256 up to the digest (RFC 8017 section 9.2, note 1). */
const DIGEST_INFO = [48, 49, 48, 13, 6, 9, 96, 134, 72, 1, 101, 3, 4, 2, 1, 5, 0, 4, 32];

/** EMSA-PKCS1-v1_5 (RFC 8017 section 9.2). */
function encodeMessage(hash: Uint8Array, length: number): Uint8Array {
	const encoded = new Uint8Array(length).fill(0xff);
	const tail = length - hash.length - DIGEST_INFO.length;
	encoded[0] = 0;
	encoded[1] = 1;
	encoded[tail - 1] = 0;
	encoded.set(DIGEST_INFO, tail);
	encoded.set(hash, length - hash.length);
	return encoded;
}
