/**
 * What a connection and a test call have in common: signature, function, answer, in AWS's order (AWS IoT Core Developer
 * Guide, "Custom authentication workflow"). A signature that does not verify ends it before the function runs.
 * @module
 */
import { type AuthorizerAnswer, checkAuthorizerAnswer, InvalidAnswerError } from "./answer.js";
import type { Authorizer } from "./authorizer.js";
import type { CustomAuthFields } from "./custom-auth-fields.js";
import type { AuthorizerEvent, TokenEvent } from "./event.js";
import { type AuthorizerFunction, FUNCTION_TIMEOUT, FunctionError, wordsOf } from "./function.js";
import { type Refusal, refusals } from "./refusals.js";
import { type Confidences, withoutSecrets } from "./secrets.js";
import { verifyTokenSignature } from "./signature.js";

/** What was just done; durations in milliseconds. */
export type AuthenticationStep =
	| { readonly step: "signing-disabled" }
	| { readonly step: "signature-verified"; readonly keyName: string; readonly duration: number }
	| { readonly step: "function-invoked"; readonly functionArn: string; readonly duration: number }
	| {
			readonly step: "answer-accepted";
			readonly principalId: string;
			readonly policies: number;
			readonly refreshAfterInSeconds: number;
			readonly disconnectAfterInSeconds: number;
	  };

export interface AuthorizerCall {
	readonly authorizer: Authorizer;
	/** Undefined where nothing is registered under the authorizer's function ARN. */
	readonly function: AuthorizerFunction | undefined;
	/**
	 * Whether the function's resource policy lets AWS IoT call it for this authorizer; where it does not, the function is
	 * not called. True unless said otherwise.
	 */
	readonly permitted?: boolean | undefined;
	/** Milliseconds for the function: its own timeout or AWS's 5000, whichever is shorter; 5000 unless said otherwise. */
	readonly timeout?: number | undefined;
	/** Milliseconds since some fixed moment; `performance.now` unless said otherwise. */
	readonly now?: (() => number) | undefined;
	/** Told of each step when it is done. */
	readonly observe?: ((step: AuthenticationStep) => void) | undefined;
}

/** What TestInvokeAuthorizer answers in place of the function's answer. */
export interface TestInvocationFault {
	readonly type: "InvalidRequestException" | "InvalidResponseException";
	/** AWS's own words; null is AWS's null message. It may quote the function, and the function may quote secrets. */
	readonly message: string | null;
}

/** Ends the way of a connection or test call; what goes wrong on it is always one of these. */
export class Refused extends Error {
	readonly refusal: Refusal;
	readonly fault: TestInvocationFault;

	constructor(refusal: Refusal, fault: TestInvocationFault) {
		super(refusal.cause);
		this.refusal = refusal;
		this.fault = fault;
	}
}

/**
 * Finds the token of a connection and verifies it.
 * @returns the token; undefined where signing is disabled, for then it is a parameter like any other.
 * @throws {Refused}
 */
export function verifyConnection(call: AuthorizerCall, fields: CustomAuthFields): string | undefined {
	const { tokenKeyName = "", signingDisabled } = call.authorizer;
	if (signingDisabled) {
		call.observe?.({ step: "signing-disabled" });
		return undefined;
	}
	const place = fields.token(tokenKeyName);
	if (place.token === undefined) throw unreadable(refusals.tokenMissing(tokenKeyName, place.found));
	if (fields.signature === undefined) throw unreadable(refusals.signatureMissing());
	return verifyToken(call, place.token, fields.signature, place.queryRest);
}

/** Seen on AWS: a signed authorizer without its token or signature answers with a null message. */
function unreadable(refusal: Refusal): Refused {
	return new Refused(refusal, { type: "InvalidRequestException", message: null });
}

/**
 * Verifies a token's signature.
 * @param queryRest raw text from the token to the end of the query that carried it.
 * @returns the token.
 * @throws {Refused}
 */
export function verifyToken(call: AuthorizerCall, token: string, signature: string, queryRest?: string): string {
	const { authorizer } = call;
	const watch = startWatch(call);
	const result = verifyTokenSignature(authorizer, token, signature, queryRest);
	if (result.verified) {
		call.observe?.({ step: "signature-verified", keyName: result.keyName, duration: watch() });
		return token;
	}
	const { reason, detail, remedy } = result;
	const refusal =
		reason === "mismatch"
			? refusals.signatureMismatch(authorizer.name, detail, remedy)
			: refusals.signatureMalformed(detail, remedy);
	const message = `Token signature mismatch for authorizer ${authorizer.name}`;
	throw new Refused(refusal, { type: "InvalidRequestException", message });
}

/**
 * Calls the function and checks its answer; a denial is an answer.
 * @param confidences what the messages for people must not show.
 * @throws {Refused}
 */
export async function askFunction(
	call: AuthorizerCall,
	event: AuthorizerEvent | TokenEvent,
	confidences: Confidences,
): Promise<AuthorizerAnswer> {
	const { functionArn, arn } = call.authorizer;
	if (call.function === undefined) {
		const refusal = refusals.functionNotFound(functionArn, "nothing is registered there");
		throw noAnswer(refusal, `Function not found: ${functionArn}`, "ResourceNotFoundException");
	}
	if (call.permitted === false) {
		const refusal = refusals.functionNotPermitted(functionArn, arn, arn.split(":")[4] ?? "");
		throw noAnswer(refusal, `AWS IoT is not authorized to invoke ${functionArn}`, "AccessDeniedException");
	}
	const watch = startWatch(call);
	const raw = await invoke(call, call.function, event, confidences);
	call.observe?.({ step: "function-invoked", functionArn, duration: watch() });
	return checkAnswer(raw, confidences);
}

async function invoke(
	call: AuthorizerCall,
	run: AuthorizerFunction,
	event: AuthorizerEvent | TokenEvent,
	confidences: Confidences,
): Promise<unknown> {
	const { timeout = FUNCTION_TIMEOUT } = call;
	try {
		return await run.invoke(event, { timeout });
	} catch (error) {
		const { errorType, errorMessage } = error instanceof FunctionError ? error : wordsOf(error);
		const code = error instanceof FunctionError ? error.code : "function-crashed";
		const type = withoutSecrets(errorType, confidences);
		const message = withoutSecrets(errorMessage, confidences);
		const refusal = {
			"function-not-found": () => refusals.functionNotFound(call.authorizer.functionArn, message),
			"not-a-handler": () => refusals.notAHandler(message),
			"function-threw": () => refusals.functionThrew(type, message),
			"function-timed-out": () => refusals.functionTimedOut(timeout),
			"function-load-timed-out": () => refusals.functionLoadTimedOut(),
			"function-busy": () => refusals.functionBusy(),
			"function-crashed": () => refusals.functionCrashed(type, message),
		}[code]();
		throw noAnswer(refusal, errorMessage, errorType);
	}
}

/** AWS's words for a function that threw; chosen for all else that brings no answer, with what AWS Lambda would say. */
function noAnswer(refusal: Refusal, errorMessage: string, errorType: string): Refused {
	const message = `Lambda function encountered error in execution: ${errorMessage}: ${errorType}`;
	return new Refused(refusal, { type: "InvalidResponseException", message });
}

function checkAnswer(raw: unknown, confidences: Confidences): AuthorizerAnswer {
	try {
		return checkAuthorizerAnswer(raw);
	} catch (error) {
		if (!(error instanceof InvalidAnswerError)) throw error;
		const denied = (raw as { isAuthenticated?: unknown } | null)?.isAuthenticated === false;
		const refusal = refusals.answerInvalid(error.member, withoutSecrets(error.detail, confidences), denied);
		throw new Refused(refusal, { type: "InvalidResponseException", message: error.message });
	}
}

/** A function that tells the milliseconds since now. */
function startWatch({ now = () => performance.now() }: AuthorizerCall): () => number {
	const start = now();
	return () => now() - start;
}
