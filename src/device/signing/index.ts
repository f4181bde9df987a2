/**
 * From a token to the signature that AWS IoT Core checks before it calls the authorizer's function.
 * @module
 */
import { base64Encode } from "../encoding/base64.js";
import { utf8Encode } from "../encoding/utf8.js";
import type { Digest } from "../ports.js";
import type { RsaPrivateKey } from "./rsa-private-key.js";
import { signRsaSha256 } from "./rsa-sha256.js";

export { parseRsaPrivateKey, type RsaPrivateKey } from "./rsa-private-key.js";
export { signRsaSha256 } from "./rsa-sha256.js";

/**
 * The token signature of an authorizer with signing enabled: SHA-256 with RSA over the token's UTF-8 bytes, in
 * standard base64 without line breaks (AWS IoT Developer Guide, "Creating and managing custom authorizers").
 * @throws {DeviceError} code `signature-fault`
 */
export function signToken(token: string, key: RsaPrivateKey, digest: Digest): string {
	return base64Encode(signRsaSha256(utf8Encode(token), key, digest));
}
