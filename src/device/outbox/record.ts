/**
 * One message as it lies in the store. Whatever else is found there is told apart from it: cut off, overwritten, another's.
 *
 *     1  layout version, 1
 *     1  flags: bit 0 retain, all others 0
 *     4  message id
 *     2  bytes of the topic
 *     2  bytes of the payload
 *        topic (UTF-8), payload
 *     4  CRC-32 of all before
 *
 * The most significant byte comes first. The lengths are there although the value has one: no part of a record passes for a
 * whole one, whatever its checksum.
 * @module
 */
import { crc32 } from "../encoding/crc32.js";
import { Utf8Error, utf8Decode } from "../encoding/utf8.js";

const LAYOUT_VERSION = 1;
const RETAIN = 1;
const HEAD_BYTES = 10;
const CHECKSUM_BYTES = 4;

/** A message as it is put into the store. */
export interface NewRecord {
	/** 1..4294967295. */
	readonly id: number;
	/** UTF-8. Topic and payload: 65535 bytes at most, each. */
	readonly topic: Uint8Array;
	readonly payload: Uint8Array;
	readonly retain: boolean;
}

/** A message as it is found there; the payload is a view of the record. */
export interface StoredRecord {
	readonly id: number;
	readonly topic: string;
	readonly payload: Uint8Array;
	readonly retain: boolean;
}

/** Bytes of the record with so many bytes of topic and payload. */
export function recordSize(topicBytes: number, payloadBytes: number): number {
	return HEAD_BYTES + topicBytes + payloadBytes + CHECKSUM_BYTES;
}

export function encodeRecord({ id, topic, payload, retain }: NewRecord): ArrayBuffer {
	const bytes = new Uint8Array(recordSize(topic.length, payload.length));
	const view = new DataView(bytes.buffer);
	view.setUint8(0, LAYOUT_VERSION);
	view.setUint8(1, retain ? RETAIN : 0);
	view.setUint32(2, id);
	view.setUint16(6, topic.length);
	view.setUint16(8, payload.length);
	bytes.set(topic, HEAD_BYTES);
	bytes.set(payload, HEAD_BYTES + topic.length);
	const end = bytes.length - CHECKSUM_BYTES;
	view.setUint32(end, crc32(bytes.subarray(0, end)));
	return bytes.buffer;
}

/** The message that `buffer` holds whole and unharmed; `undefined` where it does not. */
export function decodeRecord(buffer: ArrayBuffer): StoredRecord | undefined {
	const bytes = new Uint8Array(buffer);
	const view = new DataView(buffer);
	if (bytes.length < recordSize(0, 0) || bytes[0] !== LAYOUT_VERSION || bytes[1]! > RETAIN) return undefined;
	const id = view.getUint32(2);
	const payloadAt = HEAD_BYTES + view.getUint16(6);
	const end = bytes.length - CHECKSUM_BYTES;
	if (id === 0 || payloadAt + view.getUint16(8) !== end) return undefined;
	if (view.getUint32(end) !== crc32(bytes.subarray(0, end))) return undefined;
	const topic = decodeTopic(bytes.subarray(HEAD_BYTES, payloadAt));
	if (topic === undefined) return undefined;
	return { id, topic, payload: bytes.subarray(payloadAt, end), retain: bytes[1] === RETAIN };
}

function decodeTopic(bytes: Uint8Array): string | undefined {
	try {
		return utf8Decode(bytes);
	} catch (error) {
		if (!(error instanceof Utf8Error)) throw error;
		return undefined;
	}
}
