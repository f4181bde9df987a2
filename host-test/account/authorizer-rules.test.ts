import test from "ava";
import { findRuleBreaches, type RuleBreach } from "../../src/account/authorizer-rules.js";
import { createKeyPair } from "../authorizer/keys.js";

const key = createKeyPair().publicKey;
const signing = {
	name: "a",
	functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:F",
	tokenKeyName: "Tok",
	tokenSigningPublicKeys: { k1: key } as Readonly<Record<string, string>>,
	signingDisabled: false,
};
const { tokenKeyName: _, ...nameless } = signing;
const MAP = "Token signing keys map for authorizer a cannot";
const constraint = (member: string, ...rules: string[]) =>
	rules.map((rule) => `Value at '${member}' failed to satisfy constraint: Member must ${rule}`).join("; ");

test("takes one key and two, a key of any allowed name, and none where signing is disabled", (t) => {
	t.deepEqual(findRuleBreaches(signing), []);
	t.deepEqual(findRuleBreaches({ ...signing, tokenSigningPublicKeys: { "k:1_-": key, K2: key } }), []);
	t.deepEqual(findRuleBreaches({ ...nameless, tokenSigningPublicKeys: {}, signingDisabled: true }), []);
});

test("takes every character that AWS allows in a name", (t) => {
	t.deepEqual(findRuleBreaches({ ...signing, name: "A_z=9,@-", tokenKeyName: "a_Z-9" }), []);
});

const breached: readonly (readonly [
	why: string,
	authorizer: Parameters<typeof findRuleBreaches>[0],
	member: readonly string[],
	message: string,
	more?: Partial<RuleBreach>,
])[] = [
	["no token key name", nameless, ["tokenKeyName"], "Token key name for authorizer a cannot be null"],
	[
		"no keys",
		{ ...signing, tokenSigningPublicKeys: {} },
		["tokenSigningPublicKeys"],
		`${MAP} be null or empty. There must be at least one and at most two token signing public keys in the map`,
	],
	[
		"keys with signing disabled",
		{ ...signing, signingDisabled: true },
		["tokenSigningPublicKeys"],
		"Token signing keys map must be null for authorizer a if using optional signature header",
	],
	[
		"three keys",
		{ ...signing, tokenSigningPublicKeys: { a: key, b: key, c: key } },
		["tokenSigningPublicKeys"],
		`${MAP} contain more than 2 keys`,
	],
	[
		"an empty key",
		{ ...signing, tokenSigningPublicKeys: { k: "" } },
		["tokenSigningPublicKeys", "k"],
		"Authorizer a public key for key name k not a valid RSA key",
		{ unusableKey: true },
	],
	[
		"something that is no key",
		{ ...signing, tokenSigningPublicKeys: { k1: "no key" } },
		["tokenSigningPublicKeys", "k1"],
		"Authorizer a public key for key name k1 not a valid RSA key",
		{ unusableKey: true },
	],
	[
		"a bad function ARN",
		{ ...signing, functionArn: "F" },
		["authorizerFunctionArn"],
		"Lambda function arn for authorizer a is not in proper ARN syntax",
	],
	[
		"a token key name with a blank",
		{ ...signing, tokenKeyName: "a b" },
		["tokenKeyName"],
		`1 validation error detected: ${constraint("tokenKeyName", "satisfy regular expression pattern: [a-zA-Z0-9_-]+")}`,
	],
	[
		"a token key name that is too long",
		{ ...signing, tokenKeyName: "a".repeat(129) },
		["tokenKeyName"],
		`1 validation error detected: ${constraint("tokenKeyName", "have length less than or equal to 128")}`,
	],
	[
		"an empty token key name",
		{ ...signing, tokenKeyName: "" },
		["tokenKeyName"],
		`2 validation errors detected: ${constraint("tokenKeyName", "satisfy regular expression pattern: [a-zA-Z0-9_-]+", "have length greater than or equal to 1")}`,
	],
	[
		"a name with other characters",
		{ ...signing, name: "a b", signingDisabled: true, tokenSigningPublicKeys: {} },
		["authorizerName"],
		`1 validation error detected: ${constraint("authorizerName", "satisfy regular expression pattern: [\\w=,@-]+")}`,
	],
	[
		"a key name with other characters",
		{ ...signing, tokenSigningPublicKeys: { "k.1": key } },
		["tokenSigningPublicKeys", "k.1"],
		`1 validation error detected: ${constraint("tokenSigningPublicKeys", "satisfy regular expression pattern: [a-zA-Z0-9:_-]+")}`,
	],
	[
		"a key of more than 5120 characters",
		{ ...signing, tokenSigningPublicKeys: { k1: `${"x\n".repeat(2560)}${key}` } },
		["tokenSigningPublicKeys", "k1"],
		`1 validation error detected: ${constraint("tokenSigningPublicKeys", "have length less than or equal to 5120")}`,
	],
];

for (const [why, authorizer, member, message, more] of breached) {
	test(`answers ${why} in AWS's words`, (t) => {
		t.deepEqual(findRuleBreaches(authorizer), [{ member, message, ...more }]);
	});
}
