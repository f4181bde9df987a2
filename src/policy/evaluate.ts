/**
 * The decision of a set of policies on one action: an explicit Deny beats every Allow, and what no statement allows is
 * denied (IAM User Guide, "Policy evaluation logic", which AWS IoT Core follows).
 * @module
 */
import type { PolicyDocument, PolicyStatement } from "./document.js";
import { explainAllowed, explainExplicitDeny, explainImplicitDeny } from "./explain.js";
import { covers, missingVariables, type PolicyContext } from "./pattern.js";

export interface NamedPolicy {
	/** What explanations call the policy, for instance `policy 1`. */
	readonly name: string;
	readonly document: PolicyDocument;
}

export interface PolicyRequest {
	/** `iot:Connect`, `iot:Publish`, `iot:Subscribe`, `iot:Receive`, ... Names are compared case by case. */
	readonly action: string;
	/** ARN, see `iotArn`. */
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
	/** Variables without a value in statements on this action: such a pattern matches nothing. */
	readonly missingContextValues: readonly string[];
	/** For people: the deciding statement, or the nearest one that failed to allow. Computed when read. */
	readonly explanation: string;
}

/** A statement together with where it stands. */
export interface PlacedStatement {
	readonly statement: PolicyStatement;
	readonly reference: StatementReference;
}

/** Decides one request. Neither the order of policies nor that of statements has a part in the outcome. */
export function evaluatePolicies(policies: readonly NamedPolicy[], request: PolicyRequest): PolicyDecision {
	const allowing: PlacedStatement[] = [];
	const denying: PlacedStatement[] = [];
	const missing = new Set<string>();
	for (const { name, document } of policies) {
		for (const [index, statement] of document.statements.entries()) {
			if (!appliesTo(statement, request, missing)) continue;
			(statement.effect === "Deny" ? denying : allowing).push(place(name, index, statement));
		}
	}
	return denying.length > 0
		? decision("EXPLICIT_DENY", denying, missing, () => explainExplicitDeny(denying, request))
		: allowing.length > 0
			? decision("ALLOWED", allowing, missing, () => explainAllowed(allowing, request))
			: decision("IMPLICIT_DENY", [], missing, () => explainImplicitDeny(placeAll(policies), request));
}

/** @param missing takes up the variables without a value, where the statement speaks of the action. */
function appliesTo(statement: PolicyStatement, { action, resource, context }: PolicyRequest, missing: Set<string>) {
	if (!covers(statement.actions, action, context)) return false;
	for (const pattern of statement.resources.patterns) {
		for (const name of missingVariables(pattern, context)) missing.add(name);
	}
	return covers(statement.resources, resource, context);
}

function decision(
	outcome: PolicyOutcome,
	deciding: readonly PlacedStatement[],
	missing: ReadonlySet<string>,
	explain: () => string,
): PolicyDecision {
	return {
		outcome,
		statements: deciding.map(({ reference }) => reference),
		missingContextValues: [...missing],
		get explanation() {
			return explain();
		},
	};
}

function placeAll(policies: readonly NamedPolicy[]): readonly PlacedStatement[] {
	return policies.flatMap(({ name, document }) =>
		document.statements.map((statement, index) => place(name, index, statement)),
	);
}

function place(policy: string, index: number, statement: PolicyStatement): PlacedStatement {
	const { sid } = statement;
	return { statement, reference: { policy, statement: index, ...(sid === undefined ? {} : { sid }) } };
}
