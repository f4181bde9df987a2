/**
 * Custom authentication of one connection: an ACTIVE authorizer, its signature, its function, an answer that admits.
 * @module
 */
import type { AuthorizerAnswer } from "./answer.js";
import { type AuthorizerCall, askFunction, Refused, verifyConnection } from "./authorizer-call.js";
import { readCustomAuthFields } from "./custom-auth-fields.js";
import { buildAuthorizerEvent, type ConnectionFacts, type HttpFacts } from "./event.js";
import { type Refusal, refusals } from "./refusals.js";

export type AuthenticationOutcome =
	| { readonly authenticated: true; readonly answer: AuthorizerAnswer }
	| { readonly authenticated: false; readonly refusal: Refusal };

export interface AuthenticationRequest extends AuthorizerCall {
	/** CONNECT username as it came. */
	readonly username?: string | undefined;
	readonly password?: Uint8Array | undefined;
	/** Absent where the device sent none. */
	readonly clientId?: string | undefined;
	/** TLS server name. */
	readonly serverName?: string | undefined;
	/** The upgrade of a WebSocket that carries the MQTT connection. */
	readonly http?: HttpFacts | undefined;
	/** A lower-case UUID. */
	readonly connectionId: string;
}

/** Authenticates one connection. A refusal is an outcome, not an error. */
export async function authenticate(request: AuthenticationRequest): Promise<AuthenticationOutcome> {
	try {
		return await admit(request);
	} catch (error) {
		if (error instanceof Refused) return { authenticated: false, refusal: error.refusal };
		throw error;
	}
}

async function admit(request: AuthenticationRequest): Promise<AuthenticationOutcome> {
	const { authorizer, http, observe } = request;
	if (authorizer.status !== "ACTIVE") {
		return { authenticated: false, refusal: refusals.authorizerInactive(authorizer.name) };
	}
	const facts = factsOf(request);
	const token = verifyConnection(request, readCustomAuthFields(facts));
	const confidences = { username: request.username, password: request.password, http };
	const answer = await askFunction(request, buildAuthorizerEvent(facts, token), confidences);
	if (!answer.isAuthenticated) {
		return { authenticated: false, refusal: refusals.notAuthenticated(authorizer.name) };
	}
	const { principalId, refreshAfterInSeconds, disconnectAfterInSeconds } = answer;
	const policies = answer.policies.length;
	observe?.({ step: "answer-accepted", principalId, policies, refreshAfterInSeconds, disconnectAfterInSeconds });
	return { authenticated: true, answer };
}

function factsOf(request: AuthenticationRequest): ConnectionFacts {
	const { username, password, clientId, serverName, http, connectionId } = request;
	return {
		tls: serverName === undefined ? undefined : { serverName },
		http,
		mqtt: { username, password, clientId },
		connectionId,
	};
}
