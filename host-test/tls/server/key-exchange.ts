/**
 * ServerKeyExchange of the ECDHE suites (RFC 5246 section 7.4.3, RFC 8422 section 5.4).
 * @module
 */
import { type KeyObject, sign } from "node:crypto";
import type { Identity } from "../pki/authorities.js";
import type { Randoms } from "./key-schedule.js";
import { SCHEME, uint, vector } from "./messages.js";

/** What a ServerKeyExchange is made of. */
export interface KeyExchange {
	readonly identity: Identity;
	readonly randoms: Randoms;
	/** The server's ephemeral P-256 point, uncompressed. */
	readonly point: Buffer;
	/** ECParameters and point (RFC 8422 section 5.4). */
	readonly parameters: Buffer;
}

/** ECParameters of a named curve, and the point on it. */
export function namedCurve(curve: number, point: Uint8Array): Buffer {
	return Buffer.concat([Buffer.of(3), uint(curve, 2), vector(1, point)]);
}

/** What the signature of a ServerKeyExchange covers. */
export function signedContents(randoms: Randoms, parameters: Uint8Array): Buffer {
	return Buffer.concat([randoms.client, randoms.server, parameters]);
}

/** The body of a sound ServerKeyExchange, with what is given in place of the sound parts. */
export function signedKeyExchange(
	exchange: KeyExchange,
	{
		parameters = exchange.parameters,
		key = exchange.identity.privateKey,
		scheme = schemeOf(key),
		contents = signedContents(exchange.randoms, parameters),
	}: {
		readonly parameters?: Uint8Array;
		readonly key?: KeyObject;
		readonly scheme?: number;
		readonly contents?: Buffer;
	} = {},
): Buffer {
	const signature = sign(HASH[scheme >> 8] ?? "sha256", contents, key);
	return Buffer.concat([parameters, uint(scheme, 2), vector(2, signature)]);
}

/** By the first byte of a SignatureAndHashAlgorithm. */
const HASH: Readonly<Record<number, string>> = { 1: "md5", 2: "sha1", 4: "sha256", 5: "sha384" };

function schemeOf(key: KeyObject): number {
	if (key.asymmetricKeyType === "rsa") return SCHEME.rsaSha256;
	return key.asymmetricKeyDetails?.namedCurve === "secp384r1" ? SCHEME.ecdsaSha384 : SCHEME.ecdsaSha256;
}
