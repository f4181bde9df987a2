/**
 * TestAuthorization: what the policies of a principal decide, by the evaluator that the gateway asks for every packet
 * (AWS IoT API Reference, "TestAuthorization").
 * @module
 */
import type { Account } from "../../account/index.js";
import { evaluatePolicies, type NamedPolicy, type PolicyDecision, type PolicyOutcome } from "../../policy/index.js";
import { ApiError } from "../errors.js";
import { customPrincipalOf, type PrincipalReference, policiesOfPrincipal } from "./principals.js";

export const ACTION_TYPES = ["PUBLISH", "SUBSCRIBE", "RECEIVE", "CONNECT"] as const;

const ACTIONS = {
	CONNECT: "iot:Connect",
	PUBLISH: "iot:Publish",
	SUBSCRIBE: "iot:Subscribe",
	RECEIVE: "iot:Receive",
} as const satisfies Readonly<Record<(typeof ACTION_TYPES)[number], string>>;

interface AuthInfo {
	readonly actionType?: (typeof ACTION_TYPES)[number] | undefined;
	/** ARNs, as they are asked about. */
	readonly resources: readonly string[];
}

export interface TestAuthorizationRequest extends PrincipalReference {
	readonly authInfos: readonly AuthInfo[];
	readonly clientId?: string | undefined;
	readonly policyNamesToAdd?: readonly string[] | undefined;
	readonly policyNamesToSkip?: readonly string[] | undefined;
}

/** A policy by its name and ARN, as AWS's results name it. */
interface PolicyReference {
	readonly policyName: string;
	readonly policyArn: string;
}

interface ConsideredPolicy extends PolicyReference {
	readonly policy: NamedPolicy;
}

/**
 * One result for each authInfo. Of several resources every one must be allowed, and one explicit denial denies all.
 * @throws {ApiError} InvalidRequestException, ResourceNotFoundException.
 */
export function testAuthorization(account: Account, request: TestAuthorizationRequest) {
	const considered = consideredPolicies(account, request);
	const context = request.clientId === undefined ? {} : { "iot:ClientId": request.clientId };
	return request.authInfos.map((authInfo, index) => {
		const { actionType, resources } = authInfo;
		if (actionType === undefined) throw invalid(`authInfos[${index}]: actionType must be given`);
		const policies = considered.map(({ policy }) => policy);
		const action = ACTIONS[actionType];
		const decisions = resources.map((resource) => evaluatePolicies(policies, { action, resource, context }));
		return { authInfo: { actionType, resources }, ...resultOf(decisions, considered) };
	});
}

function resultOf(decisions: readonly PolicyDecision[], considered: readonly ConsideredPolicy[]) {
	const deciding = (outcome: PolicyOutcome) =>
		named(
			considered,
			decisions.flatMap((decision) =>
				decision.outcome === outcome ? decision.statements.map(({ policy }) => policy) : [],
			),
		);
	const unmatched = decisions.flatMap(({ unmatchedPolicies }) => unmatchedPolicies);
	return {
		allowed: { policies: deciding("ALLOWED") },
		denied: {
			implicitDeny: { policies: named(considered, unmatched) },
			explicitDeny: { policies: deciding("EXPLICIT_DENY") },
		},
		authDecision: worst(decisions),
		missingContextValues: [...new Set(decisions.flatMap(({ missingContextValues }) => missingContextValues))],
	};
}

function worst(decisions: readonly PolicyDecision[]): PolicyOutcome {
	const outcomes = new Set(decisions.map(({ outcome }) => outcome));
	if (outcomes.has("EXPLICIT_DENY")) return "EXPLICIT_DENY";
	return outcomes.has("IMPLICIT_DENY") || outcomes.size === 0 ? "IMPLICIT_DENY" : "ALLOWED";
}

/** The policies with these names, each once, in the order in which they are considered. */
function named(considered: readonly ConsideredPolicy[], names: readonly string[]): readonly PolicyReference[] {
	return considered.flatMap(({ policy, policyName, policyArn }) =>
		names.includes(policy.name) ? [{ policyName, policyArn }] : [],
	);
}

function consideredPolicies(account: Account, request: TestAuthorizationRequest): readonly ConsideredPolicy[] {
	const { principal, policyNamesToAdd = [], policyNamesToSkip = [] } = request;
	const custom = principal === undefined ? undefined : customPrincipalOf(account, principal);
	const attached = custom !== undefined || isNobody(request) ? [] : policiesOfPrincipal(account, request);
	const added = policyNamesToAdd.map((name) => account.policies.describe(name));
	const records = [...new Map([...attached, ...added].map((record) => [record.policyName, record])).values()];
	const kept = records.filter(({ policyName }) => !policyNamesToSkip.includes(policyName));
	return [
		...(custom?.policies ?? []).map((policy) => ({
			policy,
			policyName: policy.name,
			policyArn: `${principal}/${policy.name.replaceAll(" ", "-")}`,
		})),
		...account.policies.named(...kept).map((policy) => ({
			policy,
			policyName: policy.name,
			policyArn: account.policies.describe(policy.name).policyArn,
		})),
	];
}

/** Nobody is named, and the policies to add are all there is to ask about. */
function isNobody({ principal, cognitoIdentityPoolId, policyNamesToAdd = [] }: TestAuthorizationRequest): boolean {
	return principal === undefined && cognitoIdentityPoolId === undefined && policyNamesToAdd.length > 0;
}

function invalid(message: string): ApiError {
	return new ApiError("InvalidRequestException", message);
}
