/**
 * Records of any message, and any bytes as a record.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { decodeRecord, encodeRecord } from "../../../src/device/outbox/record.js";

const record = fc.record({
	id: fc.integer({ min: 1, max: 0xffffffff }),
	topic: fc.string({ unit: "binary", maxLength: 40 }),
	payload: fc.uint8Array({ maxLength: 200 }),
	retain: fc.boolean(),
});

test("any message comes back as it was", (t) => {
	fc.assert(
		fc.property(record, (message) => {
			t.deepEqual(decodeRecord(encodeRecord({ ...message, topic: utf8Encode(message.topic) })), message);
		}),
		{ numRuns: 500 },
	);
});

test("no beginning of any record is a record", (t) => {
	fc.assert(
		fc.property(record, fc.nat(), (message, cut) => {
			const whole = encodeRecord({ ...message, topic: utf8Encode(message.topic) });
			t.is(decodeRecord(whole.slice(0, cut % whole.byteLength)), undefined);
		}),
		{ numRuns: 500 },
	);
});

test("any bytes are a record that is written the same again, or none", (t) => {
	const spoilt = fc.tuple(record, fc.nat(), fc.uint8Array({ maxLength: 8 })).map(([message, at, bytes]) => {
		const whole = new Uint8Array(encodeRecord({ ...message, topic: utf8Encode(message.topic) }));
		whole.set(bytes.subarray(0, whole.length - (at % whole.length)), at % whole.length);
		return whole;
	});
	fc.assert(
		fc.property(fc.oneof(spoilt, fc.uint8Array({ maxLength: 60 })), (bytes) => {
			const read = decodeRecord(Uint8Array.from(bytes).buffer);
			if (read !== undefined)
				t.deepEqual(new Uint8Array(encodeRecord({ ...read, topic: utf8Encode(read.topic) })), Uint8Array.from(bytes));
			else t.pass();
		}),
		{ numRuns: 1000 },
	);
});
