/**
 * The Condition element: from JSON to clauses.
 * @module
 */
import type { ConditionClause, Quantifier } from "./condition.js";
import { CONDITION_OPERATORS, type Comparison, type ConditionOperator } from "./condition-operators.js";
import { readTruth } from "./condition-values.js";
import { MalformedPolicyError, shown } from "./malformed.js";
import { membersOf } from "./members.js";

/** Quantifier, name, suffix. */
const OPERATOR = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

/** Service and name, as in `aws:SourceIp` or `iot:Connection.Thing.Attributes[room]`. */
const KEY = /^[^:\s]+:./s;

/**
 * Reads a Condition.
 * @param path where it stands, for errors.
 * @param variables whether `${...}` is replaced in values.
 * @throws {MalformedPolicyError} for an operator that does not exist, a key without its service, and a value that is
 * none of the operator's type.
 */
export function readCondition(value: unknown, path: string, variables: boolean): readonly ConditionClause[] {
	return Object.entries(membersOf(value, path)).flatMap(([operator, keys]) => {
		const at = `${path}.${shown(operator)}`;
		const read = clauseReader(operator, path, variables);
		const block = Object.entries(membersOf(keys, at));
		refuseSameKey(block, at);
		return block.map(([key, values]) => read(key, scalarsOf(values, `${at}.${shown(key)}`), `${at}.${shown(key)}`));
	});
}

type ClauseReader = (key: string, values: readonly string[], at: string) => ConditionClause;

function clauseReader(name: string, path: string, variables: boolean): ClauseReader {
	const [, prefix, base = "", suffix] = OPERATOR.exec(name) ?? [];
	const quantifier = prefix as Quantifier | undefined;
	const ifExists = suffix !== undefined;
	if (base === "Null" && !ifExists) {
		return (key, values, at) => {
			const wanted = values.map((text) => readTruth(text) ?? refuseValue("true or false", text, at));
			return { kind: "null", operator: name, key, quantifier, wanted };
		};
	}
	const operator = CONDITION_OPERATORS.get(base);
	if (operator === undefined) {
		throw new MalformedPolicyError(`${path}: expected condition operators such as StringEquals, got ${shown(name)}`);
	}
	return (key, values, at) => {
		const comparisons = values.map((text) => compare(operator, text, variables, at));
		return { kind: "compare", operator: name, key, quantifier, ifExists, negated: operator.negated, comparisons };
	};
}

function compare({ type }: ConditionOperator, text: string, variables: boolean, at: string): Comparison {
	return type.compile(text, variables) ?? refuseValue(type.wanted, text, at);
}

function refuseValue(wanted: string, text: string, at: string): never {
	throw new MalformedPolicyError(`${at}: expected ${wanted}, got ${shown(text)}`);
}

/** Keys differ by more than case (IAM Access Analyzer, "Duplicate keys with different case") and name their service. */
function refuseSameKey(block: readonly (readonly [key: string, values: unknown])[], at: string): void {
	const known = new Set<string>();
	for (const [key] of block) {
		if (!KEY.test(key)) {
			throw new MalformedPolicyError(`${at}: expected condition keys such as aws:SourceIp, got ${shown(key)}`);
		}
		if (known.has(key.toLowerCase())) throw new MalformedPolicyError(`${at}: ${shown(key)} stands there twice`);
		known.add(key.toLowerCase());
	}
}

/** One value or a list: strings, or numbers and truth values, for which "quotation marks are optional" (IAM grammar). */
function scalarsOf(given: unknown, at: string): readonly string[] {
	const values: readonly unknown[] = Array.isArray(given) ? given : [given];
	return values.map((value) => {
		if (typeof value === "string") return value;
		if (typeof value === "number" || typeof value === "boolean") return String(value);
		throw new MalformedPolicyError(`${at}: expected strings, numbers or truth values, got ${shown(value)}`);
	});
}
