/**
 * Verification of RSA signatures, by a key and a signature that `host-test/vectors/aws/token-signature.json` publishes.
 * @module
 */
import { base64Decode } from "../../../src/device/encoding/base64.js";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { parseRsaPublicKey } from "../../../src/device/signing/rsa-public-key.js";
import { verifyRsaSha256 } from "../../../src/device/signing/rsa-verify.js";
import { type Cases, fromHex } from "../case.js";

const SPKI =
	"MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAsYZkVWFr3eeVggRtaY9gJMu3cPwbbypURhP7yTIoYBU3Re+mQE0pxLXZTasQMbzglOjQB+/wJ4oIGX02N9KuJc4tpj7EmttXCfeQxMHCUUuqr/c8CuwxTr2fITw8bhDRS76Izoflky4+Ifnnya+CoTTyGFDcET1ED2wtWq0p0SmLo/i4tOx/0tFGHgclFhixJX4ZAhrCHT/Jdd+BVsZ6nOP3QJK1Uz0MRHyWI6a4FFMbnFut5bDtwaXjEnU4cXw+pUXF8IWuXjmqhoPvKjIzfDGMyVqdsCdYqad+soI9i86RYEF30woam5/dA4sh7pUIEm6gnyHS5e/GVI2cuA4jSwIDAQAB";
const SIGNATURE =
	"EZF38IUqXr2qMPOZs20nm0cLnXIwWuSKkpNdbwCWUEvQbEvrncv0A63Ks/RPVqvwC04gEv42baIHhfBYQMsdZ08KKJ+TY4EWX/ewGPKg/r1v94W0kTIh32xe1xNd5Z5vN15vH6ZmA3Wz8uOfU69opUUOi/k1iRxgV81qf9UJwH1gk6oUvxa4XeBv6xPRM6jTSIorB7ZgH54aPfoIKdpDpISlbpi23I2hRlBKdSpoYucGCEgCJ4UWpeXn1RQrpO6lmfkmRhEB3X/TXyPei7ftvoZ4vzSDHgq8/lqBJM0BeBIA9ueof2GylDHBkNiftffSZxEERv4QRUuIOI6UgsSx6A==";

/** The SHA-256 of `allow`, whatever is asked: cases have none of their own. */
const digest = { sha256: () => fromHex("410083735735a10e658a19edd1704e606c9dd112e225825b63fafeded766c8b9") };

export const cases: Cases = {
	"a key is read from PEM and from DER": (check) => {
		const fromPem = parseRsaPublicKey(`-----BEGIN PUBLIC KEY-----\n${SPKI}\n-----END PUBLIC KEY-----\n`);
		check.same(fromPem, parseRsaPublicKey(base64Decode(SPKI)));
		check.same([fromPem.bits, fromPem.publicExponent], [2048, 65537]);
	},
	"the signature verifies, and no changed one does": (check) => {
		const key = parseRsaPublicKey(base64Decode(SPKI));
		const signature = base64Decode(SIGNATURE);
		check.is(verifyRsaSha256(utf8Encode("allow"), signature, key, digest), true);
		for (const at of [0, 100, 255]) {
			const damaged = signature.slice();
			damaged[at]! ^= 1;
			check.is(verifyRsaSha256(utf8Encode("allow"), damaged, key, digest), false, `byte ${at}`);
		}
		check.is(verifyRsaSha256(utf8Encode("allow"), signature.subarray(1), key, digest), false);
	},
	"another digest does not verify": (check) => {
		const key = parseRsaPublicKey(base64Decode(SPKI));
		const other = { sha256: () => new Uint8Array(32) };
		check.is(verifyRsaSha256(utf8Encode("allow"), base64Decode(SIGNATURE), key, other), false);
	},
};
