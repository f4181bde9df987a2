import test from "ava";
import fc from "fast-check";
import { withoutSecrets } from "../../src/authorizer/secrets.js";

const bytes = (text: string) => new TextEncoder().encode(text);

test("replaces the token by its length, as it was sent and decoded", (t) => {
	t.is(
		withoutSecrets("bad token a b&c, raw a%20b%26c", { username: "u?x-amz-customauthorizer-name=A&T=a%20b%26c" }),
		"bad token <5 characters>, raw <9 characters>",
	);
});

test("replaces the password, as text and as base64", (t) => {
	t.is(withoutSecrets("pass1 cGFzczE=", { password: bytes("pass1") }), "<5 characters> <8 characters>");
});

test("replaces the signature", (t) => {
	t.is(
		withoutSecrets("QUJD+/==", { username: "u?x-amz-customauthorizer-signature=QUJD%2B%2F%3D%3D" }),
		"<8 characters>",
	);
});

test("replaces the rest of a token that was not URL-encoded, and keeps the name of the token's parameter", (t) => {
	t.is(
		withoutSecrets("MyAuthToken abcd efgh ijkl", { username: "u?MyAuthToken=abcd&efgh=ijkl" }),
		"MyAuthToken <4 characters> <4 characters> <4 characters>",
	);
});

test("keeps the authorizer's name and the username before the query", (t) => {
	t.is(withoutSecrets("user1 Auth1", { username: "user1?x-amz-customauthorizer-name=Auth1" }), "user1 Auth1");
});

test("of overlapping secrets the longer goes first", (t) => {
	t.is(withoutSecrets("abcdefgh", { username: "u?a=abcd&b=abcdefgh" }), "<8 characters>");
});

test("replaces what headers and a query string carry, and the two of a test call", (t) => {
	const http = { headers: { Tok: "abcd", "x-amz-customauthorizer-name": "Auth1" }, queryString: "?Tok=ef%20gh" };
	t.is(
		withoutSecrets("abcd Auth1 ef gh ef%20gh tok1 c2ln", { http, token: "tok1", tokenSignature: "c2ln" }),
		"<4 characters> Auth1 <5 characters> <7 characters> <4 characters> <4 characters>",
	);
});

test("no token or password of some length is left in a text", (t) => {
	const secret = fc.stringMatching(/^[A-Z]{8,20}$/);
	fc.assert(
		fc.property(secret, secret, fc.string(), (token, password, around) => {
			const text = withoutSecrets(`${around}${token}${around}${password}`, {
				username: `u?T=${token}`,
				password: bytes(password),
			});
			t.false(text.includes(token) || text.includes(password));
		}),
	);
});
