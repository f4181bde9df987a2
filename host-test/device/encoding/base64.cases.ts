/** @module */
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";
import { type Cases, fromHex } from "../case.js";

/** RFC 4648 section 10, as hex of the ASCII text and base64. */
const RFC_VECTORS: readonly (readonly [string, string])[] = [
	["", ""],
	["66", "Zg=="],
	["666f", "Zm8="],
	["666f6f", "Zm9v"],
	["666f6f62", "Zm9vYg=="],
	["666f6f6261", "Zm9vYmE="],
	["666f6f626172", "Zm9vYmFy"],
	["fbff", "+/8="],
];

export const cases: Cases = {
	"base64 of RFC 4648 section 10 in both directions": (check) => {
		for (const [hex, text] of RFC_VECTORS) {
			check.is(base64Encode(fromHex(hex)), text);
			check.hex(base64Decode(text), hex);
		}
	},
	"every byte value survives base64": (check) => {
		const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
		check.same(base64Decode(base64Encode(bytes)), bytes);
	},
	"base64 that is not canonical is refused": (check) => {
		for (const text of ["Z", "Zg", "Zg=", "Zg=a", "Z===", "====", "Zh==", "Zm9=", "Zm9v\n", "Zm 9", "-_8=", "Zg==Zg=="])
			check.throws(() => base64Decode(text), { code: "bad-base64" }, text);
	},
};
