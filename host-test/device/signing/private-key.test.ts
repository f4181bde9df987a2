/**
 * Private keys as others write them: node:crypto's and OpenSSL's forms, and what becomes of damaged ones.
 * @module
 */
import { createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { DeviceError } from "../../../src/device/device-error.js";
import { readEd25519PrivateKey } from "../../../src/device/signing/ed25519-private-key.js";
import { publicHalfOf, readRsaPrivateKey } from "../../../src/device/signing/rsa-private-key.js";
import { nodeDigest } from "../../../src/host/ports.js";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
const ed25519 = generateKeyPairSync("ed25519").privateKey;

function pemOf(der: Uint8Array, label = "PRIVATE KEY"): string {
	return `-----BEGIN ${label}-----\n${Buffer.from(der).toString("base64")}\n-----END ${label}-----\n`;
}

function jwkBytes(key: KeyObject, member: "x" | "d" | "n"): Buffer {
	return Buffer.from(key.export({ format: "jwk" })[member] ?? "", "base64url");
}

for (const bits of [2048, 3072, 4096])
	for (const type of ["pkcs1", "pkcs8"] as const)
		test(`an RSA key of ${bits} bits in ${type} becomes the PKCS#1 that node:crypto writes`, (t) => {
			const key = generateKeyPairSync("rsa", { modulusLength: bits }).privateKey;
			const bytes = readRsaPrivateKey(key.export({ type, format: "pem" }) as string);
			t.deepEqual(Buffer.from(bytes), key.export({ type: "pkcs1", format: "der" }));
			const half = publicHalfOf(bytes);
			t.is(half.bits, bits);
			t.is(half.publicExponent, 65537);
			t.is(half.modulus, BigInt(`0x${jwkBytes(key, "n").toString("hex")}`));
		});

test("an Ed25519 key becomes seed and public key, from PEM as from its seed", (t) => {
	const expected = Buffer.concat([jwkBytes(ed25519, "d"), jwkBytes(ed25519, "x")]);
	const pem = ed25519.export({ type: "pkcs8", format: "pem" }) as string;
	for (const source of [pem, pem.replaceAll("\n", "\r\n"), jwkBytes(ed25519, "d").toString("base64")])
		t.deepEqual(Buffer.from(readEd25519PrivateKey(source, nodeDigest)), expected);
});

test("the key of RFC 8410 section 10.3 is read, with its attribute and its public key", (t) => {
	const pem = `-----BEGIN PRIVATE KEY-----
MHICAQEwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
oB8wHQYKKoZIhvcNAQkJFDEPDA1DdXJkbGUgQ2hhaXJzgSEAGb9ECWmEzf6FQbrB
Z9w7lshQhqowtrbLDFw4rXAxZuE=
-----END PRIVATE KEY-----`;
	const stored = Buffer.from(readEd25519PrivateKey(pem, nodeDigest)).toString("hex");
	t.is(
		stored,
		"d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44755842" +
			"19bf44096984cdfe8541bac167dc3b96c85086aa30b6b6cb0c5c38ad703166e1",
	);
});

test("any one byte of a key file changed gives a key of the right form or a typed error without a part of the key", (t) => {
	const readers = [
		[rsa, (source: string) => readRsaPrivateKey(source)],
		[ed25519, (source: string) => readEd25519PrivateKey(source, nodeDigest)],
	] as const;
	for (const [key, read] of readers) {
		const der = key.export({ type: "pkcs8", format: "der" });
		const secret = der.subarray(-24).toString("base64");
		let refusals = 0;
		fc.assert(
			fc.property(fc.nat({ max: der.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
				const changed = Uint8Array.from(der);
				changed[at]! ^= change;
				try {
					createPrivateKeyOf(read(pemOf(changed)), key);
				} catch (error) {
					if (!(error instanceof DeviceError)) throw error;
					t.is(error.step, "signing");
					t.false(`${error.stack}${JSON.stringify(error)}`.includes(secret));
					refusals++;
				}
			}),
			{ numRuns: 150 },
		);
		t.true(refusals > 0);
	}
});

/** Fails where the bytes are not what the device takes them for. */
function createPrivateKeyOf(bytes: Uint8Array, { asymmetricKeyType }: KeyObject): void {
	if (asymmetricKeyType === "rsa") createPrivateKey({ key: Buffer.from(bytes), format: "der", type: "pkcs1" });
	else if (bytes.length !== 64) throw new Error("no stored key pair");
}

test("a key cut short anywhere is refused with a typed error", (t) => {
	const keys = [
		[ed25519.export({ type: "pkcs8", format: "der" }), (source: string) => readEd25519PrivateKey(source, nodeDigest)],
		[rsa.export({ type: "pkcs8", format: "der" }), readRsaPrivateKey],
	] as const;
	for (const [der, read] of keys)
		for (let length = 0; length < der.length; length += der.length < 100 ? 1 : 7)
			t.throws(() => read(pemOf(der.subarray(0, length))), { name: "DeviceError" }, `${length} bytes`);
});
