/**
 * Calls of functions by the Lambda API.
 * @module
 */
import test from "ava";
import { Account } from "../../src/account/index.js";
import type { FunctionError } from "../../src/authorizer/index.js";
import { FunctionCode } from "../../src/control-plane/function-code.js";
import { lambdaOperations } from "../../src/control-plane/lambda-operations.js";
import { startControlPlane } from "../../src/control-plane/server.js";
import { FUNCTIONS, openLambdaSite, refusal } from "./lambda-site.js";

const ARN = "arn:aws:lambda:eu-west-1:123456789012:function:";

test("a call answers with what the function answered, within the function's own time", async (t) => {
	const { call, echo } = await openLambdaSite(t);
	const answer = await call("POST", "/echo/invocations", { a: "ü" });
	t.is(answer.status, 200);
	t.is(answer.headers.get("x-amz-executed-version"), "$LATEST");
	t.is(answer.headers.get("x-amz-function-error"), null);
	t.is(answer.text, '{"event":{"a":"ü"}}');
	t.deepEqual(echo.timeouts, [7000]);
});

test("a call without a payload is one with an empty object", async (t) => {
	const { call } = await openLambdaSite(t);
	t.is((await call("POST", "/echo/invocations")).text, '{"event":{}}');
});

for (const reference of ["echo", "function:echo", "123456789012:function:echo", `${ARN}echo`]) {
	test(`${reference} is a name without a qualifier, which the query may have`, async (t) => {
		const { call, echo } = await openLambdaSite(t);
		const path = `/${encodeURIComponent(reference)}/invocations`;
		t.is((await call("POST", `${path}?Qualifier=%24LATEST`)).status, 200);
		t.is((await call("POST", `${path}?Qualifier=1`)).status, 404);
		t.is(echo.timeouts.length, 1);
	});

	test(`${reference} with a qualifier of its own may be told the same one, and no other`, async (t) => {
		const { call, echo } = await openLambdaSite(t);
		const path = `/${encodeURIComponent(`${reference}:$LATEST`)}/invocations`;
		t.is((await call("POST", `${path}?Qualifier=%24LATEST`)).status, 200);
		t.deepEqual(refusal(await call("POST", `${path}?Qualifier=1`)), {
			status: 400,
			type: "InvalidParameterValueException",
			message: "The derived qualifier from the function name does not match the specified qualifier.",
		});
		t.is(echo.timeouts.length, 1);
	});
}

test("a function that answers nothing answers null", async (t) => {
	const { call } = await openLambdaSite(t);
	t.is((await call("POST", "/echo/invocations", '"nothing"')).text, "null");
});

test("a function that fails is a call that succeeds, with the header that says so", async (t) => {
	const { call } = await openLambdaSite(t);
	const answer = await call("POST", "/echo/invocations", '"fail"');
	t.is(answer.status, 200);
	t.is(answer.headers.get("x-amz-function-error"), "Unhandled");
	t.deepEqual(answer.json, { errorType: "TypeError", errorMessage: "no such thing", trace: [] });
});

test("an unexpected error of a call is answered without its words", async (t) => {
	const { call } = await openLambdaSite(t);
	const answer = await call("POST", "/echo/invocations", '"defect"');
	t.is(answer.status, 500);
	t.notRegex(answer.text, /secret/);
});

test("an event is taken before the function is through, and its failure told to the program alone", async (t) => {
	const { call, echo, failed } = await openLambdaSite(t);
	const headers = { "x-amz-invocation-type": "Event" };
	const answer = await call("POST", "/echo/invocations", '"fail"', headers);
	t.is(answer.status, 202);
	t.is(answer.text, "");
	t.is(echo.timeouts.length, 1);
	t.is((failed[0] as FunctionError | undefined)?.code, "function-threw");
});

test("a dry run calls nothing", async (t) => {
	const { call, echo } = await openLambdaSite(t);
	t.is((await call("POST", "/echo/invocations", {}, { "x-amz-invocation-type": "DryRun" })).status, 204);
	t.deepEqual(echo.timeouts, []);
});

test("a log that is asked for is absent", async (t) => {
	const { call } = await openLambdaSite(t);
	const answer = await call("POST", "/echo/invocations", {}, { "x-amz-log-type": "Tail" });
	t.is(answer.status, 200);
	t.is(answer.headers.get("x-amz-log-result"), null);
});

test("a payload that is no JSON is refused and not repeated", async (t) => {
	const { call, echo } = await openLambdaSite(t);
	const answer = await call("POST", "/echo/invocations", "{s3cret");
	t.deepEqual(refusal(answer), {
		status: 400,
		type: "InvalidRequestContentException",
		message: "Could not parse request body into json",
	});
	t.deepEqual(echo.timeouts, []);
});

test("a payload over 6 MiB is refused, for an event one over 1 MiB", async (t) => {
	const { call } = await openLambdaSite(t);
	const text = (size: number) => `"${"x".repeat(size - 2)}"`;
	t.is((await call("POST", "/echo/invocations", text(6_291_457))).status, 413);
	const event = { "x-amz-invocation-type": "Event" };
	const { status, type } = refusal(await call("POST", "/echo/invocations", text(1_048_577), event));
	t.is(status, 413);
	t.is(type, "RequestTooLargeException");
});

test("a function that nothing can run is said to be one", async (t) => {
	const account = new Account();
	account.functions.create({ functionName: "idle", source: { module: "/x.mjs" } });
	const context = { account, functionCode: new FunctionCode("/nowhere") };
	const plane = await startControlPlane({ host: "127.0.0.1", port: 0, operations: lambdaOperations, context });
	t.teardown(() => plane.close());
	const answer = await fetch(`${plane.url}${FUNCTIONS}/idle/invocations`, { method: "POST", body: "{}" });
	t.is(answer.headers.get("x-amzn-errortype"), "ServiceException");
	await account.close();
});
