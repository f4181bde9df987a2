/**
 * TestInvokeAuthorizer: what the function behind an authorizer may answer, and what comes of one that does not answer.
 * @module
 */
import type { Scenario, Step } from "../scenario.js";
import { ADMISSION, arn, SCRIPTED_ARN, tokenFor } from "../site.js";
import { ADMITTED, believed, broughtNothing, disbelieved, tokenInput } from "./invocations.js";
import { fails, invalidResponse, succeeds } from "./steps.js";

const [POLICY] = ADMISSION.policyDocuments;
const POLICIES_BROKEN = "policyDocuments failed to satisfy constraint:";
const PRINCIPAL_BROKEN = "at principalId failed to satisfy constraint: Member must satisfy ([a-zA-Z0-9]){1,128}";
const TIMER_BROKEN = "failed to satisfy constraint: Member must be greater than 5 minutes and less than 24 hours.";
const SLOW = "it takes five seconds, and nothing in it is the client's";
const NO_FORMAT = "Lambda invocation result is in invalid format";
const MALFORMED = `${POLICIES_BROKEN} Policy document is Malformed:`;

/** A policy of this many characters. */
function policyOf(length: number): string {
	const text = JSON.stringify({ ...POLICY, Id: "" });
	return text.replace('"Id":""', `"Id":"${"i".repeat(length - text.length)}"`);
}

function withoutMember(name: keyof typeof ADMISSION): object {
	const { [name]: _, ...rest } = ADMISSION;
	return rest;
}

/** The function of an authorizer that wants no signature is not reached. */
function notReached(authorizerName: string, cause: string): Step {
	const message = `Lambda function encountered error in execution: ${cause}`;
	return fails("TestInvokeAuthorizer", { authorizerName, mqttContext: { username: "u" } }, invalidResponse(message));
}

const reached = (authorizerName: string) =>
	succeeds(
		"TestInvokeAuthorizer",
		{ authorizerName, mqttContext: { password: Buffer.from(tokenFor(ADMISSION)) } },
		ADMITTED,
	);

const FORBIDDEN_ARN = arn("lambda", "function:Forbidden");
const AUTHORIZER_ARN = arn("iot", "authorizer/NotPermitted");
const NOT_PERMITTED = `AWS IoT is not authorized to invoke ${FORBIDDEN_ARN}: AccessDeniedException`;

interface Source {
	readonly SourceArn?: string;
	readonly SourceAccount?: string;
}

function permit(
	statementId: string,
	source: Source,
	more: { readonly Principal?: string; readonly Action?: string } = {},
) {
	const { Principal = "iot.amazonaws.com", Action = "lambda:InvokeFunction" } = more;
	const input = { FunctionName: "Forbidden", StatementId: statementId, Action, Principal, ...source };
	const { SourceArn, SourceAccount } = source;
	const statement = {
		Sid: statementId,
		Effect: "Allow",
		Principal: { Service: Principal },
		Action,
		Resource: FORBIDDEN_ARN,
		Condition: {
			...(SourceAccount === undefined ? {} : { StringEquals: { "AWS:SourceAccount": SourceAccount } }),
			...(SourceArn === undefined ? {} : { ArnLike: { "AWS:SourceArn": SourceArn } }),
		},
	};
	return succeeds("lambda:AddPermission", input, { Statement: JSON.stringify(statement) });
}

export const authorizerFunctionScenarios: readonly Scenario[] = [
	{
		title: "a policy document that is a text comes back verbatim, one that is an object as compact JSON",
		steps: [
			believed(
				{ ...ADMISSION, policyDocuments: [JSON.stringify(POLICY, null, 2), POLICY] },
				{ ...ADMITTED, policyDocuments: [JSON.stringify(POLICY, null, 2), JSON.stringify(POLICY)] },
			),
		],
	},
	{
		title: "timers come back as the function set them, their bounds included",
		steps: [
			believed(
				{ ...ADMISSION, refreshAfterInSeconds: 600, disconnectAfterInSeconds: 3600 },
				{ ...ADMITTED, refreshAfterInSeconds: 600, disconnectAfterInSeconds: 3600 },
			),
			believed(
				{ ...ADMISSION, refreshAfterInSeconds: 86_400, disconnectAfterInSeconds: 300 },
				{ ...ADMITTED, refreshAfterInSeconds: 86_400, disconnectAfterInSeconds: 300 },
			),
			believed({ ...ADMISSION, refreshAfterInSeconds: null, disconnectAfterInSeconds: null }, ADMITTED),
		],
	},
	{
		title: "a denial comes back whole",
		steps: [
			believed(
				{ ...ADMISSION, isAuthenticated: false, refreshAfterInSeconds: 301, disconnectAfterInSeconds: 302 },
				{ ...ADMITTED, isAuthenticated: false, refreshAfterInSeconds: 301, disconnectAfterInSeconds: 302 },
			),
			believed(
				{ isAuthenticated: false, principalId: "nobody", policyDocuments: [] },
				{ ...ADMITTED, isAuthenticated: false, principalId: "nobody", policyDocuments: [] },
			),
		],
	},
	{
		title: "an answer may have ten policies of 2048 characters, none, and members that nobody knows",
		steps: [
			believed(
				{ ...ADMISSION, policyDocuments: Array.from({ length: 10 }, () => POLICY) },
				{ ...ADMITTED, policyDocuments: Array.from({ length: 10 }, () => JSON.stringify(POLICY)) },
			),
			believed({ ...ADMISSION, policyDocuments: [policyOf(2048)] }, { ...ADMITTED, policyDocuments: [policyOf(2048)] }),
			believed({ ...ADMISSION, policyDocuments: [] }, { ...ADMITTED, policyDocuments: [] }),
			believed(
				{ ...ADMISSION, principalId: "p".repeat(128), context: {} },
				{ ...ADMITTED, principalId: "p".repeat(128) },
			),
		],
	},
	{
		title: "an answer without a boolean isAuthenticated is invalid",
		steps: [
			disbelieved(null, NO_FORMAT),
			disbelieved("yes", NO_FORMAT),
			disbelieved([ADMISSION], NO_FORMAT),
			disbelieved({}, NO_FORMAT),
			disbelieved({ ...ADMISSION, isAuthenticated: "true" }, NO_FORMAT),
			disbelieved(withoutMember("isAuthenticated"), NO_FORMAT),
		],
	},
	{
		title: "an answer needs a principalId of letters and digits, a denial too",
		steps: [
			disbelieved({ ...ADMISSION, principalId: "dev-1" }, `dev-1 ${PRINCIPAL_BROKEN}`),
			disbelieved({ ...ADMISSION, principalId: "" }, ` ${PRINCIPAL_BROKEN}`),
			disbelieved({ ...ADMISSION, principalId: "p".repeat(129) }, `${"p".repeat(129)} ${PRINCIPAL_BROKEN}`),
			disbelieved(withoutMember("principalId"), `null ${PRINCIPAL_BROKEN}`),
			disbelieved({ ...withoutMember("principalId"), isAuthenticated: false }, `null ${PRINCIPAL_BROKEN}`),
		],
	},
	{
		title: "an answer needs policyDocuments, a denial too: ten at most, of 2048 characters, all of them readable",
		steps: [
			disbelieved(withoutMember("policyDocuments"), `${POLICIES_BROKEN} List of policies cannot be null.`),
			disbelieved(
				{ ...withoutMember("policyDocuments"), isAuthenticated: false },
				`${POLICIES_BROKEN} List of policies cannot be null.`,
			),
			disbelieved(
				{ ...ADMISSION, policyDocuments: Array.from({ length: 11 }, () => POLICY) },
				`${POLICIES_BROKEN} Number of policies allowed cannot exceed 10`,
			),
			disbelieved(
				{ ...ADMISSION, policyDocuments: [policyOf(2049)] },
				`${POLICIES_BROKEN} Size of a policy document cannot exceeds hard limit of 2048`,
			),
			disbelieved({ ...ADMISSION, policyDocuments: ["no JSON"] }, `${MALFORMED} Invalid policy syntax.`),
			disbelieved(
				{ ...ADMISSION, policyDocuments: [{ ...POLICY, Version: "2012-10-17   " }] },
				`${MALFORMED} Invalid policy syntax.`,
			),
			disbelieved(
				{
					...ADMISSION,
					policyDocuments: [
						{
							Version: "2012-10-17",
							Statement: [
								{ Effect: "Allow", Action: "iot:Connect", Resource: '["arn:aws:iot:eu-west-1:123456789012:client/a"]' },
							],
						},
					],
				},
				`${MALFORMED} The resource ["arn:aws:iot:eu-west-1:123456789012:client/a"] is not in valid ARN format`,
			),
		],
	},
	{
		title: "timers out of their bounds make an answer invalid",
		steps: [
			disbelieved({ ...ADMISSION, refreshAfterInSeconds: 299 }, `299 at refreshAfterInSeconds ${TIMER_BROKEN}`),
			disbelieved({ ...ADMISSION, refreshAfterInSeconds: 86_401 }, `86401 at refreshAfterInSeconds ${TIMER_BROKEN}`),
			disbelieved({ ...ADMISSION, disconnectAfterInSeconds: 299 }, `299 at disconnectAfterInSeconds ${TIMER_BROKEN}`),
			disbelieved(
				{ ...ADMISSION, isAuthenticated: false, disconnectAfterInSeconds: 0 },
				`0 at disconnectAfterInSeconds ${TIMER_BROKEN}`,
			),
			disbelieved({ ...ADMISSION, refreshAfterInSeconds: "300" }, NO_FORMAT),
		],
	},
	{
		title: "what a function throws is told",
		steps: [broughtNothing({ throw: "no such device" }, "no such device: RangeError")],
	},
	{
		title: "a function that crashes is started again for the next call",
		steps: [
			broughtNothing({ crash: true }, "the function's process was ended by SIGKILL: Runtime.ExitError"),
			believed(ADMISSION, ADMITTED),
		],
	},
	{
		title: "a function that hangs is given its own three seconds",
		except: { "AWS CLI": SLOW, boto3: SLOW },
		steps: [broughtNothing({ hang: true }, "no answer in 3000 ms: Sandbox.Timedout"), believed(ADMISSION, ADMITTED)],
	},
	{
		title: "a function that does not exist is told",
		steps: [
			succeeds(
				"UpdateAuthorizer",
				{ authorizerName: "Unsigned", authorizerFunctionArn: arn("lambda", "function:Missing") },
				{ authorizerName: "Unsigned", authorizerArn: arn("iot", "authorizer/Unsigned") },
			),
			notReached("Unsigned", `Function not found: ${arn("lambda", "function:Missing")}: ResourceNotFoundException`),
		],
	},
	{
		title: "a function without a permission for the authorizer is not called, and with one it is",
		steps: [
			notReached("NotPermitted", NOT_PERMITTED),
			permit("iot", { SourceArn: AUTHORIZER_ARN, SourceAccount: "123456789012" }),
			reached("NotPermitted"),
			succeeds("lambda:RemovePermission", { FunctionName: "Forbidden", StatementId: "iot" }),
			notReached("NotPermitted", NOT_PERMITTED),
			permit("like", { SourceArn: arn("iot", "authorizer/Not*") }),
			reached("NotPermitted"),
		],
	},
	{
		title: "a permission for something else does not let AWS IoT call",
		steps: [
			permit("another-authorizer", { SourceArn: arn("iot", "authorizer/Signed") }),
			permit("another-account", { SourceArn: AUTHORIZER_ARN, SourceAccount: "210987654321" }),
			permit("another-service", { SourceArn: AUTHORIZER_ARN }, { Principal: "s3.amazonaws.com" }),
			permit("another-action", { SourceArn: AUTHORIZER_ARN }, { Action: "lambda:GetFunction" }),
			notReached("NotPermitted", NOT_PERMITTED),
		],
	},
	{
		title: "the function that an authorizer names last is asked",
		steps: [
			reached("Unsigned"),
			notReached("NotPermitted", NOT_PERMITTED),
			succeeds(
				"UpdateAuthorizer",
				{ authorizerName: "Signed", authorizerFunctionArn: FORBIDDEN_ARN },
				{ authorizerName: "Signed", authorizerArn: arn("iot", "authorizer/Signed") },
			),
			fails(
				"TestInvokeAuthorizer",
				tokenInput("Signed", tokenFor(ADMISSION)),
				invalidResponse(`Lambda function encountered error in execution: ${NOT_PERMITTED}`),
			),
			succeeds(
				"UpdateAuthorizer",
				{ authorizerName: "Signed", authorizerFunctionArn: SCRIPTED_ARN },
				{ authorizerName: "Signed", authorizerArn: arn("iot", "authorizer/Signed") },
			),
			believed(ADMISSION, ADMITTED),
		],
	},
];
