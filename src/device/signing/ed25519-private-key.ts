/**
 * An Ed25519 private key as people hold it, PEM of PKCS#8 (RFC 8410 section 7) or its seed in base64, as the device stores it:
 * with its public key beside it.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { base64Decode } from "../encoding/base64.js";
import type { Digest } from "../ports.js";
import { DerError, DerReader, outermost, Tag } from "./der.js";
import { ed25519KeyPair } from "./ed25519.js";
import { readPem } from "./pem.js";
import { wipe } from "./wipe.js";

/** Bytes of a seed and of a public key. */
const LENGTH = 32;
/** Bytes of a stored key: seed and public key. */
export const ED25519_KEY_BYTES = 2 * LENGTH;

/**
 * Reads a key and derives its public key, which costs as much as a signature.
 * @param source PEM text (`PRIVATE KEY`), or 32 bytes in standard base64.
 * @returns {@link ED25519_KEY_BYTES} bytes, seed and public key, as `storedEd25519KeyPair` takes them.
 * @throws {DeviceError} step `signing`; code `key-encrypted`, `key-not-pem`, `key-kind`, `key-length`, `key-malformed`,
 * `key-inconsistent` (the file's public key is another key's) or `signature-fault`. No error holds any part of the key.
 */
export function readEd25519PrivateKey(source: string, digest: Digest): Uint8Array {
	const { seed, publicKey } = readKey(source);
	const derived = ed25519KeyPair(seed, digest).publicKey;
	const stored = new Uint8Array(ED25519_KEY_BYTES);
	stored.set(seed);
	stored.set(derived, LENGTH);
	wipe(seed);
	if (publicKey !== undefined && !isSame(publicKey, derived)) {
		wipe(stored);
		throw keyError("key-inconsistent", "the public key in the file does not belong to the private key");
	}
	return stored;
}

interface KeyFile {
	/** A copy of its own. */
	readonly seed: Uint8Array;
	readonly publicKey?: Uint8Array | undefined;
}

function readKey(source: string): KeyFile {
	try {
		return source.includes("-----BEGIN ") ? readPemKey(source) : { seed: seedOf(base64Decode(source)) };
	} catch (error) {
		if (error instanceof DeviceError) throw error;
		const cause = error instanceof DerError ? error.message : "its text is not base64";
		throw keyError("key-malformed", `the private key cannot be read (${cause})`);
	}
}

function readPemKey(text: string): KeyFile {
	if (text.includes("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
		throw keyError("key-encrypted", "the private key is encrypted", "decrypt it first: `openssl pkey -in F -out G`");
	const block = readPem(text);
	if (block === undefined) throw keyError("key-not-pem", "no complete PEM block was found in the private key");
	const { label, der } = block;
	if (label !== "PRIVATE KEY") throw keyError("key-kind", `expected a private key, got a PEM block ${label}`);
	try {
		const { seed, publicKey } = readOneAsymmetricKey(der);
		return { seed: seedOf(seed), publicKey: publicKey?.slice() };
	} finally {
		wipe(der);
	}
}

/** id-Ed25519, 1.3.101.112 (RFC 8410 section 3). */
const ED25519 = Uint8Array.of(0x2b, 0x65, 0x70);

/** OneAsymmetricKey (RFC 5958 section 2): the public key may be in it from version 2 on, which is written as 1. */
function readOneAsymmetricKey(der: Uint8Array): KeyFile {
	const structure = outermost(der);
	if (structure.readUnsigned() > 1n) throw new DerError("unknown version");
	const algorithm = structure.readSequence();
	if (!isSame(algorithm.read(Tag.objectIdentifier), ED25519))
		throw keyError("key-kind", "the private key is not an Ed25519 key");
	algorithm.end();
	const inner = new DerReader(structure.read(Tag.octetString));
	const seed = inner.read(Tag.octetString);
	inner.end();
	if (structure.peek() === Tag.attributes) structure.read(Tag.attributes);
	const publicKey = structure.peek() === Tag.publicKey ? bitsOf(structure.read(Tag.publicKey)) : undefined;
	structure.end();
	return { seed, publicKey };
}

/** The bytes of a BIT STRING that is nothing but bytes. */
function bitsOf(content: Uint8Array): Uint8Array {
	if (content[0] !== 0) throw new DerError("bit string that is not of whole bytes");
	return content.subarray(1);
}

function seedOf(bytes: Uint8Array): Uint8Array {
	if (bytes.length !== LENGTH)
		throw keyError("key-length", `expected a seed of ${LENGTH} bytes, got ${bytes.length} bytes`);
	return bytes.slice();
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

const MAKE_ONE = "make one with `openssl genpkey -algorithm ED25519`";

function keyError(code: string, cause: string, remedy = MAKE_ONE): DeviceError {
	return new DeviceError({ code, step: "signing", field: "privateKey", cause, remedy });
}
