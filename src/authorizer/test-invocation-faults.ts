/**
 * Requests of TestInvokeAuthorizer whose members do not go together, in AWS's words and in words that help.
 * @module
 */
import type { TestInvocationFault } from "./authorizer-call.js";

export interface RequestFault extends TestInvocationFault {
	/** Stable, kebab-case, one a cause. */
	readonly code: string;
	/** What happened, a sentence. */
	readonly cause: string;
	/** What to do about it, a sentence or two. */
	readonly remedy: string;
}

export const REQUEST_FAULTS = {
	incompletePair: {
		type: "InvalidRequestException",
		message: "Request must provide both token and tokenSignature together.",
		code: "token-pair-incomplete",
		cause: "The request has one of token and tokenSignature.",
		remedy: "Give both, or neither and a context that carries them, such as the username of mqttContext.",
	},
	tokenAndContext: {
		type: "InvalidRequestException",
		message: "Request cannot have token and Http/Mqtt/Tls context.",
		code: "token-and-context",
		cause: "The request has a token and a context besides.",
		remedy: "Put token and signature into the context, as a device sends them, or leave the contexts out.",
	},
	signingDisabled: {
		type: "InvalidRequestException",
		message: "Token and token signature provided but signing is disabled for the authorizer.",
		code: "signing-is-disabled",
		cause: "The request has a token with its signature, and the authorizer has signing disabled.",
		remedy: "Put the token into a context, as a device sends it: mqttContext with username, or httpContext.",
	},
	noContext: {
		type: "InvalidRequestException",
		message: "Request must have Http/Mqtt/Tls context.",
		code: "context-missing",
		cause: "The request has neither a token with its signature nor a context.",
		remedy: "Give token and tokenSignature, or one of httpContext, mqttContext and tlsContext.",
	},
	queryString: {
		type: "InvalidRequestException",
		message: "Invalid arguments in the call",
		code: "query-string-invalid",
		cause: 'The queryString of httpContext does not begin with "?".',
		remedy: 'Write it with its question mark: "?token=abc". A real request reaches the function without it.',
	},
} as const satisfies Record<string, RequestFault>;
