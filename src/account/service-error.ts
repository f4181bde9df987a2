/**
 * Errors of the services that an account belongs to, under AWS's own names.
 *
 * Whoever speaks AWS's protocol makes the answer out of `type`, `message` and `members`; nobody reads the text.
 * @module
 */

/** Errors of the AWS IoT and AWS Lambda APIs that an account answers with. */
export type ServiceErrorType =
	| "CertificateValidationException"
	| "DeleteConflictException"
	| "InvalidParameterValueException"
	| "InvalidRequestException"
	| "LimitExceededException"
	| "MalformedPolicyException"
	| "PolicyLengthExceededException"
	| "ResourceAlreadyExistsException"
	| "ResourceConflictException"
	| "ResourceNotFoundException"
	| "VersionsLimitExceededException";

/** A call that AWS refuses. `message` is AWS's own text where it is known. */
export class ServiceError extends Error {
	override readonly name = "ServiceError";
	/** `type` in kebab-case, for instance `resource-not-found-exception`. */
	readonly code: string;
	readonly type: ServiceErrorType;
	/** What the error's body has besides the message: `resourceId` and `resourceArn` of what exists already. */
	readonly members: Readonly<Record<string, string>>;

	constructor(type: ServiceErrorType, message: string, members: Readonly<Record<string, string>> = {}) {
		super(message);
		this.type = type;
		this.members = members;
		this.code = type.replaceAll(/(?<=[a-z])[A-Z]/g, "-$&").toLowerCase();
	}
}
