/**
 * What travels in an update: the offer and the text that its signature is over, requests, and data messages.
 *
 * Whoever makes updates signs one canonical text, RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2):
 *
 *     latchkey-update\n<version>\n<size>\n<sha256>\n
 *
 * in ASCII, each `\n` one byte 0x0A, the last line ended too; version and size decimal without sign or leading zeros,
 * sha256 in 64 lower-case hex digits. Nothing in it names a device or a kind of hardware: an offer holds for every device
 * with the key, so images that must not be exchanged for one another need keys of their own.
 * @module
 */
import { base64Decode } from "../encoding/base64.js";
import { parseJson } from "../encoding/json.js";
import { utf8Decode } from "../encoding/utf8.js";
import { updateError } from "./update-error.js";

/** What an offer says of an image. */
export interface ImageDescription {
	/** 1..4294967295; a higher one is newer. */
	readonly version: number;
	/** Bytes, 1..4294967295. */
	readonly size: number;
	/** SHA-256 of the image, 64 lower-case hex digits. */
	readonly sha256: string;
}

export interface Offer extends ImageDescription {
	/** Of {@link canonicalText}, as long as the updater's modulus. */
	readonly signature: Uint8Array;
}

/** The text whose UTF-8 bytes the updater signs. */
export function canonicalText({ version, size, sha256 }: ImageDescription): string {
	return `latchkey-update\n${version}\n${size}\n${sha256}\n`;
}

/** Bytes of an offer's message; one with a signature of 4096 bits has about 850. */
const OFFER_BOUND = 2048;
/** Characters of a signature of 4096 bits. */
const SIGNATURE_BOUND = 684;
const MEMBERS = ["version", "size", "sha256", "signature"];
const REMEDY = "offer version, size, sha256 in lower-case hex and signature in base64, and nothing else";

/**
 * Reads an offer: a JSON object in UTF-8 with exactly the members of {@link Offer}, `signature` in standard base64. A
 * member more is refused, because no signature would cover it. The signature is not looked into here.
 * @throws {DeviceError} step `update`, with the member in `field`; code `not-json`, `missing`, `unknown-member`,
 * `wrong-type`, `wrong-length`, `wrong-form` or `out-of-bounds`.
 */
export function parseOffer(payload: Uint8Array): Offer {
	if (payload.length > OFFER_BOUND)
		throw offerError("wrong-length", `expected ${OFFER_BOUND} bytes at most, got ${payload.length}`);
	const members = parseMembers(payload);
	for (const name of Object.keys(members))
		if (!MEMBERS.includes(name)) throw offerError("unknown-member", `expected only ${MEMBERS.join(", ")}`);
	return {
		version: readCount(members["version"], "version"),
		size: readCount(members["size"], "size"),
		sha256: readHash(members["sha256"]),
		signature: readSignature(members["signature"]),
	};
}

function parseMembers(payload: Uint8Array): Readonly<Record<string, unknown>> {
	let value: unknown;
	try {
		value = parseJson(utf8Decode(payload));
	} catch {
		throw offerError("not-json", "the offer is not JSON in UTF-8, or nests deeply");
	}
	if (typeof value !== "object" || value === null || Array.isArray(value))
		throw offerError("wrong-type", "expected a JSON object");
	return value as Record<string, unknown>;
}

function readCount(value: unknown, field: string): number {
	if (value === undefined) throw missing(field);
	if (typeof value !== "number") throw offerError("wrong-type", `expected a number, got ${typeof value}`, field);
	if (!Number.isInteger(value) || value < 1 || value > 0xffffffff)
		throw offerError("out-of-bounds", "expected an integer of 1..4294967295", field);
	return value;
}

function readText(value: unknown, field: string): string {
	if (value === undefined) throw missing(field);
	if (typeof value !== "string") throw offerError("wrong-type", `expected a string, got ${typeof value}`, field);
	return value;
}

function readHash(value: unknown): string {
	const text = readText(value, "sha256");
	if (!/^[0-9a-f]{64}$/.test(text)) throw offerError("wrong-form", "expected 64 lower-case hex digits", "sha256");
	return text;
}

function readSignature(value: unknown): Uint8Array {
	const text = readText(value, "signature");
	if (text.length > SIGNATURE_BOUND)
		throw offerError("wrong-length", `expected ${SIGNATURE_BOUND} characters at most`, "signature");
	try {
		return base64Decode(text);
	} catch {
		throw offerError("wrong-form", "expected standard base64 with padding", "signature");
	}
}

function missing(field: string): Error {
	return offerError("missing", "required, but not there", field);
}

function offerError(code: string, cause: string, field?: string): Error {
	return updateError(code, cause, REMEDY, field);
}

/** Asks for `length` bytes of the image from `offset` on; as JSON in UTF-8 on the wire. */
export interface ChunkRequest {
	readonly version: number;
	readonly offset: number;
	/** 1 or more; what lies beyond the image's end is never asked for. */
	readonly length: number;
}

/** A part of an image. On the wire: version and offset, each 32 bits with the highest byte first, and the bytes. */
export interface DataMessage {
	readonly version: number;
	readonly offset: number;
	/** All that is asked for, or its beginning with the rest in messages that follow. */
	readonly bytes: Uint8Array;
}

/** Bytes of a data message before those of the image. */
export const DATA_HEADER_LENGTH = 8;

/** @throws {RangeError} for a version or an offset that is no integer of 0..4294967295. */
export function encodeDataMessage({ version, offset, bytes }: DataMessage): Uint8Array {
	const payload = new Uint8Array(DATA_HEADER_LENGTH + bytes.length);
	const view = new DataView(payload.buffer);
	view.setUint32(0, unsigned32(version, "version"));
	view.setUint32(4, unsigned32(offset, "offset"));
	payload.set(bytes, DATA_HEADER_LENGTH);
	return payload;
}

/** `undefined` for what is shorter than a header. `bytes` of the result is a view of the payload, not a copy. */
export function decodeDataMessage(payload: Uint8Array): DataMessage | undefined {
	if (payload.length < DATA_HEADER_LENGTH) return undefined;
	const view = new DataView(payload.buffer, payload.byteOffset, DATA_HEADER_LENGTH);
	return { version: view.getUint32(0), offset: view.getUint32(4), bytes: payload.subarray(DATA_HEADER_LENGTH) };
}

function unsigned32(value: number, name: string): number {
	if (Number.isInteger(value) && value >= 0 && value <= 0xffffffff) return value;
	throw new RangeError(`${name}: expected an integer of 0..4294967295, got ${value}`);
}
