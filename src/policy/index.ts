/**
 * AWS IoT policies: parse, evaluate, explain.
 * @module
 */

export { iotArn, type ResourceScope, type ResourceType } from "./arn.js";
export { arnLike } from "./arn-pattern.js";
export { type PolicyDocument, type PolicyStatement, parsePolicyDocument } from "./document.js";
export {
	evaluatePolicies,
	type NamedPolicy,
	type PolicyDecision,
	type PolicyOutcome,
	type PolicyRequest,
	type StatementReference,
} from "./evaluate.js";
export { MalformedPolicyError } from "./malformed.js";
export { checkPolicySize } from "./policy-size.js";
export { printable } from "./printable.js";
export type { ContextValue, PolicyContext } from "./request-context.js";
