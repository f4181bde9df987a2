/**
 * The private key of a credential: given as text, kept as bytes of one form, beside the credential.
 * @module
 */
import { parseCredential, wipe } from "../../../src/device/credential/index.js";
import { base64Encode } from "../../../src/device/encoding/base64.js";
import { type Cases, fromHex, toHex } from "../case.js";
import { RFC_VECTORS } from "../signing/ed25519.cases.js";
import { testKeyPem, testKeyPkcs1, testKeyPkcs8Pem } from "../signing/test-key.js";
import { ED25519, ED25519_PUBLIC, ED25519_SEED, MINTED, PRESIGNED, playedDigest, RSA, UNSIGNED } from "./samples.js";

const digest = playedDigest();

function keyOf(credential: object): Uint8Array | undefined {
	return parseCredential(JSON.stringify(credential), digest).privateKey;
}

/** PKCS#8 of an Ed25519 key (RFC 8410 section 7). */
const PKCS8_HEAD = "302e020100300506032b657004220420";
/** The same from version 2 on, with the public key (RFC 8410 section 10.3). */
const PKCS8_HEAD_2 = "3051020101300506032b657004220420";

function ed25519Pem(hex: string, label?: string): string {
	return pemOf(fromHex(hex), label);
}

function pemOf(der: Uint8Array, label = "PRIVATE KEY"): string {
	return `-----BEGIN ${label}-----\n${base64Encode(der)}\n-----END ${label}-----\n`;
}

const SEED = toHex(ED25519_SEED);
const PUBLIC = toHex(ED25519_PUBLIC);
const OTHER_PUBLIC = RFC_VECTORS[1]!.publicKey;

export const cases: Cases = {
	"no credential holds a private key": (check) => {
		for (const sample of [RSA, MINTED, ED25519]) {
			const { credential } = parseCredential(JSON.stringify(sample), digest);
			check.is("privateKey" in credential, false, sample.mode);
			check.is(JSON.stringify(credential).includes("PRIVATE KEY"), false, sample.mode);
		}
	},
	"modes without a key have none": (check) => {
		for (const sample of [PRESIGNED, UNSIGNED]) check.is(keyOf(sample), undefined, sample.mode);
	},
	"an RSA key is kept as PKCS#1, whatever it was wrapped in": (check) => {
		for (const privateKey of [testKeyPem(), testKeyPkcs8Pem()])
			check.same(keyOf({ ...RSA, privateKey }), testKeyPkcs1());
		check.same(keyOf(MINTED), testKeyPkcs1());
	},
	"an Ed25519 key is kept with the public key that belongs to it": (check) => {
		for (const [what, privateKey] of [
			["seed", base64Encode(ED25519_SEED)],
			["PKCS#8", ed25519Pem(PKCS8_HEAD + SEED)],
			["PKCS#8 with the public key", ed25519Pem(`${PKCS8_HEAD_2 + SEED}812100${PUBLIC}`)],
			["PKCS#8 with an attribute", ed25519Pem(`3030020100300506032b657004220420${SEED}a000`)],
		] as const)
			check.hex(keyOf({ ...ED25519, privateKey })!, SEED + PUBLIC, what);
	},
	"what is no Ed25519 key is named": (check) => {
		for (const [what, privateKey, code] of [
			["another key's public key", ed25519Pem(`${PKCS8_HEAD_2 + SEED}812100${OTHER_PUBLIC}`), "key-inconsistent"],
			[
				"a public key cut short",
				ed25519Pem(`3050020101300506032b657004220420${SEED}812000${PUBLIC.slice(2)}`),
				"key-inconsistent",
			],
			["bits that are no bytes", ed25519Pem(`${PKCS8_HEAD_2 + SEED}812101${PUBLIC}`), "key-malformed"],
			["an RSA key", testKeyPkcs8Pem(), "key-kind"],
			["an RSA key in its own form", testKeyPem(), "key-kind"],
			["a public key", ed25519Pem("00", "PUBLIC KEY"), "key-kind"],
			["an encrypted key", ed25519Pem("00", "ENCRYPTED PRIVATE KEY"), "key-encrypted"],
			["an X25519 key", ed25519Pem(`302e020100300506032b656e04220420${SEED}`), "key-kind"],
			["a seed of 31 bytes in PKCS#8", ed25519Pem(`302d020100300506032b65700421041f${SEED.slice(2)}`), "key-length"],
			["an unknown version", ed25519Pem(`302e020102300506032b657004220420${SEED}`), "key-malformed"],
			["parameters of the algorithm", ed25519Pem(`3030020100300706032b6570050004220420${SEED}`), "key-malformed"],
			["something left over", ed25519Pem(`${PKCS8_HEAD + SEED}00`), "key-malformed"],
			["a block without its end", "-----BEGIN PRIVATE KEY-----\nMC4C", "key-not-pem"],
			["a block that is not base64", "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----", "key-malformed"],
			["a seed of 31 bytes", base64Encode(ED25519_SEED.slice(1)), "key-length"],
			["seed and public key", base64Encode(fromHex(SEED + PUBLIC)), "key-length"],
			["hex", SEED, "key-length"],
			["base64url", `${"-".repeat(43)}=`, "key-malformed"],
		] as const)
			check.throws(() => keyOf({ ...ED25519, privateKey }), { code, step: "signing", field: "privateKey" }, what);
	},
	"what is no RSA key is named": (check) => {
		for (const [what, privateKey, code] of [
			["no PEM", "no key", "key-not-pem"],
			["an Ed25519 key", ed25519Pem(PKCS8_HEAD + SEED), "key-kind"],
			["a key cut short", pemOf(testKeyPkcs1().slice(0, 600), "RSA PRIVATE KEY"), "key-malformed"],
		] as const)
			check.throws(() => keyOf({ ...RSA, privateKey }), { code, step: "signing", field: "privateKey" }, what);
	},
	"a key that is wiped is all zeros": (check) => {
		const key = keyOf(ED25519)!;
		wipe(key);
		check.same(key, new Uint8Array(64));
	},
};
