/** @module */
import {
	decodeUseRecord,
	encodeUseRecord,
	SETTLED,
	type UseRecord,
} from "../../../src/device/credential/use-record.js";
import { crc32 } from "../../../src/device/encoding/crc32.js";
import type { Cases } from "../case.js";

const POINTER: UseRecord = {
	proven: 1,
	trials: SETTLED,
	marks: [
		{ sequence: 1, checksum: 0 },
		{ sequence: 0xffff_ffff, checksum: 0x89ab_cdef },
	],
};

/** The pointer with one byte changed, and the checksum made right again. */
function changed(at: number, byte: number): UseRecord | undefined {
	const bytes = encodeUseRecord(POINTER);
	bytes[at] = byte;
	new DataView(bytes.buffer).setUint32(23, crc32(bytes.subarray(0, 23)));
	return decodeUseRecord(bytes);
}

export const cases: Cases = {
	"the bytes of a pointer are what the layout says": (check) => {
		const bytes = encodeUseRecord(POINTER);
		check.hex(bytes.subarray(0, 23), "4c4b6375 01 02 ff 00000001 00000000 ffffffff 89abcdef");
		check.is(new DataView(bytes.buffer).getUint32(23), crc32(bytes.subarray(0, 23)));
		check.same(decodeUseRecord(bytes), POINTER);
	},
	"a pointer to nothing is one": (check) => {
		const pointer: UseRecord = { proven: undefined, trials: 0, marks: [undefined, undefined] };
		check.same(decodeUseRecord(encodeUseRecord(pointer)), pointer);
	},
	"a pointer with any one bit turned over, or cut short anywhere, or too long, is none": (check) => {
		const bytes = encodeUseRecord(POINTER);
		for (let bit = 0; bit < 8 * bytes.length; bit++) {
			bytes[bit >> 3]! ^= 1 << (bit & 7);
			check.is(decodeUseRecord(bytes), undefined, `bit ${bit}`);
			bytes[bit >> 3]! ^= 1 << (bit & 7);
		}
		for (let length = 0; length < bytes.length; length++)
			check.is(decodeUseRecord(bytes.subarray(0, length)), undefined);
		check.is(decodeUseRecord(Uint8Array.from([...bytes, 0])), undefined);
	},
	"what is whole and says what this firmware does not know is none": (check) => {
		check.is(changed(4, 2), undefined, "another layout");
		check.is(changed(5, 3), undefined, "a third slot");
		check.is(changed(0, 0), undefined, "other magic");
		check.is(changed(6, 2)?.trials, 2);
	},
};
