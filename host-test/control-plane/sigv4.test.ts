/**
 * Signatures: what AWS's signer makes is taken, and nothing else.
 * @module
 */
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";
import { IoTClient, ListAuthorizersCommand, TestInvokeAuthorizerCommand } from "@aws-sdk/client-iot";
import { Hash } from "@smithy/hash-node";
import { HttpRequest } from "@smithy/protocol-http";
import { SignatureV4 } from "@smithy/signature-v4";
import test from "ava";
import fc from "fast-check";
import { AwsCli, Boto3, isInstalled } from "../aws-clients/index.js";
import { openShelf } from "./shelf.js";
import { openStubPlane } from "./stub-plane.js";
import { send, type WireAnswer, type WireRequest } from "./wire.js";

const KEY = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" };
const TEMPORARY = { accessKeyId: "ASIAEXAMPLE", secretAccessKey: "other", sessionToken: "session/token+==" };
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const VERIFY = { credentials: [KEY, TEMPORARY], region: "eu-west-1" };
const FIXED = { verifySigV4: VERIFY, now: () => NOW };

interface Signing {
	readonly credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
	readonly service?: string;
	readonly region?: string;
	readonly at?: number;
}

const REQUEST = { method: "POST", path: "/thing/A%3Db", query: { limit: "5" }, body: '{"kind":"SMALL"}' };

/** A request as AWS's signer signs it, as the wire has it. */
async function signed(
	{ credentials = KEY, service = "iot", region = "eu-west-1", at = NOW }: Signing = {},
	{ method, path, query, body }: typeof REQUEST = REQUEST,
): Promise<WireRequest> {
	const signer = new SignatureV4({ credentials, service, region, sha256: Hash.bind(null, "sha256") });
	const request = new HttpRequest({ method, path, query, headers: { host: "localhost" }, body });
	const { headers } = await signer.sign(request, { signingDate: new Date(at) });
	const search = new URLSearchParams(query).toString().replaceAll("+", "%20");
	return {
		method,
		target: search === "" ? path : `${path}?${search}`,
		headers: Object.entries(headers).map(([name, value]) => [name === "host" ? "Host" : name, value] as const),
		body,
	};
}

function refusal(answer: WireAnswer | undefined) {
	const { message } = JSON.parse(answer?.body ?? "{}") as { message?: string };
	return { status: answer?.status, type: answer?.headers["x-amzn-errortype"], message };
}

/** The request with another value of a header, or without it. */
function withHeader(request: WireRequest, name: string, change: (value: string) => string | undefined): WireRequest {
	const headers = (request.headers ?? []).flatMap(([key, value]) => {
		if (key.toLowerCase() !== name) return [[key, value] as const];
		const changed = change(value);
		return changed === undefined ? [] : [[key, changed] as const];
	});
	return { ...request, headers };
}

const MISMATCH = {
	status: 403,
	type: "InvalidSignatureException",
	message:
		"The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
};

test("a signed request is taken", async (t) => {
	const { port } = await openShelf(t, FIXED);
	t.is((await send(port, await signed()))?.status, 201);
});

test("unsigned and badly signed requests are taken where nothing is verified", async (t) => {
	const { port } = await openShelf(t);
	t.is((await send(port, { method: "POST", target: "/thing/a", body: '{"kind":"SMALL"}' }))?.status, 201);
	t.is((await send(port, await signed({ at: 0 })))?.status, 201);
});

for (const service of ["iot", "execute-api"]) {
	test(`an operation of iot is called under the scope ${service}`, async (t) => {
		const { port } = await openShelf(t, FIXED);
		t.is((await send(port, await signed({ service })))?.status, 201);
	});
}

for (const service of ["iotdata", "iotdevicegateway"]) {
	test(`an operation of iot-data is called under the scope ${service}`, async (t) => {
		const { port } = await openShelf(t, FIXED);
		const request = { method: "POST", path: "/topics/a%2Fb", query: {} as typeof REQUEST.query, body: "hello" };
		t.is((await send(port, await signed({ service }, request)))?.status, 200);
	});
}

test("another service's scope is refused", async (t) => {
	const { port } = await openShelf(t, FIXED);
	t.deepEqual(refusal(await send(port, await signed({ service: "lambda" }))), {
		status: 403,
		type: "InvalidSignatureException",
		message: "Credential should be scoped to correct service: 'iot'.",
	});
});

test("another region is refused", async (t) => {
	const { port } = await openShelf(t, FIXED);
	t.deepEqual(refusal(await send(port, await signed({ region: "us-east-1" }))), {
		status: 403,
		type: "InvalidSignatureException",
		message: "Credential should be scoped to a valid region, not 'us-east-1'.",
	});
});

test("a session token that belongs to the key is taken", async (t) => {
	const { port } = await openShelf(t, FIXED);
	t.is((await send(port, await signed({ credentials: TEMPORARY })))?.status, 201);
});

const INVALID_TOKEN = {
	status: 403,
	type: "UnrecognizedClientException",
	message: "The security token included in the request is invalid.",
};
const STRANGERS: Readonly<Record<string, NonNullable<Signing["credentials"]>>> = {
	"an unknown access key": { ...KEY, accessKeyId: "AKIDOTHER" },
	"a session token where the key has none": { ...KEY, sessionToken: "x" },
	"another session token": { ...TEMPORARY, sessionToken: "x" },
	"no session token where the key has one": {
		accessKeyId: TEMPORARY.accessKeyId,
		secretAccessKey: TEMPORARY.secretAccessKey,
	},
};
for (const [title, credentials] of Object.entries(STRANGERS)) {
	test(`${title} is refused`, async (t) => {
		const { port, calls } = await openShelf(t, FIXED);
		t.deepEqual(refusal(await send(port, await signed({ credentials }))), INVALID_TOKEN);
		t.deepEqual(calls, []);
	});
}

const FORGERIES: Readonly<Record<string, (request: WireRequest) => WireRequest>> = {
	"another body": (request) => ({ ...request, body: '{"kind":"LARGE"}' }),
	"another path": (request) => ({ ...request, target: "/thing/B?limit=5" }),
	"another query": (request) => ({ ...request, target: "/thing/A%3Db?limit=6" }),
	"a further parameter": (request) => ({ ...request, target: `${request.target}&dryRun=true` }),
	"another host": (request) => withHeader(request, "host", () => "127.0.0.1"),
	"another signature": (request) =>
		withHeader(request, "authorization", (value) => value.replace(/.$/, (last) => (last === "0" ? "1" : "0"))),
	"a signature of another length": (request) => withHeader(request, "authorization", (value) => value.slice(0, -1)),
	"another hash of the body": (request) => withHeader(request, "x-amz-content-sha256", () => "UNSIGNED-PAYLOAD"),
};
for (const [title, forge] of Object.entries(FORGERIES)) {
	test(`${title} than was signed is refused`, async (t) => {
		const { port, calls } = await openShelf(t, FIXED);
		t.deepEqual(refusal(await send(port, forge(await signed()))), MISMATCH);
		t.deepEqual(calls, []);
	});
}

test("the wrong secret is refused", async (t) => {
	const { port } = await openShelf(t, FIXED);
	const request = await signed({ credentials: { ...KEY, secretAccessKey: "wrong" } });
	t.deepEqual(refusal(await send(port, request)), MISMATCH);
});

const MINUTE = 60_000;
test("a signature is good for 15 minutes either way", async (t) => {
	const { port } = await openShelf(t, FIXED);
	for (const at of [NOW - 15 * MINUTE, NOW + 15 * MINUTE]) {
		t.is((await send(port, await signed({ at })))?.status, 201);
	}
});

test("an older signature has expired", async (t) => {
	const { port } = await openShelf(t, FIXED);
	t.deepEqual(refusal(await send(port, await signed({ at: NOW - 15 * MINUTE - 1000 }))), {
		status: 403,
		type: "InvalidSignatureException",
		message: "Signature expired: 20260102T024904Z is now earlier than 20260102T024905Z (20260102T030405Z - 15 min.)",
	});
});

test("a signature of the future is not yet current", async (t) => {
	const { port } = await openShelf(t, FIXED);
	t.deepEqual(refusal(await send(port, await signed({ at: NOW + 15 * MINUTE + 1000 }))), {
		status: 403,
		type: "InvalidSignatureException",
		message:
			"Signature not yet current: 20260102T031906Z is still later than 20260102T031905Z (20260102T030405Z + 15 min.)",
	});
});

test("an unsigned request is refused where signatures are verified", async (t) => {
	const { port } = await openShelf(t, FIXED);
	t.deepEqual(refusal(await send(port, { target: "/things" })), {
		status: 403,
		type: "MissingAuthenticationTokenException",
		message: "Missing Authentication Token",
	});
});

const INCOMPLETE: Readonly<Record<string, readonly [(request: WireRequest) => WireRequest, string]>> = {
	"another scheme": [
		(request) => withHeader(request, "authorization", () => "Bearer abc"),
		"Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.",
	],
	"no date": [
		(request) => withHeader(request, "x-amz-date", () => undefined),
		"Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.",
	],
	"another form of date": [
		(request) => withHeader(request, "x-amz-date", () => "2026-01-02T03:04:05Z"),
		"Date must be in ISO-8601 'basic format', YYYYMMDDTHHMMSSZ.",
	],
	"a short credential": [
		(request) => withHeader(request, "authorization", (value) => value.replace("/aws4_request", "")),
		"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
	],
	"two dates": [
		(request) => ({ ...request, headers: [...(request.headers ?? []), ["X-Amz-Date", "20260102T030405Z"]] }),
		"The header x-amz-date is sent more than once.",
	],
};
for (const [title, [change, message]] of Object.entries(INCOMPLETE)) {
	test(`${title} is an incomplete signature`, async (t) => {
		const { port } = await openShelf(t, FIXED);
		const answer = await send(port, change(await signed()));
		t.deepEqual(refusal(answer), { status: 403, type: "IncompleteSignatureException", message });
	});
}

for (const [name, shown] of [
	["host", "'Host' or ':authority'"],
	["x-amz-date", "'X-Amz-Date'"],
] as const) {
	test(`a signature that leaves ${name} out is refused`, async (t) => {
		const { port } = await openShelf(t, FIXED);
		const request = withHeader(await signed(), "authorization", (value) =>
			value.replace(new RegExp(`(SignedHeaders=.*?)(?:;${name}|${name};)`), "$1"),
		);
		const message = `${shown} must be a 'SignedHeader' in the AWS Authorization.`;
		t.deepEqual(refusal(await send(port, request)), { status: 403, type: "InvalidSignatureException", message });
	});
}

for (const name of ["x-amz-invocation-type", "X-Amz-Security-Token", "x-amz-content-sha256"]) {
	test(`a header ${name} that came without being signed is refused`, async (t) => {
		const { port, calls } = await openShelf(t, FIXED);
		const request = await signed({ credentials: KEY });
		const headers = (request.headers ?? []).filter(([sent]) => sent.toLowerCase() !== name);
		const authorization = headers.map(([sent, value]) => [sent, value.replace(`;${name}`, "")] as const);
		const answer = await send(port, { ...request, headers: [...authorization, [name, "value"]] });
		const message = `'${name.toLowerCase()}' must be a 'SignedHeader' in the AWS Authorization.`;
		t.deepEqual(refusal(answer), { status: 403, type: "InvalidSignatureException", message });
		t.deepEqual(calls, []);
	});
}

for (const name of ["x-amzn-trace-id", "amz-sdk-invocation-id", "amz-sdk-request", "user-agent", "x-note"]) {
	test(`a header ${name} need not be signed`, async (t) => {
		const { port } = await openShelf(t, FIXED);
		const request = await signed();
		const answer = await send(port, { ...request, headers: [...(request.headers ?? []), [name, "value"]] });
		t.is(answer?.status, 201);
	});
}

test("a credential's date must be that of the signature", async (t) => {
	const { port } = await openShelf(t, FIXED);
	const request = withHeader(await signed(), "authorization", (value) => value.replace("20260102/", "20260101/"));
	t.regex(refusal(await send(port, request)).message ?? "", /^Date in Credential scope does not match/);
});

test("any Authorization header is refused in AWS's shape, and never repeated", async (t) => {
	const { port, calls } = await openShelf(t, FIXED);
	const valid = await signed();
	const text = fc.string({ unit: fc.constantFrom(..."AWS4-HMAC-SHA256 Credential=/SignedHeaders;Signature,host09af") });
	const cut = fc.nat(200).map((at) => (value: string) => value.slice(0, at));
	const swap = fc
		.constantFrom("Credential", "SignedHeaders", "Signature", "host;", "AWS4", "iot", "/")
		.map((part) => (value: string) => value.replace(part, "x"));
	const changes = fc.oneof(
		text.map((other) => () => other),
		cut,
		swap,
	);
	const property = fc.asyncProperty(changes, async (change) => {
		const answer = await send(port, withHeader(valid, "authorization", change));
		const { status, type, message = "" } = refusal(answer);
		t.is(status, 403);
		t.regex(type ?? "", /^(?:\w+SignatureException|MissingAuthenticationTokenException|UnrecognizedClientException)$/);
		t.false(message.includes("AKID"));
	});
	await fc.assert(property, { numRuns: 300 });
	t.deepEqual(calls, []);
});

const GOOD = { verifySigV4: VERIFY };

test("the AWS SDK for JavaScript signs so that it is taken, and its wrong secret is told", async (t) => {
	const { url, calls } = await openStubPlane(t, GOOD);
	const client = (credentials: typeof KEY) => new IoTClient({ endpoint: url, region: "eu-west-1", credentials });
	const right = client(KEY);
	const wrong = client({ ...KEY, secretAccessKey: "wrong" });
	t.teardown(() => [right, wrong].map((one) => one.destroy()));
	await right.send(new ListAuthorizersCommand({ ascendingOrder: true, marker: "QUJD+/==" }));
	await right.send(new TestInvokeAuthorizerCommand({ authorizerName: "A=b,c@d-e", mqttContext: { username: "ü" } }));
	t.is(calls.length, 2);
	await t.throwsAsync(wrong.send(new ListAuthorizersCommand({})), { name: "InvalidSignatureException" });
});

if (isInstalled("awscli.botocore")) {
	const cli = new AwsCli();
	test.after.always(() => cli.close());
	const run = (url: string, args: readonly string[], environment: Record<string, string> = {}) =>
		cli.run(args, { endpoint: url, directory: tmpdir(), environment });

	test.serial("the AWS CLI signs so that it is taken", async (t) => {
		const { url, calls } = await openStubPlane(t, GOOD);
		for (const args of [
			[
				"iot",
				"test-invoke-authorizer",
				"--authorizer-name",
				"A=b,c@d-e",
				"--token",
				"tök",
				"--token-signature",
				"QUJD",
			],
			["iot", "list-authorizers", "--page-size", "5", "--ascending-order"],
			["lambda", "get-policy", "--function-name", "arn:aws:lambda:eu-west-1:123456789012:function:f"],
			["iot-data", "publish", "--topic", "a/b c", "--payload", "aGVsbG8="],
		]) {
			const { exitCode, stderr } = await run(url, args);
			t.is(exitCode, 0, stderr);
		}
		t.is(calls.length, 4);
	});

	test.serial("the AWS CLI's session token is taken", async (t) => {
		const { url } = await openStubPlane(t, GOOD);
		const { exitCode, stderr } = await run(url, ["iot", "describe-default-authorizer"], {
			AWS_ACCESS_KEY_ID: TEMPORARY.accessKeyId,
			AWS_SECRET_ACCESS_KEY: TEMPORARY.secretAccessKey,
			AWS_SESSION_TOKEN: TEMPORARY.sessionToken,
		});
		t.is(exitCode, 0, stderr);
	});

	test.serial("the AWS CLI shows why its signature is refused", async (t) => {
		const { url } = await openStubPlane(t, GOOD);
		const { exitCode, stderr } = await run(url, ["iot", "list-authorizers"], { AWS_SECRET_ACCESS_KEY: "wrong" });
		t.is(exitCode, 254);
		t.regex(
			stderr,
			/An error occurred \(InvalidSignatureException\) .* The request signature we calculated does not match/,
		);
	});
}

if (isInstalled("boto3")) {
	const boto3 = new Boto3();
	test.after.always(() => boto3.close());

	test("boto3 signs so that it is taken", async (t) => {
		const { url, calls } = await openStubPlane(t, GOOD);
		for (const [service, operation, parameters] of [
			["iot", "test_invoke_authorizer", { authorizerName: "A=b,c@d-e", token: "tök", tokenSignature: "QUJD" }],
			["iot", "list_authorizers", { ascendingOrder: true, marker: "QUJD+/==" }],
			["iot-data", "publish", { topic: "a/b c", payload: { $base64: "aGVsbG8=" } }],
			["lambda", "invoke", { FunctionName: "demo", Payload: { $base64: "e30=" } }],
		] as const) {
			const result = await boto3.call(url, service, operation, parameters);
			t.true("response" in result, JSON.stringify(result));
		}
		t.is(calls.length, 4);
	});

	test("boto3 shows why its signature is refused", async (t) => {
		const others = { credentials: [{ ...KEY, secretAccessKey: "wrong" }], region: "eu-west-1" };
		const { url } = await openStubPlane(t, { verifySigV4: others });
		const result = await boto3.call(url, "iot", "list_authorizers", {});
		t.is("error" in result ? result.error.code : undefined, "InvalidSignatureException");
	});
}

const curl = promisify(execFile);

test("curl signs so that it is taken", async (t) => {
	const { url, calls } = await openStubPlane(t, GOOD);
	const args = [
		"-sS",
		"-i",
		"--aws-sigv4",
		"aws:amz:eu-west-1:iot",
		"--user",
		`${KEY.accessKeyId}:${KEY.secretAccessKey}`,
	];
	const { stdout } = await curl("curl", [...args, "-d", '{"token":"t"}', `${url}/authorizer/A/test`]);
	t.regex(stdout, /^HTTP\/1\.1 200/);
	t.is(calls[0]?.operation, "TestInvokeAuthorizer");
});
