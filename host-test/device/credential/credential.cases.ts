/** @module */
import {
	CREDENTIAL_KEY,
	parseCredential,
	readCredential,
	summarizeCredential,
} from "../../../src/device/credential/index.js";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import type { Cases } from "../case.js";

const PRESIGNED = {
	version: 1,
	mode: "presigned",
	clientId: "thermometer-1",
	endpoint: { host: "abc-ats.iot.eu-west-1.amazonaws.com" },
	authorizerName: "MyAuthorizer",
	tokenKeyName: "token",
	token: "SECRET-token",
	signature: "U0VDUkVU",
};
const RSA = { ...without(PRESIGNED, "signature"), mode: "rsa", privateKey: "SECRET-key" };

/** A change to a good credential, and the refusal it must meet. */
const REFUSALS: readonly (readonly [string, object, { code: string; field: string }])[] = [
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
	["mode rsa without a key", without(RSA, "privateKey"), { code: "missing", field: "privateKey" }],
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
];

export const cases: Cases = {
	"a presigned credential is read with port 443 and the host as server name": (check) => {
		const { version, ...rest } = PRESIGNED;
		check.is(version, 1);
		const host = "abc-ats.iot.eu-west-1.amazonaws.com";
		check.same(parseCredential(JSON.stringify(PRESIGNED)), {
			...rest,
			endpoint: { host, port: 443, serverName: host },
		});
	},
	"an rsa credential keeps its key, its own port and its own server name": (check) => {
		const endpoint = { host: "127.0.0.1", port: 8443, serverName: "localhost" };
		const credential = parseCredential(JSON.stringify({ ...RSA, endpoint }));
		check.same(credential.endpoint, endpoint);
		check.is(credential.mode === "rsa" && credential.privateKey, "SECRET-key");
	},
	"an unsigned credential may hold a token, or only username and password": (check) => {
		const base = { version: 1, mode: "unsigned", clientId: "c", endpoint: { host: "h" } };
		check.is(parseCredential(JSON.stringify({ ...base, tokenKeyName: "k", token: "t" })).token, "t");
		check.is(parseCredential(JSON.stringify({ ...base, username: "u", password: "p" })).token, undefined);
	},
	"every wrong credential is refused with its code and its member": (check) => {
		for (const [what, credential, refusal] of REFUSALS)
			check.throws(() => parseCredential(JSON.stringify(credential)), { ...refusal, step: "credential" }, what);
	},
	"no refusal quotes a secret": (check) => {
		const texts = [...REFUSALS.map(([, credential]) => JSON.stringify(credential)), '{"token":"SECRET', "SECRET"];
		for (const text of texts) {
			let message = "";
			try {
				parseCredential(text);
			} catch (error) {
				message = String(error) + (error as { remedy: string }).remedy;
			}
			check.is(message.includes("SECRET"), false, message);
		}
	},
	"text that is not JSON is refused": (check) => {
		for (const text of ["", "{", "null,", "{'a':1}"])
			check.throws(() => parseCredential(text), { code: "not-json" }, text);
	},
	"the credential is read from the store as UTF-8": (check) => {
		check.is(readCredential(storeOf(utf8Encode(JSON.stringify({ ...PRESIGNED, clientId: "tür" })))).clientId, "tür");
	},
	"an empty store and a damaged value are told apart": (check) => {
		check.throws(() => readCredential(storeOf(undefined)), { code: "not-provisioned" });
		check.throws(() => readCredential(storeOf(Uint8Array.of(0xff, 0xfe))), { code: "not-json" });
	},
	"a summary holds no secret": (check) => {
		for (const credential of [PRESIGNED, RSA, { ...PRESIGNED, password: "SECRET", username: "SECRET" }])
			check.is(
				JSON.stringify(summarizeCredential(parseCredential(JSON.stringify(credential)))).includes("SECRET"),
				false,
			);
	},
};

function storeOf(value: Uint8Array | undefined) {
	return {
		read: (key: string) => (key === CREDENTIAL_KEY && value !== undefined ? value.slice().buffer : undefined),
		write: () => {},
		delete: () => {},
	};
}

function without(object: object, ...names: string[]): Record<string, unknown> {
	return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}
