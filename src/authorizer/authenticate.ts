/**
 * Custom authentication of one connection, in AWS's order: authorizer, signature, function, answer.
 * A signature that does not verify ends it before the function runs (AWS IoT Core Developer Guide, "Custom authentication workflow").
 * @module
 */
import { UnsupportedPolicyElementError } from "../policy/index.js";
import { type AuthorizerAnswer, checkAuthorizerAnswer, InvalidAnswerError } from "./answer.js";
import type { Authorizer } from "./authorizer.js";
import { buildAuthorizerEvent } from "./event.js";
import { type AuthorizerFunction, FUNCTION_TIMEOUT, FunctionError, wordsOf } from "./function.js";
import { type Refusal, refusals } from "./refusals.js";
import { withoutSecrets } from "./secrets.js";
import { verifyTokenSignature } from "./signature.js";
import { type CustomAuthUsername, rawParameterRest } from "./username.js";

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

export type AuthenticationOutcome =
	| { readonly authenticated: true; readonly answer: AuthorizerAnswer }
	| { readonly authenticated: false; readonly refusal: Refusal };

export interface AuthenticationRequest {
	readonly authorizer: Authorizer;
	/** Undefined where nothing is registered under the authorizer's function ARN. */
	readonly function: AuthorizerFunction | undefined;
	readonly username: CustomAuthUsername;
	/** CONNECT username as it came, for the function's event and the diagnosis of signatures. */
	readonly rawUsername?: string | undefined;
	readonly password?: Uint8Array | undefined;
	/** Absent where the device sent none. */
	readonly clientId?: string | undefined;
	/** TLS server name. */
	readonly serverName?: string | undefined;
	/** A lower-case UUID. */
	readonly connectionId: string;
	/** Milliseconds for the function; AWS's 5000 unless said otherwise. */
	readonly timeout?: number;
	/** Milliseconds since some fixed moment; `performance.now` unless said otherwise. */
	readonly now?: () => number;
	/** Told of each step when it is done. */
	readonly observe: (step: AuthenticationStep) => void;
}

/** Ends the way of a connection; what goes wrong is always one of these. */
class Refused extends Error {
	readonly refusal: Refusal;

	constructor(refusal: Refusal) {
		super(refusal.cause);
		this.refusal = refusal;
	}
}

/** Authenticates one connection. A refusal is an outcome, not an error. */
export async function authenticate(request: AuthenticationRequest): Promise<AuthenticationOutcome> {
	try {
		return { authenticated: true, answer: await admit(request) };
	} catch (error) {
		if (error instanceof Refused) return { authenticated: false, refusal: error.refusal };
		throw error;
	}
}

async function admit(request: AuthenticationRequest): Promise<AuthorizerAnswer> {
	const { authorizer, observe } = request;
	if (authorizer.status !== "ACTIVE") throw new Refused(refusals.authorizerInactive(authorizer.name));
	const token = checkSignature(request);
	const answer = checkAnswer(request, await callFunction(request, token));
	if (!answer.isAuthenticated) throw new Refused(refusals.notAuthenticated(authorizer.name));
	const { principalId, refreshAfterInSeconds, disconnectAfterInSeconds } = answer;
	const policies = answer.policies.length;
	observe({ step: "answer-accepted", principalId, policies, refreshAfterInSeconds, disconnectAfterInSeconds });
	return answer;
}

/** The verified token; undefined where signing is disabled, for then the token is a parameter like any other. */
function checkSignature(request: AuthenticationRequest): string | undefined {
	const { authorizer, username, rawUsername, observe } = request;
	if (authorizer.signingDisabled) {
		observe({ step: "signing-disabled" });
		return undefined;
	}
	const watch = startWatch(request);
	const { tokenKeyName = "" } = authorizer;
	const token = username.parameters.get(tokenKeyName);
	if (token === undefined || token === "") throw new Refused(tokenMissing(tokenKeyName, username));
	if (username.signature === undefined) throw new Refused(refusals.signatureMissing());
	const queryRest = rawParameterRest(rawUsername, tokenKeyName);
	const result = verifyTokenSignature(authorizer, token, username.signature, queryRest);
	if (!result.verified) {
		const { reason, detail, remedy } = result;
		throw new Refused(
			reason === "mismatch"
				? refusals.signatureMismatch(authorizer.name, detail, remedy)
				: refusals.signatureMalformed(detail, remedy),
		);
	}
	observe({ step: "signature-verified", keyName: result.keyName, duration: watch() });
	return token;
}

function tokenMissing(tokenKeyName: string, username: CustomAuthUsername): Refusal {
	return refusals.tokenMissing(tokenKeyName, foundInPlace(tokenKeyName, username));
}

/** What a username has in place of a token. */
function foundInPlace(tokenKeyName: string, { username, parameters }: CustomAuthUsername): string {
	if (username === undefined) return "CONNECT has no username";
	if (parameters.size === 0) return "the username has no query";
	if (parameters.has(tokenKeyName)) return "it is there, but empty";
	const spelled = [...parameters.keys()].find((name) => name.toLowerCase() === tokenKeyName.toLowerCase());
	if (spelled !== undefined) return `the username spells it "${spelled}"`;
	return `none of the ${parameters.size} parameters of the username has that name`;
}

async function callFunction(request: AuthenticationRequest, token: string | undefined): Promise<unknown> {
	const { authorizer, rawUsername, password, clientId, serverName, connectionId, observe } = request;
	const { functionArn } = authorizer;
	const { timeout = FUNCTION_TIMEOUT } = request;
	if (request.function === undefined) {
		throw new Refused(refusals.functionNotFound(functionArn, "nothing is registered there"));
	}
	const event = buildAuthorizerEvent({ serverName, username: rawUsername, password, clientId, connectionId }, token);
	const watch = startWatch(request);
	const raw = await request.function.invoke(event, { timeout }).catch((error: unknown) => {
		throw new Refused(functionRefusal(error, request, timeout));
	});
	observe({ step: "function-invoked", functionArn, duration: watch() });
	return raw;
}

function functionRefusal(error: unknown, request: AuthenticationRequest, timeout: number): Refusal {
	const { errorType, errorMessage } = error instanceof FunctionError ? error : wordsOf(error);
	const message = confidential(errorMessage, request);
	switch (error instanceof FunctionError ? error.code : "function-crashed") {
		case "function-not-found":
			return refusals.functionNotFound(request.authorizer.functionArn, message);
		case "not-a-handler":
			return refusals.notAHandler(message);
		case "function-threw":
			return refusals.functionThrew(errorType, message);
		case "function-timed-out":
			return refusals.functionTimedOut(timeout);
		case "function-crashed":
			return refusals.functionCrashed(errorType, message);
	}
}

function checkAnswer(request: AuthenticationRequest, raw: unknown): AuthorizerAnswer {
	try {
		return checkAuthorizerAnswer(raw);
	} catch (error) {
		if (error instanceof UnsupportedPolicyElementError) {
			throw new Refused(refusals.policyUnsupported(confidential(error.detail, request)));
		}
		if (!(error instanceof InvalidAnswerError)) throw error;
		const denied = (raw as { isAuthenticated?: unknown } | null)?.isAuthenticated === false;
		throw new Refused(refusals.answerInvalid(error.member, confidential(error.detail, request), denied));
	}
}

/** Somebody else's words without what this client sent in confidence. */
function confidential(text: string, { rawUsername, password }: AuthenticationRequest): string {
	return withoutSecrets(text, rawUsername, password);
}

/** A function that tells the milliseconds since now. */
function startWatch({ now = () => performance.now() }: AuthenticationRequest): () => number {
	const start = now();
	return () => now() - start;
}
