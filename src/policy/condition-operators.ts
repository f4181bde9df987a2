/**
 * The comparisons behind the condition operators: one value of a policy against one value of a request.
 * Source: IAM User Guide, "IAM JSON policy elements: Condition operators", which AWS IoT Core follows ("AWS IoT Core
 * policies").
 * @module
 */
import { readAddressRange } from "./address-range.js";
import { compileArnPattern } from "./arn-pattern.js";
import { readBytes, readMoment, readNumber, readTruth } from "./condition-values.js";
import { compilePattern, matchesPattern, type Pattern, textOf } from "./pattern.js";
import type { RequestContext } from "./request-context.js";

/** One value of a condition, compiled. */
export interface Comparison {
	/** As in the document. */
	readonly source: string;
	/** Names of the variables that need a value; without it the comparison matches nothing. */
	readonly variables: readonly string[];
	matches(value: string, context: RequestContext): boolean;
}

interface ComparisonType {
	/** What a value has to be, for people. */
	readonly wanted: string;
	/**
	 * @param variables whether `${...}` is replaced; String and Arn operators only ("Variables and tags", "Condition
	 * element"). Elsewhere such a value is none of the type.
	 * @returns undefined where the value is none of the type.
	 */
	compile(source: string, variables: boolean): Comparison | undefined;
}

export interface ConditionOperator {
	/** True where the operator asks that no value matches (StringNotEquals). */
	readonly negated: boolean;
	readonly type: ComparisonType;
}

function ofPattern(source: string, pattern: Pattern, matches: Comparison["matches"]): Comparison {
	return { source, variables: pattern.variables, matches };
}

const exactText: ComparisonType = {
	wanted: "a string",
	compile(source, variables) {
		const pattern = compilePattern(source, variables, false);
		return ofPattern(source, pattern, (value, context) => textOf(pattern, context) === value);
	},
};

const textIgnoringCase: ComparisonType = {
	wanted: "a string",
	compile(source, variables) {
		const pattern = compilePattern(source, variables, false);
		return ofPattern(source, pattern, (value, context) => {
			return textOf(pattern, context)?.toLowerCase() === value.toLowerCase();
		});
	},
};

const textPattern: ComparisonType = {
	wanted: "a string",
	compile(source, variables) {
		const pattern = compilePattern(source, variables);
		return ofPattern(source, pattern, (value, context) => matchesPattern(pattern, value, context));
	},
};

const arn: ComparisonType = {
	wanted: "an ARN with its six parts, or *",
	compile(source, variables) {
		const pattern = compileArnPattern(source, variables);
		if (pattern === undefined) return undefined;
		const names = pattern.components.flatMap((component) => component.variables);
		return { source, variables: names, matches: pattern.matches };
	},
};

/** A type whose values are read the same way on both sides; a value of the request that is none matches nothing. */
function typed<T>(
	wanted: string,
	read: (text: string) => T | undefined,
	holds: (got: T, wanted: T) => boolean,
): ComparisonType {
	return {
		wanted,
		compile(source) {
			const expected = read(source);
			if (expected === undefined) return undefined;
			const matches = (value: string) => {
				const got = read(value);
				return got !== undefined && holds(got, expected);
			};
			return { source, variables: [], matches };
		},
	};
}

const address: ComparisonType = {
	wanted: "an IP address or a range such as 203.0.113.0/24",
	compile(source) {
		const range = readAddressRange(source);
		return range === undefined ? undefined : { source, variables: [], matches: range };
	},
};

const equal = <T>(got: T, wanted: T) => got === wanted;

type Order = (got: number, wanted: number) => boolean;

/** By the end of the operator's name. */
const ORDERS: readonly (readonly [suffix: string, negated: boolean, holds: Order])[] = [
	["Equals", false, equal],
	["NotEquals", true, equal],
	["LessThan", false, (got, wanted) => got < wanted],
	["LessThanEquals", false, (got, wanted) => got <= wanted],
	["GreaterThan", false, (got, wanted) => got > wanted],
	["GreaterThanEquals", false, (got, wanted) => got >= wanted],
];

function ordered(prefix: string, wanted: string, read: (text: string) => number | undefined) {
	return ORDERS.map(([suffix, negated, holds]): [string, ConditionOperator] => {
		return [`${prefix}${suffix}`, { negated, type: typed(wanted, read, holds) }];
	});
}

/** Every operator but Null, without quantifier and `IfExists`. Names are compared letter by letter. */
export const CONDITION_OPERATORS: ReadonlyMap<string, ConditionOperator> = new Map([
	["StringEquals", { negated: false, type: exactText }],
	["StringNotEquals", { negated: true, type: exactText }],
	["StringEqualsIgnoreCase", { negated: false, type: textIgnoringCase }],
	["StringNotEqualsIgnoreCase", { negated: true, type: textIgnoringCase }],
	["StringLike", { negated: false, type: textPattern }],
	["StringNotLike", { negated: true, type: textPattern }],
	...ordered("Numeric", 'a number such as "10"', readNumber),
	...ordered("Date", "a date such as 2020-01-01T00:00:01Z, or seconds since 1970", readMoment),
	["Bool", { negated: false, type: typed("true or false", readTruth, equal) }],
	["BinaryEquals", { negated: false, type: typed("base64", readBytes, equal) }],
	["IpAddress", { negated: false, type: address }],
	["NotIpAddress", { negated: true, type: address }],
	["ArnEquals", { negated: false, type: arn }],
	["ArnNotEquals", { negated: true, type: arn }],
	["ArnLike", { negated: false, type: arn }],
	["ArnNotLike", { negated: true, type: arn }],
]);
