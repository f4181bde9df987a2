/**
 * Decisions put into words: the statement that decided, or for an implicit deny the statement that came nearest and
 * what keeps it from allowing the request.
 * @module
 */
import { splitArn } from "./arn.js";
import type { PlacedStatement, PolicyRequest } from "./evaluate.js";
import { compilePattern, covers, matchesPattern, missingVariables, type Pattern, type PatternList } from "./pattern.js";
import { printable } from "./printable.js";

export function explainAllowed(allowing: readonly PlacedStatement[], request: PolicyRequest): string {
	return allowing.map((placed) => describe(placed, request)).join("; ");
}

export function explainExplicitDeny(denying: readonly PlacedStatement[], request: PolicyRequest): string {
	return `${denying.map((placed) => describe(placed, request)).join("; ")}; an explicit Deny beats every Allow`;
}

export function explainImplicitDeny(statements: readonly PlacedStatement[], request: PolicyRequest): string {
	const wanted = `${printable(request.action)} on ${short(request.resource, request)}`;
	if (statements.length === 0) return `no statement allows ${wanted}; there is no policy at all`;
	const nearest = nearMiss(
		statements.filter(({ statement }) => statement.effect === "Allow"),
		request,
	);
	return `no statement allows ${wanted}${nearest === undefined ? "" : `; ${nearest}`}`;
}

/** `statement 2 ("OwnTopics") of policy 1 allows iot:Publish on topic/devices/b/*`. */
function describe({ statement, reference }: PlacedStatement, request: PolicyRequest): string {
	const sid = reference.sid === undefined ? "" : ` ("${printable(reference.sid)}")`;
	const verb = statement.effect === "Allow" ? "allows" : "denies";
	const actions = listed(statement.actions, (source) => source);
	const resources = listed(statement.resources, (source) => short(source, request));
	return `statement ${reference.statement + 1}${sid} of ${printable(reference.policy)} ${verb} ${actions} on ${resources}`;
}

/** Most patterns of a list that are shown. */
const SHOWN = 4;

function listed({ negated, patterns }: PatternList, show: (source: string) => string): string {
	const names = patterns.slice(0, SHOWN).map(({ source }) => printable(show(source)));
	const more = patterns.length > SHOWN ? ` and ${patterns.length - SHOWN} more` : "";
	return `${negated ? "everything but " : ""}${names.join(", ")}${more}`;
}

/** The resource without the account's own prefix: `topic/a` for `arn:aws:iot:us-east-1:123456789012:topic/a`. */
function short(resource: string, request: PolicyRequest): string {
	const scope = splitArn(request.resource)?.scope;
	return printable(scope !== undefined && resource.startsWith(scope) ? resource.slice(scope.length) : resource);
}

interface Miss {
	readonly placed: PlacedStatement;
	/** How near: a statement on the right action comes before one on the right resource, a named fault before none. */
	readonly rank: number;
	readonly hint?: string | undefined;
}

function nearMiss(allowing: readonly PlacedStatement[], request: PolicyRequest): string | undefined {
	let nearest: Miss | undefined;
	for (const placed of allowing) {
		const miss = missOf(placed, request);
		if (miss !== undefined && miss.rank > (nearest?.rank ?? -1)) nearest = miss;
	}
	if (nearest === undefined) return undefined;
	return describe(nearest.placed, request) + (nearest.hint === undefined ? "" : `: ${nearest.hint}`);
}

const NAMED_FAULT = 1_000_000;
const RIGHT_RESOURCE = 100_000;

function missOf(placed: PlacedStatement, request: PolicyRequest): Miss | undefined {
	const { actions, resources } = placed.statement;
	if (covers(actions, request.action, request.context)) {
		const hint = resources.negated ? undefined : firstOf(resources.patterns, (pattern) => faultOf(pattern, request));
		const likeness = Math.max(...resources.patterns.map(({ source }) => commonPrefix(source, request.resource)));
		return { placed, hint, rank: (hint === undefined ? 0 : NAMED_FAULT) + RIGHT_RESOURCE * 2 + likeness };
	}
	if (!covers(resources, request.resource, request.context)) return undefined;
	const lower = request.action.toLowerCase();
	const sameLetters = actions.patterns.some(({ source }) => source.toLowerCase() === lower);
	return sameLetters
		? { placed, rank: NAMED_FAULT, hint: "the names of actions differ in upper and lower case" }
		: { placed, rank: RIGHT_RESOURCE };
}

/** A usual mistake: how the pattern would read without it, and what to say if it then matches. */
interface Fault {
	mend(source: string, request: PolicyRequest): string;
	tell(pattern: Pattern, request: PolicyRequest): string;
}

const TYPES = /^(?:topicfilter|topic|client)\//;

const FAULTS: readonly Fault[] = [
	{
		mend: (source, request) => withResource(source, (name) => name.replace(TYPES, typeOf(request.resource))),
		tell: (pattern, request) => {
			const written = typeOf(splitArn(pattern.source)?.resource ?? "");
			return `${request.action} is checked against ${typeOf(request.resource)}, not ${written}`;
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
function faultOf(pattern: Pattern, request: PolicyRequest): string | undefined {
	const missing = missingVariables(pattern, request.context);
	if (missing.length > 0) {
		return `${missing.map((name) => `\${${printable(name)}}`).join(", ")} has no value, so the pattern matches nothing`;
	}
	const variables = pattern.variables.length > 0;
	const fault = FAULTS.find(({ mend }) => {
		const mended = compilePattern(mend(pattern.source, request), variables);
		return matchesPattern(mended, request.resource, request.context);
	});
	if (fault !== undefined) return fault.tell(pattern, request);
	if (!matchesPattern(compilePattern(pattern.source.toLowerCase(), false), request.resource.toLowerCase(), {})) {
		return undefined;
	}
	return "the resource differs in upper and lower case";
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
