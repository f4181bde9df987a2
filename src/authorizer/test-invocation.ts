/**
 * AWS IoT's TestInvokeAuthorizer: asks an authorizer what it would say to a token, or to a connection that is only
 * described (AWS IoT API Reference, "TestInvokeAuthorizer"). Words and rules are those measured on AWS.
 * @module
 */
import type { AuthorizerAnswer } from "./answer.js";
import { type AuthorizerCall, askFunction, Refused, verifyConnection, verifyToken } from "./authorizer-call.js";
import { readCustomAuthFields } from "./custom-auth-fields.js";
import { buildAuthorizerEvent, buildTokenEvent, type ConnectionFacts, type HttpFacts } from "./event.js";
import type { Refusal } from "./refusals.js";
import { REQUEST_FAULTS, type RequestFault } from "./test-invocation-faults.js";

/**
 * A request whose members keep the field constraints of AWS's API (lengths, the pattern of the signature); which of them
 * go together is checked here. A context that is there is tested, also where it is empty.
 */
export interface TestInvocation extends AuthorizerCall {
	/** An INACTIVE one is tested like any other. */
	readonly authorizer: AuthorizerCall["authorizer"];
	readonly token?: string | undefined;
	readonly tokenSignature?: string | undefined;
	/** Letter case of the headers' names is kept; the query string begins with "?". */
	readonly httpContext?: HttpFacts | undefined;
	readonly mqttContext?: ConnectionFacts["mqtt"];
	readonly tlsContext?: ConnectionFacts["tls"];
	/** A lower-case UUID. */
	readonly connectionId: string;
}

/** A test call that has no answer. Its `message` is for people and shows no secrets. */
export class TestInvocationError extends Error {
	override readonly name = "TestInvocationError";
	/** Stable, kebab-case, one a cause. */
	readonly code: string;
	/** AWS's name of the error. */
	readonly type: "InvalidRequestException" | "InvalidResponseException";
	/**
	 * What AWS answers, word for word; null is AWS's null message. It may quote the function's error and so whatever the
	 * function was given: it is for the caller, not for logs.
	 */
	readonly awsMessage: string | null;
	readonly remedy: string;
	/** Why a connection with the same credential would be refused; undefined where only the request is at fault. */
	readonly refusal: Refusal | undefined;

	constructor(fault: RequestFault, refusal?: Refusal) {
		super(fault.cause);
		this.code = fault.code;
		this.type = fault.type;
		this.awsMessage = fault.message;
		this.remedy = fault.remedy;
		this.refusal = refusal;
	}
}

/**
 * Tests an authorizer: signature, function and answer are the real ones.
 * @returns the answer, completed with AWS's defaults; a denial comes back whole.
 * @throws {TestInvocationError}
 */
export async function testInvokeAuthorizer(request: TestInvocation): Promise<AuthorizerAnswer> {
	const { token, tokenSignature } = request;
	try {
		if (token === undefined && tokenSignature === undefined) return await testContext(request);
		return await testToken(request, token, tokenSignature);
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		throw new TestInvocationError({ ...error.refusal, ...error.fault }, error.refusal);
	}
}

function testToken(request: TestInvocation, token: string | undefined, tokenSignature: string | undefined) {
	if (token === undefined || tokenSignature === undefined) throw new TestInvocationError(REQUEST_FAULTS.incompletePair);
	if (hasContext(request)) throw new TestInvocationError(REQUEST_FAULTS.tokenAndContext);
	if (request.authorizer.signingDisabled) throw new TestInvocationError(REQUEST_FAULTS.signingDisabled);
	const verified = verifyToken(request, token, tokenSignature);
	return askFunction(request, buildTokenEvent(verified, request.connectionId), { token, tokenSignature });
}

function testContext(request: TestInvocation): Promise<AuthorizerAnswer> {
	const { httpContext: http, mqttContext: mqtt, tlsContext: tls, connectionId } = request;
	if (!hasContext(request)) throw new TestInvocationError(REQUEST_FAULTS.noContext);
	if (http?.queryString?.startsWith("?") === false) throw new TestInvocationError(REQUEST_FAULTS.queryString);
	const facts = { tls, http, mqtt, connectionId };
	const verified = verifyConnection(request, readCustomAuthFields(facts));
	const confidences = { username: mqtt?.username, password: mqtt?.password, http };
	return askFunction(request, buildAuthorizerEvent(facts, verified), confidences);
}

function hasContext({ httpContext, mqttContext, tlsContext }: TestInvocation): boolean {
	return httpContext !== undefined || mqttContext !== undefined || tlsContext !== undefined;
}
