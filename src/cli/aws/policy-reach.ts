/**
 * What a set of policies lets a client do, asked of the same evaluator that the gateway uses.
 * @module
 */
import {
	evaluatePolicies,
	iotArn,
	MalformedPolicyError,
	type NamedPolicy,
	type PolicyContext,
	type PolicyDecision,
	parsePolicyDocument,
	printable,
	type ResourceScope,
} from "../../policy/index.js";
import { bad, type Finding, good, note } from "./finding.js";

export interface ReadPolicies {
	readonly policies: readonly NamedPolicy[];
	/** Texts of the documents in `policies`, in the same order. */
	readonly texts: readonly string[];
	/** One finding for each document that AWS would refuse. */
	readonly findings: readonly Finding[];
}

/** @param documents texts, or values that a service sent in their place, by the name that explanations use. */
export function readPolicies(documents: readonly (readonly [name: string, document: unknown])[]): ReadPolicies {
	const policies: NamedPolicy[] = [];
	const texts: string[] = [];
	const findings: Finding[] = [];
	for (const [name, source] of documents) {
		try {
			policies.push({ name, document: parsePolicyDocument(source) });
			texts.push(typeof source === "string" ? source : JSON.stringify(source));
		} catch (error) {
			if (!(error instanceof MalformedPolicyError)) throw error;
			findings.push(bad("policy-malformed", `${printable(name)} is malformed: ${error.detail}`));
		}
	}
	return { policies, texts, findings };
}

/** Region and account out of an ARN of AWS IoT; undefined where the text is none. */
export function scopeOf(arn: string): ResourceScope | undefined {
	const [, partition, region, accountId] = /^arn:([^:]+):iot:([^:]+):([^:]+):/.exec(arn) ?? [];
	return region === undefined || accountId === undefined ? undefined : { partition: partition!, region, accountId };
}

export interface Client {
	readonly clientId: string;
	readonly scope: ResourceScope;
	readonly context: PolicyContext;
}

/** May this client connect. */
function decideConnect(policies: readonly NamedPolicy[], { clientId, scope, context }: Client): PolicyDecision {
	return evaluatePolicies(policies, { action: "iot:Connect", resource: iotArn(scope, "client", clientId), context });
}

export function explainConnect(policies: readonly NamedPolicy[], client: Client): Finding[] {
	const decision = decideConnect(policies, client);
	const who = printable(client.clientId);
	const missing = decision.missingContextValues.map((name) =>
		note(
			"context-missing",
			`\${${printable(name)}} is not known here, so policies that use it are judged as if it had no value`,
		),
	);
	return decision.outcome === "ALLOWED"
		? [good("connect-allowed", `the policies let ${who} connect: ${decision.explanation}`), ...missing]
		: [
				bad(
					"connect-denied",
					`the policies do not let ${who} connect: ${decision.explanation}`,
					"allow iot:Connect on client/<client id> of this client",
				),
				...missing,
			];
}

const ACTIONS = ["iot:Connect", "iot:Publish", "iot:Subscribe", "iot:Receive"] as const;

interface Reach {
	readonly action: string;
	readonly allowed: readonly string[];
	readonly denied: readonly string[];
}

/** What the statements on each action say, resources as they are written in the policy. */
export function explainReach(texts: readonly string[]): Finding[] {
	return ACTIONS.map((action) => {
		const { allowed, denied } = reachOf(action, texts);
		const except = denied.length === 0 ? "" : `; denied: ${listed(denied)}`;
		return allowed.length === 0
			? note("nothing-allowed", `${action} is allowed nowhere`)
			: note("allowed", `${action} is allowed on ${listed(allowed)}${except}`);
	});
}

function reachOf(action: string, texts: readonly string[]): Reach {
	const statements = texts.flatMap(statementsOf).filter((statement) => speaksOf(statement, action));
	const written = (effect: string) =>
		statements.filter(({ Effect }) => Effect === effect).flatMap((statement) => resourcesOf(statement));
	return { action, allowed: written("Allow"), denied: written("Deny") };
}

/** A statement of a document that was parsed already, so that its members are what they should be. */
interface Statement {
	readonly Effect: "Allow" | "Deny";
	readonly Resource?: string | readonly string[];
	readonly NotResource?: string | readonly string[];
	readonly Condition?: object;
}

function statementsOf(text: string): readonly Statement[] {
	const { Statement: given } = JSON.parse(text) as { readonly Statement: Statement | readonly Statement[] };
	return Array.isArray(given) ? (given as readonly Statement[]) : [given as Statement];
}

/** Whether the statement's Action or NotAction takes in the action: the same statement on everything would allow it. */
function speaksOf(statement: Statement, action: string): boolean {
	const { NotResource: _, Condition: __, ...rest } = statement;
	const everywhere = { ...rest, Effect: "Allow", Resource: "*" };
	const document = parsePolicyDocument({ Version: "2012-10-17", Statement: [everywhere] });
	const request = { action, resource: "arn:aws:iot:r:a:topic/t", context: {} };
	return evaluatePolicies([{ name: "statement", document }], request).outcome === "ALLOWED";
}

function resourcesOf({ Resource, NotResource, Condition }: Statement): string[] {
	const condition = Condition === undefined ? "" : " (under a Condition)";
	const names = [Resource ?? NotResource ?? []].flat().map((name) => `${withoutAccount(name)}${condition}`);
	return NotResource === undefined ? names : [`everything but ${names.join(", ")}`];
}

function withoutAccount(resource: string): string {
	return resource.replace(/^arn:(?:[^:]*:){4}/, "");
}

/** Most resources of a list that are shown. */
const SHOWN = 8;

function listed(names: readonly string[]): string {
	const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
	return `${names
		.slice(0, SHOWN)
		.map((name) => printable(name))
		.join(", ")}${more}`;
}
