/** @module */
import { createSign, generateKeyPairSync } from "node:crypto";
import test from "ava";
import {
	type Authorizer,
	type TestInvocation,
	TestInvocationError,
	testInvokeAuthorizer,
} from "../../src/authorizer/index.js";
import type { AwsError } from "../../src/cli/aws/call.js";
import { explainAuthorization } from "../../src/cli/aws/explain-authorization.js";
import { explainAwsError } from "../../src/cli/aws/explain-error.js";
import { explainInvocation } from "../../src/cli/aws/explain-invocation.js";
import type { Finding } from "../../src/cli/aws/finding.js";
import type { DefaultAuthorizer, Invocation, InvocationAnswer, InvocationInput } from "../../src/cli/aws/invocation.js";

const KEYS = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ARN = "arn:aws:iot:eu-west-1:123456789012:";
const TOKEN = "a token/with=signs";

const AUTHORIZER: Authorizer = {
	name: "A",
	arn: `${ARN}authorizer/A`,
	functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:f",
	tokenKeyName: "tok",
	tokenSigningPublicKeys: { key1: KEYS.publicKey.export({ type: "spki", format: "pem" }).toString() },
	signingDisabled: false,
	status: "ACTIVE",
};

function signatureOf(token: string): string {
	return createSign("SHA256").update(token).sign(KEYS.privateKey, "base64");
}

function policy(...statements: readonly object[]): string {
	return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

function allow(action: string, resource: string, more: object = {}): object {
	return { Effect: "Allow", Action: action, Resource: `${ARN}${resource}`, ...more };
}

const ANSWER: InvocationAnswer = {
	isAuthenticated: true,
	principalId: "p1",
	policyDocuments: [policy(allow("iot:Connect", "client/dev1"), allow("iot:Publish", "topic/devices/dev1/*"))],
	refreshAfterInSeconds: 300,
	disconnectAfterInSeconds: 86400,
};

interface Case extends Partial<Omit<Invocation, "input" | "authorizer">> {
	readonly input?: Partial<InvocationInput>;
	readonly authorizer?: Partial<Authorizer>;
	readonly answer?: Partial<InvocationAnswer>;
}

/** A good token-mode call, changed as the case says. */
function explain({ input, authorizer, answer, ...more }: Case = {}): readonly Finding[] {
	const good = { authorizerName: "A", token: TOKEN, tokenSignature: signatureOf(TOKEN) };
	return explainInvocation({
		input: input === undefined ? good : { authorizerName: "A", ...input },
		result: { answer: { ...ANSWER, ...answer } },
		authorizer: { answer: { ...AUTHORIZER, ...authorizer } },
		clientId: "dev1",
		...more,
	});
}

function codesOf(findings: readonly Finding[]): readonly string[] {
	return findings.map(({ code }) => code);
}

function username(query: Readonly<Record<string, string>>): string {
	return `u?${Object.entries(query)
		.map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
		.join("&")}`;
}

const SIGNED = {
	"x-amz-customauthorizer-name": "A",
	"x-amz-customauthorizer-signature": signatureOf(TOKEN),
	tok: TOKEN,
};

test("a good call is explained whole: status, key, principal, what the policies allow, timers", (t) => {
	const findings = explain();
	t.deepEqual(
		findings.filter(({ verdict }) => verdict !== "note").map(({ code, verdict }) => [code, verdict]),
		[
			["authorizer-active", "good"],
			["signature-verified", "good"],
			["authenticated", "good"],
			["connect-allowed", "good"],
		],
	);
	const text = findings.map((finding) => finding.text).join("\n");
	t.regex(text, /verifies with the key key1/);
	t.regex(text, /statement 1 of policy 1 allows iot:Connect on client\/dev1/);
	t.regex(text, /iot:Publish is allowed on topic\/devices\/dev1\/\*/);
	t.regex(text, /iot:Subscribe is allowed nowhere/);
	t.regex(text, /called again after 5 min; the connection ends after 24 h/);
});

test("an INACTIVE authorizer is told with the command that activates it", (t) => {
	const found = explain({ authorizer: { status: "INACTIVE" } }).find(({ code }) => code === "authorizer-inactive");
	t.is(found?.verdict, "bad");
	t.regex(found?.remedy ?? "", /update-authorizer .*--status ACTIVE/);
});

test("a signature over another text is told with the usual mistake behind it", (t) => {
	const input = { token: TOKEN, tokenSignature: signatureOf(`${TOKEN}\n`) };
	const found = explain({ input }).find(({ code }) => code.startsWith("signature-"));
	t.is(found?.code, "signature-line-feed-signed");
	t.false(JSON.stringify(found).includes(TOKEN));
});

test("token and signature are found where AWS looks for them", (t) => {
	const query = username(SIGNED).slice(1);
	const headers = { Tok: TOKEN, "X-Amz-CustomAuthorizer-Signature": signatureOf(TOKEN) };
	for (const input of [
		{ mqttContext: { username: username(SIGNED) } },
		{ httpContext: { headers, queryString: "" } },
		{ httpContext: { queryString: query } },
	])
		t.true(codesOf(explain({ input })).includes("signature-verified"), JSON.stringify(Object.keys(input)));
});

test("username, then query, then headers: each of token and signature by itself, as the gateway reads them", (t) => {
	const signature = { "x-amz-customauthorizer-signature": signatureOf(TOKEN) };
	const wrong = signatureOf("another");
	const query = (fields: Readonly<Record<string, string>>) => username(fields).slice(1);
	for (const input of [
		{ httpContext: { headers: { tok: "another" }, queryString: query(SIGNED) } },
		{ httpContext: { headers: { "x-amz-customauthorizer-signature": wrong }, queryString: query(SIGNED) } },
		{ mqttContext: { username: username({ tok: TOKEN }) }, httpContext: { headers: signature } },
		{ mqttContext: { username: username(signature) }, httpContext: { queryString: query({ tok: TOKEN }) } },
		{ mqttContext: { username: username(SIGNED) }, httpContext: { queryString: query({ ...SIGNED, tok: "another" }) } },
		{ mqttContext: { username: username({ tok: "" }) }, httpContext: { queryString: query(SIGNED) } },
	])
		t.true(codesOf(explain({ input })).includes("signature-verified"), JSON.stringify(Object.keys(input)));
});

test("a token under another spelling is told", (t) => {
	const { tok: _, ...others } = SIGNED;
	const found = explain({ input: { mqttContext: { username: username({ ...others, Tok: TOKEN }) } } });
	t.regex(
		found.find(({ code }) => code === "token-missing")?.text ?? "",
		/parameter tok; the username spells it "Tok"/,
	);
});

test("a context without token or signature is told", (t) => {
	const { tok: _, ...withoutToken } = SIGNED;
	t.true(codesOf(explain({ input: { mqttContext: { username: username(withoutToken) } } })).includes("token-missing"));
	t.true(
		codesOf(explain({ input: { mqttContext: { username: username({ tok: TOKEN }) } } })).includes("signature-missing"),
	);
	t.true(codesOf(explain({ input: { tlsContext: { serverName: "s" } } })).includes("token-missing"));
});

test("with signing disabled no signature is asked for", (t) => {
	const authorizer = { signingDisabled: true, tokenSigningPublicKeys: {} };
	const codes = codesOf(explain({ input: { mqttContext: { username: "u" } }, authorizer }));
	t.true(codes.includes("signing-disabled"));
	t.false(codes.some((code) => code.startsWith("signature") || code.startsWith("token")));
});

test("a username that names another authorizer, or none, is told", (t) => {
	const other = { ...SIGNED, "x-amz-customauthorizer-name": "B" };
	t.true(codesOf(explain({ input: { mqttContext: { username: username(other) } } })).includes("other-authorizer"));
	const { "x-amz-customauthorizer-name": _, ...unnamed } = SIGNED;
	t.true(codesOf(explain({ input: { mqttContext: { username: username(unnamed) } } })).includes("default-authorizer"));
});

test("a password that was encoded twice, or is no text, is told without showing it", (t) => {
	const passwordCodes = (password: Uint8Array) => {
		const findings = explain({ input: { mqttContext: { username: username(SIGNED), password } } });
		return codesOf(findings).filter((code) => code.startsWith("password"));
	};
	t.deepEqual(passwordCodes(Buffer.from("dGVzdA==")), ["password-encoded-twice"]);
	t.deepEqual(passwordCodes(Buffer.from("test", "base64")), ["password-binary"]);
	t.deepEqual(passwordCodes(Buffer.from("test")), []);
	t.deepEqual(passwordCodes(Buffer.from("a long pass phrase")), []);
});

test("policies that keep the client id out are told with the statement that came near", (t) => {
	const found = explain({ clientId: "dev2" }).find(({ code }) => code === "connect-denied");
	t.is(found?.verdict, "bad");
	t.regex(found?.text ?? "", /client\/dev2.*client\/dev1/);
});

test("no policies, malformed ones and an unknown client id are told", (t) => {
	t.true(codesOf(explain({ answer: { policyDocuments: [] } })).includes("no-policies"));
	t.true(codesOf(explain({ answer: { policyDocuments: ["{}"] } })).includes("policy-malformed"));
	t.true(codesOf(explain({ clientId: undefined })).includes("client-id-unknown"));
});

test("an answer that refuses is not judged further", (t) => {
	const codes = codesOf(explain({ answer: { isAuthenticated: false } }));
	t.is(codes.at(-1), "not-authenticated");
});

test("in token mode a URL-encoded signature, token or both are to be given as they are", (t) => {
	const signature = signatureOf(TOKEN);
	for (const [input, told] of [
		[{ token: TOKEN, tokenSignature: encodeURIComponent(signature) }, /: the signature is URL-encoded; put right/],
		[{ token: encodeURIComponent(TOKEN), tokenSignature: signature }, /: the token is URL-encoded; put right/],
		[
			{ token: encodeURIComponent(TOKEN), tokenSignature: encodeURIComponent(signature) },
			/the signature is URL-encoded, and the token is URL-encoded; put right, it verifies/,
		],
	] as const) {
		const found = explain({ input }).find(({ code }) => code.startsWith("signature-"));
		t.regex(found?.text ?? "", told);
		t.regex(found?.remedy ?? "", /give it as it is/);
		t.notRegex(JSON.stringify(found), /twice|encode once/);
	}
});

test("a header's signature is URL-encoded no more than an option's, that of a query once", (t) => {
	const twice = encodeURIComponent(signatureOf(TOKEN));
	const headers = { tok: TOKEN, "x-amz-customauthorizer-signature": twice };
	const inHeader = explain({ input: { httpContext: { headers } } }).find(({ code }) => code.startsWith("signature-"));
	t.regex(inHeader?.text ?? "", /the signature is URL-encoded; put right/);
	const inQuery = username({ ...SIGNED, "x-amz-customauthorizer-signature": twice });
	t.true(codesOf(explain({ input: { mqttContext: { username: inQuery } } })).includes("signature-encoded-twice"));
});

test("an encoded signature of another token is no puzzle: it is not put right by decoding", (t) => {
	const input = { token: TOKEN, tokenSignature: encodeURIComponent(signatureOf("another")) };
	const found = explain({ input }).find(({ code }) => code.startsWith("signature-"));
	t.regex(found?.text ?? "", /URL-encoded, and put right it still does not verify/);
	t.notRegex(JSON.stringify(found), /twice/);
});

test("line ends of both files, token's and signature's, are found together", (t) => {
	const input = { token: `${TOKEN}\n`, tokenSignature: `${signatureOf(TOKEN)}\n` };
	const found = explain({ input }).find(({ code }) => code.startsWith("signature-"));
	t.regex(
		found?.text ?? "",
		/the signature ends in a line end, and the token ends in a line end; put right, it verifies/,
	);
	t.regex(found?.remedy ?? "", /printf %s/);
});

test("half a token has one remedy, that of its authorizer, and none about a query", (t) => {
	const message = "Request must provide both token and tokenSignature together.";
	const remediesOf = (input: Partial<InvocationInput>, authorizer: Partial<Authorizer> = {}) =>
		explain({ input, authorizer, result: { error: { name: "InvalidRequestException", message } } }).flatMap(
			({ remedy }) => remedy ?? [],
		);
	for (const input of [{ token: TOKEN }, { tokenSignature: signatureOf(TOKEN) }]) {
		const signed = remediesOf(input);
		t.is(signed.length, 1);
		t.regex(signed[0] ?? "", /give both, each as it is/);
		t.notRegex(signed[0] ?? "", /query|x-amz/);
		t.regex(remediesOf(input, { signingDisabled: true })[0] ?? "", /give neither/);
	}
});

test('a username that lost its "?" is told to put one there, and nothing else', (t) => {
	const lost = username(SIGNED).replace("?", "");
	const result = { error: { name: "InvalidRequestException", message: undefined } };
	const findings = explain({ input: { mqttContext: { username: lost } }, result });
	t.deepEqual(codesOf(findings), ["authorizer-active", "username-without-mark"]);
	t.is(findings.at(-1)?.remedy, "put ? between the user name and the query");
	const bare = explain({ input: { mqttContext: { username: "u" } } }).find(({ code }) => code === "token-missing");
	t.regex(bare?.remedy ?? "", /put \? and a query behind the user name: \?tok=/);
});

test("a suffix that an SDK appended with a second question mark is named, with what it spoilt", (t) => {
	const suffix = "?SDK=IoTDeviceSDK/Java&Version=1.2";
	const spoilt = (fields: Readonly<Record<string, string>>) =>
		explain({ input: { mqttContext: { username: `${username(fields)}${suffix}` } } });
	const { tok, ...others } = SIGNED;
	const byToken = spoilt({ ...others, tok });
	const found = byToken.find(({ code }) => code === "sdk-suffix");
	t.is(found?.verdict, "bad");
	t.regex(found?.text ?? "", /became a part of the token/);
	t.true(codesOf(byToken).includes("signature-verified-as-meant"));
	t.false(byToken.some(({ verdict, code }) => verdict === "good" && code === "signature-verified"));
	const { "x-amz-customauthorizer-name": name, ...unnamed } = SIGNED;
	const byName = spoilt({ ...unnamed, "x-amz-customauthorizer-name": name });
	t.regex(byName.find(({ code }) => code === "sdk-suffix")?.text ?? "", /part of the authorizer's name/);
	t.true(codesOf(byName).includes("signature-verified"));
	t.is(spoilt({ ...SIGNED, own: "1" }).find(({ code }) => code === "sdk-suffix")?.verdict, "note");
	const joined = `${username(SIGNED)}&SDK=IoTDeviceSDK/Java`;
	t.false(codesOf(explain({ input: { mqttContext: { username: joined } } })).includes("sdk-suffix"));
});

test("a client id that no CONNECT may have is told, whatever the test call says", (t) => {
	for (const [clientId, code] of [
		["$dev1", "client-id-reserved"],
		["d".repeat(129), "client-id-too-long"],
		["é".repeat(65), "client-id-too-long"],
	] as const)
		t.is(explain({ clientId }).find((finding) => finding.code === code)?.verdict, "bad", clientId);
	t.false(codesOf(explain({ clientId: "d".repeat(128) })).some((code) => code.startsWith("client-id")));
});

test("a username that names nobody is told which authorizer is the default one, or that there is none", (t) => {
	const { "x-amz-customauthorizer-name": _, ...unnamed } = SIGNED;
	const input = { mqttContext: { username: username(unnamed) } };
	const about = (defaultAuthorizer: DefaultAuthorizer) =>
		explain({ input, defaultAuthorizer }).find(({ code }) => code.endsWith("default-authorizer"));
	const missing = about({ error: { name: "ResourceNotFoundException", message: "Default authorizer not found" } });
	t.like(missing, { code: "no-default-authorizer", verdict: "bad" });
	t.regex(missing?.remedy ?? "", /x-amz-customauthorizer-name=A/);
	t.regex(about({ answer: { name: "B" } })?.text ?? "", /default one, B/);
	t.is(about({ answer: { name: "A" } })?.verdict, "good");
	t.is(about({ error: { name: "AccessDeniedException", message: "no" } })?.verdict, "note");
});

test("an authorizer that cannot be looked at does not keep the answer from being explained", (t) => {
	const findings = explainInvocation({
		input: { authorizerName: "A", token: "t" },
		result: { answer: ANSWER },
		authorizer: { error: { name: "AccessDeniedException", message: "no" } },
		clientId: "dev1",
	});
	t.deepEqual(codesOf(findings).slice(0, 2), ["authorizer-unknown", "authenticated"]);
	t.true(codesOf(findings).includes("account-unknown"));
});

test("denials, conditions and NotResource are shown as the policy has them", (t) => {
	const document = policy(
		allow("iot:*", "topic/a"),
		{ Effect: "Deny", Action: "iot:Publish", Resource: `${ARN}topic/a/secret` },
		{ Effect: "Allow", Action: ["iot:Receive"], NotResource: `${ARN}topic/b` },
		allow("iot:Publish", "topic/c", { Condition: { Bool: { "aws:SecureTransport": "true" } } }),
	);
	const text = explain({ answer: { policyDocuments: [document] } })
		.map((finding) => finding.text)
		.join("\n");
	t.regex(text, /iot:Publish is allowed on topic\/a, topic\/c \(under a Condition\); denied: topic\/a\/secret/);
	t.regex(text, /iot:Receive is allowed on topic\/a, everything but topic\/b/);
});

const KNOWN: readonly (readonly [code: string, name: string, message: string | undefined])[] = [
	["authorizer-not-found", "ResourceNotFoundException", "Authorizer x not found"],
	["half-a-token", "InvalidRequestException", "Request must provide both token and tokenSignature together."],
	[
		"signing-is-disabled",
		"InvalidRequestException",
		"Token and token signature provided but signing is disabled for the authorizer.",
	],
	["token-and-context", "InvalidRequestException", "Request cannot have token and Http/Mqtt/Tls context."],
	["nothing-given", "InvalidRequestException", "Request must have Http/Mqtt/Tls context."],
	["query-without-mark", "InvalidRequestException", "Invalid arguments in the call"],
	["signature-mismatch", "InvalidRequestException", "Token signature mismatch for authorizer A"],
	["token-missing", "InvalidRequestException", undefined],
	["answer-not-an-answer", "InvalidResponseException", "Lambda invocation result is in invalid format"],
	[
		"principal-id-invalid",
		"InvalidResponseException",
		"a-b at principalId failed to satisfy constraint: Member must satisfy ([a-zA-Z0-9]){1,128}",
	],
	[
		"policies-missing",
		"InvalidResponseException",
		"policyDocuments failed to satisfy constraint: List of policies cannot be null.",
	],
	["policies-missing", "InvalidResponseException", "Number of policies allowed cannot exceed 10"],
	["policy-invalid", "InvalidResponseException", "Policy document is Malformed: Invalid policy syntax."],
	["policy-invalid", "InvalidResponseException", "Size of a policy document cannot exceeds hard limit of 2048"],
	[
		"timer-invalid",
		"InvalidResponseException",
		"299 at refreshAfterInSeconds failed to satisfy constraint: Member must be greater than 5 minutes and less than 24 hours.",
	],
	["function-failed", "InvalidResponseException", "Lambda function encountered error in execution: boom: Error"],
	[
		"field-constraint",
		"InvalidRequestException",
		"1 validation error detected: Value at 'authorizerName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w=,@-]+",
	],
	[
		"signature-malformed",
		"InvalidRequestException",
		"1 validation error detected: Value at 'tokenSignature' failed to satisfy constraint: Member must satisfy regular expression pattern: [A-Za-z0-9+/]+={0,2}",
	],
	[
		"function-not-permitted",
		"InvalidResponseException",
		`Lambda function encountered error in execution: AWS IoT is not authorized to invoke ${AUTHORIZER.functionArn}: AccessDeniedException`,
	],
	[
		"function-not-found",
		"InvalidResponseException",
		`Lambda function encountered error in execution: Function not found: ${AUTHORIZER.functionArn}: ResourceNotFoundException`,
	],
	["not-permitted", "AccessDeniedException", "User: x is not authorized"],
	["credentials-refused", "UnrecognizedClientException", "The security token included in the request is invalid"],
	["throttled", "ThrottlingException", "Rate exceeded"],
];

for (const [code, name, message] of KNOWN) {
	test(`AWS's "${message ?? "no message"}" (${name}) is known, with a remedy`, (t) => {
		const [found] = explainAwsError({ name, message } as AwsError);
		t.is(found?.code, code);
		t.not(found?.remedy, undefined);
	});
}

function explainError(message: string): Finding | undefined {
	const error = { name: "InvalidResponseException", message };
	return explain({ result: { error } } as Case).at(-1);
}

test("a missing permission is told with the command that adds it for this authorizer", (t) => {
	const alias = `${AUTHORIZER.functionArn}:live`;
	const found = explainError(
		`Lambda function encountered error in execution: AWS IoT is not authorized to invoke ${alias}: AccessDeniedException`,
	);
	t.is(found?.code, "function-not-permitted");
	t.regex(
		found?.remedy ?? "",
		/aws lambda add-permission --function-name f --qualifier live .*--principal iot\.amazonaws\.com --source-arn arn:aws:iot:eu-west-1:123456789012:authorizer\/A --source-account 123456789012/,
	);
});

test("Latchkey's own words of a missing permission and of a missing function are among the known", async (t) => {
	const call = {
		authorizer: AUTHORIZER,
		connectionId: "c",
		token: TOKEN,
		tokenSignature: signatureOf(TOKEN),
	};
	const explained = async (invocation: TestInvocation) => {
		const { awsMessage } = await t.throwsAsync(testInvokeAuthorizer(invocation), { instanceOf: TestInvocationError });
		return explainError(awsMessage ?? "")?.code;
	};
	const never = { invoke: () => Promise.reject(new Error("called")), close: async () => {}, retire: async () => {} };
	t.is(await explained({ ...call, function: undefined }), "function-not-found");
	t.is(await explained({ ...call, function: never, permitted: false }), "function-not-permitted");
});

test("no command is made of what a function itself says", (t) => {
	const threw = "Lambda function encountered error in execution: AWS IoT is not authorized to invoke $(reboot): Error";
	t.is(explainError(threw)?.code, "function-failed");
});

test("an error of AWS's that nobody knows is left alone", (t) => {
	t.deepEqual(explainAwsError({ name: "NewException", message: "something new" }), []);
});

test("every resource of a simulation is judged with its statement, and a different decision of the service is told", (t) => {
	const findings = explainAuthorization({
		input: {
			principal: "p",
			clientId: "dev1",
			authInfos: [
				{ actionType: "CONNECT", resources: [`${ARN}client/dev1`] },
				{ actionType: "PUBLISH", resources: [`${ARN}topic/a`, `${ARN}topic/b`] },
			],
		},
		result: { answer: { authResults: [{ authDecision: "ALLOWED" }, { authDecision: "ALLOWED" }] } },
		policies: {
			answer: [["P", policy(allow("iot:Connect", `client/\${iot:ClientId}`), allow("iot:Publish", "topic/a"))]],
		},
	});
	t.deepEqual(codesOf(findings), ["policies", "allowed", "allowed", "denied", "decisions-differ"]);
	t.regex(findings[1]?.text ?? "", /iot:Connect on .*client\/dev1: ALLOWED: statement 1 of P/);
	t.regex(findings[3]?.text ?? "", /IMPLICIT_DENY: no statement allows iot:Publish on topic\/b/);
});

test("a principal without policies, and policies that cannot be looked at, are told", (t) => {
	const input = { authInfos: [{ actionType: "CONNECT", resources: [`${ARN}client/a`] }] };
	const result = { answer: {} };
	t.true(codesOf(explainAuthorization({ input, result, policies: { answer: [] } })).includes("no-policies"));
	const error = { name: "AccessDeniedException", message: "no" };
	t.deepEqual(codesOf(explainAuthorization({ input, result, policies: { error } })), ["policies-unknown"]);
});

test("a principal whose policies cannot be looked at is explained by the service's own decisions", (t) => {
	const named = (...names: readonly string[]) => ({ policies: names.map((policyName) => ({ policyName })) });
	const findings = explainAuthorization({
		input: {
			principal: `${ARN}cert/${"a".repeat(64)}`,
			authInfos: [
				{ actionType: "CONNECT", resources: [`${ARN}client/dev1`] },
				{ actionType: "PUBLISH", resources: [`${ARN}topic/a`] },
				{ actionType: "RECEIVE", resources: [`${ARN}topic/b`] },
			],
		},
		result: {
			answer: {
				authResults: [
					{ authDecision: "ALLOWED", allowed: named("policy 1") },
					{ authDecision: "IMPLICIT_DENY", denied: { implicitDeny: named("policy 1", "policy 2") } },
					{
						authDecision: "EXPLICIT_DENY",
						denied: { explicitDeny: named("policy 2") },
						missingContextValues: ["iot:ClientId"],
					},
				],
			},
		},
		policies: { error: { name: "AccessDeniedException", message: "no" } },
	});
	t.deepEqual(codesOf(findings), ["policies-unknown", "allowed", "denied", "denied"]);
	const [, ...texts] = findings.map(({ text }) => text);
	t.regex(texts[0] ?? "", /iot:Connect on .*client\/dev1: ALLOWED: allowed by policy 1$/);
	t.regex(texts[1] ?? "", /iot:Publish on .*IMPLICIT_DENY: no statement allows it in policy 1, policy 2$/);
	t.regex(texts[2] ?? "", /EXPLICIT_DENY \(no value for iot:ClientId\): denied by a statement of policy 2$/);
});

test("a custom authorizer's principal that nobody has seen is left to the service's own words", (t) => {
	const principal = "latchkey:custom-authorizer/A/p1";
	const input = { principal, authInfos: [{ actionType: "CONNECT", resources: [`${ARN}client/a`] }] };
	const error = { name: "ResourceNotFoundException", message: "Principal p1 of authorizer A was not seen" };
	t.deepEqual(explainAuthorization({ input, result: { error }, policies: { error } }), []);
});

test("a custom authorizer that returned no policy is told apart from a principal without policies", (t) => {
	const principal = "latchkey:custom-authorizer/A/p1";
	const input = { principal, authInfos: [{ actionType: "CONNECT", resources: [`${ARN}client/a`] }] };
	const [finding] = explainAuthorization({ input, result: { answer: {} }, policies: { answer: [] } });
	t.is(finding?.text, "the custom authorizer returned no policy");
});
