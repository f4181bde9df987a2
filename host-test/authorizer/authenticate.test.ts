import test, { type ExecutionContext } from "ava";
import {
	type AuthenticationStep,
	type Authorizer,
	type AuthorizerEvent,
	type AuthorizerFunction,
	authenticate,
	FunctionError,
	type Refusal,
} from "../../src/authorizer/index.js";
import { createKeyPair, signToken } from "./keys.js";

const key = createKeyPair();
const signing: Authorizer = {
	name: "Signing",
	arn: "arn:aws:iot:us-east-1:123456789012:authorizer/Signing",
	functionArn: "arn:aws:lambda:us-east-1:123456789012:function:F",
	tokenKeyName: "Tok",
	tokenSigningPublicKeys: { k1: key.publicKey },
	signingDisabled: false,
	status: "ACTIVE",
};
const unsigned: Authorizer = { ...signing, name: "Unsigned", tokenSigningPublicKeys: {}, signingDisabled: true };

const policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "iot:*", Resource: "*" }] };
const admission = { isAuthenticated: true, principalId: "Dev1", policyDocuments: [policy] };

const token = "S3CRET token&more";
const signature = signToken(token, key);
const username = `user1?x-amz-customauthorizer-signature=${encodeURIComponent(signature)}&Tok=${encodeURIComponent(token)}`;

/** A function that gives this answer, or throws it if it is an error, and remembers its events. */
class Answering implements AuthorizerFunction {
	readonly events: AuthorizerEvent[] = [];
	readonly timeouts: number[] = [];
	private readonly answer: unknown;

	constructor(answer: unknown) {
		this.answer = answer;
	}

	async invoke(event: AuthorizerEvent, { timeout }: { readonly timeout: number }): Promise<unknown> {
		this.events.push(event);
		this.timeouts.push(timeout);
		if (this.answer instanceof Error) throw this.answer;
		return this.answer;
	}

	async close(): Promise<void> {}
}

interface Attempt {
	readonly authorizer?: Authorizer;
	readonly run?: AuthorizerFunction | undefined;
	readonly username?: string | undefined;
	readonly password?: Uint8Array;
	readonly permitted?: boolean;
	readonly timeout?: number | undefined;
	readonly http?: { readonly headers: Record<string, string>; readonly queryString: string };
}

async function attempt({ authorizer = signing, ...rest }: Attempt = {}) {
	const run = "run" in rest ? rest.run : new Answering(admission);
	const steps: AuthenticationStep[] = [];
	let time = 0;
	const outcome = await authenticate({
		authorizer,
		function: run,
		permitted: rest.permitted,
		timeout: rest.timeout,
		username: "username" in rest ? rest.username : username,
		password: rest.password,
		http: rest.http,
		clientId: "dev1",
		serverName: "gw.test",
		connectionId: "0b8e0c5e-5f0a-4f5b-9b0a-1f1f1f1f1f1f",
		now: () => time++,
		observe: (step) => steps.push(step),
	});
	return { outcome, steps };
}

async function refusal(t: ExecutionContext, given: Attempt): Promise<Refusal> {
	const { outcome } = await attempt(given);
	if (outcome.authenticated) return t.fail("it was admitted") as never;
	return outcome.refusal;
}

test("a signed client passes each step in AWS's order", async (t) => {
	const run = new Answering(admission);
	const { outcome, steps } = await attempt({ run });
	t.true(outcome.authenticated);
	t.deepEqual(steps, [
		{ step: "signature-verified", keyName: "k1", duration: 1 },
		{ step: "function-invoked", functionArn: signing.functionArn, duration: 1 },
		{
			step: "answer-accepted",
			principalId: "Dev1",
			policies: 1,
			refreshAfterInSeconds: 300,
			disconnectAfterInSeconds: 86_400,
		},
	]);
	t.is(run.events[0]?.token, token);
	t.is(run.events[0]?.protocolData.mqtt?.username, username);
});

test("where signing is disabled the token reaches the function in the username alone", async (t) => {
	const run = new Answering(admission);
	const { outcome, steps } = await attempt({ authorizer: unsigned, run, username: "u?Tok=abc" });
	t.true(outcome.authenticated);
	t.deepEqual(steps[0], { step: "signing-disabled" });
	t.false(run.events[0]?.signatureVerified);
	t.false("token" in (run.events[0] ?? {}));
});

test("the answer comes back with the policies read", async (t) => {
	const { outcome } = await attempt();
	t.is(outcome.authenticated ? outcome.answer.policies[0]?.name : undefined, "policy 1");
});

test("a wrong signature ends it before the function runs", async (t) => {
	const run = new Answering(admission);
	const { outcome, steps } = await attempt({ run, username: username.replace("Tok=S3", "Tok=s3") });
	t.like(outcome, { authenticated: false, refusal: { code: "signature-mismatch" } });
	t.deepEqual(run.events, []);
	t.deepEqual(steps, []);
});

test("a function that may not be called is not, and the remedy is the command that lets it", async (t) => {
	const run = new Answering(admission);
	const { remedy } = await refusal(t, { run, permitted: false });
	t.deepEqual(run.events, []);
	t.is(
		remedy,
		"Add it: aws lambda add-permission --function-name F --statement-id iot-custom-authorizer --action lambda:InvokeFunction --principal iot.amazonaws.com --source-arn arn:aws:iot:us-east-1:123456789012:authorizer/Signing --source-account 123456789012 (or start with --relaxed-permissions).",
	);
});

test("the command names a version of the function, and quotes what a shell would act on", async (t) => {
	const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:a;b'c:live";
	const { remedy } = await refusal(t, { authorizer: { ...signing, functionArn }, permitted: false });
	t.regex(remedy, /--function-name 'a;b'\\''c' --qualifier live --statement-id/);
});

test("a WebSocket's upgrade may carry token and signature, and reaches the function", async (t) => {
	const run = new Answering(admission);
	const http = { headers: { tok: token, "x-amz-customauthorizer-signature": signature }, queryString: "" };
	const { outcome } = await attempt({ run, username: undefined, http });
	t.true(outcome.authenticated);
	t.like(run.events[0], { token, protocols: ["tls", "http", "mqtt"] });
	t.deepEqual(run.events[0]?.protocolData.http, http);
});

test("an INACTIVE authorizer ends it before the signature is looked at", async (t) => {
	const { code } = await refusal(t, { authorizer: { ...signing, status: "INACTIVE" }, username: undefined });
	t.is(code, "authorizer-inactive");
});

const denied = { ...admission, isAuthenticated: false };

const refused: readonly (readonly [why: string, given: Attempt, code: string, step: string, reason: string])[] = [
	["no username", { username: undefined }, "token-missing", "signature", "CUSTOM_AUTHORIZER_PARAMETER_INVALID"],
	["no token", { username: "u?a=1" }, "token-missing", "signature", "CUSTOM_AUTHORIZER_PARAMETER_INVALID"],
	["an empty token", { username: "u?Tok=" }, "token-missing", "signature", "CUSTOM_AUTHORIZER_PARAMETER_INVALID"],
	["no signature", { username: "u?Tok=a" }, "signature-missing", "signature", "CUSTOM_AUTHORIZER_PARAMETER_INVALID"],
	[
		"a signature that is not base64",
		{ username: "u?Tok=a&x-amz-customauthorizer-signature=a-b" },
		"signature-malformed",
		"signature",
		"CUSTOM_AUTHORIZER_PARAMETER_INVALID",
	],
	[
		"another token's signature",
		{ username: username.replace("Tok=", "Tok=x") },
		"signature-mismatch",
		"signature",
		"SECURITY_TOKEN_SIGNATURE_MISMATCH",
	],
	["no function", { run: undefined }, "function-not-found", "function", "CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR"],
	[
		"a function that AWS IoT may not call",
		{ permitted: false },
		"function-not-permitted",
		"function",
		"CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR",
	],
	["a denial", { run: new Answering(denied) }, "not-authenticated", "answer", "NOT_AUTHENTICATED"],
	[
		"an invalid answer",
		{ run: new Answering({}) },
		"answer-invalid",
		"answer",
		"CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR",
	],
];

for (const [why, given, code, step, reason] of refused) {
	test(`refuses for ${why}: ${code}`, async (t) => {
		const found = await refusal(t, given);
		t.deepEqual([found.code, found.step, found.reason], [code, step, reason]);
	});
}

for (const code of [
	"function-not-found",
	"not-a-handler",
	"function-threw",
	"function-timed-out",
	"function-load-timed-out",
	"function-busy",
	"function-crashed",
] as const) {
	test(`a call that fails with ${code} is refused by that code`, async (t) => {
		const run = new Answering(new FunctionError(code, "Type", "message"));
		t.is((await refusal(t, { run })).code, code);
	});
}

for (const [timeout, cause, remedy] of [
	[
		1000,
		"The function did not answer within 1 s, its own timeout.",
		/or raise the function's timeout: AWS IoT waits up to 5 s\.$/,
	],
	[
		5000,
		"The function did not answer within 5 s, AWS IoT's limit for an authorizer's function.",
		/A longer timeout of the function does not help\.$/,
	],
	[
		undefined,
		"The function did not answer within 5 s, AWS IoT's limit for an authorizer's function.",
		/does not help\.$/,
	],
] as const) {
	test(`a call that may take ${timeout ?? "AWS's own"} ms and takes longer is told by that limit`, async (t) => {
		const run = new Answering(new FunctionError("function-timed-out", "Sandbox.Timedout", "late"));
		const refused = await refusal(t, { run, timeout });
		t.is(refused.cause, cause);
		t.regex(refused.remedy, remedy);
		t.deepEqual(run.timeouts, [timeout ?? 5000]);
	});
}

test("code that takes too long to load is told by that limit", async (t) => {
	const run = new Answering(new FunctionError("function-load-timed-out", "Sandbox.Timedout", "late"));
	const { cause, remedy } = await refusal(t, { run, timeout: 1000 });
	t.is(cause, "The function's code was not loaded within 10 s, AWS Lambda's limit for that.");
	t.regex(remedy, /when it is loaded/);
});

test("a call that waited in vain is not told as one that took too long", async (t) => {
	const run = new Answering(new FunctionError("function-busy", "TooManyRequestsException", "busy"));
	const { cause, remedy } = await refusal(t, { run, timeout: 1000 });
	t.is(cause, "The function was not called: none of its processes got free within 30 s.");
	t.regex(remedy, /each holds a process/);
});

test("a function that fails in an unforeseen way is refused as one that crashed", async (t) => {
	t.like(await refusal(t, { run: new Answering(new Error("socket gone")) }), {
		code: "function-crashed",
		cause: "The function ended before it answered (Error): socket gone.",
	});
});

test("the cause of a mismatch is the diagnosis", async (t) => {
	const query = `x-amz-customauthorizer-signature=${encodeURIComponent(signature)}&Tok=${token}`;
	const { cause, remedy } = await refusal(t, { username: `u?${query}` });
	t.is(
		cause,
		'No key of the authorizer "Signing" verifies the token\'s signature: it was made with the key k1, but over a token that was put into the username without URL-encoding, so that a part of it was lost or changed.',
	);
	t.regex(remedy, /encodeURIComponent/);
});

test("a token under the wrong name is told by the name's spelling only", async (t) => {
	const spelled = await refusal(t, { username: "u?tok=S3CRET" });
	t.regex(spelled.cause, /"Tok"; the username spells it "tok"/);
	const other = await refusal(t, { username: "u?S3CRET=S3CRET" });
	t.regex(other.cause, /none of the 1 parameters of the username has that name/);
	t.notRegex(JSON.stringify([spelled, other]), /S3CRET/);
});

test("an invalid denial is told as both", async (t) => {
	const run = new Answering({ ...denied, disconnectAfterInSeconds: 0 });
	t.is(
		(await refusal(t, { run })).cause,
		"The function says isAuthenticated false, and its answer is invalid besides, at disconnectAfterInSeconds: expected 300 to 86400 seconds, got 0.",
	);
});

test("no refusal shows the token, the signature or the password, whatever the function says", async (t) => {
	const password = new TextEncoder().encode("pa55word");
	const words = `${token} ${encodeURIComponent(token)} ${signature} pa55word cGE1NXdvcmQ=`;
	const badPolicy = { ...policy, Statement: [{ ...policy.Statement[0], Resource: words }] };
	const runs = [
		...(["function-not-found", "not-a-handler", "function-threw", "function-crashed"] as const).map(
			(code) => new Answering(new FunctionError(code, "Error", words)),
		),
		new Answering({ ...admission, principalId: token }),
		new Answering({ ...admission, policyDocuments: [badPolicy] }),
	];
	for (const run of runs) {
		const shown = JSON.stringify(await refusal(t, { run, password }));
		for (const secret of ["S3CRET", signature.slice(0, 20), "pa55word", "cGE1NXdvcmQ"]) t.false(shown.includes(secret));
	}
});

test("each refusal says what happened and what to do, in sentences", async (t) => {
	for (const [, given] of refused) {
		const { cause, remedy } = await refusal(t, given);
		t.regex(cause, /^[A-Z].*\.$/s);
		t.regex(remedy, /^[A-Z].*\.$/s);
	}
});
