/**
 * Ed25519 signatures (RFC 8032 section 5.1) for keys of a device's own, where a function rather than AWS checks them.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { bytesToUnsigned, unsignedToBytes } from "../encoding/unsigned.js";
import type { Digest } from "../ports.js";
import { multiplyBasePoint, ORDER } from "./ed25519-base-point.js";
import { PRIME } from "./ed25519-field.js";

/** Bytes of a seed, of a public key, and of each half of a signature. */
const LENGTH = 32;

/** What a signature needs, made of a seed by {@link ed25519KeyPair} or of stored bytes by {@link storedEd25519KeyPair}. */
export interface Ed25519KeyPair {
	/** The point A, 32 bytes. */
	readonly publicKey: Uint8Array;
	/** The secret scalar s modulo L. */
	readonly scalar: bigint;
	/** What the nonce is made of besides the message, 32 bytes, secret. */
	readonly prefix: Uint8Array;
}

/**
 * The key pair of a seed (RFC 8032 section 5.1.5); costs as much as a signature.
 * @param seed the private key of RFC 8032: 32 random bytes.
 * @throws {DeviceError} step `signing`; code `key-length`, or `signature-fault` when the arithmetic went wrong.
 */
export function ed25519KeyPair(seed: Uint8Array, digest: Digest): Ed25519KeyPair {
	expectLength(seed, LENGTH, "seed");
	const secrets = expand(seed, digest);
	return { ...secrets, publicKey: unsignedToBytes(multiplyBasePoint(secrets.scalar), LENGTH, "little") };
}

/**
 * The key pair of a seed and the public key that was made of it.
 *
 * Nobody checks that the two belong together: that costs as much as a signature. Two signatures of one message under
 * different public keys reveal the secret scalar, so the stored bytes must be where nobody else can write them;
 * otherwise store the seed alone and use {@link ed25519KeyPair}.
 * @param stored 64 bytes, seed and public key (the secret key of NaCl).
 * @throws {DeviceError} step `signing`; code `key-length`, or `key-malformed` for a public key that is no reduced number.
 */
export function storedEd25519KeyPair(stored: Uint8Array, digest: Digest): Ed25519KeyPair {
	expectLength(stored, 2 * LENGTH, "keyPair");
	const publicKey = stored.slice(LENGTH);
	if ((bytesToUnsigned(publicKey, "little") & Y_MASK) >= PRIME)
		throw keyError("key-malformed", "keyPair", "expected a public key whose y is below 2^255 - 19");
	return { ...expand(stored.subarray(0, LENGTH), digest), publicKey };
}

/**
 * Signs `message` (RFC 8032 section 5.1.6): the same message always gets the same signature.
 * @returns 64 bytes, R and S.
 * @throws {DeviceError} code `signature-fault` when the arithmetic went wrong.
 */
export function signEd25519(message: Uint8Array, key: Ed25519KeyPair, digest: Digest): Uint8Array {
	const nonce = hashToScalar(digest, key.prefix, message);
	const signature = new Uint8Array(2 * LENGTH);
	const point = unsignedToBytes(multiplyBasePoint(nonce), LENGTH, "little");
	const challenge = hashToScalar(digest, point, key.publicKey, message);
	signature.set(point);
	signature.set(unsignedToBytes((nonce + challenge * key.scalar) % ORDER, LENGTH, "little"), LENGTH);
	return signature;
}

const Y_MASK = (1n << 255n) - 1n;
/** Bits of the hashed seed that its scalar keeps, and the one that it always has (RFC 8032 section 5.1.5, step 2). */
const SCALAR_MASK = Y_MASK - 7n;
const SCALAR_BIT = 1n << 254n;

function expand(seed: Uint8Array, digest: Digest): Pick<Ed25519KeyPair, "scalar" | "prefix"> {
	const hash = digest.sha512(seed);
	const scalar = (bytesToUnsigned(hash.subarray(0, LENGTH), "little") & SCALAR_MASK) | SCALAR_BIT;
	return { scalar: scalar % ORDER, prefix: hash.slice(LENGTH) };
}

/** SHA-512 of `parts` one after the other, as a number modulo L. */
function hashToScalar(digest: Digest, ...parts: readonly Uint8Array[]): bigint {
	let length = 0;
	for (const part of parts) length += part.length;
	const whole = new Uint8Array(length);
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return bytesToUnsigned(digest.sha512(whole), "little") % ORDER;
}

function expectLength(bytes: Uint8Array, length: number, field: string): void {
	if (bytes.length !== length) throw keyError("key-length", field, `expected ${length} bytes, got ${bytes.length}`);
}

function keyError(code: string, field: string, cause: string): DeviceError {
	return new DeviceError({
		code,
		step: "signing",
		field,
		cause,
		remedy: "store the 32 byte seed of the key, or the seed followed by the 32 byte public key",
	});
}
