/**
 * RSA signatures by the platform, which has something better than the core's own arithmetic, under the core's own check.
 * @module
 */
import { DeviceError } from "../device-error.js";
import type { Digest, RsaSigner } from "../ports.js";
import { kindOf } from "../thrown.js";
import { publicHalfOf } from "./rsa-private-key.js";
import { verifyRsaSha256 } from "./rsa-verify.js";

/**
 * Signs `message` as `signRsaSha256` does.
 * @param pkcs1 the private key, DER of PKCS#1. The core makes no number of its secret parts.
 * @returns the signature, as many bytes as the modulus has.
 * @throws {DeviceError} step `signing`; codes of `parseRsaPrivateKey` for a key whose public half cannot be read;
 * `signer-failed` where the platform throws, `signature-fault` where what it gives does not verify with the public half: a
 * signature gone wrong could reveal a prime (D. Boneh et al., EUROCRYPT '97), whoever made it.
 */
export function signRsaSha256By(
	signer: RsaSigner,
	message: Uint8Array,
	pkcs1: Uint8Array,
	digest: Pick<Digest, "sha256">,
): Uint8Array {
	const publicHalf = publicHalfOf(pkcs1);
	const signature = signed(signer, message, pkcs1);
	if (verifyRsaSha256(message, signature, publicHalf, digest)) return signature;
	throw new DeviceError({
		code: "signature-fault",
		step: "signing",
		cause: "the signature that the platform made does not verify with the public key; it was thrown away",
		remedy: "sign again; if it recurs, the key in storage is damaged or the power supply is unstable",
	});
}

function signed(signer: RsaSigner, message: Uint8Array, pkcs1: Uint8Array): Uint8Array {
	try {
		return signer(pkcs1, message);
	} catch (error) {
		// Its name says which kind of failure it was; its text is the platform's, which was given the key.
		throw new DeviceError({
			code: "signer-failed",
			step: "signing",
			cause: `the platform's signer failed (${kindOf(error)})`,
			remedy: "restart the device; if it recurs, the key in storage is damaged or memory is short",
		});
	}
}
