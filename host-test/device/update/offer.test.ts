/**
 * Offers and data messages of any content, and the signed text as others make it.
 * @module
 */
import { createHash, createPublicKey, sign } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import {
	canonicalText,
	DATA_HEADER_LENGTH,
	decodeDataMessage,
	encodeDataMessage,
	parseOffer,
} from "../../../src/device/update/offer.js";
import { offerOf, PUBLIC_KEY, RELEASE_2, RELEASE_3 } from "./played-updater.js";
import { TestSha256 } from "./sha256.js";
import { releaseOf, testKey } from "./signed-releases.js";

const count = fc.integer({ min: 1, max: 0xffffffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });

test("the releases of the cases are signed by the published key, over the text as it is documented", (t) => {
	const spki = createPublicKey(testKey).export({ type: "spki", format: "der" });
	t.is((spki as Buffer).toString("base64"), PUBLIC_KEY);
	for (const { version, size, sha256, signature } of [RELEASE_2, RELEASE_3]) {
		const text = `latchkey-update\n${version}\n${size}\n${sha256}\n`;
		t.is(sign("sha256", Buffer.from(text, "ascii"), testKey).toString("base64"), signature);
	}
});

test("any offer comes back, and its text is lines of ASCII that no other offer has", (t) => {
	fc.assert(
		fc.property(count, fc.uint8Array({ minLength: 1, maxLength: 40 }), (version, image) => {
			const release = releaseOf(image, version);
			const offer = parseOffer(offerOf(release));
			t.like(offer, { version, size: image.length, sha256: release.sha256 });
			t.is(Buffer.from(offer.signature).toString("base64"), release.signature);
			const lines = /^latchkey-update\n([1-9]\d*)\n([1-9]\d*)\n([0-9a-f]{64})\n$/.exec(canonicalText(offer));
			t.deepEqual(lines?.slice(1), [`${version}`, `${image.length}`, release.sha256]);
		}),
		{ numRuns: 50 },
	);
});

test("any bytes are an offer or a typed refusal of a known code", (t) => {
	const near = fc
		.record(
			{
				version: fc.oneof(count, fc.jsonValue()),
				size: fc.oneof(count, fc.jsonValue()),
				sha256: fc.oneof(fc.constant(RELEASE_2.sha256), fc.jsonValue()),
				signature: fc.oneof(fc.base64String(), fc.jsonValue()),
				more: fc.jsonValue(),
			},
			{ requiredKeys: [] },
		)
		.map((members) => Buffer.from(JSON.stringify(members)));
	const codes = ["not-json", "missing", "unknown-member", "wrong-type", "wrong-length", "wrong-form", "out-of-bounds"];
	// What chance seldom makes.
	const { version, size, sha256, signature } = RELEASE_2;
	const rare = [{ version: 0 }, { sha256: "x" }, { signature: "A".repeat(685) }].map((change): [Uint8Array] => [
		Buffer.from(JSON.stringify({ version, size, sha256, signature, ...change })),
	]);
	const seen = new Set<string>();
	fc.assert(
		fc.property(fc.oneof(near, fc.uint8Array({ maxLength: 100 }), fc.json().map(Buffer.from)), (payload) => {
			try {
				const { version, size, sha256 } = parseOffer(payload);
				t.true(version >= 1 && size >= 1 && /^[0-9a-f]{64}$/.test(sha256));
			} catch (error) {
				const { name, code, step } = error as { name: string; code: string; step: string };
				t.deepEqual([name, step, codes.includes(code)], ["DeviceError", "update", true], code);
				seen.add(code);
			}
		}),
		{ numRuns: 2_000, examples: rare },
	);
	t.deepEqual([...seen].sort(), [...codes].sort());
});

test("any data message comes back, and its bytes are not copied", (t) => {
	fc.assert(
		fc.property(u32, u32, fc.uint8Array(), fc.nat(20), (version, offset, bytes, around) => {
			const encoded = encodeDataMessage({ version, offset, bytes });
			t.is(encoded.length, DATA_HEADER_LENGTH + bytes.length);
			t.deepEqual([...encoded.subarray(0, 8)], [...headerOf(version, offset)]);
			const larger = new Uint8Array(encoded.length + 2 * around).fill(0xa5);
			larger.set(encoded, around);
			const decoded = decodeDataMessage(larger.subarray(around, around + encoded.length))!;
			t.deepEqual([decoded.version, decoded.offset, [...decoded.bytes]], [version, offset, [...bytes]]);
			t.is(decoded.bytes.buffer, larger.buffer);
		}),
	);
});

test("the cases' SHA-256 is that of node:crypto", (t) => {
	fc.assert(
		fc.property(fc.array(fc.uint8Array({ maxLength: 150 })), (parts) => {
			const hash = new TestSha256();
			for (const part of parts) hash.update(part);
			t.deepEqual(Buffer.from(hash.digest()), createHash("sha256").update(Buffer.concat(parts)).digest());
		}),
	);
});

function headerOf(version: number, offset: number): Buffer {
	const header = Buffer.alloc(8);
	header.writeUInt32BE(version, 0);
	header.writeUInt32BE(offset, 4);
	return header;
}
