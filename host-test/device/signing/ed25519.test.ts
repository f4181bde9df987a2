/**
 * Ed25519 signatures of the device core, held against RFC 8032, node:crypto and tweetnacl.
 * @module
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import nacl from "tweetnacl";
import { ed25519KeyPair, signEd25519, storedEd25519KeyPair } from "../../../src/device/signing/index.js";
import { nodeDigest } from "../../../src/host/ports.js";
import { DIGESTS, RFC_VECTORS } from "./ed25519.cases.js";

/** PKCS#8 of an Ed25519 key up to its seed (RFC 8410 section 7). */
const PKCS8_HEAD = Buffer.from("302e020100300506032b657004220420", "hex");

function nodeKey(seed: Uint8Array) {
	return createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: "der", type: "pkcs8" });
}

const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const messages = fc.uint8Array({ maxLength: 300 });

test("any seed signs any message as node:crypto and tweetnacl do", (t) => {
	fc.assert(
		fc.property(seeds, messages, (seed, message) => {
			const key = ed25519KeyPair(seed, nodeDigest);
			const peer = nacl.sign.keyPair.fromSeed(seed);
			const signature = signEd25519(message, key, nodeDigest);
			t.deepEqual(key.publicKey, peer.publicKey);
			t.deepEqual(Buffer.from(signature), sign(null, message, nodeKey(seed)));
			t.deepEqual(signature, nacl.sign.detached(message, peer.secretKey));
			t.true(verify(null, message, createPublicKey(nodeKey(seed)), signature));
		}),
		{
			numRuns: 40,
			examples: [
				[new Uint8Array(32), new Uint8Array(0)],
				[new Uint8Array(32).fill(255), new Uint8Array(300).fill(255)],
			],
		},
	);
});

test("a message of a thousand bytes is signed as node:crypto signs it", (t) => {
	const seed = Uint8Array.from({ length: 32 }, (_, i) => i);
	const message = Uint8Array.from({ length: 1023 }, (_, i) => i & 255);
	const signature = signEd25519(message, ed25519KeyPair(seed, nodeDigest), nodeDigest);
	t.deepEqual(Buffer.from(signature), sign(null, message, nodeKey(seed)));
});

test("any stored key pair signs as its seed does", (t) => {
	fc.assert(
		fc.property(seeds, messages, (seed, message) => {
			const stored = nacl.sign.keyPair.fromSeed(seed).secretKey;
			const key = storedEd25519KeyPair(stored, nodeDigest);
			t.deepEqual(key, ed25519KeyPair(seed, nodeDigest));
			t.deepEqual(signEd25519(message, key, nodeDigest), nacl.sign.detached(message, stored));
		}),
		{ numRuns: 20 },
	);
});

test("signing leaves key and message as they were", (t) => {
	const stored = nacl.sign.keyPair().secretKey;
	const before = stored.slice();
	const key = storedEd25519KeyPair(stored, nodeDigest);
	const message = Uint8Array.of(1, 2, 3);
	signEd25519(message, key, nodeDigest);
	t.deepEqual(stored, before);
	t.deepEqual(message, Uint8Array.of(1, 2, 3));
	stored.fill(0);
	t.deepEqual(key, storedEd25519KeyPair(before, nodeDigest));
});

test("a seed of any other length is refused, and not told", (t) => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
			fc.pre(bytes.length !== 32);
			t.throws(() => ed25519KeyPair(bytes, nodeDigest), {
				name: "DeviceError",
				code: "key-length",
				message: `seed: expected 32 bytes, got ${bytes.length}`,
			});
		}),
	);
});

test("no error of a key pair holds a part of it", (t) => {
	const secret = Uint8Array.from({ length: 63 }, (_, i) => 0xa0 + (i & 15));
	for (const bytes of [secret, Uint8Array.from([...secret.subarray(0, 32), ...new Array(32).fill(255)])]) {
		const error = t.throws(() => storedEd25519KeyPair(bytes, nodeDigest), { name: "DeviceError" });
		const told = `${error?.stack} ${JSON.stringify(error)}`;
		t.notRegex(told, /a0a1a2|160,161|oKGi/i);
	}
});

test("the digests that the portable cases play back are SHA-512's", (t) => {
	t.is(Object.keys(DIGESTS).length, 3 * RFC_VECTORS.length);
	for (const [input, hash] of Object.entries(DIGESTS))
		t.is(createHash("sha512").update(Buffer.from(input, "hex")).digest("hex"), hash);
});
