/**
 * The proof that a connection carries, by the mode of the credential.
 * @module
 */
import { type Credential, parseCredential } from "../../../src/device/credential/index.js";
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";
import { utf8Decode, utf8Encode } from "../../../src/device/encoding/utf8.js";
import {
	makeProof,
	type Proof,
	type ProofPorts,
	parseRsaPrivateKey,
	proofLasts,
	signRsaSha256,
	signToken,
} from "../../../src/device/signing/index.js";
import type { Cases, Check } from "../case.js";
import { ED25519, MINTED, PRESIGNED, playedDigest, RSA, SAMPLES, UNSIGNED } from "../credential/samples.js";
import { testKeyPkcs1 } from "./test-key.js";

/** SHA-512 of what a claim of `thermometer-1` at 1,800,000,000 is signed with: prefix and message; R, public key and message. */
export const CLAIM_DIGESTS = {
	"9b4f0afe280b746a778684e75442502057b7473a03f08f96f5a38e9287e01f8f746865726d6f6d657465722d312e31383030303030303030":
		"ff964756a81dd00672b21cae18a64a6dce4d28c289a0e0f4f13dfd859b68e16435dcc128d8678ab869411142ae46194fbd8f08fa6295a65b4b1154d87df33f5a",
	e9ee26aaf59dc4ff691ee157dbad1bc7a871fed13d2e81052541a48772365757d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a746865726d6f6d657465722d312e31383030303030303030:
		"0780af6448efa7a78aa0156ac7cb89fb13adfb3a23a74a147a4976baf1d0414be229ef8eb1fca32138a5f0cbc06e7b5a18ceb85d0ca57c6c408c6724fa744a59",
};

const digest = playedDigest(CLAIM_DIGESTS);
/** Milliseconds; the seconds are 1,800,000,000. */
const NOW = 1_800_000_000_999;
const random = { bytes: (count: number) => Uint8Array.from({ length: count }, (_, at) => 0xf0 + at) };
const PORTS: ProofPorts = { digest, random, clock: { wallTime: () => NOW } };
/** A platform that signs as the core does. */
const signer = (pkcs1: Uint8Array, message: Uint8Array) => signRsaSha256(message, parseRsaPrivateKey(pkcs1), digest);

function prove(sample: object, ports: Partial<ProofPorts> = {}): Proof {
	const { credential, privateKey } = parseCredential(JSON.stringify(sample), digest);
	return makeProof(credential, privateKey, { ...PORTS, ...ports });
}

function jsonOf(part: string | undefined): unknown {
	const standard = (part ?? "").split("-").join("+").split("_").join("/");
	return JSON.parse(utf8Decode(base64Decode(standard.padEnd(Math.ceil(standard.length / 4) * 4, "="))));
}

function expectSigned(check: Check, { token, signature, algorithm }: Proof): void {
	check.is(signature, signToken(token!, parseRsaPrivateKey(testKeyPkcs1()), digest));
	check.is(algorithm, "RSA-2048 with SHA-256");
}

export const cases: Cases = {
	"presigned shows what it was given": (check) => {
		check.same(prove(PRESIGNED), { token: "SECRET-token", signature: "U0VDUkVU" });
	},
	"unsigned shows its token, or nothing": (check) => {
		check.same(prove(UNSIGNED), { token: "SECRET-token" });
		const { tokenKeyName, token, ...bare } = UNSIGNED;
		check.is(tokenKeyName + token, "tokenSECRET-token");
		check.same(prove(bare), {});
	},
	"rsa signs its token": (check) => {
		const proof = prove(RSA);
		check.is(proof.token, "SECRET-token");
		check.is(proof.password, undefined);
		expectSigned(check, proof);
	},
	"minted mints a token that tells when and for how long, and signs it": (check) => {
		const proof = prove({ ...MINTED, lifetime: 60 });
		const [header, payload, ...rest] = proof.token!.split(".");
		check.is(rest.length, 0);
		check.same(jsonOf(header), { alg: "RS256", typ: "JWT" });
		check.same(jsonOf(payload), {
			...MINTED.claims,
			iat: 1_800_000_000,
			exp: 1_800_000_060,
			jti: "8PHy8_T19vf4-fr7_P3-_w",
		});
		expectSigned(check, proof);
	},
	"minted names its key where it has a name": (check) => {
		const { token } = prove({ ...MINTED, keyId: "2024 a" }, { signer });
		check.same(jsonOf(token?.split(".")[0]), { alg: "RS256", typ: "JWT", kid: "2024 a" });
	},
	"claims are minted as they are, whatever their names and values": (check) => {
		const text = '{"__proto__":{"a":1},"2":[null,true,-0.5,1e-7],"é\\u0000😀":"\\u2028\\"","constructor":"c"}';
		const sample = JSON.stringify({ ...MINTED, claims: 0 }).replace('"claims":0', `"claims":${text}`);
		const { credential, privateKey } = parseCredential(sample, digest);
		const { token } = makeProof(credential, privateKey, { ...PORTS, signer });
		const claims = jsonOf(token?.split(".")[1]) as Record<string, unknown>;
		const given = JSON.parse(text) as Record<string, unknown>;
		check.same(Object.keys(claims).slice(0, -3), Object.keys(given));
		for (const [name, value] of Object.entries(given)) check.same(claims[name], value, name);
	},
	"no two tokens are the same, if no two random numbers are": (check) => {
		let count = 0;
		const counted = { bytes: (length: number) => new Uint8Array(length).fill(++count) };
		const tokens = [1, 2].map(() => prove(MINTED, { random: counted, signer }).token);
		check.is(tokens[0] === tokens[1], false);
	},
	"ed25519 signs a claim in place of a password": (check) => {
		check.same(prove(ED25519), {
			password: "1800000000.6e4mqvWdxP9pHuFX260bx6hx_tE9LoEFJUGkh3I2V1f35FHrpW39J-zGEgsqU1A3YVAWNZxUxIO5ACWQBP_bDg",
			algorithm: "Ed25519",
		});
	},
	"a platform's signature is taken where it verifies": (check) => {
		const given: Uint8Array[] = [];
		const recording = (pkcs1: Uint8Array, message: Uint8Array) => {
			given.push(pkcs1.slice(), message.slice());
			return signer(pkcs1, message);
		};
		expectSigned(check, prove(RSA, { signer: recording }));
		check.same(given, [testKeyPkcs1(), utf8Encode("SECRET-token")]);
	},
	"a platform's signature that does not verify never gets out": (check) => {
		const good = signer(testKeyPkcs1(), utf8Encode(RSA.token));
		for (const [what, bad] of [
			["a bit turned over", good.slice().fill(good[0]! ^ 1, 0, 1)],
			["cut short", good.slice(1)],
			["too long", Uint8Array.from([0, ...good])],
			["zeros", new Uint8Array(256)],
			["nothing", new Uint8Array(0)],
		] as const)
			check.throws(() => prove(RSA, { signer: () => bad }), { code: "signature-fault", step: "signing" }, what);
	},
	"a platform that cannot sign is told, without its words": (check) => {
		for (const [thrown, name] of [
			[new RangeError("SECRET"), "RangeError"],
			["SECRET", "string"],
		] as const)
			check.throws(
				() =>
					prove(RSA, {
						signer: () => {
							throw thrown;
						},
					}),
				{ code: "signer-failed", step: "signing", message: `the platform's signer failed (${name})` },
			);
	},
	"a key that is none is told before the platform is asked": (check) => {
		const { credential } = parseCredential(JSON.stringify(RSA), digest);
		const never = () => {
			throw new Error("asked");
		};
		for (const [key, code] of [
			[new Uint8Array(100), "key-malformed"],
			[testKeyPkcs1().subarray(0, 200), "key-malformed"],
		] as const)
			for (const by of [never, undefined])
				check.throws(() => makeProof(credential, key, { ...PORTS, signer: by }), { code, step: "signing" });
	},
	"what tells the time wants a clock that was set, and nothing else asks it": (check) => {
		const unset = { wallTime: () => undefined };
		for (const sample of [MINTED, ED25519])
			check.throws(() => prove(sample, { clock: unset }), { code: "clock-unset", step: "signing" }, sample.mode);
		const never = {
			wallTime: () => {
				throw new Error("asked");
			},
		};
		for (const sample of [PRESIGNED, UNSIGNED, RSA]) prove(sample, { clock: never, signer });
	},
	"a mode that signs wants a key": (check) => {
		for (const sample of [RSA, MINTED, ED25519]) {
			const { credential } = parseCredential(JSON.stringify(sample), digest);
			check.throws(
				() => makeProof(credential, undefined, PORTS),
				{ code: "key-missing", step: "signing" },
				sample.mode,
			);
		}
	},
	"the key is left as it is, for the caller to wipe": (check) => {
		for (const sample of [RSA, ED25519]) {
			const { credential, privateKey } = parseCredential(JSON.stringify(sample), digest);
			const before = base64Encode(privateKey!);
			makeProof(credential, privateKey, { ...PORTS, signer });
			check.is(base64Encode(privateKey!), before, sample.mode);
		}
	},
	"a proof that tells the time serves one connection, every other one serves all": (check) => {
		const lasting = SAMPLES.map(({ mode }) => [mode, proofLasts(mode as Credential["mode"])]);
		check.same(lasting, [
			["presigned", true],
			["rsa", true],
			["minted", false],
			["ed25519", false],
			["unsigned", true],
		]);
	},
};
