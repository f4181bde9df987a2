/**
 * TestInvokeAuthorizer: what it takes, and what the function is told.
 * @module
 */
import type { Scenario, Step } from "../scenario.js";
import { ADMISSION, arn, OTHER_PUBLIC_KEY, sign, signByOther, tokenFor } from "../site.js";
import { ADMITTED, tokenInput, told } from "./invocations.js";
import { atLeast, atMost, broken, fails, invalidRequest, notFound, PATTERN, succeeds } from "./steps.js";

const TOKEN = "a token & 100% more";
const SIGNATURE = sign(TOKEN);
const QUERY = `x-amz-customauthorizer-signature=${encodeURIComponent(SIGNATURE)}&token=${encodeURIComponent(TOKEN)}`;
const SIGNATURE_PATTERN = `${PATTERN} [A-Za-z0-9+/]+={0,2}`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Without a name it is the authorizer that wants no signatures. */
function tests(input: object, output: unknown): Step {
	return succeeds("TestInvokeAuthorizer", { authorizerName: "Unsigned", ...input }, output);
}

function refuses(input: object, message: string): Step {
	return fails("TestInvokeAuthorizer", { authorizerName: "Signed", ...input }, invalidRequest(message));
}

function breaks(input: object, member: string, constraint: string, unsent?: string): Step {
	return fails("TestInvokeAuthorizer", { authorizerName: "Unsigned", ...input }, broken([member, constraint]), unsent);
}

function tooShort(member: string): string {
	return `Invalid length for parameter ${member}, value: 0, valid min length: 1`;
}

export const testInvokeScenarios: readonly Scenario[] = [
	{
		title: "a test with a signed token is answered with what the function said, timers completed",
		steps: [succeeds("TestInvokeAuthorizer", tokenInput("Signed", tokenFor(ADMISSION)), ADMITTED)],
	},
	{
		title: "the event of a test with a token has token, signatureVerified and connectionMetadata",
		steps: [
			succeeds("TestInvokeAuthorizer", tokenInput("Signed", TOKEN), told({ token: TOKEN, signatureVerified: true })),
			succeeds(
				"TestInvokeAuthorizer",
				tokenInput("Signed", "Zürich \u{1f511}"),
				told({ token: "Zürich \u{1f511}", signatureVerified: true }),
			),
		],
	},
	{
		title: "an INACTIVE authorizer is tested like any other",
		steps: [
			succeeds(
				"UpdateAuthorizer",
				{ authorizerName: "Signed", status: "INACTIVE" },
				{ authorizerName: "Signed", authorizerArn: arn("iot", "authorizer/Signed") },
			),
			succeeds("TestInvokeAuthorizer", tokenInput("Signed", tokenFor(ADMISSION)), ADMITTED),
		],
	},
	{
		title: "the event of an mqttContext has what the context has, the password in base64",
		steps: [
			tests(
				{ mqttContext: { username: "user?a=b", password: Buffer.from([0, 0xff, 0x62]), clientId: "dev 1/é" } },
				told({
					protocolData: { mqtt: { username: "user?a=b", password: "AP9i", clientId: "dev 1/é" } },
					protocols: ["mqtt"],
					signatureVerified: false,
				}),
			),
			tests(
				{ mqttContext: { username: "user" } },
				told({ protocolData: { mqtt: { username: "user" } }, protocols: ["mqtt"], signatureVerified: false }),
			),
			tests({ mqttContext: {} }, told({ protocolData: { mqtt: {} }, protocols: ["mqtt"], signatureVerified: false })),
		],
	},
	{
		title: "the event of an httpContext keeps the case of headers and the question mark",
		steps: [
			tests(
				{ httpContext: { headers: { "X-Thing": "One", cookie: "a=b" }, queryString: "?a=b&c=d%20e" } },
				told({
					protocolData: { http: { headers: { "X-Thing": "One", cookie: "a=b" }, queryString: "?a=b&c=d%20e" } },
					protocols: ["http"],
					signatureVerified: false,
				}),
			),
			tests(
				{ httpContext: { queryString: "?" } },
				told({ protocolData: { http: { queryString: "?" } }, protocols: ["http"], signatureVerified: false }),
			),
		],
	},
	{
		title: "the event of a tlsContext has the server name",
		steps: [
			tests(
				{ tlsContext: { serverName: "things.example.com" } },
				told({
					protocolData: { tls: { serverName: "things.example.com" } },
					protocols: ["tls"],
					signatureVerified: false,
				}),
			),
		],
	},
	{
		title: "contexts together make one event, its protocols in the order tls, http, mqtt",
		steps: [
			tests(
				{ mqttContext: { clientId: "dev1" }, tlsContext: { serverName: "things.example.com" } },
				told({
					protocolData: { tls: { serverName: "things.example.com" }, mqtt: { clientId: "dev1" } },
					protocols: ["tls", "mqtt"],
					signatureVerified: false,
				}),
			),
			tests(
				{
					httpContext: { headers: { a: "b" } },
					mqttContext: { clientId: "dev1" },
					tlsContext: { serverName: "things.example.com" },
				},
				told({
					protocolData: {
						tls: { serverName: "things.example.com" },
						mqtt: { clientId: "dev1" },
						http: { headers: { a: "b" } },
					},
					protocols: ["tls", "http", "mqtt"],
					signatureVerified: false,
				}),
			),
		],
	},
	{
		title: "a signed authorizer finds token and signature in the MQTT username",
		steps: [
			tests(
				{
					authorizerName: "Signed",
					mqttContext: { username: `user?${QUERY}`, password: Buffer.from("pw"), clientId: "dev1" },
				},
				told({
					protocolData: { mqtt: { username: `user?${QUERY}`, password: base64("pw"), clientId: "dev1" } },
					protocols: ["mqtt"],
					token: TOKEN,
					signatureVerified: true,
				}),
			),
		],
	},
	{
		title: "a signed authorizer finds token and signature in the query string",
		steps: [
			tests(
				{ authorizerName: "Signed", httpContext: { queryString: `?${QUERY}` } },
				told({
					protocolData: { http: { queryString: `?${QUERY}` } },
					protocols: ["http"],
					token: TOKEN,
					signatureVerified: true,
				}),
			),
		],
	},
	{
		title: "a signed authorizer finds token and signature in the headers",
		steps: [
			tests(
				{
					authorizerName: "Signed",
					httpContext: { headers: { "X-Amz-CustomAuthorizer-Signature": SIGNATURE, token: TOKEN } },
				},
				told({
					protocolData: { http: { headers: { "X-Amz-CustomAuthorizer-Signature": SIGNATURE, token: TOKEN } } },
					protocols: ["http"],
					token: TOKEN,
					signatureVerified: true,
				}),
			),
		],
	},
	{
		title: "a signed authorizer refuses a context without token or signature, with a null message",
		steps: [
			refuses({ mqttContext: { username: "user" } }, ""),
			refuses({ mqttContext: { username: `user?token=${encodeURIComponent(TOKEN)}` } }, ""),
			refuses(
				{ httpContext: { queryString: `?x-amz-customauthorizer-signature=${encodeURIComponent(SIGNATURE)}` } },
				"",
			),
			refuses({ tlsContext: { serverName: "things.example.com" } }, ""),
		],
	},
	{
		title: "a signature that does not verify is refused before the function is asked",
		steps: [
			refuses({ token: "another", tokenSignature: SIGNATURE }, "Token signature mismatch for authorizer Signed"),
			refuses({ token: TOKEN, tokenSignature: signByOther(TOKEN) }, "Token signature mismatch for authorizer Signed"),
			refuses({ token: TOKEN, tokenSignature: "AAAA" }, "Token signature mismatch for authorizer Signed"),
			refuses({ mqttContext: { username: `user?${QUERY}x` } }, "Token signature mismatch for authorizer Signed"),
			succeeds(
				"UpdateAuthorizer",
				{ authorizerName: "Signed", authorizerFunctionArn: arn("lambda", "function:Missing") },
				{ authorizerName: "Signed", authorizerArn: arn("iot", "authorizer/Signed") },
			),
			refuses({ token: "another", tokenSignature: SIGNATURE }, "Token signature mismatch for authorizer Signed"),
		],
	},
	{
		title: "while keys are rotated signatures of both verify",
		steps: [
			succeeds(
				"UpdateAuthorizer",
				{ authorizerName: "Signed", tokenSigningPublicKeys: { K2: OTHER_PUBLIC_KEY } },
				{ authorizerName: "Signed", authorizerArn: arn("iot", "authorizer/Signed") },
			),
			tests(
				{ authorizerName: "Signed", token: TOKEN, tokenSignature: SIGNATURE },
				told({ token: TOKEN, signatureVerified: true }),
			),
			tests(
				{ authorizerName: "Signed", token: TOKEN, tokenSignature: signByOther(TOKEN) },
				told({ token: TOKEN, signatureVerified: true }),
			),
			succeeds(
				"UpdateAuthorizer",
				{ authorizerName: "Signed", tokenSigningPublicKeys: { K1: OTHER_PUBLIC_KEY } },
				{ authorizerName: "Signed", authorizerArn: arn("iot", "authorizer/Signed") },
			),
			refuses({ token: TOKEN, tokenSignature: SIGNATURE }, "Token signature mismatch for authorizer Signed"),
		],
	},
	{
		title: "members that do not go together are refused",
		steps: [
			refuses({ token: TOKEN }, "Request must provide both token and tokenSignature together."),
			refuses({ tokenSignature: SIGNATURE }, "Request must provide both token and tokenSignature together."),
			refuses(
				{ authorizerName: "Unsigned", token: TOKEN, tokenSignature: SIGNATURE },
				"Token and token signature provided but signing is disabled for the authorizer.",
			),
			refuses(
				{ token: TOKEN, tokenSignature: SIGNATURE, mqttContext: { username: "user" } },
				"Request cannot have token and Http/Mqtt/Tls context.",
			),
			refuses(
				{ token: TOKEN, tokenSignature: SIGNATURE, httpContext: { queryString: "?a=b" } },
				"Request cannot have token and Http/Mqtt/Tls context.",
			),
			refuses(
				{ token: TOKEN, tokenSignature: SIGNATURE, tlsContext: { serverName: "a" } },
				"Request cannot have token and Http/Mqtt/Tls context.",
			),
			refuses({}, "Request must have Http/Mqtt/Tls context."),
			refuses({ authorizerName: "Unsigned" }, "Request must have Http/Mqtt/Tls context."),
			refuses({ authorizerName: "Unsigned", httpContext: { queryString: "a=b" } }, "Invalid arguments in the call"),
		],
	},
	{
		title: "an authorizer that does not exist is not found",
		steps: [
			fails("TestInvokeAuthorizer", tokenInput("x", TOKEN), notFound("Authorizer x not found")),
			fails("TestInvokeAuthorizer", { authorizerName: "x" }, notFound("Authorizer x not found")),
		],
	},
	{
		title: "members of a test keep their constraints",
		steps: [
			breaks({ authorizerName: "a.b", mqttContext: {} }, "authorizerName", `${PATTERN} [\\w=,@-]+`),
			breaks({ token: "", tokenSignature: SIGNATURE }, "token", atLeast(1), tooShort("token")),
			breaks({ token: "t".repeat(6145), tokenSignature: SIGNATURE }, "token", atMost(6144)),
			breaks({ token: TOKEN, tokenSignature: "not base64!!" }, "tokenSignature", SIGNATURE_PATTERN),
			breaks({ token: TOKEN, tokenSignature: `${SIGNATURE}\n` }, "tokenSignature", SIGNATURE_PATTERN),
			breaks({ token: TOKEN, tokenSignature: "A".repeat(2561) }, "tokenSignature", atMost(2560)),
			breaks(
				{ httpContext: { queryString: "" } },
				"httpContext.queryString",
				atLeast(1),
				tooShort("httpContext.queryString"),
			),
			breaks({ httpContext: { queryString: `?${"a".repeat(4096)}` } }, "httpContext.queryString", atMost(4096)),
			breaks(
				{ httpContext: { headers: { a: "b".repeat(8193) } } },
				"httpContext.headers",
				`Map value must satisfy constraint: [Member must ${atMost(8192)}, Member must ${atLeast(1)}, Member must ${PATTERN} [\\s\\S]*]`,
			),
			breaks({ mqttContext: { username: "u".repeat(65_536) } }, "mqttContext.username", atMost(65_535)),
			breaks({ mqttContext: { clientId: "c".repeat(65_536) } }, "mqttContext.clientId", atMost(65_535)),
			breaks({ mqttContext: { password: Buffer.alloc(65_536) } }, "mqttContext.password", atMost(65_535)),
			breaks({ mqttContext: { password: Buffer.alloc(0) } }, "mqttContext.password", atLeast(1)),
			breaks({ tlsContext: { serverName: "s".repeat(254) } }, "tlsContext.serverName", atMost(253)),
			fails(
				"TestInvokeAuthorizer",
				{ authorizerName: "Signed", token: "t".repeat(6145), tokenSignature: "no base64" },
				broken(["token", atMost(6144)], ["tokenSignature", SIGNATURE_PATTERN]),
			),
		],
	},
	{
		title: "members of a test reach their bounds",
		steps: [
			tests(
				{ mqttContext: { clientId: "c".repeat(1000) }, tlsContext: { serverName: "s".repeat(253) } },
				told({
					protocolData: { tls: { serverName: "s".repeat(253) }, mqtt: { clientId: "c".repeat(1000) } },
					protocols: ["tls", "mqtt"],
					signatureVerified: false,
				}),
			),
			succeeds("TestInvokeAuthorizer", tokenInput("Signed", tokenFor(ADMISSION).padEnd(6144)), ADMITTED),
		],
	},
];
