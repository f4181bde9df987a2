/**
 * X.509 certificates with exactly the contents asked for, sound or not.
 * @module
 */
import { type KeyObject, randomBytes, sign } from "node:crypto";
import { bitString, element, explicit, integer, NULL, objectIdentifier, sequence, time } from "./der.js";
import { distinguishedName } from "./extensions.js";

export type SignatureHash = "sha256" | "sha384" | "sha1" | "md5";

/** What a certificate shall say; what is left out is sound. */
export interface CertificatePlan {
	/** Common name of the subject; `""`: an empty Name. */
	readonly subject: string;
	/** Common name of the issuer. */
	readonly issuer: string;
	readonly publicKey: KeyObject;
	/** The issuer's private key. */
	readonly signingKey: KeyObject;
	readonly extensions: readonly Buffer[];
	readonly notBefore?: Date | undefined;
	readonly notAfter?: Date | undefined;
	/** DER of the Validity, in place of the two dates. */
	readonly validity?: Buffer | undefined;
	/** Version number as people say it; 1 has no extensions. */
	readonly version?: 1 | 3 | undefined;
	/** DER of the serial number. */
	readonly serial?: Buffer | undefined;
	readonly hash?: SignatureHash | undefined;
	/** AlgorithmIdentifier outside of what is signed, where it is to differ from the one inside. */
	readonly outerAlgorithm?: Buffer | undefined;
	/** Both AlgorithmIdentifiers. */
	readonly algorithm?: Buffer | undefined;
	/** Changes the signature's bytes. */
	readonly signature?: ((signature: Buffer, signed: Buffer) => Uint8Array) | undefined;
	/** Changes what was signed after it was signed. */
	readonly signed?: ((signed: Buffer) => Buffer) | undefined;
}

export const DAY = 86_400_000;

/** @returns the certificate, DER. */
export function certificate(plan: CertificatePlan): Buffer {
	const hash = plan.hash ?? "sha256";
	const algorithm = plan.algorithm ?? signatureAlgorithm(plan.signingKey, hash);
	const signed = toBeSigned(plan, algorithm);
	const genuine = sign(hash, signed, plan.signingKey);
	const signature = plan.signature === undefined ? genuine : plan.signature(genuine, signed);
	const contents = plan.signed === undefined ? signed : plan.signed(signed);
	return sequence(contents, plan.outerAlgorithm ?? algorithm, bitString(signature));
}

function toBeSigned(plan: CertificatePlan, algorithm: Buffer): Buffer {
	const version = plan.version ?? 3;
	return sequence(
		...(version === 3 ? [explicit(0, integer(2))] : []),
		plan.serial ?? element(0x02, Buffer.of(0x40), randomBytes(15)),
		algorithm,
		distinguishedName(plan.issuer),
		plan.validity ?? validity(plan),
		distinguishedName(plan.subject),
		plan.publicKey.export({ type: "spki", format: "der" }),
		...(version === 3 && plan.extensions.length > 0 ? [explicit(3, sequence(...plan.extensions))] : []),
	);
}

function validity({ notBefore, notAfter }: CertificatePlan): Buffer {
	const now = Date.now();
	return sequence(time(notBefore ?? new Date(now - DAY)), time(notAfter ?? new Date(now + 30 * DAY)));
}

const RSA: Readonly<Record<SignatureHash, string>> = {
	md5: "1.2.840.113549.1.1.4",
	sha1: "1.2.840.113549.1.1.5",
	sha256: "1.2.840.113549.1.1.11",
	sha384: "1.2.840.113549.1.1.12",
};
const ECDSA: Readonly<Record<SignatureHash, string>> = {
	md5: "1.2.840.10045.4.0",
	sha1: "1.2.840.10045.4.1",
	sha256: "1.2.840.10045.4.3.2",
	sha384: "1.2.840.10045.4.3.3",
};

/** AlgorithmIdentifier of a signature by `key` (RFC 4055 section 5, RFC 5758 section 3.2). */
export function signatureAlgorithm(key: KeyObject, hash: SignatureHash): Buffer {
	return key.asymmetricKeyType === "rsa"
		? sequence(objectIdentifier(RSA[hash]), NULL)
		: sequence(objectIdentifier(ECDSA[hash]));
}
