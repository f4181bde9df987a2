/**
 * What an updater gives to whoever asks, whatever is asked: parts of the image that the device takes, or nothing.
 * @module
 */
import { createHash } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { parseRsaPublicKey } from "../../src/device/signing/rsa-public-key.js";
import { verifyRsaSha256 } from "../../src/device/signing/rsa-verify.js";
import { canonicalText, decodeDataMessage, parseOffer } from "../../src/device/update/offer.js";
import { FirmwareRelease } from "../../src/host/firmware-release.js";
import { nodeDigest } from "../../src/host/ports.js";
import { createPemPair } from "../authorizer/keys.js";

const KEYS = createPemPair();
const SIZE = 150_000;
const VERSION = 7;
const IMAGE = Uint8Array.from({ length: SIZE }, (_, at) => (at * 7 + (at >> 8)) & 255);
const RELEASE = new FirmwareRelease(IMAGE, VERSION, KEYS.privateKey);

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));
const ask = (version: unknown, offset: unknown, length: unknown) =>
	RELEASE.answer(bytesOf(JSON.stringify({ version, offset, length })));

test("its offer is one that a device takes, by its public key", (t) => {
	const offer = parseOffer(RELEASE.offer);
	t.like(offer, { version: VERSION, size: SIZE, sha256: createHash("sha256").update(IMAGE).digest("hex") });
	const text = bytesOf(canonicalText(offer));
	t.true(verifyRsaSha256(text, offer.signature, parseRsaPublicKey(KEYS.publicKey), nodeDigest));
});

test("images and versions out of bounds are refused", (t) => {
	for (const version of [0, -1, 1.5, 2 ** 32, Number.NaN])
		t.throws(() => new FirmwareRelease(IMAGE, version, KEYS.privateKey), { instanceOf: RangeError }, String(version));
	t.throws(() => new FirmwareRelease(new Uint8Array(0), 1, KEYS.privateKey), { instanceOf: RangeError });
	t.throws(() => new FirmwareRelease(IMAGE, 1, "no key"));
});

test("any request of a device brings the very bytes that it asked for, as many as a message holds", (t) => {
	const offsets = fc.oneof(fc.nat({ max: SIZE - 1 }), fc.constantFrom(0, SIZE - 1, SIZE - 65_536, SIZE - 65_537));
	const lengths = fc.oneof(fc.integer({ min: 1, max: 0xffffffff }), fc.constantFrom(1, 4_096, 65_536, 65_537, SIZE));
	fc.assert(
		fc.property(offsets, lengths, (offset, length) => {
			const { payload, sent } = ask(VERSION, offset, length)!;
			const message = decodeDataMessage(payload)!;
			const end = Math.min(SIZE, offset + Math.min(length, 65_536));
			t.like(message, { version: VERSION, offset });
			t.is(sent, end);
			t.true(Buffer.from(message.bytes).equals(Buffer.from(IMAGE.subarray(offset, end))));
		}),
	);
});

test("asked for from the end of what has come, in steps of any size, the image comes whole", (t) => {
	fc.assert(
		fc.property(fc.integer({ min: 1_000, max: 70_000 }), (step) => {
			const parts: Uint8Array[] = [];
			for (let at = 0; at < SIZE; ) {
				const { bytes } = decodeDataMessage(ask(VERSION, at, step)!.payload)!;
				parts.push(bytes);
				at += bytes.length;
			}
			t.true(Buffer.concat(parts).equals(Buffer.from(IMAGE)));
		}),
		{ numRuns: 20 },
	);
});

test("what asks for nothing of this image brings nothing", (t) => {
	for (const [version, offset, length] of [
		[VERSION + 1, 0, 10],
		[VERSION, SIZE, 10],
		[VERSION, 2 ** 53, 10],
		[VERSION, 0, 0],
		[VERSION, -1, 10],
		[VERSION, 0, -1],
		[VERSION, 0.5, 10],
		[VERSION, "0", 10],
		[VERSION, 0, "10"],
		[VERSION, [0], 10],
		[VERSION, null, 10],
		[VERSION, undefined, 10],
		[String(VERSION), 0, 10],
		[VERSION, 1e308, 1e308],
	])
		t.is(ask(version, offset, length), undefined, JSON.stringify([version, offset, length]));
});

test("whatever the bytes of a request are, the answer is a part of the image or nothing", (t) => {
	const json = fc.json({ maxDepth: 3 }).map(bytesOf);
	const near = fc
		.record({ version: fc.constantFrom<unknown>(VERSION, -0, 8), offset: fc.jsonValue(), length: fc.jsonValue() })
		.map((request) => bytesOf(JSON.stringify(request)));
	const deep = fc.nat(100_000).map((depth) => bytesOf("[".repeat(depth)));
	const good = fc
		.record({ offset: fc.nat(2 * SIZE), length: fc.nat(SIZE) })
		.map((request) => ({ version: VERSION, ...request }));
	const spoiled = fc
		.record({ request: good, at: fc.nat(60), byte: fc.nat(255) })
		.map(({ request, at, byte }) => bytesOf(JSON.stringify(request)).map((old, index) => (index === at ? byte : old)));
	fc.assert(
		fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), json, near, deep, spoiled), (request) => {
			const answer = RELEASE.answer(request);
			if (answer === undefined) return;
			const { version, offset, bytes } = decodeDataMessage(answer.payload)!;
			t.is(version, VERSION);
			t.true(bytes.length > 0 && bytes.length <= 65_536);
			t.true(Buffer.from(bytes).equals(Buffer.from(IMAGE.subarray(offset, offset + bytes.length))));
		}),
		{ numRuns: 2_000 },
	);
});
