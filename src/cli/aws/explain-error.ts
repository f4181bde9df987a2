/**
 * AWS's error messages and what is behind them.
 * @module
 */
import { type Authorizer, refusals } from "../../authorizer/index.js";
import type { AwsError } from "./call.js";
import { bad, type Finding } from "./finding.js";

interface KnownError {
	readonly code: string;
	/** Found in the message, or where there is none in the name. */
	readonly sign: RegExp;
	readonly cause: string;
	readonly remedy: string | Remedy;
	/** Whether an InvalidRequestException of this kind is a verdict on the credential, not on the call. */
	readonly refusesCredential?: true;
}

/**
 * @param found the groups of {@link KnownError.sign}.
 * @param authorizer undefined where it could not be looked at.
 */
type Remedy = (found: readonly string[], authorizer: Authorizer | undefined) => string;

/** AWS's name where it sends no message at all. */
const NO_MESSAGE = "InvalidRequestException without a message";

const FUNCTION_ANSWER =
	"the function's answer breaks a rule of AWS IoT; on a CONNECT the device is refused without a word";

/** Captured as a group; narrow, since a function may throw any text and a command to copy is made of it. */
const LAMBDA_ARN = "(arn:aws[a-z-]*:lambda:[a-z0-9-]+:\\d{12}:function:[\\w-]+(?::[\\w$-]+)?)";

/** In the words of AWS IoT; the first that fits is told. */
const KNOWN_ERRORS: readonly KnownError[] = [
	{
		code: "authorizer-not-found",
		sign: /^Authorizer .* not found$/,
		cause: "there is no authorizer of this name in this account and region",
		remedy: "compare the name (upper and lower case count), the region and the account: aws iot list-authorizers",
	},
	{
		code: "half-a-token",
		sign: /both token and tokenSignature together/,
		cause: "token mode wants --token and --token-signature, both",
		remedy(_, authorizer) {
			if (authorizer === undefined) return "give both; where signing is disabled neither, and the token in a context";
			return authorizer.signingDisabled
				? "signing is disabled for the authorizer: give neither, and the token in --mqtt-context or --http-context"
				: "give both, each as it is and not URL-encoded; latchkey sign makes the signature";
		},
	},
	{
		code: "signing-is-disabled",
		sign: /signing is disabled for the authorizer/,
		cause: "an authorizer with signing disabled takes no signed token; its token is one more parameter of a context",
		remedy: "use --mqtt-context or --http-context in place of --token and --token-signature",
	},
	{
		code: "token-and-context",
		sign: /cannot have token and Http\/Mqtt\/Tls context/,
		cause: "token mode and contexts exclude each other",
		remedy: "put token and signature into the context: for MQTT into the query of the username",
	},
	{
		code: "nothing-given",
		sign: /must have Http\/Mqtt\/Tls context/,
		cause: "the call holds neither a token nor a context",
		remedy: "add --token and --token-signature, or --mqtt-context",
	},
	{
		code: "query-without-mark",
		sign: /^Invalid arguments in the call$/,
		cause: "httpContext.queryString does not begin with a question mark",
		remedy: "write queryString=?name=value",
	},
	{
		code: "signature-mismatch",
		sign: /^Token signature mismatch for authorizer/,
		cause: "no registered key verifies the token's signature; the function was not called",
		remedy: "sign exactly the token that is sent, with the private key of a registered public key: latchkey sign",
		refusesCredential: true,
	},
	{
		code: "token-missing",
		sign: new RegExp(NO_MESSAGE),
		cause: "AWS sends this without a message where a signed authorizer gets a context without token or signature",
		remedy:
			"put <token key name> and x-amz-customauthorizer-signature into the query of the username, or into the headers",
		refusesCredential: true,
	},
	{
		code: "signature-malformed",
		sign: /^1 validation error detected: Value .*at 'tokenSignature' failed to satisfy constraint/s,
		cause: "the signature is not the base64 of a signature, or too long",
		remedy: "give base64 in one line, neither URL-encoded nor with line ends: latchkey sign --only signature",
		refusesCredential: true,
	},
	{
		code: "answer-not-an-answer",
		sign: /^Lambda invocation result is in invalid format/,
		cause: "the function's answer is no JSON object with a boolean isAuthenticated",
		remedy: "return an object, not its JSON text, and isAuthenticated as true or false",
	},
	{
		code: "principal-id-invalid",
		sign: / at principalId failed to satisfy constraint/,
		cause: `principalId is missing or not 1 to 128 letters and digits: ${FUNCTION_ANSWER}`,
		remedy: "return letters and digits only, no hyphen and no dot, on a denial too",
	},
	{
		code: "policies-missing",
		sign: /List of policies cannot be null|Number of policies allowed cannot exceed/,
		cause: `policyDocuments is missing or holds more than 10: ${FUNCTION_ANSWER}`,
		remedy: "return a list of 1 to 10 policies, on a denial too",
	},
	{
		code: "policy-invalid",
		sign: /Policy document is Malformed|Size of a policy document/,
		cause: `a policy of the answer cannot be read or is too long: ${FUNCTION_ANSWER}`,
		remedy:
			"look for a Resource that is a list written as text, for a Version with blanks, and for more than 2048 characters",
	},
	{
		code: "timer-invalid",
		sign: /AfterInSeconds failed to satisfy constraint/,
		cause: `a timer is out of bounds: ${FUNCTION_ANSWER}`,
		remedy: "return 300 to 86400 seconds, on a denial too",
	},
	{
		code: "function-not-permitted",
		sign: new RegExp(`AWS IoT is not authorized to invoke ${LAMBDA_ARN}: AccessDeniedException$`),
		cause: "the function's resource policy has no statement that lets AWS IoT call it for this authorizer",
		remedy: ([functionArn = ""], { arn = "" }: Partial<Authorizer> = {}) =>
			arn === ""
				? "add it with aws lambda add-permission: principal iot.amazonaws.com, source ARN that of the authorizer"
				: refusals.functionNotPermitted(functionArn, arn, arn.split(":")[4] ?? "").remedy,
	},
	{
		code: "function-not-found",
		sign: new RegExp(`Function not found: ${LAMBDA_ARN}`),
		cause: "the authorizer names a function that does not exist",
		remedy:
			"create the function, or name one that exists: aws iot update-authorizer --authorizer-function-arn; region, account and alias count",
	},
	{
		code: "function-failed",
		sign: /^Lambda function encountered error in execution/,
		cause: "the function threw, ended its process, or did not answer in time",
		remedy: "see in what it logged; to refuse a client return isAuthenticated false instead of throwing",
	},
	{
		code: "field-constraint",
		sign: /validation errors? detected/,
		cause: "a field of the request breaks AWS's pattern or length",
		remedy: "compare the field that is named with the API reference of the operation",
	},
	{
		code: "not-permitted",
		sign: /^(AccessDenied|Unauthorized)/,
		cause: "the credentials may not call this operation",
		remedy:
			"allow iot:TestInvokeAuthorizer, iot:TestAuthorization, iot:DescribeAuthorizer, iot:DescribeDefaultAuthorizer, iot:DescribeEndpoint, iot:ListDomainConfigurations and iot:DescribeDomainConfiguration to them",
	},
	{
		code: "credentials-refused",
		sign: /^(UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|ExpiredToken|InvalidClientToken|MissingAuthentication|IncompleteSignature)/,
		cause: "the service does not accept the credentials that the request was signed with",
		remedy: "check --profile, the keys in the environment, and the clock of this machine",
	},
	{
		code: "throttled",
		sign: /^Throttling/,
		cause: "too many calls: AWS takes 10 a second",
		remedy: "wait and try again",
	},
];

/**
 * Cause and remedy of a known error; nothing for others.
 * @param authorizer that was tested, where it is known.
 */
export function explainAwsError(error: AwsError, authorizer?: Authorizer): Finding[] {
	const known = knownError(error);
	if (known === undefined) return [];
	const { code, cause, remedy, sign } = known;
	const found = sign.exec(saidBy(error))?.slice(1) ?? [];
	return [bad(code, cause, typeof remedy === "string" ? remedy : remedy(found, authorizer))];
}

/**
 * Whether an error of TestInvokeAuthorizer is a verdict on the credential: the function's answer was none, or token and
 * signature do not fit. All others (credentials of the caller, throttling, a wrong name, a wrong call) say nothing of it.
 */
export function refusesCredential(error: AwsError): boolean {
	if (error.name === "InvalidResponseException") return true;
	return error.name === "InvalidRequestException" && knownError(error)?.refusesCredential === true;
}

function knownError(error: AwsError): KnownError | undefined {
	const said = saidBy(error);
	return KNOWN_ERRORS.find(({ sign }) => sign.test(said)) ?? KNOWN_ERRORS.find(({ sign }) => sign.test(error.name));
}

function saidBy({ name, message }: AwsError): string {
	return message ?? `${name} without a message`;
}
