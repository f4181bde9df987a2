/**
 * RSA signatures of the device core, held against four others: AWS vectors, Wycheproof, jsrsasign and node:crypto.
 * @module
 */
import { createPrivateKey, generateKeyPairSync, sign, verify } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import jsrsasign from "jsrsasign";
import { parseRsaPrivateKey, signRsaSha256, signToken } from "../../../src/device/signing/index.js";
import { nodeDigest } from "../../../src/host/ports.js";
import { readVectors } from "../../vectors.js";

interface TokenVectors {
	readonly publicTestKeyPkcs8DerBase64: string;
	readonly vectors: readonly { readonly token: string; readonly signatureBase64: string }[];
}

interface WycheproofGroup {
	readonly sha: string;
	readonly keySize: number;
	readonly privateKeyPkcs8: string;
	readonly tests: readonly {
		readonly tcId: number;
		readonly msg: string;
		readonly sig: string;
		readonly result: string;
	}[];
}

const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pkcs8 = pair.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
const key = parseRsaPrivateKey(pkcs8);

const tokenVectors = readVectors<TokenVectors>("aws/token-signature.json");
if (tokenVectors !== undefined)
	test("signs the tokens of the AWS vectors exactly", (t) => {
		const testKey = parseRsaPrivateKey(Buffer.from(tokenVectors.publicTestKeyPkcs8DerBase64, "base64"));
		t.true(tokenVectors.vectors.length >= 4);
		for (const { token, signatureBase64 } of tokenVectors.vectors)
			t.is(signToken(token, testKey, nodeDigest), signatureBase64, token);
	});

const wycheproof = readVectors<{ readonly testGroups: readonly WycheproofGroup[] }>(
	"crypto/rsa_pkcs1_2048_sig_gen_test.json",
);
if (wycheproof !== undefined)
	test("signs the messages of Wycheproof rsa_pkcs1_2048_sig_gen (SHA-256) exactly", (t) => {
		const groups = wycheproof.testGroups.filter(({ sha }) => sha === "SHA-256");
		let signed = 0;
		for (const group of groups) {
			const groupKey = parseRsaPrivateKey(Buffer.from(group.privateKeyPkcs8, "hex"));
			for (const { tcId, msg, sig, result } of group.tests) {
				t.not(result, "invalid", `test ${tcId}: a generation test has a right answer`);
				t.is(
					Buffer.from(signRsaSha256(Buffer.from(msg, "hex"), groupKey, nodeDigest)).toString("hex"),
					sig,
					`test ${tcId}`,
				);
				signed++;
			}
		}
		t.true(signed >= 8, `${signed} messages`);
	});

for (const bits of [2048, 3072, 4096])
	for (const publicExponent of [3, 65537])
		test(`a ${bits} bit key with e = ${publicExponent} signs in all its forms as node:crypto does`, (t) => {
			const { privateKey } = generateKeyPairSync("rsa", { modulusLength: bits, publicExponent });
			const message = Buffer.from(`${bits} ${publicExponent}`);
			const expected = sign("sha256", message, privateKey);
			for (const type of ["pkcs1", "pkcs8"] as const)
				for (const source of [
					privateKey.export({ type, format: "pem" }) as string,
					new Uint8Array(privateKey.export({ type, format: "der" })),
				])
					t.deepEqual(Buffer.from(signRsaSha256(message, parseRsaPrivateKey(source), nodeDigest)), expected, type);
		});

test("any token is signed as node:crypto signs it, and verifies", (t) => {
	fc.assert(
		fc.property(fc.string({ unit: "grapheme", maxLength: 200 }), (token) => {
			const signature = Buffer.from(signToken(token, key, nodeDigest), "base64");
			t.deepEqual(signature, sign("sha256", Buffer.from(token), pair.privateKey));
			t.true(verify("sha256", Buffer.from(token), pair.publicKey, signature));
		}),
		{ numRuns: 25 },
	);
});

test("jsrsasign makes the same signature", (t) => {
	const signer = new jsrsasign.KJUR.crypto.Signature({ alg: "SHA256withRSA" });
	signer.init(pkcs8);
	signer.updateString("a token");
	t.is(Buffer.from(signer.sign(), "hex").toString("base64"), signToken("a token", key, nodeDigest));
});

test("a wrong CRT half never leaves the module", (t) => {
	// A signature with one wrong half factors the modulus: gcd(s^e - m, n) is a prime.
	for (const fault of [
		{ exponent1: key.exponent1 + 2n },
		{ exponent2: key.exponent2 ^ 4n },
		{ coefficient: key.coefficient + 1n },
	])
		t.throws(() => signRsaSha256(Buffer.from("m"), { ...key, ...fault }, nodeDigest), {
			name: "DeviceError",
			code: "signature-fault",
		});
});

test("a key whose numbers do not belong together is refused", (t) => {
	const der = new Uint8Array(createPrivateKey(pkcs8).export({ type: "pkcs1", format: "der" }));
	const lengths = der.length;
	let refused = 0;
	for (let at = 8; at < lengths; at += 13) {
		const damaged = der.slice();
		damaged[at]! ^= 0x10;
		const error = thrownBy(() => parseRsaPrivateKey(damaged));
		// The private exponent is the one number that CRT does not use.
		if (error === undefined) continue;
		t.is(error.name, "DeviceError");
		refused++;
	}
	t.true(refused > (lengths / 13) * 0.7, `${refused} of ${Math.floor(lengths / 13)} refused`);
});

test("a key cut short anywhere is refused with a typed error", (t) => {
	const der = new Uint8Array(createPrivateKey(pkcs8).export({ type: "pkcs8", format: "der" }));
	for (let length = 0; length < der.length; length += 7)
		t.is(thrownBy(() => parseRsaPrivateKey(der.subarray(0, length)))?.["code"], "key-malformed", `${length} bytes`);
});

test("what is no unencrypted RSA private key of 2048 bits or more is named", (t) => {
	const encrypted = pair.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "x" });
	const ec = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
	const small = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
	const cases: readonly (readonly [string, string])[] = [
		["", "key-not-pem"],
		["not a key", "key-not-pem"],
		[pair.publicKey.export({ type: "spki", format: "pem" }) as string, "key-kind"],
		[ec.export({ type: "pkcs8", format: "pem" }) as string, "key-kind"],
		[ec.export({ type: "sec1", format: "pem" }) as string, "key-kind"],
		[encrypted as string, "key-encrypted"],
		[small.export({ type: "pkcs8", format: "pem" }) as string, "key-too-small"],
		[pkcs8.replace("MII", "M!I"), "key-malformed"],
		[pkcs8.replace("MII", "MIJ"), "key-malformed"],
	];
	for (const [text, code] of cases) t.is(thrownBy(() => parseRsaPrivateKey(text))?.["code"], code, text.slice(0, 40));
});

test("an encrypted key in the traditional form is named as such", (t) => {
	const text = pair.privateKey.export({ type: "pkcs1", format: "pem", cipher: "aes-128-cbc", passphrase: "x" });
	t.is(thrownBy(() => parseRsaPrivateKey(text as string))?.["code"], "key-encrypted");
});

test("PKCS#8 with an unknown version, other parameters or something left over is refused", (t) => {
	const der = Buffer.from(pair.privateKey.export({ type: "pkcs8", format: "der" }));
	// SEQUENCE (4 bytes of header), INTEGER version, SEQUENCE { OID, NULL }, OCTET STRING.
	const version = Buffer.from(der);
	version[6] = 7;
	const parameters = Buffer.from(der);
	parameters[parameters.indexOf(Buffer.from([0x05, 0x00]))] = 0x02;
	const longer = Buffer.concat([der, Buffer.from([0x02, 0x01, 0x00])]);
	longer.writeUInt16BE(der.readUInt16BE(2) + 3, 2);
	for (const damaged of [version, parameters, longer])
		t.is(thrownBy(() => parseRsaPrivateKey(new Uint8Array(damaged)))?.["code"], "key-malformed");
});

test("no error holds a part of the key", (t) => {
	for (const text of [pkcs8.slice(0, 400), pkcs8.replace("MII", "MIJ"), pkcs8.replaceAll("A", "!")]) {
		const error = thrownBy(() => parseRsaPrivateKey(text));
		const told = `${error?.message} ${String(error?.["remedy"])}`;
		t.false(
			pkcs8.split("\n").some((line) => line.length > 20 && told.includes(line.slice(0, 16))),
			told,
		);
	}
});

test("PEM with CRLF, blank lines and text around it is read", (t) => {
	const text = `Bag Attributes\r\n${pkcs8.replaceAll("\n", "\r\n")}\r\ntrailer`;
	t.is(parseRsaPrivateKey(text).modulus, key.modulus);
});

function thrownBy(run: () => unknown): (Error & Record<string, unknown>) | undefined {
	try {
		run();
		return undefined;
	} catch (error) {
		return error as Error & Record<string, unknown>;
	}
}
