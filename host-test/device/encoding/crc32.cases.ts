/** @module */
import { crc32 } from "../../../src/device/encoding/crc32.js";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { type Cases, fromHex } from "../case.js";

export const cases: Cases = {
	"CRC-32 of the check text of the catalogue of CRCs (CRC-32/ISO-HDLC)": (check) => {
		check.is(crc32(utf8Encode("123456789")), 0xcbf43926);
	},
	"the checksum of nothing is 0": (check) => check.is(crc32(new Uint8Array(0)), 0),
	"a PNG's empty IEND chunk ends with its checksum (PNG section 11.2.5)": (check) => {
		check.is(crc32(fromHex("49 45 4e 44")), 0xae426082);
	},
	"every byte value counts": (check) => {
		check.is(crc32(Uint8Array.from({ length: 256 }, (_, i) => i)), 0x29058c73);
	},
	"zeros and their number count": (check) => {
		check.is(crc32(Uint8Array.of(0)), 0xd202ef8d);
		check.is(crc32(new Uint8Array(4)), 0x2144df1c);
	},
	"a part of a larger buffer is summed as that part": (check) => {
		const whole = utf8Encode("__123456789__");
		check.is(crc32(whole.subarray(2, 11)), 0xcbf43926);
	},
};
