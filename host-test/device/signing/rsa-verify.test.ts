/**
 * RSA public keys and the verification of signatures, held against Wycheproof, node:crypto and forgers.
 * @module
 */
import { constants, createHash, generateKeyPairSync, type KeyObject, privateEncrypt, sign, verify } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { parseRsaPublicKey, type RsaPublicKey } from "../../../src/device/signing/rsa-public-key.js";
import { verifyRsaSha256 } from "../../../src/device/signing/rsa-verify.js";
import { nodeDigest } from "../../../src/host/ports.js";
import { type ForgeryKind, forgedSignature } from "../../tls/pki/rsa-forgery.js";
import { readVectors } from "../../vectors.js";

interface WycheproofGroup {
	readonly sha: string;
	readonly publicKeyAsn: string;
	readonly publicKeyDer: string;
	readonly publicKeyPem: string;
	readonly tests: readonly {
		readonly tcId: number;
		readonly comment: string;
		readonly msg: string;
		readonly sig: string;
		readonly result: "valid" | "acceptable" | "invalid";
	}[];
}

const NOTHING = Buffer.alloc(0);
const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const message = Buffer.from("a message");
const signature = sign("sha256", message, pair.privateKey);
const key = parseRsaPublicKey(pemOf(pair.publicKey, "spki"));

function pemOf(publicKey: KeyObject, type: "spki" | "pkcs1"): string {
	return publicKey.export({ type, format: "pem" }) as string;
}

function derOf(publicKey: KeyObject, type: "spki" | "pkcs1"): Uint8Array {
	return new Uint8Array(publicKey.export({ type, format: "der" }) as Buffer);
}

function verifies(bytes: Uint8Array, of: Uint8Array = message, by: RsaPublicKey = key): boolean {
	return verifyRsaSha256(of, bytes, by, nodeDigest);
}

const wycheproof = readVectors<{ readonly testGroups: readonly WycheproofGroup[] }>(
	"crypto/rsa_signature_2048_sha256_test.json",
);
if (wycheproof !== undefined)
	test("the signatures of Wycheproof rsa_signature_2048_sha256 are judged as it says", (t) => {
		const seen = { valid: 0, acceptable: 0, invalid: 0 };
		for (const group of wycheproof.testGroups) {
			t.is(group.sha, "SHA-256");
			const groupKey = parseRsaPublicKey(group.publicKeyPem);
			for (const source of [group.publicKeyAsn, group.publicKeyDer])
				t.deepEqual(parseRsaPublicKey(Buffer.from(source, "hex")), groupKey);
			for (const { tcId, comment, msg, sig, result } of group.tests) {
				seen[result]++;
				// What is acceptable is another encoding, and there is one that counts.
				const right = verifies(Buffer.from(sig, "hex"), Buffer.from(msg, "hex"), groupKey);
				t.is(right, result === "valid", `test ${tcId}: ${comment}`);
			}
		}
		t.true(seen.valid >= 9 && seen.invalid >= 200 && seen.acceptable >= 1, JSON.stringify(seen));
	});

for (const bits of [2048, 3072, 4096])
	for (const publicExponent of [3, 65537])
		test(`a ${bits} bit key with e = ${publicExponent} is read in every form, and verifies`, (t) => {
			const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: bits, publicExponent });
			const made = sign("sha256", message, privateKey);
			for (const type of ["spki", "pkcs1"] as const)
				for (const source of [pemOf(publicKey, type), derOf(publicKey, type)]) {
					const read = parseRsaPublicKey(source);
					t.is(read.bits, bits);
					t.is(read.publicExponent, publicExponent);
					t.true(verifies(made, message, read));
					t.false(verifies(made, Buffer.from("another message"), read));
				}
		});

test("any message's signature verifies, and no other message's does", (t) => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (one, other) => {
			const made = sign("sha256", one, pair.privateKey);
			t.true(verifies(made, one));
			t.is(verifies(made, other), verify("sha256", other, pair.publicKey, made));
		}),
		{ numRuns: 25 },
	);
});

test("a signature with any one bit turned over is wrong", (t) => {
	for (let bit = 0; bit < 2048; bit += 7) {
		const damaged = Uint8Array.from(signature);
		damaged[bit >> 3]! ^= 1 << (bit & 7);
		t.false(verifies(damaged), `bit ${bit}`);
	}
});

test("an encoding that differs in any one byte is wrong, though the key's owner has signed it", (t) => {
	const info = Buffer.from("3031300d060960864801650304020105000420", "hex");
	const digest = createHash("sha256").update(message).digest();
	const encoding = Buffer.concat([Buffer.of(0, 1), Buffer.alloc(202, 0xff), Buffer.of(0), info, digest]);
	const signRaw = (bytes: Buffer) => privateEncrypt({ key: pair.privateKey, padding: constants.RSA_NO_PADDING }, bytes);
	t.true(verifies(signRaw(encoding)));
	for (let at = 0; at < 256; at++) {
		const other = Buffer.from(encoding);
		other[at]! ^= 1;
		t.false(verifies(signRaw(other)), `byte ${at}`);
	}
});

test("a signature of another length is wrong, whatever it is filled up with", (t) => {
	for (const bytes of [
		new Uint8Array(0),
		signature.subarray(1),
		signature.subarray(0, 255),
		Buffer.concat([signature, Buffer.of(0)]),
		Buffer.concat([Buffer.of(0), signature]),
	])
		t.false(verifies(bytes));
});

test("numbers at the edges are wrong, and the modulus added to a signature makes no second one", (t) => {
	const numbers = [0n, 1n, key.modulus - 1n, key.modulus, key.modulus + 1n, 2n ** 2048n - 1n];
	for (const number of numbers) t.false(verifies(bytesOf(number)), `${number}`);
	// With a modulus this far below 2^2048 the sum has as many bytes as the signature.
	let small: { privateKey: KeyObject; publicKey: KeyObject };
	let made: Buffer;
	let sum: bigint;
	do {
		small = generateKeyPairSync("rsa", { modulusLength: 2048 });
		made = sign("sha256", message, small.privateKey);
		sum = BigInt(`0x${made.toString("hex")}`) + parseRsaPublicKey(pemOf(small.publicKey, "spki")).modulus;
	} while (sum >= 2n ** 2048n);
	const read = parseRsaPublicKey(pemOf(small.publicKey, "spki"));
	t.true(verifies(made, message, read));
	t.false(verifies(bytesOf(sum), message, read));
});

test("signatures of other schemes and hashes are wrong", (t) => {
	t.false(verifies(sign("sha512", message, pair.privateKey)));
	t.false(verifies(sign("sha1", message, pair.privateKey)));
	t.false(verifies(sign("sha256", message, { key: pair.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING })), "PSS");
});

for (const kind of ["trailing-garbage", "garbage-in-parameters"] satisfies ForgeryKind[])
	test(`a signature forged for e = 3 is wrong: ${kind}`, (t) => {
		const publicKey = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 }).publicKey;
		const victim = parseRsaPublicKey(pemOf(publicKey, "spki"));
		let forged = 0;
		for (let i = 0; i < 20; i++) {
			const signed = Buffer.from(`message ${i}`);
			const bytes = forgedSignature(signed, kind);
			if (bytes === undefined) continue;
			forged++;
			t.false(verifies(bytes, signed, victim));
		}
		t.true(forged > 0);
	});

test("arbitrary bytes are no signature and throw nothing", (t) => {
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 260 }), fc.uint8Array({ minLength: 256, maxLength: 256 }), (one, other) => {
			t.false(verifies(one));
			t.false(verifies(other));
		}),
	);
});

test("what is no RSA public key of 2048..4096 bits is named", (t) => {
	const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey;
	const pss = generateKeyPairSync("rsa-pss", { modulusLength: 2048 }).publicKey;
	const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey;
	const cases: readonly (readonly [string | Uint8Array, string])[] = [
		["", "key-not-pem"],
		["not a key", "key-not-pem"],
		[pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string, "key-kind"],
		[pemOf(ec, "spki"), "key-kind"],
		[pemOf(pss, "spki"), "key-kind"],
		[pemOf(small, "spki"), "key-too-small"],
		[pemOf(small, "pkcs1"), "key-too-small"],
		[pemOf(pair.publicKey, "spki").replace("MII", "M!I"), "key-malformed"],
		[new Uint8Array(0), "key-malformed"],
		[new Uint8Array(pair.privateKey.export({ type: "pkcs1", format: "der" })), "key-malformed"],
		[pkcs1Of(key.modulus, 65_537n, 7n), "key-malformed"],
		[pkcs1Of(key.modulus, 1n), "key-unsupported"],
		[pkcs1Of(key.modulus, 65_538n), "key-unsupported"],
		[pkcs1Of(key.modulus, 2n ** 31n + 1n), "key-unsupported"],
		[pkcs1Of(key.modulus - 1n, 65_537n), "key-unsupported"],
		[pkcs1Of(2n ** 2048n + 1n, 65_537n), "key-unsupported"],
		[pkcs1Of(2n ** 4103n + 1n, 65_537n), "key-unsupported"],
		[pkcs1Of(2n ** 16_000n + 1n, 65_537n), "key-unsupported"],
		[pkcs1Of(0n, 65_537n), "key-too-small"],
		[spkiOf({ parameters: tagged(0x05, Buffer.of(0)) }), "key-malformed"],
		[spkiOf({ parameters: NOTHING }), "key-malformed"],
		[spkiOf({ parameters: Buffer.of(0x05, 0, 0x05, 0) }), "key-malformed"],
		[spkiOf({ unused: 1 }), "key-malformed"],
		[spkiOf({ behind: Buffer.of(0x05, 0) }), "key-malformed"],
		[spkiOf({ behindKey: Buffer.of(0) }), "key-malformed"],
	];
	cases.forEach(([source, code], i) => {
		const error = t.throws(() => parseRsaPublicKey(source), { name: "DeviceError", code }, `${i}: ${code}`);
		t.like(error, { step: "signing", field: "publicKey" });
	});
	t.deepEqual(parseRsaPublicKey(spkiOf({})), key);
	t.is(parseRsaPublicKey(pkcs1Of(2n ** 4095n + 1n, 2n ** 31n - 1n)).bits, 4096);
});

for (const type of ["spki", "pkcs1"] as const) {
	test(`a ${type} key cut short, or with bytes behind it, is refused by name`, (t) => {
		const der = derOf(pair.publicKey, type);
		for (let length = 0; length < der.length; length++)
			t.throws(() => parseRsaPublicKey(der.subarray(0, length)), { code: "key-malformed" }, `${length} bytes`);
		t.throws(() => parseRsaPublicKey(Uint8Array.from([...der, 0])), { code: "key-malformed" });
	});

	test(`a ${type} key with any bit turned over is refused by name, or is another key`, (t) => {
		const der = derOf(pair.publicKey, type);
		for (let bit = 0; bit < 8 * der.length; bit++) {
			const damaged = der.slice();
			damaged[bit >> 3]! ^= 1 << (bit & 7);
			try {
				t.notDeepEqual(parseRsaPublicKey(damaged), key, `bit ${bit}`);
			} catch (error) {
				t.is((error as Error).name, "DeviceError", `bit ${bit}`);
			}
		}
	});
}

test("arbitrary bytes and texts are refused with a typed error", (t) => {
	fc.assert(
		fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), fc.string()), (source) => {
			t.throws(() => parseRsaPublicKey(source), { name: "DeviceError" });
		}),
	);
});

function bytesOf(number: bigint): Buffer {
	return Buffer.from(number.toString(16).padStart(512, "0"), "hex");
}

/** RSAPublicKey of these numbers, and what else is to stand in it. */
function pkcs1Of(...numbers: readonly bigint[]): Uint8Array {
	return new Uint8Array(tagged(0x30, Buffer.concat(numbers.map((number) => tagged(0x02, integerOf(number))))));
}

/** SubjectPublicKeyInfo of {@link key}, with what is to be wrong about it. */
function spkiOf({
	parameters = Buffer.of(0x05, 0),
	unused = 0,
	behind = NOTHING,
	behindKey = NOTHING,
}: SpkiFaults): Uint8Array {
	const algorithm = tagged(0x30, Buffer.concat([Buffer.from("06092a864886f70d010101", "hex"), parameters]));
	const numbers = pkcs1Of(key.modulus, BigInt(key.publicExponent));
	const bits = tagged(0x03, Buffer.concat([Buffer.of(unused), numbers, behindKey]));
	return new Uint8Array(tagged(0x30, Buffer.concat([algorithm, bits, behind])));
}

interface SpkiFaults {
	readonly parameters?: Buffer;
	/** Bits that do not count in the last byte. */
	readonly unused?: number;
	readonly behind?: Buffer;
	readonly behindKey?: Buffer;
}

function integerOf(number: bigint): Buffer {
	const digits = number.toString(16);
	const bytes = Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex");
	return bytes[0]! >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
}

function tagged(tag: number, content: Buffer): Buffer {
	const { length } = content;
	if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
	const size = length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 255);
	return Buffer.concat([Buffer.of(tag), size, content]);
}
