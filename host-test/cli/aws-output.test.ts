/** @module */
import { tmpdir } from "node:os";
import test from "ava";
import { outputSkeleton, TEST_AUTHORIZATION, TEST_INVOKE_AUTHORIZER } from "../../src/aws-options/index.js";
import { formatAnswer, OUTPUT_FORMATS, shapedAnswer } from "../../src/cli/aws/output.js";
import { AwsCli, isInstalled } from "../aws-clients/index.js";
import { runAwsCli } from "../aws-options/aws-cli.js";

const POLICY = JSON.stringify({
	Version: "2012-10-17",
	Statement: [{ Effect: "Allow", Action: "iot:*", Resource: "*" }],
});
const ARN = "arn:aws:iot:eu-west-1:123456789012:";
const AUTH_INFO = { actionType: "CONNECT", resources: [`${ARN}client/c1`] };

/** What a service may answer, documented or not. */
const INVOKE_REPLIES: readonly object[] = [
	{},
	{ isAuthenticated: false },
	{ isAuthenticated: true, policyDocuments: [{ Version: "2012-10-17", Statement: [] }] },
	{
		isAuthenticated: true,
		policyDocuments: [{ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["a", "b"] }] }],
	},
	{
		isAuthenticated: true,
		principalId: "p",
		policyDocuments: [],
		refreshAfterInSeconds: 300,
		disconnectAfterInSeconds: 86400,
	},
	{
		disconnectAfterInSeconds: 86400,
		refreshAfterInSeconds: 300,
		policyDocuments: [POLICY, POLICY],
		principalId: "p",
		isAuthenticated: true,
	},
	{ isAuthenticated: true, policyDocuments: ["short"], zzz: 1, principalId: null },
	{
		isAuthenticated: true,
		principalId: "a-very-long-principal-that-makes-the-table-wider-than-eighty-columns-of-a-terminal",
	},
	{ principalId: 'quoted " \\ and\u0001control' },
];
const RESULT = {
	authInfo: AUTH_INFO,
	authDecision: "ALLOWED",
	allowed: { policies: [{ policyName: "P", policyArn: `${ARN}policy/P` }] },
	missingContextValues: [],
};
const AUTHORIZATION_REPLIES: readonly object[] = [
	{ authResults: [] },
	{ authResults: [RESULT] },
	{
		authResults: [
			RESULT,
			{
				authInfo: { resources: ["a", "b"] },
				denied: { implicitDeny: { policies: [] }, explicitDeny: { policies: [{ policyName: "Q" }] } },
				authDecision: "EXPLICIT_DENY",
				missingContextValues: ["iot:Connection.Thing.ThingName"],
			},
		],
	},
];

const cases = [
	...INVOKE_REPLIES.map((reply) => ({
		operation: TEST_INVOKE_AUTHORIZER,
		args: ["test-invoke-authorizer", "--authorizer-name", "A"],
		reply,
	})),
	...AUTHORIZATION_REPLIES.map((reply) => ({
		operation: TEST_AUTHORIZATION,
		args: ["test-authorization", "--auth-infos", "resources=a"],
		reply,
	})),
].flatMap((one) => OUTPUT_FORMATS.map((format) => ({ ...one, format })));
const skeletons = [TEST_INVOKE_AUTHORIZER, TEST_AUTHORIZATION].flatMap((operation) =>
	OUTPUT_FORMATS.map((format) => ({
		operation,
		format,
		args:
			operation === TEST_AUTHORIZATION
				? ["test-authorization", "--auth-infos", "resources=a"]
				: ["test-invoke-authorizer", "--authorizer-name", "A"],
	})),
);
const printed = isInstalled("awscli.botocore") ? await printByAwsCli() : [];

async function printByAwsCli() {
	const calls = [
		...cases.map(({ args, format, reply }) => ({ args: [...args, "--output", format], reply: { body: reply } })),
		...skeletons.map(({ args, format }) => ({
			args: [...args, "--output", format, "--generate-cli-skeleton", "output"],
		})),
	];
	const cli = new AwsCli();
	try {
		return await runAwsCli(cli, calls, tmpdir());
	} finally {
		await cli.close();
	}
}

for (const [index, { operation, format, reply }] of printed.length === 0 ? [] : cases.entries()) {
	test(`prints as the AWS CLI, ${format}: ${JSON.stringify(reply)}`, (t) => {
		t.is(formatAnswer(operation.name, shapedAnswer(operation, reply), format), printed[index]!.stdout);
	});
}

for (const [index, { operation, format }] of printed.length === 0 ? [] : skeletons.entries()) {
	test(`prints the output skeleton of ${operation.name} as the AWS CLI, ${format}`, (t) => {
		const skeleton = shapedAnswer(operation, outputSkeleton(operation));
		t.is(formatAnswer(operation.name, skeleton, format), printed[cases.length + index]!.stdout);
	});
}

test("what is null, or no member of the operation, is not printed", (t) => {
	const answer = shapedAnswer(TEST_INVOKE_AUTHORIZER, {
		$metadata: {},
		isAuthenticated: true,
		principalId: null,
		other: 1,
	});
	t.is(formatAnswer("TestInvokeAuthorizer", answer, "json"), '{\n    "isAuthenticated": true\n}\n');
});
