/**
 * AddPermission, RemovePermission and Lambda's GetPolicy.
 * @module
 */
import type { Scenario, Step } from "../scenario.js";
import { arn } from "../site.js";
import { brokenFunction, conflict } from "./made-functions.js";
import { fails, notFound, PATTERN, succeeds } from "./steps.js";

const FORBIDDEN = { FunctionName: "Forbidden" };
export const PERMISSION = { Action: "lambda:InvokeFunction", Principal: "iot.amazonaws.com" };

/** A statement of {@link FORBIDDEN}'s policy. */
export function statement(Sid: string, more: object = {}) {
	return {
		Sid,
		Effect: "Allow",
		Principal: { Service: PERMISSION.Principal },
		Action: PERMISSION.Action,
		Resource: arn("lambda", "function:Forbidden"),
		...more,
	};
}

function permits(StatementId: string, input: object = {}, more: object = {}): Step {
	return succeeds(
		"lambda:AddPermission",
		{ ...FORBIDDEN, ...PERMISSION, StatementId, ...input },
		{ Statement: JSON.stringify(statement(StatementId, more)) },
	);
}

function policyIs(...statements: readonly object[]): Step {
	const Policy = JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: statements });
	return succeeds("lambda:GetPolicy", FORBIDDEN, { Policy, RevisionId: /^[0-9a-f-]{36}$/ });
}

export const lambdaPermissionScenarios: readonly Scenario[] = [
	{
		title: "permissions make a function's policy, one statement each",
		steps: [
			fails("lambda:GetPolicy", FORBIDDEN, notFound("The resource you requested does not exist.")),
			permits("service"),
			permits(
				"source",
				{ SourceArn: arn("iot", "authorizer/*"), SourceAccount: "123456789012" },
				{
					Condition: {
						StringEquals: { "AWS:SourceAccount": "123456789012" },
						ArnLike: { "AWS:SourceArn": arn("iot", "authorizer/*") },
					},
				},
			),
			permits("account", { Principal: "210987654321" }, { Principal: { AWS: "arn:aws:iam::210987654321:root" } }),
			permits("anybody", { Principal: "*", Action: "lambda:*" }, { Principal: "*", Action: "lambda:*" }),
			policyIs(
				statement("service"),
				statement("source", {
					Condition: {
						StringEquals: { "AWS:SourceAccount": "123456789012" },
						ArnLike: { "AWS:SourceArn": arn("iot", "authorizer/*") },
					},
				}),
				statement("account", { Principal: { AWS: "arn:aws:iam::210987654321:root" } }),
				statement("anybody", { Principal: "*", Action: "lambda:*" }),
			),
			...["source", "account", "anybody"].map((StatementId) =>
				succeeds("lambda:RemovePermission", { ...FORBIDDEN, StatementId }),
			),
			policyIs(statement("service")),
		],
	},
	{
		title: "a statement id is taken once, and only what is there is removed",
		steps: [
			permits("iot"),
			fails(
				"lambda:AddPermission",
				{ ...FORBIDDEN, ...PERMISSION, StatementId: "iot" },
				conflict(
					"The statement id (iot) provided already exists. Please provide a new statement id, or remove the existing statement.",
				),
			),
			fails(
				"lambda:RemovePermission",
				{ ...FORBIDDEN, StatementId: "other" },
				notFound("Statement other is not found in resource policy."),
			),
			succeeds("lambda:RemovePermission", { ...FORBIDDEN, StatementId: "iot" }),
			fails(
				"lambda:RemovePermission",
				{ ...FORBIDDEN, StatementId: "iot" },
				notFound("No policy is associated with the given resource."),
			),
			permits("iot"),
		],
	},
	{
		title: "members of a permission keep their constraints, and a policy its length",
		steps: [
			fails(
				"lambda:AddPermission",
				{ ...FORBIDDEN, ...PERMISSION, StatementId: "a b" },
				brokenFunction("statementId", `${PATTERN} ([a-zA-Z0-9-_]+)`),
			),
			fails(
				"lambda:AddPermission",
				{ ...FORBIDDEN, ...PERMISSION, StatementId: "s", Action: "iot:Connect" },
				brokenFunction("action", `${PATTERN} (lambda:[*]|lambda:[a-zA-Z]+|[*])`),
			),
			fails(
				"lambda:AddPermission",
				{ ...FORBIDDEN, ...PERMISSION, StatementId: "s", SourceAccount: "1234" },
				brokenFunction("sourceAccount", `${PATTERN} \\d{12}`),
			),
			fails(
				"lambda:AddPermission",
				{ ...FORBIDDEN, ...PERMISSION },
				brokenFunction("statementId", "not be null"),
				"StatementId",
			),
			fails(
				"lambda:AddPermission",
				{ ...FORBIDDEN, ...PERMISSION, StatementId: "s", SourceArn: arn("iot", `authorizer/${"a".repeat(20_480)}`) },
				{
					type: "PolicyLengthExceededException",
					message: /^The final policy size \(\d+\) is bigger than the limit \(20480\)\.$/,
				},
			),
		],
	},
];
