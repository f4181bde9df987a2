/**
 * The decision of a set of policies on one action: an explicit Deny beats every Allow, and what no statement allows is
 * denied (IAM User Guide, "Policy evaluation logic", which AWS IoT Core follows).
 * @module
 */
import { clauseHolds } from "./condition.js";
import type { PolicyDocument, PolicyStatement } from "./document.js";
import { explainAllowed, explainExplicitDeny, explainImplicitDeny } from "./explain.js";
import { missingVariables } from "./pattern.js";
import { covers } from "./pattern-list.js";
import { type PolicyContext, RequestContext } from "./request-context.js";

export interface NamedPolicy {
	/** What explanations call the policy, for instance `policy 1`. */
	readonly name: string;
	readonly document: PolicyDocument;
}

export interface PolicyRequest {
	/** `iot:Connect`, `iot:Publish`, `iot:Subscribe`, `iot:Receive`, ... in any case. */
	readonly action: string;
	/** ARN, see `iotArn`; `*` for an action on no resource. */
	readonly resource: string;
	/** Values of `iot:ClientId`, `aws:SourceIp`, `iot:DomainName` (the TLS server name) and whatever else is known. */
	readonly context: PolicyContext;
}

export interface StatementReference {
	/** Name of the policy. */
	readonly policy: string;
	/** Position in the policy, from 0. */
	readonly statement: number;
	readonly sid?: string;
}

/** The words of AWS's TestAuthorization. */
export type PolicyOutcome = "ALLOWED" | "EXPLICIT_DENY" | "IMPLICIT_DENY";

export interface PolicyDecision {
	readonly outcome: PolicyOutcome;
	/** Every statement that decided, in the order of the policies; none for an implicit deny. */
	readonly statements: readonly StatementReference[];
	/**
	 * Variables without a value in the resources of statements on this action, for such a pattern matches nothing; and,
	 * in statements on action and resource, the condition keys whose absence decided (not with Null and `IfExists`) and
	 * the variables without a value that were compared with. As the policies write them, once each.
	 */
	readonly missingContextValues: readonly string[];
	/** Names of the policies without a statement on this request: implicitDeny.policies of AWS's TestAuthorization. */
	readonly unmatchedPolicies: readonly string[];
	/** For people: the deciding statement, or the nearest one that failed to allow. Computed when read. */
	readonly explanation: string;
}

/** A statement together with where it stands. */
export interface PlacedStatement {
	readonly statement: PolicyStatement;
	readonly reference: StatementReference;
}

/** A request made ready for every statement. */
export interface ReadyRequest {
	readonly action: string;
	/** The action in lower case, as patterns of actions are. */
	readonly lowerAction: string;
	readonly resource: string;
	readonly context: RequestContext;
}

/** Decides one request. Neither the order of policies nor that of statements has a part in the outcome. */
export function evaluatePolicies(policies: readonly NamedPolicy[], given: PolicyRequest): PolicyDecision {
	const { action, resource } = given;
	const request = { action, resource, lowerAction: action.toLowerCase(), context: new RequestContext(given.context) };
	const allowing: PlacedStatement[] = [];
	const denying: PlacedStatement[] = [];
	const unmatched: string[] = [];
	const missing = new Set<string>();
	for (const { name, document } of policies) {
		const before = allowing.length + denying.length;
		let index = 0;
		for (const statement of document.statements) {
			if (appliesTo(statement, request, missing)) {
				(statement.effect === "Deny" ? denying : allowing).push(place(name, index, statement));
			}
			index++;
		}
		if (allowing.length + denying.length === before) unmatched.push(name);
	}
	const [outcome, deciding] =
		denying.length > 0
			? (["EXPLICIT_DENY", denying] as const)
			: ([allowing.length > 0 ? "ALLOWED" : "IMPLICIT_DENY", allowing] as const);
	const explain = () => explainDecision(outcome, deciding, policies, request);
	return new Decision(outcome, deciding, [...missing], unmatched, explain);
}

/** A class for its getter: as a part of an object literal it would cost more than the evaluation. */
class Decision implements PolicyDecision {
	readonly outcome: PolicyOutcome;
	readonly statements: readonly StatementReference[];
	readonly missingContextValues: readonly string[];
	readonly unmatchedPolicies: readonly string[];
	private readonly explain: () => string;

	constructor(
		outcome: PolicyOutcome,
		deciding: readonly PlacedStatement[],
		missingContextValues: readonly string[],
		unmatchedPolicies: readonly string[],
		explain: () => string,
	) {
		this.outcome = outcome;
		this.statements = deciding.map(({ reference }) => reference);
		this.missingContextValues = missingContextValues;
		this.unmatchedPolicies = unmatchedPolicies;
		this.explain = explain;
	}

	get explanation(): string {
		return this.explain();
	}
}

/** @param missing takes up what `missingContextValues` tells. */
function appliesTo(statement: PolicyStatement, request: ReadyRequest, missing: Set<string>): boolean {
	const { lowerAction, resource, context } = request;
	const { actions, resources, conditions } = statement;
	if (!covers(actions, lowerAction, context)) return false;
	for (const pattern of resources.patterns) {
		if (pattern.variables.length === 0) continue;
		for (const name of missingVariables(pattern, context)) missing.add(name);
	}
	if (!covers(resources, resource, context)) return false;
	let holds = true;
	// Every clause is asked, so that everything missing is told at once.
	for (const clause of conditions) holds = clauseHolds(clause, context, missing) && holds;
	return holds;
}

function explainDecision(
	outcome: PolicyOutcome,
	deciding: readonly PlacedStatement[],
	policies: readonly NamedPolicy[],
	request: ReadyRequest,
): string {
	switch (outcome) {
		case "ALLOWED":
			return explainAllowed(deciding, request);
		case "EXPLICIT_DENY":
			return explainExplicitDeny(deciding, request);
		case "IMPLICIT_DENY":
			return explainImplicitDeny(placeAll(policies), request);
	}
}

function placeAll(policies: readonly NamedPolicy[]): readonly PlacedStatement[] {
	return policies.flatMap(({ name, document }) =>
		document.statements.map((statement, index) => place(name, index, statement)),
	);
}

function place(policy: string, index: number, statement: PolicyStatement): PlacedStatement {
	const { sid } = statement;
	const reference = sid === undefined ? { policy, statement: index } : { policy, statement: index, sid };
	return { statement, reference };
}
