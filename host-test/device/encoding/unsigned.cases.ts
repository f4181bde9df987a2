/** @module */
import { bytesToUnsigned, unsignedToBytes } from "../../../src/device/encoding/unsigned.js";
import { type Cases, fromHex, toHex } from "../case.js";

/** Every length around the steps of 64 bits. */
const LENGTHS = [0, 1, 2, 7, 8, 9, 15, 16, 17, 31, 32, 33, 64, 255, 256];

export const cases: Cases = {
	"bytes are read with the first or the last one highest": (check) => {
		check.is(bytesToUnsigned(fromHex("01 02 03"), "big"), 0x010203n);
		check.is(bytesToUnsigned(fromHex("01 02 03"), "little"), 0x030201n);
		check.is(bytesToUnsigned(fromHex("ff 00 00 00 00 00 00 00 01"), "big"), 0xff0000000000000001n);
		check.is(bytesToUnsigned(fromHex("ff 00 00 00 00 00 00 00 01"), "little"), 0x0100000000000000ffn);
		check.is(bytesToUnsigned(fromHex("ff ff ff ff ff ff ff ff"), "big"), 0xffffffffffffffffn);
	},
	"no bytes are 0, and 0 is as many zero bytes as are asked for": (check) => {
		check.is(bytesToUnsigned(new Uint8Array(0), "big"), 0n);
		check.is(bytesToUnsigned(new Uint8Array(33), "little"), 0n);
		check.hex(unsignedToBytes(0n, 0, "big"), "");
		check.hex(unsignedToBytes(0n, 9, "little"), "00".repeat(9));
	},
	"any length goes there and back in both orders": (check) => {
		for (const length of LENGTHS) {
			const bytes = Uint8Array.from({ length }, (_, i) => 0xf1 - 7 * i);
			const value = length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`);
			check.is(bytesToUnsigned(bytes, "big"), value, `${length} bytes`);
			check.is(bytesToUnsigned(bytes.slice().reverse(), "little"), value, `${length} bytes`);
			check.same(unsignedToBytes(value, length, "big"), bytes, `${length} bytes`);
			check.same(unsignedToBytes(value, length, "little"), bytes.slice().reverse(), `${length} bytes`);
		}
	},
	"a part of a larger buffer is read as that part": (check) => {
		const whole = Uint8Array.from({ length: 40 }, (_, i) => i);
		for (const start of [1, 3, 7])
			check.is(
				bytesToUnsigned(whole.subarray(start, start + 9), "big"),
				bytesToUnsigned(whole.slice(start, start + 9), "big"),
			);
	},
	"a value is written with zeros before it, and only as far as there is room": (check) => {
		check.hex(unsignedToBytes(0x0102n, 11, "big"), "000000000000000000 0102");
		check.hex(unsignedToBytes(0x0102n, 11, "little"), "0201 000000000000000000");
		check.hex(unsignedToBytes(0x010203n, 2, "big"), "0203");
		check.hex(unsignedToBytes((1n << 80n) + 5n, 9, "little"), "050000000000000000");
	},
};
