/**
 * One call of AWS's API: its answer, AWS's own error, or a failure of the way there in words.
 * @module
 */
import { printable } from "../../policy/index.js";
import { CommandFailure, ExitCode } from "../failure.js";
import type { Service } from "./endpoint.js";

/** An error that the service answered with. */
export interface AwsError {
	/** For instance `InvalidRequestException`; the HTTP status where the service gave no name. */
	readonly name: string;
	/** Undefined where AWS sends null. */
	readonly message: string | undefined;
}

export type AwsResult<Answer> =
	| { readonly answer: Answer; readonly error?: undefined }
	| { readonly answer?: undefined; readonly error: AwsError };

/** Characters of a message that are printed. */
const LONGEST = 4_000;

/** What AWS's client makes of an error without a message. */
const NO_MESSAGE = "UnknownError";

/** @throws {CommandFailure} where the service was not reached, or answered what is no answer of AWS's. */
export async function callAws<Answer>(service: Service, send: () => Promise<Answer>): Promise<AwsResult<Answer>> {
	try {
		return { answer: await send() };
	} catch (error) {
		const awsError = awsErrorOf(error);
		if (awsError !== undefined) return { error: awsError };
		throw failureOf(error, service);
	}
}

/** As the AWS CLI prints it; a function's own words may stand in the message, so nothing in it acts on a terminal. */
export function describeAwsError({ name, message }: AwsError, operation: string): string {
	return `An error occurred (${name}) when calling the ${operation} operation: ${printable(message ?? "None", LONGEST)}`;
}

interface ServiceException {
	readonly name: string;
	readonly message: string;
	readonly $fault?: unknown;
	readonly $metadata?: { readonly httpStatusCode?: number };
}

function awsErrorOf(error: unknown): AwsError | undefined {
	const { name, message, $fault, $metadata } = error as ServiceException;
	if ($fault === undefined) return undefined;
	return {
		name: name === "Unknown" ? String($metadata?.httpStatusCode ?? name) : name,
		message: message === NO_MESSAGE ? undefined : message,
	};
}

function failureOf(error: unknown, { url, isAws }: Service): unknown {
	const { name, message } = error as Error;
	const code = networkCode(error);
	if (code === "ECONNREFUSED") {
		return new CommandFailure({
			code: "nobody-listens",
			cause: `nobody listens at ${url}: is latchkey up running?`,
			remedy: "start it with latchkey up, or name whom to ask with --endpoint-url (aws for AWS itself)",
		});
	}
	if (code !== undefined || name === "TimeoutError") {
		return new CommandFailure({
			code: "service-unreachable",
			cause: `${url} cannot be reached (${code ?? "no answer in time"})`,
			remedy: "check --endpoint-url and the network",
		});
	}
	if (name === "CredentialsProviderError" || name === "TokenProviderError") {
		return new CommandFailure({
			code: "no-credentials",
			cause: `AWS's client found no credentials: ${message.split("\n", 1)[0]}`,
			remedy: "add --profile, set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run aws configure",
			exitCode: ExitCode.usage,
		});
	}
	if (name !== "SyntaxError") return error;
	return new CommandFailure({
		code: "not-an-api",
		cause: `${url} does not answer in JSON, as AWS's API does`,
		remedy: isAws
			? "look for a proxy in between"
			: "check --endpoint-url: the port of Latchkey's API, not that of its gateway",
	});
}

/** The code of a failed connection, through the errors that wrap it. */
function networkCode(error: unknown): string | undefined {
	const { code, errors, cause } = error as { code?: unknown; errors?: readonly unknown[]; cause?: unknown };
	if (
		typeof code === "string" &&
		/^(E[A-Z_]+|UND_ERR_\w+|CERT_\w+|DEPTH_ZERO_\w+|UNABLE_\w+|SELF_SIGNED_\w+)$/.test(code)
	)
		return code;
	const inner = errors?.[0] ?? cause;
	return inner === undefined || inner === null ? undefined : networkCode(inner);
}
