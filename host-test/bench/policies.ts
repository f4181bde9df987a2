/**
 * Policy evaluations, beside the same rules by regular expressions.
 * @module
 */
import { evaluatePolicies, type PolicyRequest, parsePolicyDocument } from "../../src/policy/index.js";
import { median, type Row, row } from "./rows.js";

const CLIENT_ID = "sensor-17";
const REQUEST: PolicyRequest = {
	action: "iot:Publish",
	resource: `arn:aws:iot:eu-west-1:123456789012:topic/devices/${CLIENT_ID}/readings`,
	context: { "iot:ClientId": CLIENT_ID },
};

interface Statement {
	readonly Effect: "Allow" | "Deny";
	readonly Action: string;
	readonly Resource: string;
}

/** As devices have them: the statement that allows stands last, the others are about other things. */
function statementsOf(count: number): readonly Statement[] {
	const topic = (name: string) => `arn:aws:iot:eu-west-1:123456789012:topic/${name}`;
	const others = Array.from({ length: count - 1 }, (_, index): Statement => {
		const Action = index % 2 === 0 ? "iot:Publish" : "iot:Receive";
		return { Effect: index % 10 === 9 ? "Deny" : "Allow", Action, Resource: topic(`rooms/${index}/*/state`) };
	});
	// biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
	return [...others, { Effect: "Allow", Action: "iot:Publish", Resource: topic("devices/${iot:ClientId}/*") }];
}

/** The same rules in the shortest way: patterns become regular expressions once, variables are put in at each request. */
function byRegularExpressions(statements: readonly Statement[]): (request: PolicyRequest) => string {
	const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
	const wildcards = (text: string) =>
		new RegExp(`^${literal(text).replaceAll("\\*", ".*").replaceAll("\\?", ".")}$`, "s");
	// biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
	const variable = "${iot:ClientId}";
	const compiled = statements.map(({ Effect, Action, Resource }) => ({
		Effect,
		action: wildcards(Action),
		resource: Resource.includes(variable)
			? (clientId: string) => wildcards(Resource.replaceAll(variable, clientId))
			: (
					(expression: RegExp) => () =>
						expression
				)(wildcards(Resource)),
	}));
	return ({ action, resource, context }) => {
		const clientId = String(context["iot:ClientId"]);
		const matching = compiled.filter((one) => one.action.test(action) && one.resource(clientId).test(resource));
		if (matching.some(({ Effect }) => Effect === "Deny")) return "EXPLICIT_DENY";
		return matching.length > 0 ? "ALLOWED" : "IMPLICIT_DENY";
	};
}

/** Rows for policies of 1, 10 and 100 statements. */
export function benchPolicies(): Row[] {
	return [1, 10, 100].map((count) => {
		const statements = statementsOf(count);
		const document = parsePolicyDocument({ Version: "2012-10-17", Statement: statements });
		const policies = [{ name: "bench", document }];
		const baseline = byRegularExpressions(statements);
		const ours = () => evaluatePolicies(policies, REQUEST).outcome;
		if (ours() !== "ALLOWED" || baseline(REQUEST) !== "ALLOWED") throw new Error("the bench's policy must allow");
		const name = `policy evaluation, ${count} statement${count === 1 ? "" : "s"}, beside regular expressions`;
		return row(
			name,
			"1/s",
			perSecond(() => baseline(REQUEST), count),
			perSecond(ours, count),
		);
	});
}

const ROUNDS = 5;
/** Statements looked at in a round. */
const WORK = 400_000;

function perSecond(evaluate: () => unknown, statements: number): number {
	const times = Math.ceil(WORK / statements);
	const rates = Array.from({ length: ROUNDS }, () => {
		const start = performance.now();
		for (let time = 0; time < times; time++) evaluate();
		return (times * 1000) / (performance.now() - start);
	});
	return median(rates);
}
