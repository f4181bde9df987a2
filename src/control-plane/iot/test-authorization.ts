/**
 * TestAuthorization: what the policies of a principal decide, by the evaluator that the gateway asks for every packet
 * (AWS IoT API Reference, "TestAuthorization").
 * @module
 */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Account } from "../../account/index.js";
import { evaluatePolicies, type NamedPolicy, type PolicyDecision, type PolicyOutcome } from "../../policy/index.js";
import { ApiError } from "../errors.js";
import { ACTIONS, type ActionType, worstOutcome } from "./authorization.js";
import { customPrincipalOf, type PrincipalReference, policiesOfPrincipal, returnedPolicies } from "./principals.js";

/**
 * Different resources times statements of one call at most: half a second's work. AWS documents no such limit; ten policies
 * of ten statements may be asked about 2500 resources.
 */
const MOST_EVALUATIONS = 250_000;

/** Evaluations, counted likewise, after which other requests and the gateway's clients have their turn: milliseconds. */
const EVALUATIONS_OF_A_TURN = 2000;

interface AuthInfo {
	readonly actionType?: ActionType | undefined;
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

/** An authInfo with each of its resources once. */
interface Question {
	readonly actionType: ActionType;
	readonly resources: ReadonlySet<string>;
}

/**
 * One result for each authInfo. Of several resources every one must be allowed, and one explicit denial denies all. The
 * policies are those of the call's beginning, though a long call lets others go between.
 * @throws {ApiError} InvalidRequestException, ResourceNotFoundException.
 */
export async function testAuthorization(account: Account, request: TestAuthorizationRequest) {
	const considered = consideredPolicies(account, request);
	const questions = request.authInfos.map(({ actionType, resources }, index): Question => {
		if (actionType === undefined) throw invalid(`authInfos[${index}]: actionType must be given`);
		return { actionType, resources: new Set(resources) };
	});
	const evaluator = new Evaluator(considered, request.clientId);
	evaluator.checkExtent(questions);
	const results: (ReturnType<typeof resultOf> & { readonly authInfo: Required<AuthInfo> })[] = [];
	for (const [index, { actionType, resources }] of questions.entries()) {
		const decisions = await evaluator.decide(ACTIONS[actionType], resources);
		const authInfo = { actionType, resources: request.authInfos[index]?.resources ?? [] };
		results.push({ authInfo, ...resultOf(decisions, considered) });
	}
	return results;
}

/** Evaluates the policies of one call, a turn of the event loop at a time. */
class Evaluator {
	private readonly policies: readonly NamedPolicy[];
	private readonly context: Readonly<Record<string, string>>;
	/** What one resource costs. */
	private readonly evaluations: number;
	private sinceTurn = 0;

	constructor(considered: readonly ConsideredPolicy[], clientId: string | undefined) {
		this.policies = considered.map(({ policy }) => policy);
		this.context = clientId === undefined ? {} : { "iot:ClientId": clientId };
		this.evaluations = this.policies.reduce((sum, { document }) => sum + document.statements.length, 1);
	}

	/** @throws {ApiError} InvalidRequestException; clients would send LimitExceededException again. */
	checkExtent(questions: readonly Question[]): void {
		const resources = questions.reduce((sum, question) => sum + question.resources.size, 0);
		if (resources * this.evaluations <= MOST_EVALUATIONS) return;
		const extent = `${resources} different resources and ${this.evaluations - 1} statements`;
		throw invalid(
			`The request asks about ${extent}; Latchkey evaluates ${MOST_EVALUATIONS} pairs of them at most: ask in several calls`,
		);
	}

	async decide(action: string, resources: ReadonlySet<string>): Promise<readonly PolicyDecision[]> {
		const decisions: PolicyDecision[] = [];
		for (const resource of resources) {
			decisions.push(evaluatePolicies(this.policies, { action, resource, context: this.context }));
			this.sinceTurn += this.evaluations;
			if (this.sinceTurn < EVALUATIONS_OF_A_TURN) continue;
			this.sinceTurn = 0;
			await nextTurn();
		}
		return decisions;
	}
}

function resultOf(decisions: readonly PolicyDecision[], considered: readonly ConsideredPolicy[]) {
	const named = (namesOf: (decision: PolicyDecision) => readonly string[]) => {
		const names = new Set<string>();
		for (const decision of decisions) for (const name of namesOf(decision)) names.add(name);
		return referencesTo(considered, names);
	};
	const deciding = (outcome: PolicyOutcome) =>
		named((decision) => (decision.outcome === outcome ? decision.statements.map(({ policy }) => policy) : []));
	return {
		allowed: { policies: deciding("ALLOWED") },
		denied: {
			implicitDeny: { policies: named(({ unmatchedPolicies }) => unmatchedPolicies) },
			explicitDeny: { policies: deciding("EXPLICIT_DENY") },
		},
		authDecision: worstOutcome(decisions.map(({ outcome }) => outcome)),
		missingContextValues: [...new Set(decisions.flatMap(({ missingContextValues }) => missingContextValues))],
	};
}

/** The policies with these names, each once, in the order in which they are considered. */
function referencesTo(considered: readonly ConsideredPolicy[], names: ReadonlySet<string>): readonly PolicyReference[] {
	return considered.flatMap(({ policy, policyName, policyArn }) =>
		names.has(policy.name) ? [{ policyName, policyArn }] : [],
	);
}

function consideredPolicies(account: Account, request: TestAuthorizationRequest): readonly ConsideredPolicy[] {
	const { policyNamesToAdd = [], policyNamesToSkip = [] } = request;
	const custom = customPrincipalOf(account, request);
	const attached = custom !== undefined || isNobody(request) ? [] : policiesOfPrincipal(account, request);
	const added = [...new Set(policyNamesToAdd)].map((name) => account.policies.describe(name));
	const records = [...new Map([...attached, ...added].map((record) => [record.policyName, record])).values()];
	const skipped = new Set(policyNamesToSkip);
	const kept = records.filter(({ policyName }) => !skipped.has(policyName));
	return [
		...(custom === undefined ? [] : returnedPolicies(custom)),
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
