/**
 * The Allow that came nearest to a request which nothing allows, and the mistake in it where that is certain.
 * @module
 */
import { splitArn } from "./arn.js";
import { type ConditionClause, clauseHolds } from "./condition.js";
import type { PlacedStatement, ReadyRequest } from "./evaluate.js";
import { compilePattern, matchesPattern, missingVariables, type Pattern } from "./pattern.js";
import { covers } from "./pattern-list.js";
import { printable } from "./printable.js";

export interface NearMiss {
	readonly placed: PlacedStatement;
	/** The mistake, for people. */
	readonly hint?: string | undefined;
	/** Set where action and resource are right: the first clause that does not hold. */
	readonly clause?: ConditionClause | undefined;
}

interface Ranked extends NearMiss {
	readonly rank: number;
}

/** How near: the right action and resource, then the right action, then the right resource; a named fault before none. */
const CONDITION_FAILED = 10_000_000;
const NAMED_FAULT = 1_000_000;
const RIGHT_ACTION = 200_000;
const RIGHT_RESOURCE = 100_000;
/** Letters of likeness beyond this do not count: one rank must not reach the next. */
const MOST_LIKENESS = 50_000;

/** @param allowing statements with the effect Allow, none of which applies to the request. */
export function findNearMiss(allowing: readonly PlacedStatement[], request: ReadyRequest): NearMiss | undefined {
	let nearest: Ranked | undefined;
	for (const placed of allowing) {
		const miss = missOf(placed, request);
		if (miss !== undefined && miss.rank > (nearest?.rank ?? -1)) nearest = miss;
	}
	return nearest;
}

function missOf(placed: PlacedStatement, request: ReadyRequest): Ranked | undefined {
	const { actions, resources, conditions } = placed.statement;
	const { lowerAction, resource, context } = request;
	const rightAction = covers(actions, lowerAction, context);
	const rightResource = covers(resources, resource, context);
	if (rightAction && rightResource) {
		const clause = conditions.find((candidate) => !clauseHolds(candidate, context, new Set()));
		return { placed, rank: CONDITION_FAILED, clause };
	}
	if (rightResource) return { placed, rank: RIGHT_RESOURCE };
	if (!rightAction) return undefined;
	const hint = resources.negated ? undefined : firstOf(resources.patterns, (pattern) => faultOf(pattern, request));
	let likeness = 0;
	for (const { source } of resources.patterns) likeness = Math.max(likeness, commonPrefix(source, resource));
	return {
		placed,
		hint,
		rank: (hint === undefined ? 0 : NAMED_FAULT) + RIGHT_ACTION + Math.min(likeness, MOST_LIKENESS),
	};
}

/** A usual mistake: how the pattern would read without it, and what to say if it then matches. */
interface Fault {
	mend(source: string, request: ReadyRequest): string;
	tell(pattern: Pattern, request: ReadyRequest): string;
}

const TYPES = /^(?:topicfilter|topic|client)\//;

const FAULTS: readonly Fault[] = [
	{
		mend: (source, request) => withResource(source, (name) => name.replace(TYPES, () => typeOf(request.resource))),
		tell: (pattern, request) => {
			const written = typeOf(splitArn(pattern.source)?.resource ?? "");
			return `${printable(request.action)} is checked against ${printable(typeOf(request.resource))}, not ${written}`;
		},
	},
	{
		mend: (source, request) => (splitArn(request.resource)?.scope ?? "") + (splitArn(source)?.resource ?? ""),
		tell: (_, request) => `the region or the account differs, the resource is ${printable(request.resource)}`,
	},
	{
		mend: (source) => withResource(source, (name) => name.replace(/[+#]/g, "*")),
		tell: () => "+ and # are plain characters in a policy, the wildcard there is *",
	},
];

/** What keeps this pattern from matching, where that is certain. */
function faultOf(pattern: Pattern, request: ReadyRequest): string | undefined {
	const { resource, context } = request;
	const missing = missingVariables(pattern, context);
	if (missing.length > 0) {
		return `${missing.map((name) => `\${${printable(name)}}`).join(", ")} has no value, so the pattern matches nothing`;
	}
	const variables = pattern.parts.some(({ kind }) => kind === "variable");
	const fault = FAULTS.find(({ mend }) => {
		return matchesPattern(compilePattern(mend(pattern.source, request), variables), resource, context);
	});
	if (fault !== undefined) return fault.tell(pattern, request);
	const differsInCase = matchesPattern(
		compilePattern(pattern.source.toLowerCase(), false),
		resource.toLowerCase(),
		context,
	);
	return differsInCase ? "the resource differs in upper and lower case" : undefined;
}

function withResource(source: string, change: (resource: string) => string): string {
	const arn = splitArn(source);
	return arn === undefined ? source : arn.scope + change(arn.resource);
}

/** `topic/` of a resource or an ARN. */
function typeOf(resource: string): string {
	const name = splitArn(resource)?.resource ?? resource;
	return name.slice(0, name.indexOf("/") + 1);
}

function commonPrefix(one: string, other: string): number {
	let length = 0;
	while (length < one.length && one[length] === other[length]) length++;
	return length;
}

function firstOf<T, R>(list: readonly T[], find: (item: T) => R | undefined): R | undefined {
	for (const item of list) {
		const found = find(item);
		if (found !== undefined) return found;
	}
	return undefined;
}
