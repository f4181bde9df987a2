/** @module */
import test from "ava";
import { runVerb, startApi } from "./aws-verbs.js";

const VERB = "test-authorization";
const TEST = "POST /test-authorization";
const ARN = "arn:aws:iot:eu-west-1:123456789012:";
const PRINCIPAL = `${ARN}cert/${"a".repeat(64)}`;
const INFO = `actionType=CONNECT,resources=${ARN}client/dev1`;
const REPLY = {
	authResults: [
		{
			authInfo: { actionType: "CONNECT", resources: [`${ARN}client/dev1`] },
			authDecision: "ALLOWED",
			missingContextValues: [],
		},
	],
};
const POLICY = JSON.stringify({
	Version: "2012-10-17",
	Statement: [{ Effect: "Allow", Action: "iot:Connect", Resource: `${ARN}client/dev1` }],
});

test.serial("the answer is printed as AWS's, the client id travels in the query", async (t) => {
	const api = await startApi(t, { [TEST]: { body: REPLY } });
	const { code, stdout, stderr } = await runVerb([
		VERB,
		"--endpoint-url",
		api.url,
		"--principal",
		PRINCIPAL,
		"--auth-infos",
		INFO,
		"actionType=NEW,resources=a",
		"--client-id",
		"dev 1",
		"--policy-names-to-add",
		"P",
		"Q",
		"--policy-names-to-skip",
	]);
	t.is(code, 0, stderr);
	t.is(stdout, `${JSON.stringify(REPLY, null, 4)}\n`);
	t.is(api.requests[0]?.target, `${TEST}?clientId=dev%201`);
	t.deepEqual(api.requests[0]?.body, {
		principal: PRINCIPAL,
		authInfos: [
			{ actionType: "CONNECT", resources: [`${ARN}client/dev1`] },
			{ actionType: "NEW", resources: ["a"] },
		],
		policyNamesToAdd: ["P", "Q"],
		policyNamesToSkip: [],
	});
});

test.serial("--explain evaluates the attached policies, page by page, those added and not those skipped", async (t) => {
	const path = encodeURIComponent(PRINCIPAL);
	const api = await startApi(t, {
		[TEST]: { body: REPLY },
		[`POST /attached-policies/${path}`]: { body: { policies: [{ policyName: "Mine" }, { policyName: "Skipped" }] } },
		"GET /policies/Mine": { body: { policyName: "Mine", policyDocument: POLICY } },
		"GET /policies/Added": { body: { policyName: "Added", policyDocument: POLICY } },
	});
	const { code, stdout, stderr } = await runVerb([
		VERB,
		"--endpoint-url",
		api.url,
		"--principal",
		PRINCIPAL,
		"--auth-infos",
		INFO,
		"--policy-names-to-add",
		"Added",
		"--policy-names-to-skip",
		"Skipped",
		"--explain",
	]);
	t.is(code, 0, stderr);
	t.is(stdout, `${JSON.stringify(REPLY, null, 4)}\n`);
	t.regex(stderr, /judged by Mine, Added\n/);
	t.regex(stderr, /ok +iot:Connect on .*client\/dev1: ALLOWED: statement 1 of Mine allows iot:Connect/);
});

test.serial("an error of AWS's is explained, too", async (t) => {
	const api = await startApi(t, {
		[TEST]: {
			status: 400,
			errorType: "InvalidRequestException",
			body: { message: "1 validation error detected: Value at 'principal'" },
		},
	});
	const { code, stderr } = await runVerb([VERB, "--endpoint-url", api.url, "--auth-infos", INFO, "--explain"]);
	t.is(code, 1);
	t.regex(
		stderr,
		/An error occurred \(InvalidRequestException\) when calling the TestAuthorization operation: 1 validation/,
	);
	t.regex(stderr, /a field of the request breaks AWS's pattern or length/);
});

test.serial("--json prints one line with answer and findings", async (t) => {
	const api = await startApi(t, { [TEST]: { body: REPLY } });
	const { code, stdout } = await runVerb([VERB, "--endpoint-url", api.url, "--auth-infos", INFO, "--json"]);
	t.is(code, 0);
	t.like(JSON.parse(stdout), {
		event: "tested",
		operation: "TestAuthorization",
		answer: REPLY,
		error: null,
		wire: null,
	});
});

test.serial(
	"--explain evaluates the policies that a custom authorizer returned, and names the statement",
	async (t) => {
		const api = await startApi(t, {
			[TEST]: { body: REPLY },
			"POST /effective-policies": { body: { effectivePolicies: [{ policyName: "policy-1", policyDocument: POLICY }] } },
		});
		const principal = "latchkey:custom-authorizer/Devices/p1";
		const args = [VERB, "--endpoint-url", api.url, "--principal", principal, "--auth-infos", INFO, "--explain"];
		const { code, stderr } = await runVerb(args);
		t.is(code, 0, stderr);
		t.deepEqual(api.requests[1]?.body, { principal });
		t.regex(stderr, /judged by policy-1\n/);
		t.regex(stderr, /ok +iot:Connect on .*client\/dev1: ALLOWED: statement 1 of policy-1 allows iot:Connect/);
	},
);
