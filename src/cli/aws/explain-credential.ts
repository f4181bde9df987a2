/**
 * What can be told of a credential on this side: its signature against the registered keys, the username's query, the
 * password's encoding.
 * @module
 */
import type { Authorizer } from "../../authorizer/index.js";
import { printable } from "../../policy/index.js";
import { explainSignature } from "./explain-signature.js";
import { explainLostMark, explainUsername, findSdkSuffix } from "./explain-username.js";
import { bad, type Finding, good, note } from "./finding.js";
import type { DefaultAuthorizer, InvocationInput } from "./invocation.js";

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

/** @param fallback the account's default authorizer, where it was asked for. */
export function explainCredential(
	input: InvocationInput,
	authorizer: Authorizer,
	fallback: DefaultAuthorizer,
): Finding[] {
	const password = explainPassword(input.mqttContext?.password);
	const lostMark = explainLostMark(input, authorizer);
	if (lostMark !== undefined && input.httpContext === undefined) return [lostMark, ...password];
	const spoilt = findSdkSuffix(input, authorizer);
	const asMeant = spoilt?.asMeant ?? input;
	const signature = authorizer.signingDisabled ? [] : explainSignature(asMeant, authorizer);
	return [
		...(lostMark === undefined ? [] : [lostMark]),
		...(spoilt === undefined ? [] : [spoilt.finding]),
		...(spoilt?.spoilsSignature === true ? signature.map(asMeantOnly) : signature),
		...(lostMark === undefined ? explainUsername(asMeant, fallback) : []),
		...password,
	];
}

/** What would be good without the suffix is not, as it is. */
function asMeantOnly(finding: Finding): Finding {
	return finding.verdict === "good" ? note(`${finding.code}-as-meant`, `without it ${finding.text}`) : finding;
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
