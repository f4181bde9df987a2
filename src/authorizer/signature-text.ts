/**
 * Signatures that cannot be read as base64 of the right length, and how they came to be so.
 * @module
 */
import type { SignatureDiagnosis } from "./signature-diagnosis.js";

interface TextFault extends SignatureDiagnosis {
	shows(signature: string): boolean;
	/** The signature as it was meant, base64. */
	mend(signature: string): string;
}

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The first that shows is told. */
const TEXT_FAULTS: readonly TextFault[] = [
	{
		code: "line-breaks",
		detail: "it holds line breaks, as openssl base64 makes them without -A",
		remedy: "Make it one line: openssl base64 -A.",
		shows: (signature) => /[\r\n]/.test(signature),
		mend: (signature) => signature.replace(/\s/g, ""),
	},
	{
		code: "encoded-twice",
		detail: "it is URL-encoded twice",
		remedy: "URL-encode the signature once. AWS's SDKs encode it themselves unless it holds a percent sign.",
		shows: (signature) => /%[0-9A-Fa-f]{2}/.test(signature),
		mend: (signature) =>
			signature.replace(/%([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
	},
	{
		code: "blank-for-plus",
		detail: "it holds blanks where base64 has plus signs",
		remedy: 'URL-encode the signature: "+" becomes %2B, "/" %2F, "=" %3D.',
		shows: (signature) => signature.includes(" "),
		mend: (signature) => signature.replaceAll(" ", "+"),
	},
	{
		code: "base64url",
		detail: "it is base64url (- and _), as the third part of a JWT is",
		remedy: 'Turn "-" into "+" and "_" into "/", pad with "=" to a multiple of 4 characters, then URL-encode it.',
		shows: (signature) => /^[A-Za-z0-9_-]+={0,2}$/.test(signature) && /[-_]/.test(signature),
		mend: (signature) => signature.replaceAll("-", "+").replaceAll("_", "/"),
	},
	{
		code: "hex",
		detail: "it is written as hex digits",
		remedy: "Write it as base64: openssl base64 -A in place of xxd or -hex.",
		shows: (signature) => signature.length % 128 === 0 && /^[0-9A-Fa-f]+$/.test(signature),
		mend: (signature) => Buffer.from(signature, "hex").toString("base64"),
	},
	{
		code: "base64-twice",
		detail: "it is base64 of base64",
		remedy: "Write it as base64 once.",
		shows: (signature) => BASE64.test(signature) && /^[A-Za-z0-9+/]{64,}={0,2}\s*$/.test(decoded(signature)),
		mend: (signature) => decoded(signature).trim(),
	},
];

/**
 * Diagnoses a signature that fails AWS's pattern or has the wrong length.
 * @param sizes lengths of the registered keys' signatures, bytes.
 * @param verifies whether a signature, mended, is the token's.
 */
export function diagnoseText(
	signature: string,
	sizes: readonly number[],
	verifies: (signature: Uint8Array) => boolean,
): SignatureDiagnosis {
	const fault = TEXT_FAULTS.find(({ shows }) => shows(signature));
	if (fault !== undefined) {
		const right = verifies(Buffer.from(fault.mend(signature), "base64"));
		const detail = `${fault.detail}; ${right ? "put right, it verifies" : "put right, it still does not verify"}`;
		return { code: fault.code, detail, remedy: fault.remedy };
	}
	if (!BASE64.test(signature)) {
		return {
			code: "not-base64",
			detail: `it is not base64 (${signature.length} characters, some outside A-Z a-z 0-9 + / =)`,
			remedy: "Send the signature as standard base64 with padding, URL-encoded once.",
		};
	}
	return diagnoseLength(Buffer.from(signature, "base64").length, sizes);
}

function diagnoseLength(length: number, sizes: readonly number[]): SignatureDiagnosis {
	if (sizes.length === 0) {
		return {
			code: "no-key",
			detail: "the authorizer has no signing key",
			remedy: "Register the public key that belongs to the signing key.",
		};
	}
	const wanted = [...new Set(sizes)].join(" or ");
	const otherKey = length > 0 && length % 64 === 0 ? `, which a key of ${length * 8} bits would make` : "";
	return {
		code: "wrong-length",
		detail: `it holds ${length} bytes${otherKey}; the registered keys make ${wanted}`,
		remedy:
			otherKey === ""
				? "It was cut or changed on the way: look for a username that is cut short, and for base64 that was not URL-encoded."
				: "Sign with the private key that belongs to a registered public key.",
	};
}

function decoded(signature: string): string {
	return Buffer.from(signature, "base64").toString("latin1");
}
