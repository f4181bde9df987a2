/**
 * Constraints on single values, and AWS's words for values that break them (measured on AWS, see the fidelity table).
 * @module
 */
import { ServiceError } from "./service-error.js";

export interface Constraint {
	/** As AWS prints it; it must match the whole value. */
	readonly pattern?: string;
	/** Characters, inclusive; 1 unless given. */
	readonly shortest?: number;
	/** Characters, inclusive. */
	readonly longest: number;
}

/** AWS IoT API, "CreateAuthorizer", "CreatePolicy", "CreateDomainConfiguration". */
export const CONSTRAINTS = {
	authorizerName: { pattern: "[\\w=,@-]+", longest: 128 },
	tokenKeyName: { pattern: "[a-zA-Z0-9_-]+", longest: 128 },
	signingKeyName: { pattern: "[a-zA-Z0-9:_-]+", longest: 128 },
	signingKey: { shortest: 0, longest: 5120 },
	policyName: { pattern: "[\\w+=,.@-]+", longest: 128 },
	domainConfigurationName: { pattern: "[\\w.-]+", longest: 128 },
	domainName: { longest: 253 },
} as const satisfies Record<string, Constraint>;

/** AWS's `N validation errors detected`, the pattern before the length; undefined for a value that passes. */
export function constraintMessage(member: string, value: string, constraint: Constraint): string | undefined {
	const { pattern, shortest = 1, longest } = constraint;
	const failures: string[] = [];
	if (pattern !== undefined && !new RegExp(`^${pattern}$`).test(value)) {
		failures.push(`Member must satisfy regular expression pattern: ${pattern}`);
	}
	if (value.length > longest) failures.push(`Member must have length less than or equal to ${longest}`);
	if (value.length < shortest) failures.push(`Member must have length greater than or equal to ${shortest}`);
	if (failures.length === 0) return undefined;
	const count = failures.length === 1 ? "1 validation error" : `${failures.length} validation errors`;
	const list = failures.map((failure) => `Value at '${member}' failed to satisfy constraint: ${failure}`);
	return `${count} detected: ${list.join("; ")}`;
}

/** @throws {ServiceError} InvalidRequestException for a value that breaks the constraint. */
export function constrain(member: keyof typeof CONSTRAINTS, value: string): void {
	const message = constraintMessage(member, value, CONSTRAINTS[member]);
	if (message !== undefined) throw new ServiceError("InvalidRequestException", message);
}
