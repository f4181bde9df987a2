/**
 * An RSA private key from PKCS#8 (RFC 5958) or PKCS#1 (RFC 8017 appendix A.1.2), as PEM or DER, checked before use.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { DerError, outermost, Tag } from "./der.js";
import { bitLength } from "./modular.js";
import { readPem } from "./pem.js";
import { readRsaEncryption } from "./rsa-encryption.js";
import type { RsaPublicKey } from "./rsa-public-key.js";
import { wipe } from "./wipe.js";

/** The numbers of RFC 8017 section 3.2 that a CRT signature needs. */
export interface RsaPrivateKey {
	readonly modulus: bigint;
	/** Bits of the modulus: 2048..4096, a multiple of 8. */
	readonly bits: number;
	readonly publicExponent: number;
	readonly prime1: bigint;
	readonly prime2: bigint;
	readonly exponent1: bigint;
	readonly exponent2: bigint;
	readonly coefficient: bigint;
}

/**
 * Reads a key and checks that its numbers belong together.
 * @param source PEM text (`PRIVATE KEY` or `RSA PRIVATE KEY`) or the bytes of either structure.
 * @throws {DeviceError} step `signing`; code `key-not-pem`, `key-encrypted`, `key-kind`, `key-malformed`,
 * `key-too-small`, `key-unsupported` or `key-inconsistent`. No error holds any part of the key.
 */
export function parseRsaPrivateKey(source: string | Uint8Array): RsaPrivateKey {
	return told(() => checked(readNumbers(unwrap(typeof source === "string" ? derOf(source) : source))));
}

/**
 * A key as the device stores it and as the platform's signer takes it: checked as by {@link parseRsaPrivateKey}.
 * @param source PEM text.
 * @returns DER of PKCS#1, whatever it was wrapped in; nothing else holds these bytes, so they can be wiped.
 * @throws {DeviceError} as {@link parseRsaPrivateKey}.
 */
export function readRsaPrivateKey(source: string): Uint8Array {
	return told(() => {
		const der = derOf(source);
		try {
			const pkcs1 = unwrap(der);
			checked(readNumbers(pkcs1));
			return pkcs1.slice();
		} finally {
			wipe(der);
		}
	});
}

/**
 * The public half of a key, read without making a number of anything secret: those could not be wiped.
 * @param pkcs1 DER of PKCS#1.
 * @throws {DeviceError} as {@link parseRsaPrivateKey}; it is for the signature to show that the other half belongs to it.
 */
export function publicHalfOf(pkcs1: Uint8Array): RsaPublicKey {
	return told(() => {
		const structure = outermost(pkcs1);
		structure.read(Tag.integer);
		return checkedHalf(structure.readUnsigned(), structure.readUnsigned());
	});
}

/** What `read` gives; whatever it throws becomes an error with place and remedy. */
function told<T>(read: () => T): T {
	try {
		return read();
	} catch (error) {
		if (error instanceof DeviceError) throw error;
		const cause = error instanceof DerError ? error.message : "its text is not base64";
		throw keyError("key-malformed", `the private key cannot be read (${cause})`, MAKE_ONE);
	}
}

const MAKE_ONE =
	"make one with `latchkey keys create` or `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`";

function derOf(text: string): Uint8Array {
	if (text.includes("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.includes("Proc-Type: 4,ENCRYPTED"))
		throw keyError("key-encrypted", "the private key is encrypted", "decrypt it first: `openssl pkey -in F -out G`");
	const block = readPem(text);
	if (block === undefined) throw keyError("key-not-pem", "no PEM block was found in the private key", MAKE_ONE);
	if (block.label !== "PRIVATE KEY" && block.label !== "RSA PRIVATE KEY")
		throw keyError("key-kind", `expected an RSA private key, got a PEM block ${block.label}`, MAKE_ONE);
	return block.der;
}

/** The PKCS#1 structure that `der` is, or that the PKCS#8 structure in it holds; a part of `der`. */
function unwrap(der: Uint8Array): Uint8Array {
	const structure = outermost(der);
	const version = structure.readUnsigned();
	if (structure.peek() === Tag.integer) return der;
	if (version > 1n) throw new DerError("unknown version");
	if (!readRsaEncryption(structure.readSequence()))
		throw keyError("key-kind", "the private key is not an RSA key", MAKE_ONE);
	const pkcs1 = structure.read(Tag.octetString);
	for (const tag of [Tag.attributes, Tag.publicKey]) if (structure.peek() === tag) structure.read(tag);
	structure.end();
	return pkcs1;
}

/** Bits below which a prime of a 2048 bit modulus is no protection. */
const MINIMUM_PRIME = 512;

interface RsaNumbers {
	readonly modulus: bigint;
	readonly publicExponent: bigint;
	readonly prime1: bigint;
	readonly prime2: bigint;
	readonly exponent1: bigint;
	readonly exponent2: bigint;
	readonly coefficient: bigint;
}

function readNumbers(pkcs1: Uint8Array): RsaNumbers {
	const structure = outermost(pkcs1);
	if (structure.readUnsigned() !== 0n)
		throw keyError("key-unsupported", "the RSA key has more than two primes", MAKE_ONE);
	const modulus = structure.readUnsigned();
	const publicExponent = structure.readUnsigned();
	structure.readUnsigned(); // The private exponent: the CRT numbers below say the same in halves.
	const prime1 = structure.readUnsigned();
	const prime2 = structure.readUnsigned();
	const exponent1 = structure.readUnsigned();
	const exponent2 = structure.readUnsigned();
	const coefficient = structure.readUnsigned();
	structure.end();
	return { modulus, publicExponent, prime1, prime2, exponent1, exponent2, coefficient };
}

function checked(numbers: RsaNumbers): RsaPrivateKey {
	const { modulus, publicExponent: e, prime1: p, prime2: q } = numbers;
	const half = checkedHalf(modulus, e);
	if (bitLength(p) < MINIMUM_PRIME || bitLength(q) < MINIMUM_PRIME)
		throw keyError("key-unsupported", `expected two primes of ${MINIMUM_PRIME} bits or more`, MAKE_ONE);
	const belongTogether =
		p * q === modulus &&
		(numbers.exponent1 * e) % (p - 1n) === 1n &&
		(numbers.exponent2 * e) % (q - 1n) === 1n &&
		numbers.exponent1 < p &&
		numbers.exponent2 < q &&
		(numbers.coefficient * q) % p === 1n &&
		numbers.coefficient < p;
	if (!belongTogether)
		throw keyError("key-inconsistent", "the numbers of the private key do not belong together", MAKE_ONE);
	return { ...numbers, ...half };
}

function checkedHalf(modulus: bigint, e: bigint): RsaPublicKey {
	const bits = bitLength(modulus);
	if (bits < 2048) throw keyError("key-too-small", `expected an RSA key of 2048 bits or more, got ${bits}`, MAKE_ONE);
	if (bits > 4096 || bits % 8 !== 0)
		throw keyError("key-unsupported", `expected 2048..4096 bits, a multiple of 8, got ${bits}`, MAKE_ONE);
	if (e < 3n || e >= 1n << 31n)
		throw keyError("key-unsupported", "expected a public exponent of 3 or more and below 2^31", MAKE_ONE);
	return { modulus, bits, publicExponent: Number(e) };
}

function keyError(code: string, cause: string, remedy: string): DeviceError {
	return new DeviceError({ code, step: "signing", field: "privateKey", cause, remedy });
}
