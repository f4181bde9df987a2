/**
 * Why a client was refused, in words that help: one entry a cause, each with what happened and what to do.
 *
 * AWS tells a refused client next to nothing; this table is what the developer beside the gateway reads. No entry is
 * given a token, signature or password, so none can show one.
 * @module
 */
import { printable } from "../policy/index.js";
import { FUNCTION_INIT_TIMEOUT, FUNCTION_TIMEOUT, FUNCTION_WAIT_TIMEOUT } from "./function.js";

/** Where on its way the connection was refused. */
export type RefusalStep = "tls" | "mqtt" | "authorizer" | "signature" | "function" | "answer" | "policy";

/**
 * The reasons of AWS's `Connection.AuthNError` log event, and `AUTHORIZATION_FAILURE`, which AWS logs where the policies
 * deny (AWS IoT Core Developer Guide, "CloudWatch AWS IoT log entries").
 */
export type LogReason =
	| "AUTHORIZATION_FAILURE"
	| "CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR"
	| "CUSTOM_AUTHORIZER_NOT_FOUND"
	| "CUSTOM_AUTHORIZER_PARAMETER_INVALID"
	| "DEVICE_CERTIFICATE_INACTIVE"
	| "DEVICE_CERTIFICATE_NOT_REGISTERED"
	| "DEVICE_CERTIFICATE_REVOKED"
	| "DOMAIN_CONFIGURATION_DISABLED"
	| "DOMAIN_CONFIGURATION_INVALID"
	| "INTERNAL_SERVER_ERROR"
	| "NOT_AUTHENTICATED"
	| "SECURITY_TOKEN_EXPIRED"
	| "SECURITY_TOKEN_INVALID"
	| "SECURITY_TOKEN_SIGNATURE_MISMATCH"
	| "SNI_MISUSED";

export interface Refusal {
	/** Stable, kebab-case, one a cause. */
	readonly code: string;
	readonly step: RefusalStep;
	/** What AWS would log. */
	readonly reason: LogReason;
	/** What happened, a sentence. */
	readonly cause: string;
	/** What to do about it, a sentence or two. */
	readonly remedy: string;
}

/** Characters of a command in a remedy; the parts of two ARNs fit into it. */
const LONGEST_COMMAND = 4096;

/** Builds the refusals of custom authentication. */
export const refusals = {
	authorizerNotFound(name: string, namedBy: string, known: readonly string[]): Refusal {
		const sameLetters = known.find((other) => other.toLowerCase() === name.toLowerCase());
		const have = known.length === 0 ? "there is none" : `there is ${quotedList(known)}`;
		return {
			code: "authorizer-not-found",
			step: "authorizer",
			reason: "CUSTOM_AUTHORIZER_NOT_FOUND",
			cause: `${namedBy} names the authorizer ${quoted(name)}, which does not exist.`,
			remedy:
				sameLetters === undefined
					? `Create it or name one that exists: ${have}.`
					: `Write ${quoted(sameLetters)}: upper and lower case count.`,
		};
	},

	noDefaultAuthorizer(known: readonly string[]): Refusal {
		const example = known[0] ?? "NAME";
		return {
			code: "no-default-authorizer",
			step: "authorizer",
			reason: "CUSTOM_AUTHORIZER_NOT_FOUND",
			cause: "The client names no authorizer, and neither the domain configuration nor the account has a default one.",
			remedy: `Add x-amz-customauthorizer-name=${printable(example)} to the query of the username, or set a default authorizer.`,
		};
	},

	authorizerOverrideForbidden(name: string, domainConfiguration: string, allowed: string | undefined): Refusal {
		const fallback =
			allowed === undefined ? "there is no default, set one" : `the default ${quoted(allowed)} then applies`;
		return {
			code: "authorizer-override-forbidden",
			step: "authorizer",
			reason: "CUSTOM_AUTHORIZER_PARAMETER_INVALID",
			cause: `The client names the authorizer ${quoted(name)}, but the domain configuration ${quoted(domainConfiguration)} has allowAuthorizerOverride false.`,
			remedy: `Leave x-amz-customauthorizer-name out (${fallback}), or allow the override.`,
		};
	},

	authorizerInactive(name: string): Refusal {
		return {
			code: "authorizer-inactive",
			step: "authorizer",
			reason: "CUSTOM_AUTHORIZER_NOT_FOUND",
			cause: `The authorizer ${quoted(name)} is INACTIVE.`,
			remedy: "Set its status to ACTIVE. On AWS an authorizer is INACTIVE unless it is created with --status ACTIVE.",
		};
	},

	tokenMissing(tokenKeyName: string, found: string): Refusal {
		return {
			code: "token-missing",
			step: "signature",
			reason: "CUSTOM_AUTHORIZER_PARAMETER_INVALID",
			cause: `The authorizer wants a signed token in the parameter ${quoted(tokenKeyName)}; ${found}.`,
			remedy: `Add ${printable(tokenKeyName)}=<URL-encoded token> to the query of the username; upper and lower case count.`,
		};
	},

	signatureMissing(): Refusal {
		return {
			code: "signature-missing",
			step: "signature",
			reason: "CUSTOM_AUTHORIZER_PARAMETER_INVALID",
			cause: "The client sends a token but no signature, and signing is enabled for the authorizer.",
			remedy:
				"Add x-amz-customauthorizer-signature=<URL-encoded base64 signature> to the query, or create the authorizer with signing disabled.",
		};
	},

	signatureMalformed(detail: string, remedy: string): Refusal {
		return {
			code: "signature-malformed",
			step: "signature",
			reason: "CUSTOM_AUTHORIZER_PARAMETER_INVALID",
			cause: sentence(`The signature cannot be read: ${detail}`),
			remedy,
		};
	},

	signatureMismatch(authorizer: string, detail: string, remedy: string): Refusal {
		return {
			code: "signature-mismatch",
			step: "signature",
			reason: "SECURITY_TOKEN_SIGNATURE_MISMATCH",
			cause: sentence(`No key of the authorizer ${quoted(authorizer)} verifies the token's signature: ${detail}`),
			remedy,
		};
	},

	functionNotFound(functionArn: string, detail: string): Refusal {
		return {
			code: "function-not-found",
			step: "function",
			reason: "CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR",
			cause: sentence(`There is no function behind ${printable(functionArn)}: ${printable(detail)}`),
			remedy: "Check the path of the function's module, and the function that the authorizer names.",
		};
	},

	functionNotPermitted(functionArn: string, authorizerArn: string, accountId: string): Refusal {
		const [functionName = functionArn, qualifier] = functionArn.split(":").slice(6);
		const words = [
			...["aws", "lambda", "add-permission", "--function-name", functionName],
			...(qualifier === undefined ? [] : ["--qualifier", qualifier]),
			...["--statement-id", "iot-custom-authorizer", "--action", "lambda:InvokeFunction"],
			...["--principal", "iot.amazonaws.com", "--source-arn", authorizerArn, "--source-account", accountId],
		];
		return {
			code: "function-not-permitted",
			step: "function",
			reason: "CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR",
			cause: `No permission lets AWS IoT call ${printable(functionArn)} for ${printable(authorizerArn)}.`,
			remedy: `Add it: ${printable(words.map(shellWord).join(" "), LONGEST_COMMAND)} (or start with --relaxed-permissions).`,
		};
	},

	notAHandler(detail: string): Refusal {
		return {
			code: "not-a-handler",
			step: "function",
			reason: "CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR",
			cause: sentence(`The function's module cannot be called as AWS Lambda calls it: ${printable(detail)}`),
			remedy: "Export an async function named handler that takes the event and returns the answer.",
		};
	},

	functionThrew(errorType: string, errorMessage: string): Refusal {
		return {
			code: "function-threw",
			step: "function",
			reason: "CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR",
			cause: sentence(`The function threw ${printable(errorType)}: ${printable(errorMessage)}`),
			remedy: "Mend the function. To refuse a client, return isAuthenticated false instead of throwing.",
		};
	},

	/** @param timeout milliseconds: AWS IoT's own limit, or the function's where that is shorter. */
	functionTimedOut(timeout: number): Refusal {
		const isOwn = timeout < FUNCTION_TIMEOUT;
		const whose = isOwn ? "its own timeout" : "AWS IoT's limit for an authorizer's function";
		const raise = isOwn
			? `, or raise the function's timeout: AWS IoT waits up to ${FUNCTION_TIMEOUT / 1000} s`
			: ". A longer timeout of the function does not help";
		return {
			code: "function-timed-out",
			step: "function",
			reason: "CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR",
			cause: `The function did not answer within ${timeout / 1000} s, ${whose}.`,
			remedy: `Look for a promise that never settles, an endless loop or a slow call${raise}.`,
		};
	},

	functionLoadTimedOut(): Refusal {
		return {
			code: "function-load-timed-out",
			step: "function",
			reason: "CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR",
			cause: `The function's code was not loaded within ${FUNCTION_INIT_TIMEOUT / 1000} s, AWS Lambda's limit for that.`,
			remedy:
				"Look at what the module does when it is loaded: an await that never settles, an endless loop, a slow import.",
		};
	},

	functionBusy(): Refusal {
		return {
			code: "function-busy",
			step: "function",
			reason: "CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR",
			cause: `The function was not called: none of its processes got free within ${FUNCTION_WAIT_TIMEOUT / 1000} s.`,
			remedy: "Look for calls that take long or never end: each holds a process until it has ended.",
		};
	},

	functionCrashed(errorType: string, errorMessage: string): Refusal {
		return {
			code: "function-crashed",
			step: "function",
			reason: "CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR",
			cause: sentence(`The function ended before it answered (${printable(errorType)}): ${printable(errorMessage)}`),
			remedy: "Look for process.exit, memory without bound, and errors thrown in callbacks or unawaited promises.",
		};
	},

	answerInvalid(member: string, detail: string, denied: boolean): Refusal {
		const also = denied
			? "The function says isAuthenticated false, and its answer is invalid besides"
			: "The function's answer is invalid";
		return {
			code: "answer-invalid",
			step: "answer",
			reason: "CUSTOM_AUTHORIZER_LAMBDA_EXECUTION_ERROR",
			cause: sentence(`${also}, at ${printable(member)}: ${detail}`),
			remedy:
				"Return isAuthenticated (boolean), principalId (1-128 letters and digits), policyDocuments (at most 10 of at most 2048 characters) and timers of 300-86400 seconds, on a denial too.",
		};
	},

	notAuthenticated(authorizer: string): Refusal {
		return {
			code: "not-authenticated",
			step: "answer",
			reason: "NOT_AUTHENTICATED",
			cause: `The function of the authorizer ${quoted(authorizer)} answered isAuthenticated false.`,
			remedy:
				"See in the function, and in what it logged, why it does not accept this token, username, password or client id.",
		};
	},
} as const;

function quoted(name: string): string {
	return `"${printable(name)}"`;
}

/** A word of a command that people copy into a POSIX shell; whoever made the account chose what is in it. */
function shellWord(word: string): string {
	return /^[\w:/@%+=,.-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function quotedList(names: readonly string[]): string {
	return names.map(quoted).join(", ");
}

function sentence(text: string): string {
	return /[.!?]$/.test(text) ? text : `${text}.`;
}
