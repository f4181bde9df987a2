/**
 * One certificate of an otherwise sound chain is out of date, weak, for another purpose, or malformed.
 * @module
 */
import { type BadServer, scripted } from "../bad-server.js";
import {
	CA_EXTENSIONS,
	type Change,
	chainOf,
	type Identity,
	intermediate,
	leaf,
	leafExtensions,
	root,
	rsaRoot,
	rsaRoots,
	SERVER_NAME,
	trustedIntermediate,
	trustedRoot,
} from "../pki/authorities.js";
import { DAY, signatureAlgorithm } from "../pki/certificate.js";
import { bitString, element, NULL, objectIdentifier, sequence } from "../pki/der.js";
import {
	basicConstraints,
	dnsNames,
	extendedKeyUsage,
	extension,
	KEY_USAGE,
	keyUsage,
	PURPOSE,
	unknownExtension,
} from "../pki/extensions.js";
import { keyPair } from "../pki/keys.js";
import { type ForgeryKind, forgedSignature } from "../pki/rsa-forgery.js";

type Codes = BadServer["refusedWith"];

/** A leaf with `change` below the issuer in use. */
function leafRow(
	name: string,
	wrong: string,
	refusedWith: Codes,
	change: () => Change,
	more: Partial<BadServer> = {},
): BadServer {
	const behave = scripted(() => {
		const identity = leaf(trustedIntermediate(), change());
		return { identity, chain: chainOf(identity, trustedIntermediate()) };
	});
	return { name, wrong, refusedWith, behave, ...more };
}

/** A sound leaf below an issuer with `change`. */
function issuerRow(
	name: string,
	wrong: string,
	refusedWith: Codes,
	change: () => Change,
	more: Partial<BadServer> = {},
): BadServer {
	const behave = scripted(() => {
		const { kind = "p256", ...changed } = change();
		const above = kind.startsWith("rsa") ? rsaRoot() : trustedRoot();
		const issuer = intermediate("Latchkey Issuer at Fault", above, { kind, ...changed });
		const identity = leaf(issuer);
		return { identity, chain: chainOf(identity, issuer) };
	});
	return { name, wrong, refusedWith, behave, ...more };
}

/** Dates of a certificate that ended yesterday. */
export const past = (): Change => ({
	notBefore: new Date(Date.now() - 60 * DAY),
	notAfter: new Date(Date.now() - DAY),
});
/** Dates of a certificate that begins tomorrow. */
export const future = (): Change => ({
	notBefore: new Date(Date.now() + DAY),
	notAfter: new Date(Date.now() + 60 * DAY),
});
const expiredRoot = (): ReturnType<typeof root> => root("Latchkey Old Root", past());

const dates: readonly BadServer[] = [
	leafRow("expired-leaf", "the leaf ended yesterday", ["certificate-expired"], past),
	leafRow("not-yet-valid-leaf", "the leaf begins tomorrow", ["certificate-not-yet-valid"], future),
	issuerRow("expired-issuer", "the issuer ended yesterday", ["certificate-expired"], past),
	issuerRow("not-yet-valid-issuer", "the issuer begins tomorrow", ["certificate-not-yet-valid"], future),
	{
		name: "expired-root",
		wrong: "the trust anchor itself ended yesterday",
		refusedWith: ["certificate-expired"],
		roots: () => [expiredRoot().certificate],
		behave: scripted(() => {
			const identity = leaf(expiredRoot());
			return { identity, chain: chainOf(identity) };
		}),
	},
	leafRow("dates-that-are-none", "the end of the leaf is no date", ["certificate-format"], () => ({
		validity: sequence(element(0x17, Buffer.from("250101000000Z")), element(0x17, Buffer.from("yesterday..."))),
	})),
	leafRow("dates-without-end", "the leaf has a beginning only", ["certificate-format"], () => ({
		validity: sequence(element(0x17, Buffer.from("250101000000Z"))),
	})),
];

const WEAK: Codes = ["certificate-weak"];

const weak: readonly BadServer[] = [
	issuerRow("sha1-issuer", "the issuer's certificate is signed over SHA-1", WEAK, () => ({ hash: "sha1" })),
	leafRow("sha1-leaf", "the leaf is signed over SHA-1", WEAK, () => ({ hash: "sha1" })),
	issuerRow(
		"sha1-rsa-issuer",
		"the issuer's certificate is signed by RSA over SHA-1",
		WEAK,
		() => ({
			kind: "rsa2048",
			hash: "sha1",
		}),
		{ roots: rsaRoots },
	),
	issuerRow(
		"md5-issuer",
		"the issuer's certificate is signed by RSA over MD5",
		["certificate-weak", "certificate-format"],
		() => ({
			kind: "rsa2048",
			hash: "md5",
		}),
		{ roots: rsaRoots },
	),
	leafRow("rsa-1024-leaf", "the leaf's key has 1024 bits", WEAK, () => ({ kind: "rsa1024" })),
	issuerRow("rsa-1024-issuer", "the issuer's key has 1024 bits", WEAK, () => ({ kind: "rsa1024" }), {
		roots: rsaRoots,
	}),
	leafRow("p-192-leaf", "the leaf's key is on P-192", ["certificate-weak", "protocol", "certificate-format"], () => ({
		kind: "p192",
	})),
];

const USAGE: Codes = ["certificate-usage"];

/** Sound extensions, with `usage` and `purposes` in their place. */
export function leafFor(usage: number, ...purposes: readonly string[]): Change {
	return {
		extensions: [
			basicConstraints(false),
			keyUsage(usage),
			...(purposes.length === 0 ? [] : [extendedKeyUsage(...purposes)]),
			dnsNames(SERVER_NAME),
		],
	};
}

const usage: readonly BadServer[] = [
	leafRow("leaf-for-clients-only", "extended key usage: client authentication", USAGE, () =>
		leafFor(KEY_USAGE.digitalSignature, PURPOSE.clientAuth),
	),
	leafRow("leaf-for-code-signing", "extended key usage: code signing", USAGE, () =>
		leafFor(KEY_USAGE.digitalSignature, PURPOSE.codeSigning),
	),
	leafRow("leaf-for-ocsp", "extended key usage: OCSP signing", USAGE, () =>
		leafFor(KEY_USAGE.digitalSignature, PURPOSE.ocspSigning),
	),
	leafRow("leaf-that-may-not-sign", "key usage: key agreement alone", USAGE, () =>
		leafFor(KEY_USAGE.keyAgreement, PURPOSE.serverAuth),
	),
	leafRow("leaf-that-signs-certificates-only", "key usage: certificate signing alone", USAGE, () =>
		leafFor(KEY_USAGE.keyCertSign, PURPOSE.serverAuth),
	),
	{
		name: "rsa-leaf-for-encryption-only",
		wrong: "key usage: key encipherment, where the key must sign",
		refusedWith: USAGE,
		takenBy: { "node:tls": "OpenSSL 3.0 asks no key usage of an RSA key that signs" },
		roots: rsaRoots,
		behave: scripted(() => {
			const identity = leaf(rsaRoot(), {
				kind: "rsa2048",
				...leafFor(KEY_USAGE.keyEncipherment, PURPOSE.serverAuth),
			});
			return { identity, chain: chainOf(identity) };
		}),
	},
];

const FORMAT: Codes = ["certificate-format"];
const withExtension = (more: Buffer): Change => ({ extensions: [...leafExtensions(SERVER_NAME), more] });
const ecdsaSha384 = (): Buffer => sequence(objectIdentifier("1.2.840.10045.4.3.3"));

const contents: readonly BadServer[] = [
	leafRow("unknown-critical-extension-in-leaf", "a critical extension nobody knows", FORMAT, () =>
		withExtension(unknownExtension(true)),
	),
	issuerRow("unknown-critical-extension-in-issuer", "a critical extension nobody knows", FORMAT, () => ({
		extensions: [...CA_EXTENSIONS, unknownExtension(true)],
	})),
	leafRow("two-alternative-names", "the SAN extension twice (RFC 5280 section 4.2)", FORMAT, () => ({
		extensions: [...leafExtensions("other.test"), dnsNames(SERVER_NAME)],
	})),
	leafRow("alternative-name-malformed", "a SAN that is no list", ["certificate-format", "certificate-name"], () => ({
		extensions: [
			...leafExtensions(SERVER_NAME).slice(0, 3),
			extension("2.5.29.17", false, Buffer.from("3003820141", "hex")),
		],
	})),
	leafRow("basic-constraints-malformed", "basicConstraints that are no sequence", FORMAT, () => ({
		extensions: [extension("2.5.29.19", true, bitString(Buffer.of(1))), ...leafExtensions(SERVER_NAME).slice(1)],
	})),
	leafRow("serial-number-empty", "a serial number of no bytes", FORMAT, () => ({ serial: element(0x02) }), {
		takenBy: { mbedtls: "mbedTLS reads no meaning into a serial number" },
	}),
];

const UNTRUSTED: Codes = ["certificate-untrusted", "certificate-format"];
/** mbedTLS 2.28 leaves such a certificate aside, and takes the next one for the leaf: the issuer's has another name. */
const SKIPPED: Codes = ["certificate-untrusted", "certificate-format", "certificate-name"];
const flip = (bytes: Buffer, index: number): Buffer => {
	const changed = Buffer.from(bytes);
	changed[index] = changed[index]! ^ 1;
	return changed;
};

/** New serial numbers, until the digest is one that can be forged. */
function forgedLeaf(issuer: Identity, kind: ForgeryKind): Identity {
	for (;;) {
		let forged: Buffer | undefined;
		const identity = leaf(issuer, {
			signature: (signature, signed) => {
				forged = forgedSignature(signed, kind);
				return forged ?? signature;
			},
		});
		if (forged !== undefined) return identity;
	}
}

const signatures: readonly BadServer[] = [
	leafRow("leaf-signature-changed", "one bit of the leaf's signature", UNTRUSTED, () => ({
		signature: (signature) => flip(signature, signature.length - 1),
	})),
	leafRow("leaf-contents-changed", "one bit of the serial number after signing", UNTRUSTED, () => ({
		signed: (signed) => flip(signed, 24),
	})),
	leafRow("leaf-signature-empty", "a signature of no bytes", UNTRUSTED, () => ({ signature: () => Buffer.alloc(0) })),
	leafRow("leaf-signature-zero", "an ECDSA signature of r = s = 0", UNTRUSTED, () => ({
		signature: () => Buffer.from("3006020100020100", "hex"),
	})),
	issuerRow("issuer-signature-changed", "one bit of the issuer's signature", UNTRUSTED, () => ({
		signature: (signature) => flip(signature, signature.length - 1),
	})),
	issuerRow(
		"rsa-issuer-signature-changed",
		"one bit of the issuer's RSA signature",
		UNTRUSTED,
		() => ({
			kind: "rsa2048",
			signature: (signature) => flip(signature, 100),
		}),
		{ roots: rsaRoots },
	),
	leafRow("signature-algorithms-differ", "SHA-384 outside, SHA-256 inside what is signed", UNTRUSTED, () => ({
		outerAlgorithm: ecdsaSha384(),
	})),
	leafRow("signature-algorithm-of-another-hash", "says SHA-384, signed over SHA-256", UNTRUSTED, () => ({
		algorithm: ecdsaSha384(),
	})),
	leafRow("signature-algorithm-of-another-key", "says RSA under an issuer with an EC key", UNTRUSTED, () => ({
		algorithm: signatureAlgorithm(rsaRoot().privateKey, "sha256"),
	})),
	leafRow("signature-algorithm-unknown", "an algorithm nobody knows", SKIPPED, () => ({
		algorithm: sequence(objectIdentifier("1.3.6.1.4.1.99999.3"), NULL),
	})),
	...(["trailing-garbage", "garbage-in-parameters"] as const).map(
		(kind): BadServer => ({
			name: `rsa-forgery-with-${kind}`,
			wrong: "a leaf signed without the issuer's key, by a cube root (exponent 3)",
			refusedWith: UNTRUSTED,
			roots: rsaRoots,
			behave: scripted(() => {
				const issuer = intermediate("Latchkey Exponent Three", rsaRoot(), { kind: "rsa2048-exponent-3" });
				const identity = forgedLeaf(issuer, kind);
				return { identity, chain: chainOf(identity, issuer) };
			}),
		}),
	),
];

/** A chain of one leaf under the trusted root that the key of another signs for. */
const mismatch: BadServer = {
	name: "certificate-of-another-key",
	wrong: "a genuine certificate whose key the server does not hold",
	refusedWith: ["signature"],
	behave: scripted(() => {
		const identity = leaf(trustedIntermediate());
		return {
			identity: { ...identity, ...keyPair("forger") },
			chain: chainOf(identity, trustedIntermediate()),
		};
	}),
};

export const certificates: readonly BadServer[] = [...dates, ...weak, ...usage, ...contents, ...signatures, mismatch];
