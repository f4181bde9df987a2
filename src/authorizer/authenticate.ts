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

/**
 * Authenticates one connection. Never throws: whatever goes wrong is a refusal.
 */
export async function authenticate(request: AuthenticationRequest): Promise<AuthenticationOutcome> {
	const { authorizer, observe, now = performance.now.bind(performance) } = request;
	if (authorizer.status !== "ACTIVE") return refused(refusals.authorizerInactive(authorizer.name));

	const signature = checkSignature(request, now);
	if ("refusal" in signature) return refused(signature.refusal);
	observe(signature.step);

	const call = await callFunction(request, signature.token, now);
	if ("refusal" in call) return refused(call.refusal);
	observe(call.step);

	const checked = checkAnswer(request, call.raw);
	if ("refusal" in checked) return refused(checked.refusal);
	const { answer } = checked;
	if (!answer.isAuthenticated) return refused(refusals.notAuthenticated(authorizer.name));
	const { principalId, refreshAfterInSeconds, disconnectAfterInSeconds } = answer;
	const policies = answer.policies.length;
	observe({ step: "answer-accepted", principalId, policies, refreshAfterInSeconds, disconnectAfterInSeconds });
	return { authenticated: true, answer };
}

interface Refused {
	readonly refusal: Refusal;
}

function refused(refusal: Refusal): AuthenticationOutcome {
	return { authenticated: false, refusal };
}

/** The token to hand on, undefined where signing is disabled: then the token is a parameter like any other. */
function checkSignature(
	{ authorizer, username, rawUsername }: AuthenticationRequest,
	now: () => number,
): Refused | { readonly step: AuthenticationStep; readonly token: string | undefined } {
	if (authorizer.signingDisabled) return { step: { step: "signing-disabled" }, token: undefined };
	const start = now();
	const { tokenKeyName = "" } = authorizer;
	const token = username.parameters.get(tokenKeyName);
	if (token === undefined || token === "") return { refusal: tokenMissing(tokenKeyName, username) };
	if (username.signature === undefined) return { refusal: refusals.signatureMissing() };
	const queryRest = rawParameterRest(rawUsername, tokenKeyName);
	const result = verifyTokenSignature(authorizer, token, username.signature, queryRest);
	if (result.verified) {
		return { step: { step: "signature-verified", keyName: result.keyName, duration: now() - start }, token };
	}
	const { reason, detail, remedy } = result;
	if (reason === "mismatch") return { refusal: refusals.signatureMismatch(authorizer.name, detail, remedy) };
	return { refusal: refusals.signatureMalformed(detail, remedy) };
}

function tokenMissing(tokenKeyName: string, { username, parameters }: CustomAuthUsername): Refusal {
	const { size } = parameters;
	const other = [...parameters.keys()].find((name) => name.toLowerCase() === tokenKeyName.toLowerCase());
	if (parameters.has(tokenKeyName)) return refusals.tokenMissing(tokenKeyName, "it is there, but empty");
	if (other !== undefined) return refusals.tokenMissing(tokenKeyName, `the username spells it "${other}"`);
	if (size > 0)
		return refusals.tokenMissing(tokenKeyName, `none of the ${size} parameters of the username has that name`);
	const found = username === undefined ? "CONNECT has no username" : "the username has no query";
	return refusals.tokenMissing(tokenKeyName, found);
}

async function callFunction(
	request: AuthenticationRequest,
	token: string | undefined,
	now: () => number,
): Promise<Refused | { readonly step: AuthenticationStep; readonly raw: unknown }> {
	const { authorizer, rawUsername, password, clientId, serverName, connectionId, timeout = FUNCTION_TIMEOUT } = request;
	const { functionArn } = authorizer;
	if (request.function === undefined)
		return { refusal: refusals.functionNotFound(functionArn, "nothing is registered there") };
	const event = buildAuthorizerEvent({ serverName, username: rawUsername, password, clientId, connectionId }, token);
	const start = now();
	try {
		const raw = await request.function.invoke(event, { timeout });
		return { step: { step: "function-invoked", functionArn, duration: now() - start }, raw };
	} catch (error) {
		return { refusal: functionRefusal(error, request, timeout) };
	}
}

function functionRefusal(error: unknown, request: AuthenticationRequest, timeout: number): Refusal {
	const quote = (text: string) => withoutSecrets(text, request.rawUsername, request.password);
	const message = quote(error.errorMessage);
	switch (error.code) {
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

function checkAnswer(request: AuthenticationRequest, raw: unknown): Refused | { readonly answer: AuthorizerAnswer } {
	try {
		return { answer: checkAuthorizerAnswer(raw) };
	} catch (error) {
		const quote = (text: string) => withoutSecrets(text, request.rawUsername, request.password);
		if (error instanceof UnsupportedPolicyElementError)
			return { refusal: refusals.policyUnsupported(quote(error.detail)) };
		if (!(error instanceof InvalidAnswerError)) throw error;
		const denied = (raw as { isAuthenticated?: unknown } | null)?.isAuthenticated === false;
		return { refusal: refusals.answerInvalid(error.member, quote(error.detail), denied) };
	}
}
