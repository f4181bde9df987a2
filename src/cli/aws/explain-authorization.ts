/**
 * `test-authorization --explain`: the policies attached to the principal, evaluated on this side, with the deciding
 * statement or what was missing for every resource.
 * @module
 */
import { ACTIONS, type ActionType, CUSTOM_PRINCIPAL, worstOutcome } from "../../control-plane/iot/authorization.js";
import { evaluatePolicies, type NamedPolicy, printable } from "../../policy/index.js";
import type { AwsError, AwsResult } from "./call.js";
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

interface PolicyName {
	readonly policyName?: string | undefined;
}

interface PolicyNames {
	readonly policies?: readonly PolicyName[] | undefined;
}

interface AuthorizationResult {
	readonly authDecision?: string | undefined;
	readonly allowed?: PolicyNames | undefined;
	readonly denied?:
		| { readonly implicitDeny?: PolicyNames | undefined; readonly explicitDeny?: PolicyNames | undefined }
		| undefined;
	readonly missingContextValues?: readonly string[] | undefined;
}

export interface AuthorizationAnswer {
	readonly authResults?: readonly AuthorizationResult[] | undefined;
}

export interface Authorization {
	readonly input: AuthorizationInput;
	readonly result: AwsResult<AuthorizationAnswer>;
	/** The policies that are attached, that a custom authorizer returned, or that are added, less those skipped. */
	readonly policies: AwsResult<readonly NamedDocument[]>;
}

export type NamedDocument = readonly [name: string, document: string];

/** Whether a custom authorizer let the principal in, so that its policies are attached to nothing. */
export function isCustomPrincipal(principal: string | undefined): principal is string {
	return principal?.startsWith(CUSTOM_PRINCIPAL) === true;
}

export function explainAuthorization({ input, result, policies }: Authorization): Finding[] {
	const failed = result.answer === undefined ? explainAwsError(result.error) : [];
	if (policies.error !== undefined)
		return [...failed, ...unknownPolicies(policies.error, result.error), ...explainDecisions(input, result.answer)];
	const read = readPolicies(policies.answer);
	const names = policies.answer.map(([name]) => printable(name));
	return [
		...failed,
		names.length === 0 ? noPolicies(input) : note("policies", `judged by ${names.join(", ")}`),
		...read.findings,
		...input.authInfos.flatMap((info, index) =>
			explainInfo(info, input.clientId, read.policies, result.answer?.authResults?.[index]?.authDecision),
		),
	];
}

/** @param told what the service answered to the call itself; nothing is added where that is the same. */
function unknownPolicies({ name, message }: AwsError, told: AwsError | undefined): Finding[] {
	if (told?.name === name && told.message === message) return [];
	return [note("policies-unknown", `the principal's policies cannot be looked at: ${name}`)];
}

function noPolicies({ principal }: AuthorizationInput): Finding {
	return isCustomPrincipal(principal)
		? bad("no-policies", "the custom authorizer returned no policy", "return one from its function")
		: bad("no-policies", "no policy is attached to the principal", "attach one: aws iot attach-policy");
}

/** What the service itself says of its decisions. */
function explainDecisions({ authInfos }: AuthorizationInput, answer: AuthorizationAnswer | undefined): Finding[] {
	return (answer?.authResults ?? []).map((result, index) => {
		const { actionType = "", resources } = authInfos[index] ?? { resources: [] };
		const missing = missingValues(result.missingContextValues ?? []);
		const about = `${actionOf(actionType) ?? printable(actionType)} on ${resources.map((name) => printable(name)).join(", ")}`;
		const text = `${about}: ${printable(result.authDecision ?? "no decision")}${missing}: ${decidedBy(result)}`;
		return result.authDecision === "ALLOWED" ? good("allowed", text) : bad("denied", text);
	});
}

function decidedBy({ authDecision, allowed, denied }: AuthorizationResult): string {
	if (authDecision === "ALLOWED") return `allowed by ${namesOf(allowed)}`;
	if (authDecision === "EXPLICIT_DENY") return `denied by a statement of ${namesOf(denied?.explicitDeny)}`;
	return `no statement allows it in ${namesOf(denied?.implicitDeny)}`;
}

function namesOf({ policies = [] }: PolicyNames = {}): string {
	const names = policies.map(({ policyName = "" }) => printable(policyName));
	return names.length === 0 ? "any policy" : names.join(", ");
}

function actionOf(actionType: string): string | undefined {
	return Object.hasOwn(ACTIONS, actionType) ? ACTIONS[actionType as ActionType] : undefined;
}

function missingValues(names: readonly string[]): string {
	return names.length === 0 ? "" : ` (no value for ${names.map((name) => printable(name)).join(", ")})`;
}

/** @param told the service's own decision. */
function explainInfo(
	{ actionType = "", resources }: AuthInfo,
	clientId: string | undefined,
	policies: readonly NamedPolicy[],
	told: string | undefined,
): Finding[] {
	const action = actionOf(actionType);
	if (action === undefined)
		return [note("action-unknown", `${printable(actionType) || "no actionType"} is not judged here`)];
	const context = { "iot:ClientId": clientId };
	const decisions = resources.map((resource) => evaluatePolicies(policies, { action, resource, context }));
	const findings = decisions.map(({ outcome, explanation, missingContextValues }, index) => {
		const missing = missingValues(missingContextValues);
		const text = `${action} on ${printable(resources[index] ?? "")}: ${outcome}${missing}: ${explanation}`;
		return outcome === "ALLOWED" ? good("allowed", text) : bad("denied", text);
	});
	const ours = worstOutcome(decisions.map(({ outcome }) => outcome));
	if (told === undefined || told === ours) return findings;
	return [
		...findings,
		note(
			"decisions-differ",
			`the service decides ${printable(told)} where this side finds ${ours}: it knows more of the principal (things, certificate, session policies), or a change of the policies has not spread yet`,
		),
	];
}
