/**
 * What can be told of a credential without asking anybody: its signature against the registered keys, the username's query,
 * the password's encoding.
 * @module
 */
import {
	type Authorizer,
	type CustomAuthUsername,
	InvalidSigningKeyError,
	parseCustomAuthUsername,
	verifyTokenSignature,
} from "../../authorizer/index.js";
import { printable } from "../../policy/index.js";
import { bad, type Finding, good, note } from "./finding.js";
import type { InvocationInput } from "./invocation.js";

export function explainAuthorizer({ name, status, signingDisabled }: Authorizer): Finding[] {
	return [
		status === "ACTIVE"
			? good("authorizer-active", `the authorizer ${printable(name)} is ACTIVE`)
			: bad(
					"authorizer-inactive",
					`the authorizer ${printable(name)} is INACTIVE: a test call works, a CONNECT is refused`,
					`aws iot update-authorizer --authorizer-name ${printable(name)} --status ACTIVE`,
				),
		...(signingDisabled ? [note("signing-disabled", "signing is disabled: the function alone judges")] : []),
	];
}

export function explainCredential(input: InvocationInput, authorizer: Authorizer): Finding[] {
	return [
		...(authorizer.signingDisabled ? [] : explainSignature(input, authorizer)),
		...explainUsername(input),
		...explainPassword(input.mqttContext?.password),
	];
}

interface SignedToken {
	readonly token?: string | undefined;
	readonly signature?: string | undefined;
	/** Raw text from the token to the end of the query, where an unencoded token's rest shows. */
	readonly queryRest?: string | undefined;
}

function explainSignature(input: InvocationInput, authorizer: Authorizer): Finding[] {
	const { token, signature, queryRest } = findToken(input, authorizer.tokenKeyName ?? "");
	if (token === undefined) {
		const key = printable(authorizer.tokenKeyName ?? "?");
		return [
			bad(
				"token-missing",
				`the authorizer wants a signed token, and there is none named ${key}`,
				`add ${key}=<URL-encoded token>; upper and lower case count`,
			),
		];
	}
	if (signature === undefined)
		return [
			bad(
				"signature-missing",
				"the token comes without a signature, and signing is enabled for the authorizer",
				"add x-amz-customauthorizer-signature=<URL-encoded base64 signature>",
			),
		];
	try {
		const verification = verifyTokenSignature(authorizer, token, signature, queryRest);
		if (verification.verified)
			return [
				good("signature-verified", `the token's signature verifies with the key ${printable(verification.keyName)}`),
			];
		return [
			bad(
				`signature-${verification.diagnosis}`,
				`the token's signature does not verify: ${verification.detail}`,
				verification.remedy,
			),
		];
	} catch (error) {
		if (!(error instanceof InvalidSigningKeyError)) throw error;
		return [note("key-unreadable", `a registered signing key cannot be read here: ${error.message}`)];
	}
}

/** Where AWS looks for token and signature: the options, the MQTT username's query, HTTP headers or query. */
function findToken({ token, tokenSignature, mqttContext, httpContext }: InvocationInput, key: string): SignedToken {
	if (token !== undefined || tokenSignature !== undefined) return { token, signature: tokenSignature };
	const { username } = mqttContext ?? {};
	const fromMqtt = inQuery(username, key);
	if (fromMqtt.token !== undefined || fromMqtt.signature !== undefined) return fromMqtt;
	const headers = new Map(
		Object.entries(httpContext?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
	);
	const fromQuery = inQuery(httpContext?.queryString, key);
	return {
		token: headers.get(key.toLowerCase()) ?? fromQuery.token,
		signature: headers.get("x-amz-customauthorizer-signature") ?? fromQuery.signature,
		queryRest: fromQuery.queryRest,
	};
}

function inQuery(text: string | undefined, key: string): SignedToken {
	const { parameters, signature } = parseCustomAuthUsername(text);
	const start = Math.max(text?.indexOf(`?${key}=`) ?? -1, text?.indexOf(`&${key}=`) ?? -1);
	return {
		token: parameters.get(key),
		signature,
		queryRest: start < 0 ? undefined : text?.slice(start + key.length + 2),
	};
}

function explainUsername({ authorizerName, mqttContext }: InvocationInput): Finding[] {
	const { username } = mqttContext ?? {};
	if (username === undefined) return [];
	const parsed = parseCustomAuthUsername(username);
	return [
		...parsed.warnings.map((text) => note("username-query", `the username: ${text}`)),
		...namedAuthorizer(parsed, authorizerName),
	];
}

function namedAuthorizer({ authorizerName: named }: CustomAuthUsername, asked: string): Finding[] {
	if (named === undefined)
		return [
			note(
				"default-authorizer",
				`the username names no authorizer: a CONNECT goes to the default one, the test call went to ${printable(asked)}`,
			),
		];
	if (named === asked) return [];
	return [
		bad(
			"other-authorizer",
			`the username names the authorizer ${printable(named)}, the test call ${printable(asked)}: a CONNECT goes to the one in the username`,
			"name the same in both",
		),
	];
}

/** Printable text in any script, line ends included. */
const TEXT = /^[\P{Cc}\s]*$/u;

function explainPassword(password: Uint8Array | undefined): Finding[] {
	if (password === undefined) return [];
	const text = textOf(password);
	if (text === undefined)
		return [
			note(
				"password-binary",
				`the password is ${password.length} bytes that are no text; plain text on the command line wants --cli-binary-format raw-in-base64-out`,
			),
		];
	// Short words such as "test" are base64 by chance; padding or length make it likely that it is meant.
	const likely = /^(?:[A-Za-z0-9+/]{4})+$/.test(text.replace(/={1,2}$/, (padding) => "AA".slice(0, padding.length)));
	const inner = likely && (text.endsWith("=") || text.length >= 16) ? textOf(Buffer.from(text, "base64")) : undefined;
	if (inner === undefined) return [];
	return [
		note(
			"password-encoded-twice",
			"the password that the function sees is itself base64 text: it was probably encoded twice",
			"give it as base64 once (version 2 of the AWS CLI), or as plain text (version 1, and raw-in-base64-out)",
		),
	];
}

function textOf(bytes: Uint8Array): string | undefined {
	try {
		const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
		return TEXT.test(text) ? text : undefined;
	} catch {
		return undefined;
	}
}
