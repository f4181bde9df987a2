/**
 * The token's signature: RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2) over the token's bytes, as padded
 * standard base64 (AWS IoT Core Developer Guide, "Signing the token").
 * @module
 */
import { constants, verify } from "node:crypto";
import type { Authorizer } from "./authorizer.js";
import { diagnoseMismatch, type SignatureDiagnosis } from "./signature-diagnosis.js";
import { diagnoseText } from "./signature-text.js";
import { type SigningKey, signingKeysOf } from "./signing-key.js";

export type SignatureVerification =
	| { readonly verified: true; readonly keyName: string }
	| {
			readonly verified: false;
			/** `not-base64` fails AWS's pattern, `wrong-length` is not as long as any key's signatures. */
			readonly reason: "not-base64" | "wrong-length" | "mismatch";
			/** What was found out, for people; holds no piece of the token or the signature. */
			readonly detail: string;
			readonly remedy: string;
			readonly diagnosis: SignatureDiagnosis["code"];
	  };

/** AWS's pattern of a token signature (AWS IoT API, TokenSignature). Missing padding passes it. */
const SIGNATURE = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Verifies the signature of a token with every key of the authorizer.
 * @param queryRest the raw text of the query from the token's value to its end, where there is one: what an unencoded
 * token would have lost shows there.
 */
export function verifyTokenSignature(
	authorizer: Authorizer,
	token: string,
	signature: string,
	queryRest?: string,
): SignatureVerification {
	const keys = signingKeysOf(authorizer);
	const message = Buffer.from(token);
	const sizes = keys.map(({ size }) => size);
	const verifies = (bytes: Uint8Array) => findVerifyingKey(keys, message, bytes) !== undefined;
	if (!SIGNATURE.test(signature)) return failure("not-base64", diagnoseText(signature, sizes, verifies));
	const bytes = Buffer.from(signature, "base64");
	if (!sizes.includes(bytes.length)) return failure("wrong-length", diagnoseText(signature, sizes, verifies));
	const keyName = findVerifyingKey(keys, message, bytes);
	if (keyName !== undefined) return { verified: true, keyName };
	return failure("mismatch", diagnoseMismatch(keys, token, bytes, queryRest));
}

/** Name of the first key that verifies these bytes. */
export function findVerifyingKey(
	keys: readonly SigningKey[],
	token: Uint8Array,
	signature: Uint8Array,
): string | undefined {
	const padding = constants.RSA_PKCS1_PADDING;
	return keys.find(({ key }) => verify("sha256", token, { key, padding }, signature))?.name;
}

function failure(
	reason: "not-base64" | "wrong-length" | "mismatch",
	diagnosis: SignatureDiagnosis,
): SignatureVerification {
	const { code, detail, remedy } = diagnosis;
	return { verified: false, reason, detail, remedy, diagnosis: code };
}
