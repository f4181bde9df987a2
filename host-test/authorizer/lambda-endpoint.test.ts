import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import test, { type ExecutionContext } from "ava";
import {
	type AuthorizerFunction,
	FunctionError,
	type LambdaEndpointOptions,
	openLambdaEndpoint,
} from "../../src/authorizer/index.js";
import { closedPort } from "../loopback.js";

/** Milliseconds no test gets near to. */
const PLENTY = { timeout: 60_000 };

/** What Node warned of in the whole file: the SDK gives its advice once. */
const warnings: string[] = [];
process.on("warning", ({ message }) => warnings.push(message));

// What this machine's user has must not decide what the tests see.
for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]) delete process.env[name];

/** An endpoint that answers in this way, and a function behind it. */
async function open(
	t: ExecutionContext,
	answer: RequestListener,
	options: Partial<LambdaEndpointOptions> = {},
): Promise<Required<AuthorizerFunction>> {
	const server = createServer(answer).listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	const endpoint = `http://127.0.0.1:${port}`;
	const run = openLambdaEndpoint({ functionName: "F", region: "eu-west-1", endpoint, ...options });
	t.teardown(async () => {
		await run.close();
		server.closeAllConnections();
		server.close();
	});
	return run;
}

/** A promise that somebody else resolves. */
function gateOf(): { readonly promise: Promise<void>; readonly resolve: () => void } {
	let resolve = () => {};
	const promise = new Promise<void>((done) => {
		resolve = done;
	});
	return { promise, resolve };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	return Buffer.concat(await request.toArray()).toString();
}

async function failure(t: ExecutionContext, call: Promise<unknown>): Promise<FunctionError> {
	return (await t.throwsAsync(call, { instanceOf: FunctionError })) as FunctionError;
}

test("sends the event as Lambda's Invoke wants it and hands on the answer", async (t) => {
	const seen: unknown[] = [];
	const run = await open(t, async (request, response) => {
		const { method, url, headers } = request;
		seen.push(method, url, headers["x-amz-invocation-type"], headers["x-amz-log-type"], await bodyOf(request));
		response.end('{"isAuthenticated":true}');
	});
	t.deepEqual(await run.invoke({ token: "é" }, PLENTY), { isAuthenticated: true });
	t.deepEqual(seen, ["POST", "/2015-03-31/functions/F/invocations", "RequestResponse", undefined, '{"token":"é"}']);
});

test("names an ARN and a version", async (t) => {
	const functionName = "arn:aws:lambda:eu-west-1:123456789012:function:F";
	const run = await open(t, (request, response) => response.end(JSON.stringify(request.url)), {
		functionName,
		qualifier: "live",
	});
	t.is(
		await run.invoke({}, PLENTY),
		`/2015-03-31/functions/${encodeURIComponent(functionName)}/invocations?Qualifier=live`,
	);
});

test("signs with a placeholder where the environment has no credentials", async (t) => {
	const run = await open(t, (request, response) => response.end(JSON.stringify(request.headers.authorization)));
	t.regex(String(await run.invoke({}, PLENTY)), /^AWS4-HMAC-SHA256 Credential=latchkey\/\d{8}\/eu-west-1\/lambda\//);
});

test.serial("signs with the environment's credentials, without their session token over plain HTTP", async (t) => {
	Object.assign(process.env, { AWS_ACCESS_KEY_ID: "AKIDTEST", AWS_SECRET_ACCESS_KEY: "s", AWS_SESSION_TOKEN: "t" });
	t.teardown(() => {
		for (const name of ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]) delete process.env[name];
	});
	const run = await open(t, ({ headers }, response) => {
		response.end(JSON.stringify([headers.authorization, headers["x-amz-security-token"] ?? null]));
	});
	const [authorization, sessionToken] = (await run.invoke({}, PLENTY)) as [string, string | null];
	t.regex(authorization, /Credential=AKIDTEST\//);
	t.is(sessionToken, null);
});

for (const [what, body, errorType, errorMessage] of [
	["an error", '{"errorType":"RangeError","errorMessage":"too far","trace":[]}', "RangeError", "too far"],
	[
		"an error without a type",
		'{"errorMessage":"Task timed out after 3.00 seconds"}',
		"Unhandled",
		"Task timed out after 3.00 seconds",
	],
	["an error that says nothing", "null", "Unhandled", "it does not say what went wrong"],
	["an error that is no JSON", "<html>", "Unhandled", "it does not say what went wrong"],
] as const) {
	test(`${what} of the function is told in its words`, async (t) => {
		const run = await open(t, (_, response) => {
			response.writeHead(200, { "X-Amz-Function-Error": "Unhandled" }).end(body);
		});
		const error = await failure(t, run.invoke({}, PLENTY));
		t.deepEqual([error.code, error.errorType, error.errorMessage], ["function-threw", errorType, errorMessage]);
	});
}

for (const [what, status, headers, body, code, errorType, message] of [
	[
		"a function that does not exist",
		404,
		{ "x-amzn-ErrorType": "ResourceNotFoundException" },
		'{"Type":"User","Message":"Function not found: F"}',
		"function-not-found",
		"ResourceNotFoundException",
		/^Function not found: F$/,
	],
	[
		"a caller that may not",
		403,
		{ "x-amzn-ErrorType": "AccessDeniedException" },
		'{"Message":"not allowed"}',
		"function-crashed",
		"AccessDeniedException",
		/^the endpoint answered 403: not allowed$/,
	],
	[
		"too many calls",
		429,
		{ "x-amzn-ErrorType": "TooManyRequestsException" },
		'{"message":"slow down"}',
		"function-crashed",
		"TooManyRequestsException",
		/^the endpoint answered 429: slow down$/,
	],
	[
		"an endpoint that is something else",
		500,
		{},
		"<html>",
		"function-crashed",
		"SyntaxError",
		/^the endpoint answered 500: .*JSON/,
	],
	["an endpoint that only takes the event", 202, {}, "", "function-crashed", "Accepted", /did not wait/],
] as const) {
	test(`${what} is told as ${code}, after one attempt`, async (t) => {
		let attempts = 0;
		const run = await open(t, (_, response) => {
			attempts++;
			response.writeHead(status, headers).end(body);
		});
		const error = await failure(t, run.invoke({}, PLENTY));
		t.deepEqual([error.code, error.errorType], [code, errorType]);
		t.regex(error.errorMessage, message);
		t.is(attempts, 1);
	});
}

for (const [what, body, answer] of [
	["garbage", "<html>", "<html>"],
	["nothing", "", ""],
	["null", "null", null],
] as const) {
	test(`an answer of ${what} comes back as it is, for the check of answers to judge`, async (t) => {
		const run = await open(t, (_, response) => response.end(body));
		t.is(await run.invoke({}, PLENTY), answer);
	});
}

test("an endpoint where nobody listens is told as such", async (t) => {
	const port = await closedPort();
	const run = openLambdaEndpoint({ functionName: "F", region: "eu-west-1", endpoint: `http://127.0.0.1:${port}` });
	const { code, errorType } = await failure(t, run.invoke({}, PLENTY));
	t.deepEqual([code, errorType], ["function-crashed", "ECONNREFUSED"]);
});

test("a connection that breaks is told as such", async (t) => {
	const run = await open(t, (request) => request.socket.destroy());
	t.is((await failure(t, run.invoke({}, PLENTY))).code, "function-crashed");
});

for (const [what, answer] of [
	["that does not answer", () => undefined],
	["that begins to answer and does not end", (_, response) => response.write("{")],
] as readonly (readonly [string, RequestListener])[]) {
	test(`an endpoint ${what} runs out of time`, async (t) => {
		const run = await open(t, answer);
		const { code, errorType } = await failure(t, run.invoke({}, { timeout: 100 }));
		t.deepEqual([code, errorType], ["function-timed-out", "Sandbox.Timedout"]);
	});

	test(`closing gives up a call of an endpoint ${what}`, async (t) => {
		const asked = gateOf();
		const run = await open(t, (request, response) => {
			answer(request, response);
			asked.resolve();
		});
		const call = failure(t, run.invoke({}, PLENTY));
		await asked.promise;
		await run.close();
		t.is((await call).code, "function-crashed");
	});
}

test("retiring lets the call under way finish and takes no other", async (t) => {
	const [asked, gate] = [gateOf(), gateOf()];
	const run = await open(t, async (_, response) => {
		asked.resolve();
		await gate.promise;
		response.end("1");
	});
	const call = run.invoke({}, PLENTY);
	await asked.promise;
	const retired = run.retire();
	t.is((await failure(t, run.invoke({}, PLENTY))).errorMessage, "the function was closed");
	gate.resolve();
	t.is(await call, 1);
	await t.notThrowsAsync(retired);
});

test("a call that was about to be sent when the function was closed is not", async (t) => {
	let asked = 0;
	const run = await open(t, (_, response) => {
		asked++;
		response.end("1");
	});
	const call = failure(t, run.invoke({}, PLENTY));
	await run.close();
	t.is((await call).errorMessage, "the function was closed");
	t.is((await failure(t, run.invoke({}, PLENTY))).errorMessage, "the function was closed");
	t.is(asked, 0);
});

test("an answer without end is not read to its end", async (t) => {
	const run = await open(t, (_, response) => {
		const more = () => {
			while (response.write("x".repeat(65_536)));
		};
		response.on("drain", more);
		more();
	});
	const { code, errorMessage } = await failure(t, run.invoke({}, PLENTY));
	t.is(code, "function-crashed");
	t.regex(errorMessage, /longer than \d+ bytes/);
});

test("what the function printed is asked for and told where somebody listens", async (t) => {
	const lines: string[] = [];
	const run = await open(
		t,
		({ headers }, response) => {
			const tail = Buffer.from(`asked ${headers["x-amz-log-type"]}\nEND\n`).toString("base64");
			response.writeHead(200, { "X-Amz-Log-Result": tail }).end("1");
		},
		{ log: (line) => lines.push(line) },
	);
	t.is(await run.invoke({}, PLENTY), 1);
	t.deepEqual(lines, ["asked Tail", "END"]);
});

test("calls that overlap get their own answers", async (t) => {
	const gate = gateOf();
	const run = await open(t, async (request, response) => {
		const body = await bodyOf(request);
		if (body === '"first"') await gate.promise;
		else gate.resolve();
		response.end(body);
	});
	t.deepEqual(await Promise.all(["first", "second"].map((name) => run.invoke(name, PLENTY))), ["first", "second"]);
});

test("more calls overlap than the SDK has connections by itself", async (t) => {
	const [all, everybody] = [60, gateOf()];
	let asked = 0;
	const run = await open(t, async (_, response) => {
		if (++asked === all) everybody.resolve();
		await everybody.promise;
		response.end("1");
	});
	const answers = await Promise.all(Array.from({ length: all }, () => run.invoke({}, PLENTY)));
	t.deepEqual(new Set(answers), new Set([1]));
});

test("the SDK's advice about Node's version is not told", async (t) => {
	const run = await open(t, (_, response) => response.end("1"));
	await run.invoke({}, PLENTY);
	t.deepEqual(
		warnings.filter((message) => message.includes("NodeVersionSupportWarning")),
		[],
	);
});
