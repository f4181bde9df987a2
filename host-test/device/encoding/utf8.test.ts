/**
 * UTF-8 held against the WHATWG encoder and decoder of Node.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { utf8Decode, utf8Encode, utf8Length } from "../../../src/device/encoding/utf8.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Any UTF-16, lone surrogates too. */
const anyText = fc.oneof(
	fc.string({ unit: "binary" }),
	fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
);

/** Bytes that are UTF-8 but for a few. */
const nearlyUtf8 = fc
	.tuple(fc.string({ unit: "binary" }), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 3 }), fc.nat(3))
	.map(([text, changes, cut]) => {
		const bytes = encoder.encode(text);
		for (const [at, byte] of changes) if (bytes.length > 0) bytes[at % bytes.length] = byte;
		return bytes.subarray(0, Math.max(0, bytes.length - cut));
	});

test("any text is encoded as TextEncoder does, and as long as was said", (t) => {
	fc.assert(
		fc.property(anyText, (text) => {
			const bytes = utf8Encode(text);
			t.deepEqual([...bytes], [...encoder.encode(text)]);
			t.is(utf8Length(text), bytes.length);
		}),
	);
});

test("any well-formed text comes back", (t) => {
	fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => t.is(utf8Decode(utf8Encode(text)), text)));
});

test("any bytes are taken or refused as a fatal TextDecoder does", (t) => {
	fc.assert(
		fc.property(fc.oneof(fc.uint8Array(), nearlyUtf8), (bytes) => {
			t.is(
				outcome(() => utf8Decode(bytes)),
				outcome(() => decoder.decode(bytes)),
			);
		}),
	);
});

function outcome(decode: () => string): string | undefined {
	try {
		return decode();
	} catch {
		return undefined;
	}
}
