/**
 * Custom authentication of one connection, in AWS's order: authorizer, signature, function, answer.
 * A signature that does not verify ends it before the function runs (AWS IoT Core Developer Guide, "Custom authentication workflow").
 * @module
 */
import { UnsupportedPolicyElementError } from "../policy/index.js";
import { type AuthorizerAnswer, checkAuthorizerAnswer, InvalidAnswerError } from "./answer.js";
import type { Authorizer } from "./authorizer.js";
import { buildAuthorizerEvent } from "./event.js";
import { type AuthorizerFunction, FUNCTION_TIMEOUT, FunctionError } from "./function.js";
import { type Refusal, refusals } from "./refusals.js";
import { secretsOf, withoutSecrets } from "./secrets.js";
import { verifyTokenSignature } from "./signature.js";
import type { CustomAuthUsername } from "./username.js";

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
