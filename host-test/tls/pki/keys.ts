/**
 * Key pairs, made once a process under a name: making RSA keys is what takes time here.
 * @module
 */
import { generateKeyPairSync, type KeyObject } from "node:crypto";

export type KeyKind = "p256" | "p384" | "p192" | "rsa2048" | "rsa4096" | "rsa1024" | "rsa2048-exponent-3";

export interface KeyPair {
	readonly publicKey: KeyObject;
	readonly privateKey: KeyObject;
}

const made = new Map<string, KeyPair>();

/** The pair of that name and kind; the same one each time. */
export function keyPair(name: string, kind: KeyKind = "p256"): KeyPair {
	const id = `${kind} ${name}`;
	const known = made.get(id) ?? generate(kind);
	made.set(id, known);
	return known;
}

const CURVES = { p192: "prime192v1", p256: "prime256v1", p384: "secp384r1" } as const;

function generate(kind: KeyKind): KeyPair {
	switch (kind) {
		case "p192":
		case "p256":
		case "p384":
			return generateKeyPairSync("ec", { namedCurve: CURVES[kind] });
		case "rsa2048-exponent-3":
			return generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 });
		default:
			return generateKeyPairSync("rsa", { modulusLength: Number(kind.slice(3)) });
	}
}
