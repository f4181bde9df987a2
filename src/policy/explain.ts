/**
 * Decisions put into words: the statement that decided, or for an implicit deny the statement that came nearest and
 * what keeps it from allowing the request.
 * @module
 */
import { splitArn } from "./arn.js";
import type { ConditionClause } from "./condition.js";
import type { PlacedStatement, ReadyRequest } from "./evaluate.js";
import { findNearMiss } from "./near-miss.js";
import type { PatternList } from "./pattern-list.js";
import { printable } from "./printable.js";

export function explainAllowed(allowing: readonly PlacedStatement[], request: ReadyRequest): string {
	return listed(allowing, (placed) => describe(placed, request), "; ");
}

export function explainExplicitDeny(denying: readonly PlacedStatement[], request: ReadyRequest): string {
	return `${listed(denying, (placed) => describe(placed, request), "; ")}; an explicit Deny beats every Allow`;
}

export function explainImplicitDeny(statements: readonly PlacedStatement[], request: ReadyRequest): string {
	const wanted = `${printable(request.action)} on ${short(request.resource, request)}`;
	if (statements.length === 0) return `no statement allows ${wanted}; there is no policy at all`;
	const miss = findNearMiss(
		statements.filter(({ statement }) => statement.effect === "Allow"),
		request,
	);
	if (miss === undefined) return `no statement allows ${wanted}`;
	const hint = miss.clause === undefined ? miss.hint : explainClause(miss.clause, request);
	return `no statement allows ${wanted}; ${describe(miss.placed, request)}${hint === undefined ? "" : `: ${hint}`}`;
}

/** `statement 2 ("OwnTopics") of policy 1 allows iot:Publish on topic/devices/b/*`. */
function describe({ statement, reference }: PlacedStatement, request: ReadyRequest): string {
	const sid = reference.sid === undefined ? "" : ` ("${printable(reference.sid)}")`;
	const verb = statement.effect === "Allow" ? "allows" : "denies";
	const actions = describeList(statement.actions, (source) => source);
	const resources = describeList(statement.resources, (source) => short(source, request));
	const conditions = listed(statement.conditions, describeClause, " and ");
	const condition = conditions === "" ? "" : ` if ${conditions}`;
	const place = `statement ${reference.statement + 1}${sid} of ${printable(reference.policy)}`;
	return `${place} ${verb} ${actions} on ${resources}${condition}`;
}

function describeList({ negated, patterns }: PatternList, show: (source: string) => string): string {
	return `${negated ? "everything but " : ""}${listed(patterns, ({ source }) => printable(show(source)))}`;
}

/** `aws:SourceIp IpAddress 10.0.0.0/8`. */
function describeClause(clause: ConditionClause): string {
	return `${printable(clause.key)} ${printable(clause.operator)} ${wantedBy(clause)}`;
}

/** What a clause wanted and what it got. */
function explainClause(clause: ConditionClause, { context }: ReadyRequest): string {
	const value = context.value(clause.key);
	const key = printable(clause.key);
	const missing = clause.kind === "null" ? [] : clause.comparisons.flatMap(({ variables }) => variables);
	const unset = missing.filter((name) => context.text(name) === undefined);
	const without = unset.length === 0 ? "" : ` (${listed(unset, variable)} has no value)`;
	const none = clause.kind === "compare" && clause.negated ? "none of " : "";
	const wanted = `the condition ${printable(clause.operator)} on ${key} wants ${none}${wantedBy(clause)}${without}`;
	if (value === undefined) return `${wanted}, but ${key} has no value`;
	if (typeof value === "string") return `${wanted}, got ${quoted(value)}`;
	return `${wanted}, got ${value.length === 0 ? "an empty list" : listed(value, quoted)}`;
}

function wantedBy(clause: ConditionClause): string {
	if (clause.kind === "null") return listed(clause.wanted, String) || "nothing";
	return listed(clause.comparisons, ({ source }) => quoted(source)) || "nothing";
}

/** Bare where it can be told from the words around it. */
function quoted(value: string): string {
	return /^[!-~]+$/.test(value) ? printable(value) : `"${printable(value)}"`;
}

function variable(name: string): string {
	return `\${${printable(name)}}`;
}

/** Most entries of a list that are shown. */
const SHOWN = 4;

function listed<T>(list: readonly T[], show: (entry: T) => string, separator = ", "): string {
	const more = list.length > SHOWN ? ` and ${list.length - SHOWN} more` : "";
	return `${list.slice(0, SHOWN).map(show).join(separator)}${more}`;
}

/** The resource without the account's own prefix: `topic/a` for `arn:aws:iot:us-east-1:123456789012:topic/a`. */
function short(resource: string, request: ReadyRequest): string {
	const scope = splitArn(request.resource)?.scope;
	return printable(scope !== undefined && resource.startsWith(scope) ? resource.slice(scope.length) : resource);
}
