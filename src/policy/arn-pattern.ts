/**
 * ARNs as the Arn condition operators compare them: "Each of the six colon-delimited components of the ARN is checked
 * separately" (IAM User Guide, "IAM JSON policy elements: Condition operators").
 * @module
 */
import { compilePattern, matchesPattern, type Pattern } from "./pattern.js";
import { RequestContext } from "./request-context.js";

/** Components of an ARN; the last may hold more colons. */
const COMPONENTS = 6;

export interface ArnPattern {
	/** One pattern a component; one in all where it is compared whole. */
	readonly components: readonly Pattern[];
	matches(arn: string, context: RequestContext): boolean;
}

/**
 * Compiles the value of an Arn operator.
 *
 * `*` alone is any ARN. A value with variables need not show six components: what it comes to is known only with the
 * request, and then it is compared whole.
 * @returns undefined for what is no ARN.
 */
export function compileArnPattern(source: string, variables: boolean): ArnPattern | undefined {
	const written = componentsOf(source, variables);
	if (written.length === COMPONENTS && written[0] === "arn") {
		const components = written.map((component) => compilePattern(component, variables));
		return { components, matches: (arn, context) => matchesComponents(components, arn, context) };
	}
	const whole = compilePattern(source, variables);
	const isVariable = whole.parts.some(({ kind }) => kind === "variable");
	if (source !== "*" && !isVariable) return undefined;
	return {
		components: [whole],
		matches: (arn, context) => componentsOf(arn, false).length === COMPONENTS && matchesPattern(whole, arn, context),
	};
}

/** Whether an ARN fits one pattern without variables, as the condition operator ArnLike compares them. */
export function arnLike(arn: string, pattern: string): boolean {
	return compileArnPattern(pattern, false)?.matches(arn, NOTHING_KNOWN) ?? false;
}

const NOTHING_KNOWN = new RequestContext({});

function matchesComponents(patterns: readonly Pattern[], arn: string, context: RequestContext): boolean {
	const components = componentsOf(arn, false);
	if (components.length !== COMPONENTS) return false;
	return patterns.every((pattern, index) => matchesPattern(pattern, components[index] ?? "", context));
}

/**
 * Splits at the first five colons.
 * @param variables whether a colon within `${...}` separates nothing.
 */
function componentsOf(arn: string, variables: boolean): readonly string[] {
	const components: string[] = [];
	const lastBrace = variables ? arn.lastIndexOf("}") : -1;
	let start = 0;
	let at = 0;
	let colon = arn.indexOf(":");
	while (components.length < COMPONENTS - 1 && colon >= 0) {
		const open = at < lastBrace ? arn.indexOf("${", at) : -1;
		if (open >= 0 && open < colon && open < lastBrace) {
			at = arn.indexOf("}", open) + 1;
		} else {
			components.push(arn.slice(start, colon));
			start = colon + 1;
			at = start;
		}
		if (colon < at) colon = arn.indexOf(":", at);
	}
	components.push(arn.slice(start));
	return components;
}
