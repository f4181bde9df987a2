/**
 * RSA keys made for one run of the tests, and signatures by them.
 * @module
 */
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export interface KeyPair {
	/** PEM, as an authorizer registers it. */
	readonly publicKey: string;
	readonly privateKey: KeyObject;
}

/** @param modulusLength bits. */
export function createKeyPair(modulusLength = 2048): KeyPair {
	const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength });
	return { publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(), privateKey };
}

/** Both halves as PEM: what an updater has, and what its devices know. */
export function createPemPair(): { readonly publicKey: string; readonly privateKey: string } {
	const { publicKey, privateKey } = createKeyPair();
	return { publicKey, privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

/** The signature of a token as AWS wants it. */
export function signToken(token: string, { privateKey }: KeyPair): string {
	return sign("sha256", Buffer.from(token), privateKey).toString("base64");
}
