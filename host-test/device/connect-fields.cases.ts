/** @module */
import { buildConnectFields, encodeUsername } from "../../src/device/connect-fields.js";
import type { Credential } from "../../src/device/credential/index.js";
import type { Cases } from "./case.js";

const ENDPOINT = { host: "10.0.0.2", port: 443, serverName: "abc-ats.iot.eu-west-1.amazonaws.com" };

export const cases: Cases = {
	"name, signature and token follow the question mark in this order, each encoded": (check) => {
		check.is(
			encodeUsername({
				username: "user1",
				authorizerName: "A=b,c@d",
				signature: "ab+/cd==",
				tokenKeyName: "MyAuthToken",
				token: "a b&c=d?e%f",
			}),
			"user1?x-amz-customauthorizer-name=A%3Db%2Cc%40d&x-amz-customauthorizer-signature=ab%2B%2Fcd%3D%3D&MyAuthToken=a%20b%26c%3Dd%3Fe%25f",
		);
	},
	"a token beyond ASCII is encoded as UTF-8": (check) => {
		check.is(encodeUsername({ tokenKeyName: "t", token: 'tök"en😀' }), "?t=t%C3%B6k%22en%F0%9F%98%80");
	},
	"without a name the default authorizer decides": (check) => {
		check.is(
			encodeUsername({ signature: "QQ==", tokenKeyName: "t", token: "x" }),
			"?x-amz-customauthorizer-signature=QQ%3D%3D&t=x",
		);
	},
	"with signing disabled there is no signature": (check) => {
		check.is(
			encodeUsername({ authorizerName: "A", tokenKeyName: "t", token: "x" }),
			"?x-amz-customauthorizer-name=A&t=x",
		);
		check.is(encodeUsername({ username: "u", authorizerName: "A" }), "u?x-amz-customauthorizer-name=A");
		check.is(encodeUsername({ username: "u" }), "u");
	},
	"a username with a question mark of its own is refused": (check) => {
		check.throws(() => encodeUsername({ username: "u?x=1" }), { code: "username-has-query", step: "connect-fields" });
	},
	"a token, its key name and a signature come together": (check) => {
		for (const parts of [{ token: "t" }, { tokenKeyName: "k" }, { signature: "QQ==" }])
			check.throws(() => encodeUsername(parts), { code: "token-incomplete" });
	},
	"a lone surrogate is refused": (check) => {
		check.throws(() => encodeUsername({ tokenKeyName: "k", token: "a\ud800" }), { code: "ill-formed-text" });
	},
	"65535 bytes fit and one more does not": (check) => {
		const room = 65535 - "?k=".length;
		check.is(encodeUsername({ tokenKeyName: "k", token: "t".repeat(room) }).length, 65535);
		check.throws(() => encodeUsername({ tokenKeyName: "k", token: "t".repeat(room + 1) }), {
			code: "username-too-long",
		});
	},
	"a credential becomes client id, username, password, server name, ALPN, host and port": (check) => {
		const credential: Credential = {
			mode: "presigned",
			clientId: "dev1",
			endpoint: ENDPOINT,
			authorizerName: "A",
			tokenKeyName: "t",
			token: "x",
			signature: "QQ==",
			username: "u",
			password: "pä",
		};
		check.same(buildConnectFields(credential, { token: "x", signature: "QQ==" }), {
			clientId: "dev1",
			username: "u?x-amz-customauthorizer-name=A&x-amz-customauthorizer-signature=QQ%3D%3D&t=x",
			password: Uint8Array.of(0x70, 0xc3, 0xa4),
			host: "10.0.0.2",
			port: 443,
			serverName: "abc-ats.iot.eu-west-1.amazonaws.com",
			applicationLayerProtocolNegotiation: ["mqtt"],
		});
	},
	"token and signature are those of the proof": (check) => {
		const claims = { sub: "dev1" };
		const credential: Credential = {
			mode: "minted",
			clientId: "dev1",
			endpoint: ENDPOINT,
			tokenKeyName: "t",
			claims,
			lifetime: 60,
			password: "p",
		};
		const { username, password } = buildConnectFields(credential, { token: "e30.e30", signature: "QQ==" });
		check.is(username, "?x-amz-customauthorizer-signature=QQ%3D%3D&t=e30.e30");
		check.same(password, Uint8Array.of(0x70));
		check.throws(() => buildConnectFields(credential, {}), { code: "token-incomplete" });
	},
	"a claim goes where a password goes, with an authorizer's name and without a token": (check) => {
		const credential: Credential = { mode: "ed25519", clientId: "dev1", endpoint: ENDPOINT, authorizerName: "A" };
		const { username, password } = buildConnectFields(credential, { password: "1.s", algorithm: "Ed25519" });
		check.is(username, "?x-amz-customauthorizer-name=A");
		check.same(password, Uint8Array.of(0x31, 0x2e, 0x73));
	},
	"an unsigned token goes without a signature": (check) => {
		const credential: Credential = {
			mode: "unsigned",
			clientId: "c",
			endpoint: ENDPOINT,
			tokenKeyName: "t",
			token: "x",
		};
		check.is(buildConnectFields(credential, { token: "x" }).username, "?t=x");
	},
	"a password never goes without a username": (check) => {
		const base = { mode: "unsigned", clientId: "c", endpoint: ENDPOINT } as const;
		check.is(buildConnectFields({ ...base, password: "p" }, {}).username, "");
		check.is(buildConnectFields(base, {}).username, undefined);
	},
};
