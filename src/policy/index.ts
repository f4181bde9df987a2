/**
 * AWS IoT policies: parse, evaluate, explain.
 * @module
 */
export { iotArn, type ResourceScope, type ResourceType } from "./arn.js";
export {
	MalformedPolicyError,
	type PolicyDocument,
	type PolicyStatement,
	parsePolicyDocument,
	UnsupportedPolicyElementError,
} from "./document.js";
export {
	evaluatePolicies,
	type NamedPolicy,
	type PolicyDecision,
	type PolicyOutcome,
	type PolicyRequest,
	type StatementReference,
} from "./evaluate.js";
export type { PolicyContext } from "./pattern.js";
export { printable } from "./printable.js";
