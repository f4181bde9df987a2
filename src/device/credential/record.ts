/**
 * The record: how a credential lies in the device's store, one value that is replaced in one write.
 *
 * ```
 *  0  magic            4 bytes, "LKcr"
 *  4  layout           u8, 1
 *  5  origin           u8, 1 written by provisioning, 2 by the device itself
 *  6  sequence number  u32, 1 or more
 * 10  length of JSON   u32
 * 14  JSON             UTF-8, the credential without its private key
 *     length of key    u16
 *     key              DER of PKCS#1, or seed and public key of Ed25519, or nothing
 *     checksum         u32, CRC-32 of everything before
 * ```
 *
 * Numbers are big-endian. Magic, layout and the checksum at the end are where they are in every layout to come, so that a reader
 * can tell a newer layout from damage. The checksum finds accidents; it is no protection against anybody who can write.
 * @module
 */
import { requireWithin } from "../bounds.js";
import { DeviceError } from "../device-error.js";
import { crc32 } from "../encoding/crc32.js";
import { Utf8Error, utf8Decode, utf8Encode } from "../encoding/utf8.js";
import { ED25519_KEY_BYTES } from "../signing/ed25519-private-key.js";
import type { Credential, KeyedCredential } from "./credential.js";
import { formatCredential, hasKey, parseStoredCredential } from "./parse.js";

/** Who wrote a record. */
export type RecordOrigin = "provisioned" | "rotated";

export interface CredentialRecord extends KeyedCredential {
	readonly origin: RecordOrigin;
	/** 1..4294967295: the higher, the newer, among the records of one device. */
	readonly sequence: number;
}

/** A record that was read. Its `privateKey` is a part of the bytes it was read from. */
export interface StoredRecord extends CredentialRecord {
	/** The record's own, 0..4294967295: tells it from every other one. */
	readonly checksum: number;
}

/** The highest sequence number. */
export const LAST_SEQUENCE = 0xffff_ffff;

const MAGIC = [0x4c, 0x4b, 0x63, 0x72];
const LAYOUT = 1;
const ORIGINS: readonly RecordOrigin[] = ["provisioned", "rotated"];

const LAYOUT_AT = 4;
const ORIGIN_AT = 5;
const SEQUENCE_AT = 6;
/** Where the content begins: JSON and key, each behind its length. */
const CONTENT_AT = 10;
const JSON_AT = 14;
const KEY_LENGTH_BYTES = 2;
const CHECKSUM_BYTES = 4;
/** Bytes of PKCS#1 with a modulus of 4096 bits: some 2400, and room to be sure. */
const LONGEST_RSA_KEY = 4096;
/** Bytes of a record around JSON and key. */
const FRAME = JSON_AT + KEY_LENGTH_BYTES + CHECKSUM_BYTES;

/**
 * The bytes of a record; they hold the key, so whoever has stored them wipes them.
 * @throws {RangeError} for a sequence number out of bounds, or a key that does not fit the credential's mode.
 */
export function encodeCredentialRecord(record: CredentialRecord): Uint8Array {
	const { origin, sequence, credential, privateKey } = record;
	requireWithin("sequence", sequence, 1, LAST_SEQUENCE);
	const keyLength = privateKey?.length ?? 0;
	if (!isKeyLength(keyLength, credential)) throw new RangeError(`privateKey: no key of mode ${credential.mode}`);
	const json = utf8Encode(formatCredential(credential));
	const bytes = new Uint8Array(FRAME + json.length + keyLength);
	const view = new DataView(bytes.buffer);
	const keyLengthAt = JSON_AT + json.length;
	bytes.set(MAGIC);
	bytes[LAYOUT_AT] = LAYOUT;
	bytes[ORIGIN_AT] = ORIGINS.indexOf(origin) + 1;
	view.setUint32(SEQUENCE_AT, sequence);
	view.setUint32(CONTENT_AT, json.length);
	bytes.set(json, JSON_AT);
	view.setUint16(keyLengthAt, keyLength);
	if (privateKey !== undefined) bytes.set(privateKey, keyLengthAt + KEY_LENGTH_BYTES);
	const end = bytes.length - CHECKSUM_BYTES;
	view.setUint32(end, crc32(bytes.subarray(0, end)));
	return bytes;
}

/**
 * Reads a record.
 * @throws {DeviceError} step `credential`; code `record-foreign` where the bytes are something else, `record-truncated`,
 * `record-damaged`, `record-version` for a layout of another firmware's; or as `parseStoredCredential` where the record is
 * whole and what is in it is no credential. No error holds any of the bytes.
 */
export function decodeCredentialRecord(bytes: Uint8Array): StoredRecord {
	const keyAt = requireWhole(bytes);
	const view = viewOf(bytes);
	const origin = ORIGINS[bytes[ORIGIN_AT]! - 1];
	const sequence = view.getUint32(SEQUENCE_AT);
	if (origin === undefined || sequence === 0) throw damaged("its origin or its sequence number is none");
	const end = bytes.length - CHECKSUM_BYTES;
	const credential = parseStoredCredential(jsonOf(bytes.subarray(JSON_AT, keyAt - KEY_LENGTH_BYTES)));
	if (!isKeyLength(end - keyAt, credential)) throw damaged(`its private key is none of mode ${credential.mode}`);
	const record = { origin, sequence, credential, checksum: view.getUint32(end) };
	return end === keyAt ? record : { ...record, privateKey: bytes.subarray(keyAt, end) };
}

/**
 * Credential and key of a record, as bytes: the same for records of the same credential, whoever wrote them and when.
 * @param bytes a record that {@link encodeCredentialRecord} made, or that was read.
 */
export function contentOf(bytes: Uint8Array): Uint8Array {
	return bytes.subarray(CONTENT_AT, bytes.length - CHECKSUM_BYTES);
}

/** @returns where the key begins, once magic, layout, checksum and lengths are what they should be. */
function requireWhole(bytes: Uint8Array): number {
	if (!MAGIC.every((byte, at) => at >= bytes.length || bytes[at] === byte))
		throw recordError("record-foreign", "what is stored is no credential record", PROVISION);
	const layout = bytes[LAYOUT_AT];
	const end = bytes.length - CHECKSUM_BYTES;
	const isIntact = end > LAYOUT_AT && viewOf(bytes).getUint32(end) === crc32(bytes.subarray(0, end));
	if (isIntact && layout !== LAYOUT)
		throw recordError(
			"record-version",
			`the stored record has layout ${layout}, this firmware reads layout ${LAYOUT}`,
			"update the firmware, or provision the device again",
		);
	const keyAt = keyOffset(bytes);
	if (keyAt === undefined && (layout === undefined || layout === LAYOUT))
		throw recordError("record-truncated", "the stored record ends before it is complete", PROVISION);
	if (keyAt === undefined || !isIntact) throw damaged("its checksum is wrong");
	if (keyAt + keyLengthBefore(bytes, keyAt) !== end) throw damaged("its lengths do not add up");
	return keyAt;
}

/** Where the key begins; `undefined` where the record ends before the key does. */
function keyOffset(bytes: Uint8Array): number | undefined {
	if (bytes.length < FRAME) return undefined;
	const keyAt = JSON_AT + viewOf(bytes).getUint32(CONTENT_AT) + KEY_LENGTH_BYTES;
	if (keyAt + CHECKSUM_BYTES > bytes.length) return undefined;
	return keyAt + keyLengthBefore(bytes, keyAt) + CHECKSUM_BYTES > bytes.length ? undefined : keyAt;
}

function keyLengthBefore(bytes: Uint8Array, keyAt: number): number {
	return viewOf(bytes).getUint16(keyAt - KEY_LENGTH_BYTES);
}

function isKeyLength(length: number, { mode }: Credential): boolean {
	if (!hasKey(mode)) return length === 0;
	return mode === "ed25519" ? length === ED25519_KEY_BYTES : length > 0 && length <= LONGEST_RSA_KEY;
}

function jsonOf(bytes: Uint8Array): string {
	try {
		return utf8Decode(bytes);
	} catch (error) {
		if (!(error instanceof Utf8Error)) throw error;
		throw damaged("its JSON is not UTF-8");
	}
}

function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

const PROVISION = "provision the device again";

function damaged(what: string): DeviceError {
	return recordError("record-damaged", `the stored record is damaged: ${what}`, PROVISION);
}

function recordError(code: string, cause: string, remedy: string): DeviceError {
	return new DeviceError({ code, step: "credential", cause, remedy });
}
