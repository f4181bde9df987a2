/**
 * CRC-32 held against zlib's.
 * @module
 */
import { crc32 as zlibCrc32 } from "node:zlib";
import test from "ava";
import fc from "fast-check";
import { crc32 } from "../../../src/device/encoding/crc32.js";

test("any bytes have zlib's checksum", (t) => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
			t.is(crc32(bytes), zlibCrc32(bytes));
		}),
		{ numRuns: 500 },
	);
});
