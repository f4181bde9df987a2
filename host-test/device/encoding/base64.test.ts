/**
 * Base64 held against Node's.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

test("any bytes are encoded as Node encodes them, and come back", (t) => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
			const text = base64Encode(bytes);
			t.is(text, Buffer.from(bytes).toString("base64"));
			t.deepEqual(base64Decode(text), bytes);
		}),
	);
});

test("any text is refused, or is exactly what its bytes are encoded as", (t) => {
	const nearlyBase64 = fc
		.array(fc.constantFrom(...ALPHABET, "=", "=", "-", "\n", "é", "😀"), { maxLength: 24 })
		.map((characters) => characters.join(""));
	fc.assert(
		fc.property(nearlyBase64, (text) => {
			let bytes: Uint8Array | undefined;
			try {
				bytes = base64Decode(text);
			} catch (error) {
				t.is((error as { code?: string }).code, "bad-base64");
			}
			const canonical = Buffer.from(text, "base64").toString("base64") === text;
			t.is(bytes !== undefined, canonical, text);
			if (bytes !== undefined) t.is(base64Encode(bytes), text);
		}),
		{ numRuns: 500 },
	);
});

test("an error says where the text is wrong", (t) => {
	for (const [text, offset] of [
		["AAAA*AAA", 4],
		["AAAAA*AA", 5],
		["AAAAAA*A", 6],
		["AAAAAAA*", 7],
		["AAAA*A==", 4],
		["AAAAAA*=", 6],
		["AA==AAAA", 2],
		["AAAAAB==", 4],
		["AAAAAAB=", 4],
		["AAAAA", 5],
	] as const)
		t.throws(() => base64Decode(text), { name: "Base64Error", message: new RegExp(`at character ${offset}$`) }, text);
});
