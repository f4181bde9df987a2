/**
 * Custom authentication as AWS IoT Core does it: the username's fields, the token's signature, the function and its answer.
 * @module
 */
export { type AuthorizerAnswer, checkAuthorizerAnswer, InvalidAnswerError } from "./answer.js";
export { type AuthenticationOutcome, type AuthenticationRequest, authenticate } from "./authenticate.js";
export type { Authorizer } from "./authorizer.js";
export type { AuthenticationStep } from "./authorizer-call.js";
export { readCustomAuthFields } from "./custom-auth-fields.js";
export { type AuthorizerEvent, buildAuthorizerEvent } from "./event.js";
export { type AuthorizerFunction, FunctionError, type FunctionErrorCode } from "./function.js";
export { locateHandler } from "./handler-name.js";
export { type LambdaEndpointOptions, openLambdaEndpoint } from "./lambda-endpoint.js";
export { type LocalFunctionOptions, openLocalFunction, openPackage } from "./local-function.js";
export { KNOWN_PARAMETERS, NAME_PARAMETER } from "./query.js";
export { type LogReason, type Refusal, type RefusalStep, refusals } from "./refusals.js";
export { type SignatureVerification, verifyTokenSignature } from "./signature.js";
export { InvalidSigningKeyError, validateSigningKey } from "./signing-key.js";
export { type TestInvocation, TestInvocationError, testInvokeAuthorizer } from "./test-invocation.js";
export { type CustomAuthUsername, parseCustomAuthUsername } from "./username.js";
