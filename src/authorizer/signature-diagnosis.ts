/**
 * Why a signature does not verify, where that is certain.
 *
 * An RSA signature of PKCS#1 v1.5 gives its digest back to whoever has the public key. So each usual mistake is checked by
 * one hash, and a diagnosis is never a guess: it either follows from the recovered block or it is not made.
 * @module
 */
import { constants, createHash, publicDecrypt, verify } from "node:crypto";
import type { SigningKey } from "./signing-key.js";
import { recoverText, TEXT_FAULTS } from "./signature-text.js";
import { TOKEN_FAULTS } from "./token-faults.js";

export interface SignatureDiagnosis {
	/** Stable, kebab-case. */
	readonly code: string;
	/** What was found out, to follow a colon; holds no piece of the token or the signature. */
	readonly detail: string;
	readonly remedy: string;
}

const SIGN_AGAIN = "Sign the token's bytes with RSASSA-PKCS1-v1_5 and SHA-256: openssl dgst -sha256 -sign key.pem | openssl base64 -A.";

/** DigestInfo of each algorithm up to the digest itself (RFC 8017 section 9.2, note 1), as hex digits. */
const DIGEST_INFOS: readonly (readonly [name: string, prefix: string])[] = [
	["SHA-256", "3031300d060960864801650304020105000420"],
	["SHA-512", "3051300d060960864801650304020305000440"],
	["SHA-384", "3041300d060960864801650304020205000430"],
	["SHA-224", "302d300d06096086480165030402040500041c"],
	["SHA-1", "3021300906052b0e03021a05000414"],
	["MD5", "3020300c06082a864886f70d020505000410"],
];

/** What a PKCS#1 v1.5 block held. */
interface Recovered {
	readonly keyName: string;
	readonly content: Buffer;
}

/**
 * Diagnoses a signature of the right length that no key verifies.
 * @param queryRest see `verifyTokenSignature`.
 */
export function diagnoseMismatch(
	keys: readonly SigningKey[],
	token: string,
	signature: Uint8Array,
	queryRest: string | undefined,
): SignatureDiagnosis {
	for (const signingKey of keys) {
		const content = recover(signingKey, signature);
		if (content !== undefined) return diagnoseContent({ keyName: signingKey.name, content }, token, queryRest);
		if (verifiesAsPss(signingKey, token, signature)) {
			return {
				code: "pss-padding",
				detail: `it was made with the key ${signingKey.name} over this token, but with RSASSA-PSS padding`,
				remedy: SIGN_AGAIN,
			};
		}
	}
	const names = keys.map(({ name }) => name).join(", ");
	return {
		code: "other-key",
		detail: `it was made with another private key than that of ${names}, or it was damaged on the way`,
		remedy: "Compare the public key of the signing key (openssl rsa -pubout) with the registered one, then sign again.",
	};
}

/** Diagnoses a signature that fails the pattern, or that is not as long as any key's signatures. */
export function diagnoseMalformed(
	keys: readonly SigningKey[],
	token: Uint8Array,
	signature: string,
	verifies: (signature: Uint8Array) => boolean,
): SignatureDiagnosis {
	throw new Error(`${keys.length}${token.length}${signature}${verifies}`);
}

function diagnoseContent(recovered: Recovered, token: string, queryRest: string | undefined): SignatureDiagnosis {
	const { keyName, content } = recovered;
	const made = `it was made with the key ${keyName}`;
	const hex = content.toString("hex");
	const [algorithm, prefix] = DIGEST_INFOS.find(([, start]) => hex.startsWith(start)) ?? [];
	if (algorithm === undefined || prefix === undefined) return diagnoseBare(made, content, token);
	if (algorithm !== "SHA-256") {
		return { code: "other-digest", detail: `${made}, but with ${algorithm} in place of SHA-256`, remedy: SIGN_AGAIN };
	}
	const digest = hex.slice(prefix.length);
	const fault = TOKEN_FAULTS.find(({ signed }) => signed(token, queryRest).some((text) => sha256(text) === digest));
	if (fault !== undefined) return { code: fault.code, detail: `${made}, but ${fault.detail}`, remedy: fault.remedy };
	return {
		code: "other-token",
		detail: `${made}, but over another text than this token`,
		remedy: "Send the token that was signed, unchanged, or sign this one. Blanks, line feeds and letter case count.",
	};
}

/** A block without a DigestInfo, as `openssl pkeyutl -sign` and `rsautl -sign` make it. */
function diagnoseBare(made: string, content: Buffer, token: string): SignatureDiagnosis {
	const bareDigest = content.toString("hex") === sha256(token);
	const what = bareDigest ? "the digest was padded without its DigestInfo" : content.equals(Buffer.from(token))
	return { code: "no-digest-info", detail: `${made}, but ${what}`, remedy: SIGN_AGAIN };
}
