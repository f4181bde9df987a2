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
	readCustomAuthFields,
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

function explainSignature(input: InvocationInput, authorizer: Authorizer): Finding[] {
	const { tokenKeyName = "" } = authorizer;
	const { place, signature } = findToken(input, tokenKeyName);
	if (place.token === undefined) {
		const key = printable(tokenKeyName);
		return [
			bad(
				"token-missing",
				`the authorizer wants a signed token in the parameter ${key}; ${printable(place.found)}`,
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
		const verification = verifyTokenSignature(authorizer, place.token, signature, place.queryRest);
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

/** Token and signature of the options, or where the gateway finds them in a context. */
function findToken({ token, tokenSignature, mqttContext: mqtt, httpContext: http }: InvocationInput, key: string) {
	if (token !== undefined) return { place: { token, queryRest: undefined }, signature: tokenSignature };
	if (tokenSignature !== undefined) return { place: { found: "the call has a signature alone" }, signature: undefined };
	const fields = readCustomAuthFields({ mqtt, http });
	return { place: fields.token(key), signature: fields.signature };
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
