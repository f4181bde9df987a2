/**
 * An RSA public key from SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7, RFC 3279 section 2.3.1) or PKCS#1 (RFC 8017
 * appendix A.1.1), as PEM or DER, checked before use.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { DerError, type DerReader, outermost, Tag } from "./der.js";
import { bitLength } from "./modular.js";
import { readPem } from "./pem.js";
import { readRsaEncryption } from "./rsa-encryption.js";

/** The two numbers of RFC 8017 section 3.1. */
export interface RsaPublicKey {
	readonly modulus: bigint;
	/** Bits of the modulus: 2048..4096, a multiple of 8. */
	readonly bits: number;
	/** Odd, 3 or more and below 2^31. */
	readonly publicExponent: number;
}

/**
 * Reads a key. Whether its modulus has two primes cannot be seen: a key is trusted because of where it came from.
 * @param source PEM text (`PUBLIC KEY` or `RSA PUBLIC KEY`) or the bytes of either structure.
 * @throws {DeviceError} step `signing`, field `publicKey`; code `key-not-pem`, `key-kind`, `key-malformed`,
 * `key-too-small` or `key-unsupported`.
 */
export function parseRsaPublicKey(source: string | Uint8Array): RsaPublicKey {
	try {
		return checked(readKey(typeof source === "string" ? derOf(source) : source));
	} catch (error) {
		if (error instanceof DeviceError) throw error;
		const cause = error instanceof DerError ? error.message : "its text is not base64";
		throw keyError("key-malformed", `the public key cannot be read (${cause})`);
	}
}

function derOf(text: string): Uint8Array {
	const block = readPem(text);
	if (block === undefined) throw keyError("key-not-pem", "no PEM block was found in the public key");
	if (block.label !== "PUBLIC KEY" && block.label !== "RSA PUBLIC KEY")
		throw keyError("key-kind", `expected an RSA public key, got a PEM block ${block.label}`);
	return block.der;
}

const BIT_STRING = 0x03;

interface RsaNumbers {
	readonly modulus: bigint;
	readonly publicExponent: bigint;
}

function readKey(der: Uint8Array): RsaNumbers {
	const structure = outermost(der);
	if (structure.peek() === Tag.integer) return readNumbers(structure);
	if (!readRsaEncryption(structure.readSequence())) throw keyError("key-kind", "the public key is not an RSA key");
	const bits = structure.read(BIT_STRING);
	structure.end();
	if (bits[0] !== 0) throw new DerError("BIT STRING that is not of whole bytes");
	return readNumbers(outermost(bits.subarray(1)));
}

function readNumbers(structure: DerReader): RsaNumbers {
	const modulus = structure.readUnsigned();
	const publicExponent = structure.readUnsigned();
	structure.end();
	return { modulus, publicExponent };
}

function checked({ modulus, publicExponent: e }: RsaNumbers): RsaPublicKey {
	// A length of three bytes may announce more than `bitLength` counts.
	const bits = modulus < 1n << 4096n ? bitLength(modulus) : 4097;
	if (bits < 2048) throw keyError("key-too-small", `expected an RSA key of 2048 bits or more, got ${bits}`);
	if (bits > 4096 || bits % 8 !== 0)
		throw keyError("key-unsupported", "expected an RSA key of 2048..4096 bits, a multiple of 8");
	if (modulus % 2n === 0n) throw keyError("key-unsupported", "expected an odd modulus");
	if (e < 3n || e >= 1n << 31n || e % 2n === 0n)
		throw keyError("key-unsupported", "expected an odd public exponent of 3 or more and below 2^31");
	return { modulus, bits, publicExponent: Number(e) };
}

function keyError(code: string, cause: string): DeviceError {
	const remedy = "take the public half of the signing key: `openssl pkey -in F -pubout`";
	return new DeviceError({ code, step: "signing", field: "publicKey", cause, remedy });
}
