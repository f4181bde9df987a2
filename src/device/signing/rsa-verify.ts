/**
 * Verifies RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2.2).
 *
 * The one encoding that the hash may have is made and compared whole. A signature is never taken apart: whoever parses
 * the padding of a key with a small exponent can be shown a forged one (D. Bleichenbacher, CRYPTO 2006 rump session).
 * @module
 */
import { bytesToUnsigned, unsignedToBytes } from "../encoding/unsigned.js";
import type { Digest } from "../ports.js";
import { Modulus } from "./modular.js";
import type { RsaPublicKey } from "./rsa-public-key.js";
import { encodeMessage } from "./rsa-sha256.js";

/**
 * Whether `signature` is that of `message` by the owner of `key`. Any bytes may be asked about; nothing is thrown for
 * them.
 */
export function verifyRsaSha256(
	message: Uint8Array,
	signature: Uint8Array,
	key: RsaPublicKey,
	digest: Pick<Digest, "sha256">,
): boolean {
	const length = key.bits / 8;
	if (signature.length !== length) return false;
	const value = bytesToUnsigned(signature, "big");
	// RSAVP1 (RFC 8017 section 5.2.2), step 1: otherwise every signature would have a second form.
	if (value >= key.modulus) return false;
	const encoded = new Modulus(key.modulus).powerPublic(value, key.publicExponent);
	return sameBytes(unsignedToBytes(encoded, length, "big"), encodeMessage(digest.sha256(message), length));
}

/** Compares to the end, wherever the first difference is; both are of one length. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	let difference = 0;
	for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
	return difference === 0;
}
