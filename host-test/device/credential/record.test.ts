/**
 * Records of any credential and of any bytes.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import {
	type CredentialRecord,
	decodeCredentialRecord,
	encodeCredentialRecord,
	parseCredential,
} from "../../../src/device/credential/index.js";
import { decodeUseRecord, encodeUseRecord, type UseRecord } from "../../../src/device/credential/use-record.js";
import { DeviceError } from "../../../src/device/device-error.js";
import { nodeDigest } from "../../../src/host/ports.js";
import { MINTED, PRESIGNED, SAMPLES } from "./samples.js";

const sequences = fc.integer({ min: 1, max: 0xffff_ffff });
const origins = fc.constantFrom("provisioned", "rotated");
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 });
/** What JSON writes and JavaScript reads again as it was. */
const claims = fc.dictionary(
	text.filter((name) => !["iat", "exp", "nbf", "jti"].includes(name)),
	fc.jsonValue({ stringUnit: "grapheme", maxDepth: 3 }).filter((value) => !/\d{16}|e\+/.test(JSON.stringify(value))),
	{ maxKeys: 4 },
);
const documents = fc.oneof(
	fc.constantFrom(...SAMPLES),
	claims.map((made) => ({ ...MINTED, claims: made })),
	fc.record({ token: text, username: text, password: text }).map((made) => ({ ...PRESIGNED, ...made })),
);

const records: fc.Arbitrary<CredentialRecord> = fc
	.record({ document: documents, origin: origins, sequence: sequences })
	.filter(({ document }) => !/[?\0]/.test((document as { username?: string }).username ?? ""))
	.filter(({ document }) => !((document as { token?: string }).token ?? "").includes("\0"))
	.map(({ document, ...rest }) => ({ ...parseCredential(JSON.stringify(document), nodeDigest), ...rest }));

/** Whether `bytes` are refused, and with nothing but a typed error of this step. */
function isRefused(bytes: Uint8Array): boolean {
	try {
		decodeCredentialRecord(bytes);
		return false;
	} catch (error) {
		if (error instanceof DeviceError && error.step === "credential") return true;
		throw error;
	}
}

test("any credential comes back from its record as it went in", (t) => {
	fc.assert(
		fc.property(records, (record) => {
			const bytes = encodeCredentialRecord(record);
			const { checksum, ...read } = decodeCredentialRecord(bytes);
			t.deepEqual(read, record);
			t.is(checksum, Buffer.from(bytes).readUInt32BE(bytes.length - 4));
		}),
		{ numRuns: 60 },
	);
});

test("any record with any one bit turned over, or cut short anywhere, is refused with a typed error", (t) => {
	fc.assert(
		fc.property(records, fc.nat(), fc.nat(), (record, bit, length) => {
			const bytes = encodeCredentialRecord(record);
			t.true(isRefused(bytes.slice(0, length % bytes.length)));
			bytes[(bit >> 3) % bytes.length]! ^= 1 << (bit & 7);
			t.true(isRefused(bytes));
		}),
		{ numRuns: 300 },
	);
});

test("any bytes at all, with or without a record's beginning, are refused with a typed error", (t) => {
	const beginning = encodeCredentialRecord({
		...parseCredential(JSON.stringify(PRESIGNED), nodeDigest),
		origin: "rotated",
		sequence: 7,
	}).slice(0, 14);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 14 }), (bytes, length) => {
			t.true(isRefused(bytes));
			t.true(isRefused(Uint8Array.from([...beginning.subarray(0, length), ...bytes])));
		}),
		{ numRuns: 500 },
	);
});

const marks = fc.option(fc.record({ sequence: sequences, checksum: fc.integer({ min: 0, max: 0xffff_ffff }) }), {
	nil: undefined,
});
const pointers: fc.Arbitrary<UseRecord> = fc.record({
	proven: fc.constantFrom(undefined, 0, 1),
	trials: fc.nat({ max: 255 }),
	marks: fc.tuple(marks, marks),
});

test("any pointer comes back as it went in, and no damaged one does", (t) => {
	fc.assert(
		fc.property(pointers, fc.nat(), fc.nat(), (pointer, bit, length) => {
			const bytes = encodeUseRecord(pointer);
			t.deepEqual(decodeUseRecord(bytes), pointer);
			t.is(decodeUseRecord(bytes.slice(0, length % bytes.length)), undefined);
			bytes[(bit >> 3) % bytes.length]! ^= 1 << (bit & 7);
			t.is(decodeUseRecord(bytes), undefined);
		}),
	);
});

test("any bytes at all are no pointer", (t) => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
			t.is(decodeUseRecord(bytes), undefined);
		}),
	);
});
