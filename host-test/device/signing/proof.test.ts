/**
 * Proofs of the device core, verified by others: node:crypto, jsrsasign, tweetnacl, and the example's function.
 * @module
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import jsrsasign from "jsrsasign";
import nacl from "tweetnacl";
import { handler } from "../../../examples/authorizer-ed25519.js";
import { parseCredential } from "../../../src/device/credential/index.js";
import { makeProof, type Proof, type ProofPorts } from "../../../src/device/signing/index.js";
import { nodeDigest, nodeRandom } from "../../../src/host/ports.js";
import { CLAIM_DIGESTS } from "./proof.cases.js";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ed25519 = generateKeyPairSync("ed25519");
const pem = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }) as string;
const publicPem = (key: KeyObject) => createPublicKey(key).export({ type: "spki", format: "pem" }) as string;
const publicBytes = (key: KeyObject) => Buffer.from(key.export({ format: "jwk" }).x ?? "", "base64url");

const BASE = { version: 1, clientId: "dev-1", endpoint: { host: "gateway.test" } };
/** node:crypto in the platform's place. */
const signer = (pkcs1: Uint8Array, message: Uint8Array) =>
	new Uint8Array(sign("sha256", message, { key: Buffer.from(pkcs1), format: "der", type: "pkcs1" }));

function prove(sample: object, now: number, ports: Partial<ProofPorts> = {}): Proof {
	const { credential, privateKey } = parseCredential(JSON.stringify({ ...BASE, ...sample }), nodeDigest);
	const clock = { wallTime: () => now };
	return makeProof(credential, privateKey, { digest: nodeDigest, random: nodeRandom, clock, ...ports });
}

function minted(more: object = {}) {
	const claims = { sub: "dev-1", role: "device" };
	return { mode: "minted", tokenKeyName: "token", claims, privateKey: pem(rsa.privateKey), ...more };
}

/** Token and signature put together again, as the docs say that a function may. */
function jwtOf({ token, signature }: Proof): string {
	return `${token}.${Buffer.from(signature!, "base64").toString("base64url")}`;
}

for (const [by, ports] of [
	["the core", {}],
	["the platform", { signer }],
] as const) {
	test(`a minted token and its signature, by ${by}, are a JWT that jsrsasign and node:crypto verify`, (t) => {
		const now = Date.now();
		const proof = prove(minted({ keyId: "key-1", lifetime: 120 }), now, ports);
		const jwt = jwtOf(proof);
		const options = { alg: ["RS256"], verifyAt: Math.floor(now / 1000) + 60 };
		const key = jsrsasign.KEYUTIL.getKey(publicPem(rsa.privateKey)) as jsrsasign.RSAKey;
		t.true(jsrsasign.KJUR.jws.JWS.verifyJWT(jwt, key, options));
		t.false(jsrsasign.KJUR.jws.JWS.verifyJWT(jwt, key, { ...options, verifyAt: options.verifyAt + 120 }), "expired");
		const [header, payload, signature] = jwt.split(".");
		const message = Buffer.from(`${header}.${payload}`);
		t.true(verify("sha256", message, rsa.publicKey, Buffer.from(signature!, "base64url")));
		t.deepEqual(JSON.parse(Buffer.from(header!, "base64url").toString()), { alg: "RS256", typ: "JWT", kid: "key-1" });
		const { jti, ...claims } = JSON.parse(Buffer.from(payload!, "base64url").toString());
		const iat = Math.floor(now / 1000);
		t.deepEqual(claims, { sub: "dev-1", role: "device", iat, exp: iat + 120 });
		t.is(Buffer.from(jti, "base64url").length, 16);
	});

	test(`a token is signed by ${by} as node:crypto signs it`, (t) => {
		const sample = { mode: "rsa", tokenKeyName: "token", token: "tökén", privateKey: pem(rsa.privateKey) };
		const expected = sign("sha256", Buffer.from("tökén"), rsa.privateKey).toString("base64");
		t.is(prove(sample, 0, ports).signature, expected);
	});
}

test("a key whose halves do not belong together gives no signature, whoever signs", (t) => {
	const { credential, privateKey } = parseCredential(JSON.stringify({ ...BASE, ...minted() }), nodeDigest);
	const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
	const foreign = () => new Uint8Array(sign("sha256", Buffer.from("x"), other));
	const clock = { wallTime: () => 0 };
	const ports = { digest: nodeDigest, random: nodeRandom, clock };
	t.throws(() => makeProof(credential, privateKey, { ...ports, signer: foreign }), { code: "signature-fault" });
	// A bit of the exponents, behind modulus, public exponent and private exponent.
	privateKey![700]! ^= 1;
	t.throws(() => makeProof(credential, privateKey, ports), { name: "DeviceError" });
});

test("whatever the claims, the token says them and stays within what the credential was checked for", (t) => {
	const names = fc
		.string({ unit: "grapheme", maxLength: 20 })
		.filter((name) => !["iat", "exp", "nbf", "jti"].includes(name));
	const values = fc
		.jsonValue({ stringUnit: "grapheme", maxDepth: 3 })
		.filter((value) => !/\d{16}|e\+/.test(JSON.stringify(value)));
	fc.assert(
		fc.property(fc.dictionary(names, values, { maxKeys: 5 }), fc.nat({ max: 8_640_000_000_000_000 }), (claims, now) => {
			const { token } = prove(minted({ claims }), now, { signer });
			const { iat, exp, jti, ...rest } = JSON.parse(Buffer.from(token!.split(".")[1]!, "base64url").toString());
			t.deepEqual(rest, JSON.parse(JSON.stringify(claims)));
			t.deepEqual([iat, exp], [Math.floor(now / 1000), Math.floor(now / 1000) + 300]);
			t.is(typeof jti, "string");
			t.regex(token!, /^[\w-]+\.[\w-]+$/);
			t.true(token!.length <= 6144);
		}),
		{ numRuns: 60 },
	);
});

test("a claim is verified by tweetnacl, for any client id and time", (t) => {
	fc.assert(
		fc.property(
			fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }).filter((id) => !/^\$|\0/.test(id)),
			fc.nat({ max: 9_999_999_999_999 }),
			fc.uint8Array({ minLength: 32, maxLength: 32 }),
			(clientId, now, seed) => {
				const sample = { mode: "ed25519", clientId, privateKey: Buffer.from(seed).toString("base64") };
				const { password, ...rest } = prove(sample, now);
				t.deepEqual(rest, { algorithm: "Ed25519" });
				const [issuedAt, signature] = password!.split(".");
				t.is(issuedAt, String(Math.floor(now / 1000)));
				const { publicKey } = nacl.sign.keyPair.fromSeed(seed);
				const message = Buffer.from(`${clientId}.${issuedAt}`);
				t.true(nacl.sign.detached.verify(message, Buffer.from(signature!, "base64url"), publicKey));
			},
		),
		{ numRuns: 30 },
	);
});

test.serial("the example's function takes the claim of a key that it knows, and no other", async (t) => {
	process.env["DEVICE_KEYS"] = JSON.stringify({ "dev-1": publicBytes(ed25519.publicKey).toString("base64") });
	t.teardown(() => {
		delete process.env["DEVICE_KEYS"];
	});
	const ask = async (privateKey: KeyObject, now: number, clientId = "dev-1") => {
		const { password } = prove({ mode: "ed25519", privateKey: pem(privateKey) }, now);
		const mqtt = { clientId, password: Buffer.from(password!).toString("base64") };
		return (await handler({ protocolData: { mqtt } })).isAuthenticated;
	};
	t.true(await ask(ed25519.privateKey, Date.now()));
	t.false(await ask(generateKeyPairSync("ed25519").privateKey, Date.now()), "another key");
	t.false(await ask(ed25519.privateKey, Date.now() - 3_600_000), "an old claim");
	t.false(await ask(ed25519.privateKey, Date.now(), "dev-2"), "another name");
});

test("the digests that the portable cases play back are SHA-512's", (t) => {
	t.is(Object.keys(CLAIM_DIGESTS).length, 2);
	for (const [input, hash] of Object.entries(CLAIM_DIGESTS))
		t.is(createHash("sha512").update(Buffer.from(input, "hex")).digest("hex"), hash);
});
