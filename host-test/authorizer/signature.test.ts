import { constants, createHash, createPublicKey, privateEncrypt, sign } from "node:crypto";
import test from "ava";
import fc from "fast-check";
import { type Authorizer, verifyTokenSignature } from "../../src/authorizer/index.js";
import { findVerifyingKey } from "../../src/authorizer/signature.js";
import { readVectors } from "../vectors.js";
import { createKeyPair, signToken } from "./keys.js";

interface TokenVectors {
	readonly authorizer: Pick<Authorizer, "tokenKeyName" | "tokenSigningPublicKeys">;
	readonly vectors: readonly { readonly token: string; readonly signatureBase64: string }[];
	readonly negative: readonly { readonly why: string; readonly token: string; readonly signatureBase64: string }[];
}

interface WycheproofVectors {
	readonly testGroups: readonly {
		readonly publicKeyPem: string;
		readonly sha: string;
		readonly tests: readonly {
			readonly tcId: number;
			readonly msg: string;
			readonly sig: string;
			readonly result: string;
		}[];
	}[];
}

const authorizerWith = (tokenSigningPublicKeys: Readonly<Record<string, string>>): Authorizer => ({
	name: "A",
	arn: "arn:aws:iot:us-east-1:123456789012:authorizer/A",
	functionArn: "arn:aws:lambda:us-east-1:123456789012:function:F",
	tokenKeyName: "T",
	tokenSigningPublicKeys,
	signingDisabled: false,
	status: "ACTIVE",
});

const first = createKeyPair();
const second = createKeyPair();
const authorizer = authorizerWith({ k1: first.publicKey, k2: second.publicKey });
const known = readVectors<TokenVectors>("aws/token-signature.json");
const knownAuthorizer = authorizerWith(known?.authorizer.tokenSigningPublicKeys ?? {});

for (const { token, signatureBase64 } of known?.vectors ?? []) {
	test(`verifies the known signature of ${token}`, (t) => {
		t.deepEqual(verifyTokenSignature(knownAuthorizer, token, signatureBase64), { verified: true, keyName: "TestKey1" });
	});

	test(`verifies the known signature of ${token} without its padding`, (t) => {
		t.true(verifyTokenSignature(knownAuthorizer, token, signatureBase64.replace(/=+$/, "")).verified);
	});
}

const diagnoses: Readonly<Record<string, readonly [reason: string, diagnosis: string]>> = {
	"signature of another token": ["mismatch", "other-token"],
	"one letter of the token has another case": ["mismatch", "letter-case"],
	"line feed after the token, as echo without -n would sign it": ["mismatch", "line-feed-sent"],
	"last bit of the signature flipped": ["mismatch", "other-key"],
	"signature shortened to 255 bytes": ["wrong-length", "wrong-length"],
	"right key and token but RSASSA-PSS padding": ["mismatch", "pss-padding"],
	"right key and token but SHA-512 as the digest": ["mismatch", "other-digest"],
	"base64url alphabet, no padding (a JWT signature part used as it is)": ["not-base64", "base64url"],
	"right signature, wrapped into six lines as openssl base64 does without -A": ["not-base64", "line-breaks"],
};

for (const { why, token, signatureBase64 } of known?.negative ?? []) {
	test(`refuses and diagnoses the known negative: ${why}`, (t) => {
		const result = verifyTokenSignature(knownAuthorizer, token, signatureBase64);
		t.deepEqual(result.verified ? [] : [result.reason, result.diagnosis], [...(diagnoses[why] ?? ["unknown"])]);
	});
}

for (const { publicKeyPem, sha, tests } of readVectors<WycheproofVectors>("crypto/rsa_signature_2048_sha256_test.json")
	?.testGroups ?? []) {
	const key = createPublicKey(publicKeyPem);
	const keys = [{ name: "k", key, size: 256 }];
	test(`judges Wycheproof's ${tests.length} signatures with a ${sha} key from test ${tests[0]?.tcId}`, (t) => {
		for (const { tcId, msg, sig, result } of tests) {
			if (result === "acceptable") continue;
			const verified = findVerifyingKey(keys, Buffer.from(msg, "hex"), Buffer.from(sig, "hex")) !== undefined;
			t.is(verified, result === "valid", `test ${tcId}`);
		}
	});
}

test("either of two keys verifies, and is named", (t) => {
	t.deepEqual(verifyTokenSignature(authorizer, "t", signToken("t", first)), { verified: true, keyName: "k1" });
	t.deepEqual(verifyTokenSignature(authorizer, "t", signToken("t", second)), { verified: true, keyName: "k2" });
});

test("signs over the token's UTF-8", (t) => {
	t.true(verifyTokenSignature(authorizer, 'tök"en', signToken('tök"en', first)).verified);
});

test("any token's signature verifies for that token and for no other", (t) => {
	const tokens = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
	fc.assert(
		fc.property(tokens, tokens, (token, other) => {
			const signature = signToken(token, first);
			t.true(verifyTokenSignature(authorizer, token, signature).verified);
			t.is(verifyTokenSignature(authorizer, other, signature).verified, token === other);
		}),
		{ numRuns: 30 },
	);
});

const diagnosed = (signature: string, token = "a+b", rest?: string) => {
	const result = verifyTokenSignature(authorizer, token, signature, rest);
	return result.verified ? "verified" : `${result.reason}: ${result.diagnosis}`;
};

const signedInstead: readonly (readonly [diagnosis: string, received: string, signedText: string, rest?: string])[] = [
	["line-feed-signed", "tok", "tok\n"],
	["line-feed-signed", "tok", "tok\r\n"],
	["line-feed-sent", "tok\n", "tok"],
	["line-feed-sent", " tok ", "tok"],
	["token-not-encoded", "a b", "a b&c=d?e%f", "a b&c=d?e%f"],
	["token-not-encoded", "a b", "a b&c=d?e%f", "a b&c=d?e%f&SDK=x&Platform=y"],
	["token-not-encoded", "100%", "100%25", "100%25"],
	["encoded-token-signed", "a b", "a%20b"],
	["token-encoded-twice", "a%20b", "a b"],
	["plus-for-blank", "a+b", "a b"],
	["whole-jwt-sent", "h.p.s", "h.p"],
	["letter-case", "TOK", "tok"],
	["quoted-token-signed", "tok", '"tok"'],
	["other-token", "tok", "something else"],
];

for (const [diagnosis, received, signedText, rest] of signedInstead) {
	const query = rest === undefined ? "" : `, in a query that goes on ${JSON.stringify(rest)}`;
	test(`finds ${diagnosis}: ${JSON.stringify(signedText)} signed, ${JSON.stringify(received)} received${query}`, (t) => {
		t.is(diagnosed(signToken(signedText, second), received, rest), `mismatch: ${diagnosis}`);
	});
}

const message = Buffer.from("tok");
const bad = (text: string) => diagnosed(text, "tok");
const good = signToken("tok", first);
const goodBytes = Buffer.from(good, "base64");

test("finds a digest other than SHA-256 by its name", (t) => {
	for (const digest of ["sha1", "sha384", "sha512", "md5"]) {
		t.is(bad(sign(digest, message, first.privateKey).toString("base64")), "mismatch: other-digest");
	}
});

test("finds a signature without a DigestInfo", (t) => {
	const bare = privateEncrypt(
		{ key: first.privateKey, padding: constants.RSA_PKCS1_PADDING },
		createHash("sha256").update(message).digest(),
	);
	t.is(bad(bare.toString("base64")), "mismatch: no-digest-info");
});

test("finds RSASSA-PSS padding", (t) => {
	const pss = sign("sha256", message, { key: second.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING });
	t.is(bad(pss.toString("base64")), "mismatch: pss-padding");
});

test("finds that another key signed", (t) => {
	t.is(bad(signToken("tok", createKeyPair())), "mismatch: other-key");
});

const mangled: readonly (readonly [result: string, text: string])[] = [
	["not-base64: line-breaks", good.replace(/.{64}/g, "$&\n")],
	["not-base64: encoded-twice", encodeURIComponent(`+${good.slice(1)}`)],
	["not-base64: blank-for-plus", ` ${good.slice(1)}`],
	["not-base64: base64url", goodBytes.toString("base64url").replace(/^../, "-_")],
	["wrong-length: hex", goodBytes.toString("hex")],
	["wrong-length: base64-twice", Buffer.from(good).toString("base64")],
	["not-base64: not-base64", "*"],
	["wrong-length: wrong-length", good.slice(0, 340)],
];

for (const [result, text] of mangled) {
	test(`finds what was done to the text of a signature: ${result}`, (t) => {
		t.is(bad(text), result);
	});
}

test("says whether a mended signature verifies", (t) => {
	const detail = (text: string, token: string) => {
		const result = verifyTokenSignature(authorizer, token, text);
		return result.verified ? "" : result.detail;
	};
	const wrapped = good.replace(/.{64}/g, "$&\n");
	t.regex(detail(wrapped, "tok"), /put right, it verifies$/);
	t.regex(detail(wrapped, "other"), /put right, it still does not verify$/);
});

test("says what key length a signature of another length speaks of", (t) => {
	const result = verifyTokenSignature(authorizer, "tok", signToken("tok", createKeyPair(1024)));
	t.is(
		result.verified ? "" : result.detail,
		"it holds 128 bytes, which a key of 1024 bits would make; the registered keys make 256",
	);
});

test("says that there is no key at all", (t) => {
	const result = verifyTokenSignature(authorizerWith({}), "tok", good);
	t.is(result.verified ? "" : result.diagnosis, "no-key");
});

test("no diagnosis holds a piece of the token or of the signature", (t) => {
	const token = "S3CRETTOKEN";
	const signature = signToken(`${token}\n`, first);
	for (const text of [signature, signature.replace(/.{64}/g, "$&\n"), signature.slice(0, 300), "S3CRET*"]) {
		const result = verifyTokenSignature(authorizer, token, text, `${token}&x`);
		t.false(result.verified);
		t.notRegex(JSON.stringify(result), /S3CRET/);
		t.false(JSON.stringify(result).includes(signature.slice(0, 12)));
	}
});

test("judges any text without throwing", (t) => {
	fc.assert(
		fc.property(
			fc.string({ unit: "binary" }),
			fc.oneof(fc.string(), fc.base64String({ maxLength: 400 })),
			(token, text) => {
				t.false(verifyTokenSignature(authorizer, token, text, token).verified);
			},
		),
	);
});
