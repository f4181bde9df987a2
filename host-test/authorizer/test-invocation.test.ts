import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import {
	type AuthenticationStep,
	type Authorizer,
	type AuthorizerFunction,
	FunctionError,
	type TestInvocation,
	TestInvocationError,
	testInvokeAuthorizer,
} from "../../src/authorizer/index.js";
import { createKeyPair, signToken } from "./keys.js";

const keys = [createKeyPair(), createKeyPair()] as const;
const [key] = keys;
const connectionId = "0b8e0c5e-5f0a-4f5b-9b0a-1f1f1f1f1f1f";
const connectionMetadata = { id: connectionId };

/** INACTIVE, as CreateAuthorizer leaves one: a test call works all the same. */
const signed: Authorizer = {
	name: "Signed",
	arn: "arn:aws:iot:eu-west-1:123456789012:authorizer/Signed",
	functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:F",
	tokenKeyName: "Tok",
	tokenSigningPublicKeys: { k1: keys[0].publicKey, k2: keys[1].publicKey },
	signingDisabled: false,
	status: "INACTIVE",
};
const unsigned: Authorizer = { ...signed, name: "Unsigned", tokenSigningPublicKeys: {}, signingDisabled: true };

const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "iot:Connect", Resource: "*" }] };
const admission = { isAuthenticated: true, principalId: "Dev1", policyDocuments: [policy] };

const token = "S3CRET token&more";
const tokenSignature = signToken(token, key);
const query = `x-amz-customauthorizer-signature=${encodeURIComponent(tokenSignature)}&Tok=${encodeURIComponent(token)}`;

/** A function that gives this answer, or throws it if it is an error, and remembers its events as JSON. */
class Answering implements AuthorizerFunction {
	readonly events: string[] = [];
	private readonly answer: unknown;

	constructor(answer: unknown = admission) {
		this.answer = answer;
	}

	async invoke(event: unknown): Promise<unknown> {
		this.events.push(JSON.stringify(event));
		if (this.answer instanceof Error) throw this.answer;
		return this.answer;
	}

	async close(): Promise<void> {}
}

type Given = Partial<TestInvocation>;

function invoke(given: Given, run: AuthorizerFunction | undefined = new Answering()) {
	return testInvokeAuthorizer({ authorizer: unsigned, function: run, permitted: true, connectionId, ...given });
}

async function fault(t: ExecutionContext, given: Given, answer?: unknown): Promise<TestInvocationError> {
	const call = invoke(given, new Answering(answer));
	return (await t.throwsAsync(call, { instanceOf: TestInvocationError })) as TestInvocationError;
}

for (const [name, signer] of [
	["first", keys[0]],
	["second", keys[1]],
] as const) {
	test(`a token that the ${name} key signed reaches the function with nothing else`, async (t) => {
		const run = new Answering();
		const answer = await invoke({ authorizer: signed, token, tokenSignature: signToken(token, signer) }, run);
		t.true(answer.isAuthenticated);
		t.deepEqual(run.events, [JSON.stringify({ token, signatureVerified: true, connectionMetadata })]);
	});
}

const contexts: readonly (readonly [what: string, given: Given, event: object])[] = [
	[
		"mqttContext",
		{ mqttContext: { username: "u", password: new TextEncoder().encode("test"), clientId: "c" } },
		{ protocolData: { mqtt: { username: "u", password: "dGVzdA==", clientId: "c" } }, protocols: ["mqtt"] },
	],
	[
		"mqttContext and tlsContext",
		{ tlsContext: { serverName: "gw.test" }, mqttContext: { clientId: "c" } },
		{ protocolData: { tls: { serverName: "gw.test" }, mqtt: { clientId: "c" } }, protocols: ["tls", "mqtt"] },
	],
	[
		"httpContext",
		{ httpContext: { headers: { "X-A": "1" }, queryString: "?A=b" } },
		{ protocolData: { http: { headers: { "X-A": "1" }, queryString: "?A=b" } }, protocols: ["http"] },
	],
	["an empty context", { mqttContext: {} }, { protocolData: { mqtt: {} }, protocols: ["mqtt"] }],
];

for (const [what, given, event] of contexts) {
	test(`${what} reaches the function as AWS writes it`, async (t) => {
		const run = new Answering();
		await invoke(given, run);
		t.deepEqual(run.events, [JSON.stringify({ ...event, signatureVerified: false, connectionMetadata })]);
	});
}

for (const [where, given] of [
	["the username", { mqttContext: { username: `u?${query}` } }],
	["the query string", { httpContext: { queryString: `?${query}` } }],
	["the headers", { httpContext: { headers: { TOK: token, "x-amz-customauthorizer-signature": tokenSignature } } }],
] as const) {
	test(`a signed authorizer takes token and signature from ${where}`, async (t) => {
		const run = new Answering();
		await invoke({ authorizer: signed, ...given }, run);
		t.like(JSON.parse(run.events[0] ?? ""), { token, signatureVerified: true });
	});
}

test("the answer is completed, and its policies are texts", async (t) => {
	t.like(await invoke({ mqttContext: {} }), {
		policyDocuments: [JSON.stringify(policy)],
		refreshAfterInSeconds: 300,
		disconnectAfterInSeconds: 86_400,
	});
});

test("a denial comes back whole", async (t) => {
	const answer = await invoke({ mqttContext: {} }, new Answering({ ...admission, isAuthenticated: false }));
	t.like(answer, { isAuthenticated: false, principalId: "Dev1", policyDocuments: [JSON.stringify(policy)] });
});

test("the steps are told, with the time that the function took", async (t) => {
	const steps: AuthenticationStep[] = [];
	let time = 0;
	await invoke({ authorizer: signed, token, tokenSignature, now: () => time++, observe: (step) => steps.push(step) });
	t.deepEqual(steps, [
		{ step: "signature-verified", keyName: "k1", duration: 1 },
		{ step: "function-invoked", functionArn: signed.functionArn, duration: 1 },
	]);
});

const context = { mqttContext: { clientId: "c" } };
const requestFaults: readonly (readonly [why: string, given: Given, awsMessage: string | null, code: string])[] = [
	["a token alone", { token }, "Request must provide both token and tokenSignature together.", "token-pair-incomplete"],
	[
		"a signature alone, also beside a context",
		{ tokenSignature, ...context },
		"Request must provide both token and tokenSignature together.",
		"token-pair-incomplete",
	],
	[
		"both where signing is disabled",
		{ token, tokenSignature },
		"Token and token signature provided but signing is disabled for the authorizer.",
		"signing-is-disabled",
	],
	...[context, { httpContext: {} }, { tlsContext: {} }].map(
		(given) =>
			[
				`a token and ${Object.keys(given)[0]}`,
				{ authorizer: signed, token, tokenSignature, ...given },
				"Request cannot have token and Http/Mqtt/Tls context.",
				"token-and-context",
			] as const,
	),
	["neither", {}, "Request must have Http/Mqtt/Tls context.", "context-missing"],
	[
		"a query string without its question mark",
		{ httpContext: { queryString: "a=b" } },
		"Invalid arguments in the call",
		"query-string-invalid",
	],
	[
		"another token's signature",
		{ authorizer: signed, token: "other", tokenSignature },
		"Token signature mismatch for authorizer Signed",
		"signature-mismatch",
	],
	[
		"the signature of a key that is not registered",
		{ authorizer: signed, token, tokenSignature: signToken(token, createKeyPair()) },
		"Token signature mismatch for authorizer Signed",
		"signature-mismatch",
	],
	[
		"a signature in a context that is no base64",
		{ authorizer: signed, mqttContext: { username: "u?Tok=a&x-amz-customauthorizer-signature=a-b" } },
		"Token signature mismatch for authorizer Signed",
		"signature-malformed",
	],
	["a signed authorizer and no token", { authorizer: signed, ...context }, null, "token-missing"],
	[
		"a signed authorizer and no context but TLS",
		{ authorizer: signed, tlsContext: { serverName: "a" } },
		null,
		"token-missing",
	],
	[
		"a signed authorizer and no signature",
		{ authorizer: signed, mqttContext: { username: "u?Tok=a" } },
		null,
		"signature-missing",
	],
];

for (const [why, given, awsMessage, code] of requestFaults) {
	test(`${why}: AWS's InvalidRequest, and the function is not called`, async (t) => {
		const run = new Answering();
		const error = await t.throwsAsync(invoke(given, run), { instanceOf: TestInvocationError });
		t.like(error, { type: "InvalidRequestException", awsMessage, code });
		t.deepEqual(run.events, []);
	});
}

const EXECUTION = "Lambda function encountered error in execution:";
const POLICIES = "policyDocuments failed to satisfy constraint:";
const responseFaults: readonly (readonly [why: string, answer: unknown, awsMessage: string])[] = [
	["no boolean", { ...admission, isAuthenticated: "true" }, "Lambda invocation result is in invalid format"],
	["what is not JSON", "<html>", "Lambda invocation result is in invalid format"],
	[
		"a bad principal",
		{ ...admission, principalId: "a-b" },
		"a-b at principalId failed to satisfy constraint: Member must satisfy ([a-zA-Z0-9]){1,128}",
	],
	[
		"a denial without a principal",
		{ isAuthenticated: false },
		"null at principalId failed to satisfy constraint: Member must satisfy ([a-zA-Z0-9]){1,128}",
	],
	[
		"a denial without policies",
		{ isAuthenticated: false, principalId: "a" },
		`${POLICIES} List of policies cannot be null.`,
	],
	[
		"eleven policies",
		{ ...admission, policyDocuments: Array.from({ length: 11 }, () => policy) },
		`${POLICIES} Number of policies allowed cannot exceed 10`,
	],
	[
		"a policy too large",
		{ ...admission, policyDocuments: ["x".repeat(2049)] },
		`${POLICIES} Size of a policy document cannot exceeds hard limit of 2048`,
	],
	[
		"an unreadable policy",
		{ ...admission, policyDocuments: ["{"] },
		`${POLICIES} Policy document is Malformed: Invalid policy syntax.`,
	],
	[
		"a timer of 299 s",
		{ ...admission, refreshAfterInSeconds: 299 },
		"299 at refreshAfterInSeconds failed to satisfy constraint: Member must be greater than 5 minutes and less than 24 hours.",
	],
	["a throw", new FunctionError("function-threw", "RangeError", "too far"), `${EXECUTION} too far: RangeError`],
	[
		"a crash",
		new FunctionError("function-crashed", "Runtime.ExitError", "it left"),
		`${EXECUTION} it left: Runtime.ExitError`,
	],
	[
		"no answer in time",
		new FunctionError("function-timed-out", "Sandbox.Timedout", "no answer in 5000 ms"),
		`${EXECUTION} no answer in 5000 ms: Sandbox.Timedout`,
	],
	["an unforeseen failure", new TypeError("socket gone"), `${EXECUTION} socket gone: TypeError`],
];

for (const [why, answer, awsMessage] of responseFaults) {
	test(`${why} of the function: AWS's InvalidResponse`, async (t) => {
		const error = await fault(t, context, answer);
		t.like(error, { type: "InvalidResponseException", awsMessage });
		t.truthy(error.refusal);
	});
}

test("a function that is not there is told as one", async (t) => {
	const call = testInvokeAuthorizer({ authorizer: unsigned, function: undefined, connectionId, ...context });
	t.like(await t.throwsAsync(call, { instanceOf: TestInvocationError }), {
		code: "function-not-found",
		type: "InvalidResponseException",
		awsMessage: `${EXECUTION} Function not found: ${unsigned.functionArn}: ResourceNotFoundException`,
	});
});

test("a function that AWS IoT may not call is not called", async (t) => {
	const run = new Answering();
	const error = await t.throwsAsync(invoke({ ...context, permitted: false }, run), { instanceOf: TestInvocationError });
	t.like(error, { code: "function-not-permitted", type: "InvalidResponseException" });
	t.regex((error as TestInvocationError).remedy, /aws lambda add-permission --function-name F /);
	t.deepEqual(run.events, []);
});

test("message and remedy are sentences, and show no secret that the function quotes", async (t) => {
	const given = { authorizer: signed, token, tokenSignature };
	for (const quoted of [token, tokenSignature]) {
		const error = await fault(t, given, new FunctionError("function-threw", "Error", `bad ${quoted}`));
		t.false(error.message.includes(quoted));
		t.true(error.awsMessage?.includes(quoted));
		for (const text of [error.message, error.remedy]) t.regex(text, /^[A-Z].*[.")]$/s);
	}
	for (const [, request] of requestFaults) {
		const error = await fault(t, request);
		for (const text of [error.message, error.remedy]) t.regex(text, /^[A-Z].*[.")]$/s);
		t.notRegex(error.message + error.remedy, /S3CRET/);
	}
});

test("ends in an answer or in its own error, whatever it is given and whatever the function answers", async (t) => {
	const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
	const text = fc.oneof(
		fc.string({ unit: "binary", maxLength: 30 }),
		fc.constantFrom(token, tokenSignature, `u?${query}`),
	);
	const requests = fc.record({
		authorizer: fc.constantFrom(signed, unsigned),
		token: maybe(text),
		tokenSignature: maybe(text),
		httpContext: maybe(fc.record({ headers: maybe(fc.dictionary(text, text)), queryString: maybe(text) })),
		mqttContext: maybe(fc.record({ username: maybe(text), password: maybe(fc.uint8Array()), clientId: maybe(text) })),
		tlsContext: maybe(fc.record({ serverName: maybe(text) })),
		permitted: maybe(fc.boolean()),
	});
	const answers = fc.oneof(
		fc.jsonValue(),
		fc.record({ isAuthenticated: fc.boolean(), principalId: fc.jsonValue(), policyDocuments: fc.jsonValue() }),
		fc.constant(admission),
		fc.string().map((message) => new Error(message)),
		fc.string().map((message) => new FunctionError("function-threw", message, message)),
	);
	await fc.assert(
		fc.asyncProperty(requests, answers, async (request, answer) => {
			try {
				t.is(typeof (await invoke(request, new Answering(answer))).isAuthenticated, "boolean");
			} catch (error) {
				t.true(error instanceof TestInvocationError, String(error));
			}
		}),
		{ numRuns: 500 },
	);
});
