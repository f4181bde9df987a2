/**
 * Errors as the API answers them: the HTTP status of each type, and the bytes that the AWS CLI, boto3 and AWS's SDKs all
 * parse (header `x-amzn-ErrorType`, a JSON body, never HTML).
 * @module
 */

/** The APIs that the control plane speaks. */
export type Service = "iot" | "lambda" | "iot-data";

/**
 * HTTP status by error type, of those that Latchkey answers with (AWS's API models; "Common Errors" where the models do not
 * list a type).
 */
const STATUS_OF = {
	InvalidRequestException: 400,
	InvalidResponseException: 400,
	MalformedPolicyException: 400,
	CertificateValidationException: 400,
	ValidationException: 400,
	InvalidParameterValueException: 400,
	InvalidRequestContentException: 400,
	PolicyLengthExceededException: 400,
	CodeStorageExceededException: 400,
	AccessDeniedException: 403,
	MissingAuthenticationTokenException: 403,
	UnrecognizedClientException: 403,
	InvalidSignatureException: 403,
	IncompleteSignatureException: 403,
	ResourceNotFoundException: 404,
	UnknownOperationException: 404,
	MethodNotAllowedException: 405,
	RequestTimeoutException: 408,
	ResourceAlreadyExistsException: 409,
	DeleteConflictException: 409,
	VersionsLimitExceededException: 409,
	ConflictException: 409,
	ResourceConflictException: 409,
	LimitExceededException: 410,
	RequestEntityTooLargeException: 413,
	RequestTooLargeException: 413,
	UnsupportedMediaTypeException: 415,
	InternalFailureException: 500,
	ServiceException: 500,
} as const satisfies Readonly<Record<string, number>>;

export type ErrorType = keyof typeof STATUS_OF;

/** An answer that is an error. */
export class ApiError extends Error {
	override readonly name = "ApiError";
	readonly code = "api-error";
	readonly type: ErrorType;

	constructor(type: ErrorType, message: string) {
		super(message);
		this.type = type;
	}
}

/** What an error answers with, whichever room it comes from. */
export interface ServiceFault {
	readonly type: ErrorType;
	/** `null` is AWS's null message. */
	readonly message: string | null;
	/** Further members of the body, for instance `resourceId`. */
	readonly members: Readonly<Record<string, string>>;
}

/**
 * The answer that a thrown value stands for: an error with a `type` that AWS's models know, `awsMessage` before
 * `message`; undefined for any other, which is a defect.
 */
export function serviceFaultOf(thrown: unknown): ServiceFault | undefined {
	if (!(thrown instanceof Error)) return undefined;
	const { type, awsMessage, members } = thrown as Error & Partial<Record<"type" | "awsMessage" | "members", unknown>>;
	if (typeof type !== "string" || !isErrorType(type)) return undefined;
	const message = awsMessage === null || typeof awsMessage === "string" ? awsMessage : thrown.message;
	return { type, message, members: (members ?? {}) as ServiceFault["members"] };
}

function isErrorType(type: string): type is ErrorType {
	return Object.hasOwn(STATUS_OF, type);
}

/** An answer, ready for the wire. */
export interface ErrorAnswer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** Types of the account's that Lambda's model does not have, and those that it has in their place. */
const LAMBDA_TYPES: Readonly<Partial<Record<ErrorType, ErrorType>>> = {
	ConflictException: "ResourceConflictException",
	InvalidRequestException: "InvalidParameterValueException",
	LimitExceededException: "InvalidParameterValueException",
};

/** Lambda's bodies have `Type` and `Message`, the others `message`; every client reads either. */
export function errorAnswer({ type: ownType, message, members }: ServiceFault, service: Service): ErrorAnswer {
	const type = (service === "lambda" ? LAMBDA_TYPES[ownType] : undefined) ?? ownType;
	const status = STATUS_OF[type];
	const fault = status < 500 ? "User" : "Service";
	const body = service === "lambda" ? { Type: fault, Message: message, ...members } : { message, ...members };
	return {
		status,
		headers: { "content-type": "application/json", "x-amzn-ErrorType": type },
		body: JSON.stringify(body),
	};
}

/** The type by which a service refuses an input that breaks its constraints. */
export function validationErrorType(service: Service): ErrorType {
	return service === "lambda" ? "ValidationException" : "InvalidRequestException";
}

/** The type by which a service refuses a body that is no JSON object. */
export function malformedErrorType(service: Service): ErrorType {
	return service === "lambda" ? "InvalidRequestContentException" : "InvalidRequestException";
}

/** The type by which a service refuses a body over its limit. */
export function tooLargeErrorType(service: Service): ErrorType {
	return service === "lambda" ? "RequestTooLargeException" : "RequestEntityTooLargeException";
}

/** The type by which a service tells of its own defect. */
export function defectErrorType(service: Service): ErrorType {
	return service === "lambda" ? "ServiceException" : "InternalFailureException";
}
