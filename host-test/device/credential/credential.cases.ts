/** @module */
import { type Credential, parseCredential, summarizeCredential } from "../../../src/device/credential/index.js";
import type { Cases } from "../case.js";
import { ED25519, MINTED, PRESIGNED, playedDigest, RSA, SAMPLES, without } from "./samples.js";

type Refusal = readonly [string, object, { code: string; field: string }];

/** A change to a good credential, and the refusal it must meet. */
const REFUSALS: readonly Refusal[] = [
	["another version", { ...PRESIGNED, version: 2 }, { code: "wrong-version", field: "version" }],
	["no version", without(PRESIGNED, "version"), { code: "wrong-version", field: "version" }],
	["an unknown mode", { ...PRESIGNED, mode: "hmac" }, { code: "unknown-mode", field: "mode" }],
	["a mode named like a method", { ...PRESIGNED, mode: "toString" }, { code: "unknown-mode", field: "mode" }],
	["no client id", without(PRESIGNED, "clientId"), { code: "missing", field: "clientId" }],
	["an empty client id", { ...PRESIGNED, clientId: "" }, { code: "wrong-length", field: "clientId" }],
	[
		"a client id of 129 bytes",
		{ ...PRESIGNED, clientId: `${"é".repeat(64)}x` },
		{ code: "wrong-length", field: "clientId" },
	],
	["a reserved client id", { ...PRESIGNED, clientId: "$x" }, { code: "wrong-form", field: "clientId" }],
	["no endpoint", without(PRESIGNED, "endpoint"), { code: "missing", field: "endpoint" }],
	["an endpoint that is text", { ...PRESIGNED, endpoint: "host" }, { code: "wrong-type", field: "endpoint" }],
	["an endpoint without host", { ...PRESIGNED, endpoint: {} }, { code: "missing", field: "endpoint.host" }],
	["a host with a path", { ...PRESIGNED, endpoint: { host: "a/b" } }, { code: "wrong-form", field: "endpoint.host" }],
	["port 0", { ...PRESIGNED, endpoint: { host: "h", port: 0 } }, { code: "wrong-type", field: "endpoint.port" }],
	[
		"port 65536",
		{ ...PRESIGNED, endpoint: { host: "h", port: 65536 } },
		{ code: "wrong-type", field: "endpoint.port" },
	],
	[
		"a port as text",
		{ ...PRESIGNED, endpoint: { host: "h", port: "443" } },
		{ code: "wrong-type", field: "endpoint.port" },
	],
	[
		"an endpoint's unknown member",
		{ ...PRESIGNED, endpoint: { host: "h", tls: 1 } },
		{ code: "unknown-member", field: "endpoint.tls" },
	],
	[
		"an authorizer name with a blank",
		{ ...PRESIGNED, authorizerName: "a b" },
		{ code: "wrong-form", field: "authorizerName" },
	],
	["a token key name with a dot", { ...PRESIGNED, tokenKeyName: "a.b" }, { code: "wrong-form", field: "tokenKeyName" }],
	["no token", without(PRESIGNED, "token"), { code: "missing", field: "token" }],
	["a token of 6145 bytes", { ...PRESIGNED, token: "t".repeat(6145) }, { code: "wrong-length", field: "token" }],
	["a token that is a number", { ...PRESIGNED, token: 7 }, { code: "wrong-type", field: "token" }],
	["a signature in base64url", { ...PRESIGNED, signature: "a-b_" }, { code: "wrong-form", field: "signature" }],
	[
		"a signature with line breaks",
		{ ...PRESIGNED, signature: "aaaa\nbbbb" },
		{ code: "wrong-form", field: "signature" },
	],
	[
		"a signature of 2561 characters",
		{ ...PRESIGNED, signature: "a".repeat(2561) },
		{ code: "wrong-length", field: "signature" },
	],
	["a username with a query", { ...PRESIGNED, username: "u?x=1" }, { code: "wrong-form", field: "username" }],
	[
		"a private key beside a signature",
		{ ...PRESIGNED, privateKey: "k" },
		{ code: "unknown-member", field: "privateKey" },
	],
	["a misspelt member", { ...PRESIGNED, clientID: "x" }, { code: "unknown-member", field: "clientID" }],
	["a member named like no member", { ...PRESIGNED, "SECRET x": 1 }, { code: "unknown-member", field: "?" }],
	["mode rsa without a key", without(RSA, "privateKey"), { code: "missing", field: "privateKey" }],
	["mode rsa with claims", { ...RSA, claims: {} }, { code: "unknown-member", field: "claims" }],
	[
		"mode unsigned with a signature",
		{ ...PRESIGNED, mode: "unsigned" },
		{ code: "unknown-member", field: "signature" },
	],
	[
		"a token without its key name",
		{ ...without(PRESIGNED, "signature", "tokenKeyName"), mode: "unsigned" },
		{ code: "missing", field: "tokenKeyName" },
	],
	["a lone surrogate", { ...PRESIGNED, clientId: "a\ud800" }, { code: "wrong-form", field: "clientId" }],
	[
		"an address without a server name",
		{ ...PRESIGNED, endpoint: { host: "10.0.0.2" } },
		{ code: "missing", field: "endpoint.serverName" },
	],
	[
		"an address as server name",
		{ ...PRESIGNED, endpoint: { host: "iot.test", serverName: "10.0.0.2" } },
		{ code: "wrong-form", field: "endpoint.serverName" },
	],
	[
		"a token key name of AWS",
		{ ...PRESIGNED, tokenKeyName: "x-amz-customauthorizer-name" },
		{ code: "wrong-form", field: "tokenKeyName" },
	],
	["a list", [], { code: "wrong-type", field: "credential" }],
	["mode minted without claims", without(MINTED, "claims"), { code: "missing", field: "claims" }],
	["mode minted with a token", { ...MINTED, token: "t" }, { code: "unknown-member", field: "token" }],
	["mode minted without a key", without(MINTED, "privateKey"), { code: "missing", field: "privateKey" }],
	["claims that are a list", { ...MINTED, claims: [] }, { code: "wrong-type", field: "claims" }],
	["a claim of the device's own", { ...MINTED, claims: { exp: 1 } }, { code: "reserved-claim", field: "claims.exp" }],
	["a claim without a value", { ...MINTED, claims: { nbf: null } }, { code: "reserved-claim", field: "claims.nbf" }],
	[
		"a claim beyond exact integers",
		{ ...MINTED, claims: { id: [{ n: 2 ** 53 }] } },
		{ code: "inexact-number", field: "claims" },
	],
	["a lone surrogate in claims", { ...MINTED, claims: { a: ["\udc00"] } }, { code: "wrong-form", field: "claims" }],
	[
		"a lone surrogate as a claim's name",
		{ ...MINTED, claims: { "\udc00": 1 } },
		{ code: "wrong-form", field: "claims" },
	],
	["a lifetime of 59 seconds", { ...MINTED, lifetime: 59 }, { code: "out-of-range", field: "lifetime" }],
	["a lifetime beyond a day", { ...MINTED, lifetime: 86401 }, { code: "out-of-range", field: "lifetime" }],
	["half a second of lifetime", { ...MINTED, lifetime: 60.5 }, { code: "wrong-type", field: "lifetime" }],
	["a key id with a line break", { ...MINTED, keyId: "a\nb" }, { code: "wrong-form", field: "keyId" }],
	["an empty key id", { ...MINTED, keyId: "" }, { code: "wrong-length", field: "keyId" }],
	["mode ed25519 with a password", { ...ED25519, password: "p" }, { code: "unknown-member", field: "password" }],
	["mode ed25519 with a token", { ...ED25519, token: "t" }, { code: "unknown-member", field: "token" }],
	["mode ed25519 without a key", without(ED25519, "privateKey"), { code: "missing", field: "privateKey" }],
	[
		"a connection of 299 seconds",
		{ ...PRESIGNED, disconnectAfter: 299 },
		{ code: "out-of-range", field: "disconnectAfter" },
	],
	[
		"a connection of more than a day",
		{ ...ED25519, disconnectAfter: 86401 },
		{ code: "out-of-range", field: "disconnectAfter" },
	],
	["seconds as text", { ...PRESIGNED, disconnectAfter: "300" }, { code: "wrong-type", field: "disconnectAfter" }],
	["an empty topic", { ...PRESIGNED, rotationTopic: "" }, { code: "wrong-length", field: "rotationTopic" }],
	[
		"a topic of 257 bytes",
		{ ...PRESIGNED, rotationTopic: `${"é".repeat(128)}x` },
		{ code: "wrong-length", field: "rotationTopic" },
	],
	["a topic with a wildcard", { ...RSA, rotationTopic: "a/+/c" }, { code: "wrong-form", field: "rotationTopic" }],
	["a topic of all topics", { ...RSA, rotationTopic: "#" }, { code: "wrong-form", field: "rotationTopic" }],
	[
		"a topic with eight slashes",
		{ ...RSA, rotationTopic: "a////////" },
		{ code: "wrong-form", field: "rotationTopic" },
	],
	["a shared subscription", { ...RSA, rotationTopic: "$share/g/t" }, { code: "wrong-form", field: "rotationTopic" }],
];

const digest = playedDigest();

function read(credential: object): Credential {
	return parseCredential(JSON.stringify(credential), digest).credential;
}

export const cases: Cases = {
	"a presigned credential is read with port 443 and the host as server name": (check) => {
		const { version, ...rest } = PRESIGNED;
		check.is(version, 1);
		const host = "abc-ats.iot.eu-west-1.amazonaws.com";
		check.same(read(PRESIGNED), { ...rest, endpoint: { host, port: 443, serverName: host } });
	},
	"a credential keeps its own port and its own server name": (check) => {
		const endpoint = { host: "127.0.0.1", port: 8443, serverName: "localhost" };
		check.same(read({ ...RSA, endpoint }).endpoint, endpoint);
	},
	"an unsigned credential may hold a token, or only username and password": (check) => {
		const base = { version: 1, mode: "unsigned", clientId: "c", endpoint: { host: "h" } };
		check.same(
			{ ...read({ ...base, tokenKeyName: "k", token: "t" }), endpoint: 0 },
			{
				mode: "unsigned",
				clientId: "c",
				endpoint: 0,
				tokenKeyName: "k",
				token: "t",
			},
		);
		check.same(
			{ ...read({ ...base, username: "u", password: "p" }), endpoint: 0 },
			{
				mode: "unsigned",
				clientId: "c",
				endpoint: 0,
				username: "u",
				password: "p",
			},
		);
	},
	"a minted credential keeps its claims, and its tokens last five minutes unless told otherwise": (check) => {
		const { claims } = MINTED;
		const given = read(MINTED);
		check.same(given.mode === "minted" && [given.claims, given.lifetime, given.keyId], [claims, 300, undefined]);
		const more = read({ ...MINTED, lifetime: 86400, keyId: "2024-a" });
		check.same(more.mode === "minted" && [more.lifetime, more.keyId], [86400, "2024-a"]);
	},
	"every mode may say how long a connection lasts and where a new credential arrives": (check) => {
		for (const sample of SAMPLES) {
			const more = { disconnectAfter: 300, rotationTopic: "a/b/c/d/e/f/g/é" };
			const { disconnectAfter, rotationTopic } = read({ ...sample, ...more });
			check.same({ disconnectAfter, rotationTopic }, more, sample.mode);
			check.is(read(sample).disconnectAfter, undefined, sample.mode);
		}
		check.is(read({ ...PRESIGNED, rotationTopic: "t".repeat(256) }).rotationTopic?.length, 256);
	},
	"every wrong credential is refused with its code and its member": (check) => {
		for (const [what, credential, refusal] of REFUSALS)
			check.throws(() => read(credential), { ...refusal, step: "credential" }, what);
	},
	"claims whose token could outgrow what AWS takes are refused, to the byte": (check) => {
		// Of 6144 characters of base64url 37 are the header and its dot: that leaves 4580 bytes of payload, and of them the
		// device's own claims take 71 at the latest date there is.
		const room = 4580 - 71 - '{"c":""}'.length;
		check.is(read({ ...MINTED, claims: { c: "x".repeat(room) } }).mode, "minted");
		check.throws(() => read({ ...MINTED, claims: { c: "x".repeat(room + 1) } }), {
			code: "token-too-long",
			field: "claims",
		});
	},
	"no refusal quotes a secret": (check) => {
		const refuse = (text: string) => {
			let told = "";
			try {
				parseCredential(text, digest);
			} catch (error) {
				told = `${error}${(error as { remedy: string }).remedy}`;
			}
			check.is(told !== "" && !told.includes("SECRET"), true, told);
		};
		for (const [, credential] of REFUSALS) refuse(JSON.stringify(credential));
		for (const sample of [RSA, ED25519]) refuse(JSON.stringify({ ...sample, privateKey: "SECRET" }));
		for (const text of ['{"token":"SECRET', "SECRET"]) refuse(text);
	},
	"text that is not JSON is refused": (check) => {
		for (const text of ["", "{", "null,", "{'a':1}"])
			check.throws(() => parseCredential(text, digest), { code: "not-json" }, text);
	},
	"JSON that goes too deep is refused before the engine reads it by recursion": (check) => {
		const nested = (depth: number) => ({
			...MINTED,
			claims: JSON.parse(`{"c":${"[".repeat(depth)}${"]".repeat(depth)}}`),
		});
		check.is(read(nested(14)).mode, "minted");
		check.throws(() => read(nested(15)), { code: "too-deep", step: "credential" });
		for (const open of ["[", '{"":'])
			check.throws(() => parseCredential(open.repeat(2_000), digest), { code: "too-deep" });
		const text = '[[[[[[[[[[[[[[[[[[[[\\"{{{{{{{{{{{{{{{{{{{{{{{{\\\\';
		check.is(
			parseCredential(
				`{"version":1,"mode":"unsigned","clientId":"c","endpoint":{"host":"h"},"username":"${text}"}`,
				digest,
			).credential.username?.length,
			46,
		);
	},
	"a summary tells what is known of each mode and holds no secret": (check) => {
		const { claims, ...minted } = MINTED;
		check.is(typeof claims, "object");
		check.same(
			Object.keys(
				summarizeCredential(read({ ...minted, claims, keyId: "k", disconnectAfter: 300, rotationTopic: "t" })),
			),
			[
				"mode",
				"clientId",
				"endpoint",
				"authorizerName",
				"tokenKeyName",
				"lifetime",
				"keyId",
				"disconnectAfter",
				"rotationTopic",
			],
		);
		check.same(Object.keys(summarizeCredential(read(ED25519))), ["mode", "clientId", "endpoint", "authorizerName"]);
		for (const sample of SAMPLES) {
			const secret = sample.mode === "ed25519" ? { username: "SECRET" } : { username: "SECRET", password: "SECRET" };
			const told = JSON.stringify(summarizeCredential(read({ ...sample, ...secret })));
			check.is(/SECRET|U0VDUkVU/.test(told), false, told);
		}
	},
};
