/**
 * `test-invoke-authorizer --explain`: why the answer is what it is, worked out on this side, so that it holds for AWS as well.
 * @module
 */
import type { Authorizer } from "../../authorizer/index.js";
import { printable } from "../../policy/index.js";
import type { AwsError } from "./call.js";
import { explainAuthorizer, explainCredential } from "./explain-credential.js";
import { explainAwsError } from "./explain-error.js";
import { bad, type Finding, good, note } from "./finding.js";
import type { Invocation, InvocationAnswer } from "./invocation.js";
import { explainConnect, explainReach, readPolicies, scopeOf } from "./policy-reach.js";

export function explainInvocation(invocation: Invocation): Finding[] {
	const { input, result, authorizer, defaultAuthorizer, clientId } = invocation;
	const known =
		authorizer.answer === undefined
			? [
					note(
						"authorizer-unknown",
						`the authorizer cannot be looked at: DescribeAuthorizer gives ${authorizer.error.name}`,
					),
				]
			: [...explainAuthorizer(authorizer.answer), ...explainCredential(input, authorizer.answer, defaultAuthorizer)];
	return [
		...known,
		...explainClientId(clientId),
		...(result.answer === undefined
			? explainError(result.error, authorizer.answer, known)
			: explainAnswer(invocation, result.answer)),
	];
}

/** Errors that say less than what was found out of the credential. */
const OF_CREDENTIAL: ReadonlySet<string> = new Set(["signature-malformed", "signature-mismatch", "token-missing"]);

function explainError(error: AwsError, authorizer: Authorizer | undefined, known: readonly Finding[]): Finding[] {
	const explained = explainAwsError(error, authorizer);
	const isFound = known.some(({ verdict, code }) => verdict === "bad" && /^(signature|token|sdk|username)-/.test(code));
	return isFound ? explained.filter(({ code }) => !OF_CREDENTIAL.has(code)) : explained;
}

/** UTF-8 bytes of a client id that AWS IoT Core takes (AWS General Reference, "AWS IoT Core endpoints and quotas"). */
const CLIENT_ID_BYTES = 128;

function explainClientId(clientId = ""): Finding[] {
	const bytes = Buffer.byteLength(clientId);
	const findings: Finding[] = [];
	if (clientId.startsWith("$"))
		findings.push(
			bad(
				"client-id-reserved",
				"the client id begins with $, which AWS IoT keeps for itself: a CONNECT is refused (0x85)",
				"choose one that begins otherwise",
			),
		);
	if (bytes > CLIENT_ID_BYTES)
		findings.push(
			bad(
				"client-id-too-long",
				`the client id has ${bytes} bytes, AWS IoT takes ${CLIENT_ID_BYTES}: a CONNECT is refused (0x85)`,
				"shorten it",
			),
		);
	return findings;
}

function explainAnswer(invocation: Invocation, answer: InvocationAnswer): Finding[] {
	if (answer.isAuthenticated !== true)
		return [
			bad(
				"not-authenticated",
				"the function answered isAuthenticated false: a CONNECT is refused",
				"see in the function, and in what it logged, why it does not accept this credential",
			),
		];
	const who = printable(answer.principalId ?? "nobody");
	return [
		good("authenticated", `the function lets it in as ${who}`),
		...explainPolicies(invocation, answer),
		...explainTimers(answer),
	];
}

function explainPolicies(invocation: Invocation, { policyDocuments = [] }: InvocationAnswer): Finding[] {
	if (policyDocuments.length === 0)
		return [
			bad(
				"no-policies",
				"the answer holds no policy: a test call takes that, a CONNECT is refused, since nothing allows iot:Connect",
				"return a policy that allows iot:Connect on client/<client id>",
			),
		];
	const { policies, texts, findings } = readPolicies(
		policyDocuments.map((document, index) => [`policy ${index + 1}`, document] as const),
	);
	const { clientId, input, authorizer } = invocation;
	const scope = scopeOf(authorizer.answer?.arn ?? "");
	if (clientId === undefined)
		return [
			...findings,
			note(
				"client-id-unknown",
				"whether the policies let the device connect depends on its client id",
				"add --client-id, or clientId to the MQTT context",
			),
			...explainReach(texts),
		];
	if (scope === undefined)
		return [
			...findings,
			note("account-unknown", "region and account are not known, so iot:Connect is not judged"),
			...explainReach(texts),
		];
	const context = { "iot:ClientId": clientId, "iot:DomainName": input.tlsContext?.serverName };
	return [...findings, ...explainConnect(policies, { clientId, scope, context }), ...explainReach(texts)];
}

function explainTimers({ refreshAfterInSeconds, disconnectAfterInSeconds }: InvocationAnswer): Finding[] {
	const refresh =
		refreshAfterInSeconds === undefined
			? []
			: [`the function is called again after ${duration(refreshAfterInSeconds)}`];
	const end =
		disconnectAfterInSeconds === undefined
			? []
			: [`the connection ends after ${duration(disconnectAfterInSeconds)}, whatever was refreshed`];
	const text = [...refresh, ...end].join("; ");
	return text === "" ? [] : [note("timers", text)];
}

/** `5 min`, `24 h`, `301 s`. */
function duration(seconds: number): string {
	if (seconds > 0 && seconds % 3600 === 0) return `${seconds / 3600} h`;
	return seconds > 0 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
