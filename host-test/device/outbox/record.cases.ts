/** @module */
import { crc32 } from "../../../src/device/encoding/crc32.js";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { decodeRecord, encodeRecord, recordSize } from "../../../src/device/outbox/record.js";
import { type Cases, fromHex } from "../case.js";

const RECORD = { id: 0x01020304, topic: utf8Encode("a/b"), payload: Uint8Array.of(0xff, 0), retain: true };
const BYTES = "01 01 01020304 0003 0002 612f62 ff00 15b01d59";

/** The bytes with a checksum that is right. */
function sealed(hex: string): ArrayBuffer {
	const body = fromHex(hex);
	const bytes = new Uint8Array(body.length + 4);
	bytes.set(body);
	new DataView(bytes.buffer).setUint32(body.length, crc32(body));
	return bytes.buffer;
}

export const cases: Cases = {
	"a record is version, flags, id, lengths, topic, payload and checksum": (check) => {
		check.hex(new Uint8Array(encodeRecord(RECORD)), BYTES);
		check.is(recordSize(3, 2), fromHex(BYTES).length);
	},
	"what was written is read": (check) => {
		check.same(decodeRecord(fromHex(BYTES).buffer as ArrayBuffer), { ...RECORD, topic: "a/b" });
		const plain = { id: 0xffffffff, topic: utf8Encode("ü😀"), payload: new Uint8Array(0), retain: false };
		check.same(decodeRecord(encodeRecord(plain)), { ...plain, topic: "ü😀" });
	},
	"no beginning of a record is one, nor a record with a byte behind it": (check) => {
		const whole = encodeRecord(RECORD);
		for (let length = 0; length < whole.byteLength; length++)
			check.is(decodeRecord(whole.slice(0, length)), undefined, `${length} bytes`);
		const longer = new Uint8Array(whole.byteLength + 1);
		longer.set(new Uint8Array(whole));
		check.is(decodeRecord(longer.buffer), undefined);
	},
	"a record with any one bit turned is none": (check) => {
		const bytes = new Uint8Array(encodeRecord(RECORD));
		for (let bit = 0; bit < 8 * bytes.length; bit++) {
			bytes[bit >> 3]! ^= 1 << (bit & 7);
			check.is(decodeRecord(bytes.buffer), undefined, `bit ${bit}`);
			bytes[bit >> 3]! ^= 1 << (bit & 7);
		}
	},
	"another layout, unknown flags and id 0 are no record, whatever the checksum": (check) => {
		check.is(decodeRecord(sealed("01 01 00000001 0001 0000 61"))?.topic, "a");
		check.is(decodeRecord(sealed("02 01 00000001 0001 0000 61")), undefined);
		check.is(decodeRecord(sealed("01 02 00000001 0001 0000 61")), undefined);
		check.is(decodeRecord(sealed("01 00 00000000 0001 0000 61")), undefined);
	},
	"lengths that are not those of the record are refused, whatever the checksum": (check) => {
		for (const lengths of ["0000 0000", "0002 0000", "0001 0001", "ffff ffff", "0000 0002"])
			check.is(decodeRecord(sealed(`01 00 00000001 ${lengths} 61`)), undefined, lengths);
	},
	"a topic that is no UTF-8 is refused, whatever the checksum": (check) => {
		check.is(decodeRecord(sealed("01 00 00000001 0001 0000 ff")), undefined);
	},
};
