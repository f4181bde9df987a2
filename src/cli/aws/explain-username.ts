/**
 * The username of an MQTT context: what a CONNECT would make of its query, and which authorizer it would go to.
 * @module
 */
import {
	type Authorizer,
	type CustomAuthUsername,
	NAME_PARAMETER,
	parseCustomAuthUsername,
} from "../../authorizer/index.js";
import { printable } from "../../policy/index.js";
import { bad, type Finding, good, note } from "./finding.js";
import type { DefaultAuthorizer, InvocationInput } from "./invocation.js";

export function explainUsername(
	{ authorizerName, mqttContext }: InvocationInput,
	fallback: DefaultAuthorizer,
): Finding[] {
	const { username } = mqttContext ?? {};
	if (username === undefined) return [];
	const parsed = parseCustomAuthUsername(username);
	return [
		...parsed.warnings.map((text) => note("username-query", `the username: ${text}`)),
		...namedAuthorizer(parsed, authorizerName, fallback),
	];
}

/** Whether a CONNECT with this username, or with none, goes to the default authorizer. */
export function leavesAuthorizerOut({ mqttContext }: InvocationInput): boolean {
	return mqttContext !== undefined && parseCustomAuthUsername(mqttContext.username).authorizerName === undefined;
}

function namedAuthorizer(
	{ authorizerName: named }: CustomAuthUsername,
	asked: string,
	fallback: DefaultAuthorizer,
): Finding[] {
	if (named === undefined) return [defaultAuthorizer(asked, fallback)];
	if (named === asked) return [];
	return [
		bad(
			"other-authorizer",
			`the username names the authorizer ${printable(named)}, the test call ${printable(asked)}: a CONNECT goes to the one in the username`,
			"name the same in both",
		),
	];
}

function defaultAuthorizer(asked: string, fallback: DefaultAuthorizer): Finding {
	const unnamed = "the username names no authorizer";
	const unless = "unless the domain configuration of its server name has a default authorizer of its own";
	const remedy = `add ${NAME_PARAMETER}=${printable(encodeURIComponent(asked))} to the query of the username, or set a default: aws iot set-default-authorizer`;
	if (fallback?.answer?.name === asked)
		return good("default-authorizer", `${unnamed}, and ${printable(asked)} is the account's default one`);
	if (fallback?.answer !== undefined) {
		const { name } = fallback.answer;
		const text = `${unnamed}: a CONNECT goes to the account's default one, ${printable(name)}, ${unless}; the test call went to ${printable(asked)}`;
		return note("default-authorizer", text, remedy);
	}
	if (fallback?.error?.name === "ResourceNotFoundException")
		return bad(
			"no-default-authorizer",
			`${unnamed}, and the account has no default one: a CONNECT is refused, ${unless}`,
			remedy,
		);
	return note(
		"default-authorizer",
		`${unnamed}: a CONNECT goes to the default one, the test call went to ${printable(asked)}`,
	);
}

/** What names a parameter of custom authentication in a text that has no query. */
const PARAMETER = /x-amz-customauthorizer-(?:name|signature)=/;

/** A query whose "?" was lost, so that all of it is the user name. */
export function explainLostMark({ mqttContext }: InvocationInput, { tokenKeyName }: Authorizer): Finding | undefined {
	const { username } = mqttContext ?? {};
	if (username === undefined || username.includes("?")) return undefined;
	const hasToken = tokenKeyName !== undefined && username.includes(`${tokenKeyName}=`);
	if (!hasToken && !PARAMETER.test(username)) return undefined;
	return bad(
		"username-without-mark",
		'the username has no query: there is no "?" in it, so its parameters are part of the user name',
		"put ? between the user name and the query",
	);
}

/** Begins what AWS's SDKs append for their metrics; "?" where they take the username for one without a query. */
const SDK_SUFFIX = "?SDK=";

export interface SpoiltUsername {
	readonly finding: Finding;
	/** Whether token or signature changed by it. */
	readonly spoilsSignature: boolean;
	/** The same call without the suffix. */
	readonly asMeant: InvocationInput;
}

/** A suffix that an SDK appended with a second "?", and what it became a part of (aws-iot-device-sdk-java-v2 issue 154). */
export function findSdkSuffix(input: InvocationInput, { tokenKeyName = "" }: Authorizer): SpoiltUsername | undefined {
	const { mqttContext } = input;
	const username = mqttContext?.username ?? "";
	const at = username.indexOf(SDK_SUFFIX, username.indexOf("?") + 1);
	if (!username.includes("?") || at < 0) return undefined;
	const { authorizerName, signature, parameters } = parseCustomAuthUsername(username);
	const spoilt = [
		["the authorizer's name", authorizerName],
		["the signature", signature],
		["the token", parameters.get(tokenKeyName)],
	].find(([, value]) => value?.includes(SDK_SUFFIX))?.[0];
	const text = `an AWS SDK appended ?SDK=... to a username that already holds a "?": it became a part of ${spoilt ?? "the last parameter"}`;
	const remedy =
		"switch the SDK's metrics off (disable_metrics, disableMetrics), let the SDK build the username, or end it with a parameter of no use";
	return {
		finding: spoilt === undefined ? note("sdk-suffix", text, remedy) : bad("sdk-suffix", text, remedy),
		spoilsSignature: spoilt === "the signature" || spoilt === "the token",
		asMeant: { ...input, mqttContext: { ...mqttContext, username: username.slice(0, at) } },
	};
}
