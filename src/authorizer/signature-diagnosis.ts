/**
 * Why a signature does not verify, where that is certain.
 *
 * An RSA signature of PKCS#1 v1.5 gives its digest back to whoever has the public key, so each usual mistake is checked
 * by one hash: a diagnosis follows from the recovered block or is not made.
 * @module
 */
import { constants, createHash, publicDecrypt, verify } from "node:crypto";
import type { SigningKey } from "./signing-key.js";
import { TOKEN_FAULTS } from "./token-faults.js";

export interface SignatureDiagnosis {
	/** Stable, kebab-case. */
	readonly code: string;
	/** What was found out, to follow a colon; holds no piece of the token or the signature. */
	readonly detail: string;
	readonly remedy: string;
}

const SIGN_AGAIN =
	"Sign with RSASSA-PKCS1-v1_5 and SHA-256: openssl dgst -sha256 -sign key.pem | openssl base64 -A, or Node's createSign.";

/** DigestInfo up to the digest itself, hex digits (RFC 8017 section 9.2, note 1). */
const DIGEST_INFOS: readonly (readonly [algorithm: string, prefix: string])[] = [
	["SHA-256", "3031300d060960864801650304020105000420"],
	["SHA-512", "3051300d060960864801650304020305000440"],
	["SHA-384", "3041300d060960864801650304020205000430"],
	["SHA-1", "3021300906052b0e03021a05000414"],
	["MD5", "3020300c06082a864886f70d020505000410"],
];

/**
 * Diagnoses a signature of the right length that no key verifies.
 * @param queryRest raw text of the query from the token's value to its end, where there is one.
 */
export function diagnoseMismatch(
	keys: readonly SigningKey[],
	token: string,
	signature: Uint8Array,
	queryRest: string | undefined,
): SignatureDiagnosis {
	for (const { name, key } of keys) {
		const content = contentOf(key, signature);
		if (content !== undefined)
			return diagnoseContent(`it was made with the key ${name}, but`, content, token, queryRest);
		const padding = constants.RSA_PKCS1_PSS_PADDING;
		if (verify("sha256", Buffer.from(token), { key, padding }, signature)) {
			return {
				code: "pss-padding",
				detail: `it was made with the key ${name} over this token, but with RSASSA-PSS padding`,
				remedy: SIGN_AGAIN,
			};
		}
	}
	return {
		code: "other-key",
		detail: `it was made with a private key other than that of ${keys.map(({ name }) => name).join(", ")}, or damaged on the way`,
		remedy: "Compare the signing key's public half (openssl rsa -pubout) with the registered one, then sign again.",
	};
}

/** What a block of PKCS#1 v1.5 padding holds (RFC 8017 section 9.2); undefined where this key gives no such block. */
function contentOf(key: SigningKey["key"], signature: Uint8Array): Buffer | undefined {
	try {
		return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
	} catch {
		return undefined; // Not this key's signature, or not this padding: the caller asks further.
	}
}

function diagnoseContent(
	made: string,
	content: Buffer,
	token: string,
	queryRest: string | undefined,
): SignatureDiagnosis {
	const hex = content.toString("hex");
	const info = DIGEST_INFOS.find(([, prefix]) => hex.startsWith(prefix));
	if (info === undefined)
		return { code: "no-digest-info", detail: `${made} ${bareContent(content, token)}`, remedy: SIGN_AGAIN };
	const [algorithm, prefix] = info;
	if (algorithm !== "SHA-256") {
		return { code: "other-digest", detail: `${made} with ${algorithm} in place of SHA-256`, remedy: SIGN_AGAIN };
	}
	const digest = hex.slice(prefix.length);
	const fault = TOKEN_FAULTS.find(({ signed }) => signed(token, queryRest).some((text) => sha256(text) === digest));
	if (fault !== undefined) return { code: fault.code, detail: `${made} ${fault.detail}`, remedy: fault.remedy };
	return {
		code: "other-token",
		detail: `${made} over another text than this token`,
		remedy: "Send the token that was signed, unchanged, or sign this one. Blanks, line feeds and letter case count.",
	};
}

/** A block without DigestInfo, as `openssl pkeyutl -sign` and `rsautl -sign` make it. */
function bareContent(content: Buffer, token: string): string {
	if (content.toString("hex") === sha256(token)) return "over the bare digest, without the DigestInfo around it";
	if (content.equals(Buffer.from(token))) return "over the token itself, without hashing it";
	return "without a digest that is known here";
}

function sha256(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}
