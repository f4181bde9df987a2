/**
 * The ways in which the Lambda API names a function: its name, a partial ARN `123456789012:function:demo`, a full ARN,
 * each with or without a qualifier (AWS Lambda API, "FunctionName").
 * @module
 */
import { type AccountScope, functionArnOf } from "./account-scope.js";

const FUNCTION_REFERENCE =
	/^(?:(?:arn:(?<partition>[\w-]+):lambda:)?(?:(?<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(?<accountId>\d{12}):)?function:)?(?<name>[\w-]{1,64})(?::(?<qualifier>\$LATEST|[\w-]+))?$/;

/** A function's name: 1-64 letters, digits, hyphens and underscores. */
export const FUNCTION_NAME = /^[\w-]{1,64}$/;

/**
 * The name of a function of this account that a reference stands for; undefined for one of another account or region, for
 * a version or an alias (there are none: `$LATEST` is all), and for what is no reference.
 */
export function functionNameOf(scope: AccountScope, reference: string): string | undefined {
	const groups = FUNCTION_REFERENCE.exec(reference)?.groups;
	if (groups === undefined) return undefined;
	const { partition, region, accountId, name, qualifier } = groups;
	const own =
		(partition ?? scope.partition) === scope.partition &&
		(region ?? scope.region) === scope.region &&
		(accountId ?? scope.accountId) === scope.accountId;
	return own && (qualifier ?? "$LATEST") === "$LATEST" ? name : undefined;
}

/** The ARN that AWS would put into "Function not found" for a reference. */
export function soughtFunctionArn(scope: AccountScope, reference: string): string {
	return reference.startsWith("arn:")
		? reference
		: functionArnOf(scope, reference.replace(/^(?:\d{12}:)?function:/, ""));
}
