/**
 * Whether the Condition of a statement holds: its clauses, one an operator and key, all have to.
 *
 * Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" (missing keys, IfExists, Null), "Creating a
 * condition with multiple keys or values" (AND, OR, NOR, ForAllValues, ForAnyValue), "IAM JSON policy elements: Condition".
 * @module
 */
import type { Comparison } from "./condition-operators.js";
import type { ContextValue, RequestContext } from "./request-context.js";

/** `ForAllValues` asks every value of the request, `ForAnyValue` at least one. */
export type Quantifier = "ForAllValues" | "ForAnyValue";

interface Clause {
	/** As in the document, with quantifier and `IfExists`. */
	readonly operator: string;
	/** As in the document. */
	readonly key: string;
	readonly quantifier: Quantifier | undefined;
}

interface ComparingClause extends Clause {
	readonly kind: "compare";
	readonly ifExists: boolean;
	readonly negated: boolean;
	/** One a value of the policy; may be empty, as in AWS IoT's example for `iot:ConnectAttributes`. */
	readonly comparisons: readonly Comparison[];
}

interface NullClause extends Clause {
	readonly kind: "null";
	/** True where the key has to be without a value. */
	readonly wanted: readonly boolean[];
}

/** One operator on one key, with all its values. */
export type ConditionClause = ComparingClause | NullClause;

/**
 * Whether one clause holds.
 * @param missing takes up the key where its absence decided, and the variables without a value that were compared.
 */
export function clauseHolds(clause: ConditionClause, context: RequestContext, missing: Set<string>): boolean {
	const value = context.value(clause.key);
	if (clause.kind === "null") return nullHolds(clause, value);
	if (value === undefined) {
		if (!clause.ifExists) missing.add(clause.key);
		return holdsWithout(clause);
	}
	// An empty list is known to be empty: nothing is missing.
	if (typeof value !== "string" && value.length === 0) return holdsWithout(clause);
	for (const { variables } of clause.comparisons) noteMissing(variables, context, missing);
	return typeof value === "string" ? holdsForOne(clause, value, context) : holdsForSome(clause, value, context);
}

/** A key without a value: `IfExists` and ForAllValues hold, ForAnyValue does not, else negated operators do. */
function holdsWithout({ ifExists, quantifier, negated }: ComparingClause): boolean {
	return ifExists || (quantifier === undefined ? negated : quantifier === "ForAllValues");
}

function holdsForOne(clause: ComparingClause, value: string, context: RequestContext): boolean {
	// "key values [that] resolve to a null data set, such as an empty string"
	if (value === "" && clause.quantifier !== undefined) return clause.quantifier === "ForAllValues";
	return anyMatches(clause.comparisons, value, context) !== clause.negated;
}

/**
 * Without a quantifier, which AWS asks for, several values are taken together: a positive operator holds where one of
 * them matches, a negated one where none does.
 */
function holdsForSome(clause: ComparingClause, values: readonly string[], context: RequestContext): boolean {
	const matches = (value: string) => anyMatches(clause.comparisons, value, context);
	if (clause.quantifier === undefined) return values.some(matches) !== clause.negated;
	if (isNull(values)) return clause.quantifier === "ForAllValues";
	const holds = (value: string) => matches(value) !== clause.negated;
	return clause.quantifier === "ForAllValues" ? values.every(holds) : values.some(holds);
}

function anyMatches(comparisons: readonly Comparison[], value: string, context: RequestContext): boolean {
	for (const comparison of comparisons) {
		if (comparison.matches(value, context)) return true;
	}
	return false;
}

/**
 * `true` asks that the key is without a value, `false` that it "exists and its value is not null". With a quantifier the
 * answer does not depend on the request (IAM Access Analyzer, "Null with qualifier").
 */
function nullHolds({ quantifier, wanted }: NullClause, value: ContextValue | undefined): boolean {
	if (quantifier !== undefined) return quantifier === "ForAllValues";
	return wanted.includes(isNull(value));
}

/** No value, or nothing but empty strings. */
function isNull(value: ContextValue | undefined): boolean {
	if (value === undefined || typeof value === "string") return value === undefined || value === "";
	return value.every((text) => text === "");
}

function noteMissing(variables: readonly string[], context: RequestContext, missing: Set<string>): void {
	for (const name of variables) {
		if (context.text(name) === undefined) missing.add(name);
	}
}
