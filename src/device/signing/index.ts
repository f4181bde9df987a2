/**
 * Signatures: of a token, by RSA, as AWS IoT Core checks it before it calls the authorizer's function; and by Ed25519, for
 * functions that check devices' own keys themselves. And the proof that a connection carries, whatever it is signed with.
 * @module
 */
import { base64Encode } from "../encoding/base64.js";
import { utf8Encode } from "../encoding/utf8.js";
import type { Digest, Random } from "../ports.js";
import type { RsaPrivateKey } from "./rsa-private-key.js";
import { signRsaSha256 } from "./rsa-sha256.js";

export { type Ed25519KeyPair, ed25519KeyPair, signEd25519, storedEd25519KeyPair } from "./ed25519.js";
export { makeProof, type Proof, type ProofPorts, proofLasts } from "./proof.js";
export { parseRsaPrivateKey, type RsaPrivateKey } from "./rsa-private-key.js";
export { signRsaSha256 } from "./rsa-sha256.js";

/**
 * The token signature of an authorizer with signing enabled: SHA-256 with RSA over the token's UTF-8 bytes, in
 * standard base64 without line breaks (AWS IoT Developer Guide, "Creating and managing custom authorizers").
 * @param random as of {@link signRsaSha256}.
 * @throws {DeviceError} code `signature-fault`
 */
export function signToken(token: string, key: RsaPrivateKey, digest: Digest, random?: Random | undefined): string {
	return base64Encode(signRsaSha256(utf8Encode(token), key, digest, random));
}
