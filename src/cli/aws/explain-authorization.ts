/**
 * `test-authorization --explain`: the policies attached to the principal, evaluated on this side, with the deciding
 * statement or what was missing for every resource.
 * @module
 */
import { evaluatePolicies, type NamedPolicy, type PolicyOutcome, printable } from "../../policy/index.js";
import type { AwsResult } from "./call.js";
import { explainAwsError } from "./explain-error.js";
import { bad, type Finding, good, note } from "./finding.js";
import { readPolicies } from "./policy-reach.js";

/** The operation's input, checked by `src/aws-options`. */
export interface AuthorizationInput {
	readonly principal?: string;
	readonly cognitoIdentityPoolId?: string;
	readonly authInfos: readonly AuthInfo[];
	readonly clientId?: string;
	readonly policyNamesToAdd?: readonly string[];
	readonly policyNamesToSkip?: readonly string[];
}

export interface AuthInfo {
	readonly actionType?: string;
	readonly resources: readonly string[];
}

export interface AuthorizationAnswer {
	readonly authResults?: readonly { readonly authDecision?: string | undefined }[] | undefined;
}

export interface Authorization {
	readonly input: AuthorizationInput;
	readonly result: AwsResult<AuthorizationAnswer>;
	/** Names and documents of the policies that were attached or added, less those skipped. */
	readonly policies: AwsResult<readonly (readonly [name: string, document: string])[]>;
}

const ACTIONS: Readonly<Record<string, string>> = {
	CONNECT: "iot:Connect",
	PUBLISH: "iot:Publish",
	SUBSCRIBE: "iot:Subscribe",
	RECEIVE: "iot:Receive",
};

export function explainAuthorization({ input, result, policies }: Authorization): Finding[] {
	const failed = result.answer === undefined ? explainAwsError(result.error) : [];
	if (policies.answer === undefined)
		return [
			...failed,
			note("policies-unknown", `the principal's policies cannot be looked at: ${policies.error.name}`),
		];
	const read = readPolicies(policies.answer);
	const names = policies.answer.map(([name]) => printable(name));
	return [
		...failed,
		names.length === 0
			? bad("no-policies", "no policy is attached to the principal", "attach one: aws iot attach-policy")
			: note("policies", `judged by ${names.join(", ")}`),
		...read.findings,
		...input.authInfos.flatMap((info, index) =>
			explainInfo(info, input.clientId, read.policies, result.answer?.authResults?.[index]?.authDecision),
		),
	];
}

/** @param told the service's own decision. */
function explainInfo(
	{ actionType = "", resources }: AuthInfo,
	clientId: string | undefined,
	policies: readonly NamedPolicy[],
	told: string | undefined,
): Finding[] {
	const action = ACTIONS[actionType];
	if (action === undefined)
		return [note("action-unknown", `${printable(actionType) || "no actionType"} is not judged here`)];
	const context = { "iot:ClientId": clientId };
	const decisions = resources.map((resource) => evaluatePolicies(policies, { action, resource, context }));
	const findings = decisions.map(({ outcome, explanation, missingContextValues }, index) => {
		const missing =
			missingContextValues.length === 0
				? ""
				: ` (no value for ${missingContextValues.map((name) => printable(name)).join(", ")})`;
		const text = `${action} on ${printable(resources[index] ?? "")}: ${outcome}${missing}: ${explanation}`;
		return outcome === "ALLOWED" ? good("allowed", text) : bad("denied", text);
	});
	const ours = worstOf(decisions.map(({ outcome }) => outcome));
	if (told === undefined || told === ours) return findings;
	return [
		...findings,
		note(
			"decisions-differ",
			`the service decides ${printable(told)} where this side finds ${ours}: it knows more of the principal (things, certificate, session policies), or a change of the policies has not spread yet`,
		),
	];
}

const WORST: readonly PolicyOutcome[] = ["EXPLICIT_DENY", "IMPLICIT_DENY", "ALLOWED"];

function worstOf(outcomes: readonly PolicyOutcome[]): PolicyOutcome {
	return WORST.find((outcome) => outcomes.includes(outcome)) ?? "IMPLICIT_DENY";
}
