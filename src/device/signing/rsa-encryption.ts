/**
 * The algorithm that the structures around an RSA key name (RFC 8017 appendix A.1).
 * @module
 */
import { DerError, type DerReader, Tag } from "./der.js";

/** rsaEncryption, 1.2.840.113549.1.1.1. */
const RSA_ENCRYPTION = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];

/**
 * Reads an AlgorithmIdentifier. @returns whether it is RSA's: the rest of another one is not read.
 * @throws {DerError} where it is, but its parameters are not NULL.
 */
export function readRsaEncryption(identifier: DerReader): boolean {
	const algorithm = identifier.read(Tag.objectIdentifier);
	if (algorithm.length !== RSA_ENCRYPTION.length || RSA_ENCRYPTION.some((byte, i) => byte !== algorithm[i]))
		return false;
	if (identifier.read(Tag.null).length > 0) throw new DerError("NULL that is not empty");
	identifier.end();
	return true;
}
