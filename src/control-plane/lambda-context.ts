/**
 * What the Lambda operations work on, and how they name a function.
 * @module
 */
import type { Account } from "../account/index.js";
import { ApiError } from "./errors.js";
import type { FunctionCode } from "./function-code.js";

export interface LambdaContext {
	readonly account: Pick<Account, "functions" | "tags">;
	/** Where deployment packages are kept. */
	readonly functionCode: FunctionCode;
	/** Told why the call of an Event failed, which its caller never learns. */
	readonly eventFailed?: ((functionReference: string, error: unknown) => void) | undefined;
}

/** What may stand before a function's name: "function:" alone, or with account, region and partition before it. */
const BEFORE_NAME = /^(?:.*?:)??function:/;

/**
 * The function that a request names: name, partial ARN or ARN, with the qualifier that either it or the query has.
 * @throws {ApiError} where they have different ones.
 */
export function functionReference(input: {
	readonly FunctionName: string;
	readonly Qualifier?: string | undefined;
}): string {
	const { FunctionName, Qualifier } = input;
	const derived = /^[^:]+:([^:]+)$/.exec(FunctionName.replace(BEFORE_NAME, ""))?.[1];
	if (Qualifier === undefined || derived === Qualifier) return FunctionName;
	if (derived === undefined) return `${FunctionName}:${Qualifier}`;
	throw new ApiError(
		"InvalidParameterValueException",
		"The derived qualifier from the function name does not match the specified qualifier.",
	);
}
