/**
 * A good credential of each mode, as a person writes it, with SECRET in all that must never be told.
 * @module
 */
import { base64Encode } from "../../../src/device/encoding/base64.js";
import type { Digest } from "../../../src/device/ports.js";
import { fromHex, toHex } from "../case.js";
import { DIGESTS, RFC_VECTORS } from "../signing/ed25519.cases.js";
import { testKeyPkcs8Pem } from "../signing/test-key.js";

const BASE = {
	version: 1,
	clientId: "thermometer-1",
	endpoint: { host: "abc-ats.iot.eu-west-1.amazonaws.com" },
	authorizerName: "MyAuthorizer",
};
const TOKEN = { tokenKeyName: "token", token: "SECRET-token" };

export const PRESIGNED = { ...BASE, ...TOKEN, mode: "presigned", signature: "U0VDUkVU" };
export const RSA = { ...BASE, ...TOKEN, mode: "rsa", privateKey: testKeyPkcs8Pem() };
export const MINTED = {
	...BASE,
	mode: "minted",
	tokenKeyName: "token",
	claims: { sub: "thermometer-1", secret: "SECRET-claim" },
	privateKey: testKeyPkcs8Pem(),
};
export const UNSIGNED = { ...BASE, ...TOKEN, mode: "unsigned" };

/** Seed and public key of RFC 8032 section 7.1, TEST 1. */
export const ED25519_SEED = fromHex(RFC_VECTORS[0]!.seed);
export const ED25519_PUBLIC = fromHex(RFC_VECTORS[0]!.publicKey);
export const ED25519 = { ...BASE, mode: "ed25519", privateKey: base64Encode(ED25519_SEED) };

export const SAMPLES = [PRESIGNED, RSA, MINTED, ED25519, UNSIGNED] as const;

/**
 * SHA-512 of what is known, and no other: portable cases have none of their own. SHA-256 is zeros: a signature is right or wrong
 * whatever was hashed.
 */
export function playedDigest(more: Readonly<Record<string, string>> = {}): Digest {
	const known = { ...DIGESTS, ...more };
	return {
		sha256: () => new Uint8Array(32),
		sha512(data) {
			const hash = known[toHex(data)];
			if (hash === undefined) throw new Error(`unexpected input of SHA-512: ${toHex(data)}`);
			return fromHex(hash);
		},
	};
}

/** Without the members of these names. */
export function without(object: object, ...names: string[]): Record<string, unknown> {
	return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
