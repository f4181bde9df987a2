/**
 * The way of a CONNECT, step by step: username, authorizer, signature, function, answer, `iot:Connect`.
 *
 * The steps and their order are AWS's (AWS page "Custom authentication workflow"); each tells what it saw.
 * @module
 */
import type { Account, DomainConfiguration } from "../account/index.js";
import {
	type AuthenticationOutcome,
	type AuthenticationStep,
	type AuthorizerAnswer,
	authenticate,
	type CustomAuthUsername,
	parseCustomAuthUsername,
	type Refusal,
} from "../authorizer/index.js";
import type { ConnectRequest } from "../broker/index.js";
import type { GatewayEventBody } from "./events.js";
import { type ConnectAttribute, PolicyGuard } from "./policy-guard.js";
import { redactUsername } from "./redaction.js";
import { domainConfigurationUnsupported, policyDenied } from "./refusals.js";
import type { Approach } from "./tls-door.js";

export interface AdmissionDesk {
	readonly account: Account;
	readonly approach: Approach;
	/** TLS server name, in lower case. */
	readonly serverName: string;
	readonly tell: (event: GatewayEventBody) => void;
	/** Milliseconds since 1970-01-01T00:00:00Z. */
	readonly now: () => number;
}

export type Admittance =
	| {
			readonly admitted: true;
			readonly guard: PolicyGuard;
			readonly answer: AuthorizerAnswer;
			/** Authenticates once more with the same credentials. */
			readonly authenticateAgain: () => Promise<AuthenticationOutcome>;
	  }
	| { readonly admitted: false; readonly refusal: Refusal };

/** Judges a CONNECT that is well formed and within the limits. */
export async function admitClient(request: ConnectRequest, desk: AdmissionDesk): Promise<Admittance> {
	const username = parseCustomAuthUsername(request.username);
	desk.tell(connectReceived(request, username, desk.account));
	const authenticateAgain = () => authenticateClient(request, username.authorizerName, desk);
	const outcome = await authenticateAgain();
	if (!outcome.authenticated) return { admitted: false, refusal: outcome.refusal };
	const { answer } = outcome;
	const guard = new PolicyGuard(answer.policies, desk.account, {
		clientId: request.clientId,
		sourceIp: desk.approach.address,
		domainName: desk.serverName,
		connectAttributes: connectAttributes(request),
	});
	const denial = guard.denial("iot:Connect", request.clientId);
	if (denial !== undefined) {
		desk.tell({ event: "policy-denied", ...denial });
		return { admitted: false, refusal: policyDenied(denial.action, denial.explanation) };
	}
	return { admitted: true, guard, answer, authenticateAgain };
}

async function authenticateClient(
	request: ConnectRequest,
	authorizerName: string | undefined,
	{ account, approach, serverName, tell, now }: AdmissionDesk,
): Promise<AuthenticationOutcome> {
	const unsupported = domainRefusal(account.getDomainConfiguration(serverName));
	if (unsupported !== undefined) return { authenticated: false, refusal: unsupported };
	const selection = account.selectAuthorizer({ name: authorizerName, serverName });
	if ("refusal" in selection) return { authenticated: false, refusal: selection.refusal };
	const { authorizer, chosenBy, permitted, timeout } = selection;
	tell({ event: "authorizer-selected", authorizer: authorizer.name, chosenBy });
	const outcome = await authenticate({
		authorizer,
		function: selection.function,
		permitted,
		timeout,
		username: request.username,
		password: request.password,
		clientId: request.clientIdAssigned ? undefined : request.clientId,
		serverName,
		connectionId: approach.connection,
		observe: (step) => tell(authenticationEvent(step)),
	});
	if (outcome.authenticated) {
		const { principalId, policyDocuments, policies } = outcome.answer;
		const { name } = authorizer;
		account.customPrincipals.remember({ authorizerName: name, principalId, policyDocuments, policies, at: now() });
	}
	return outcome;
}

/**
 * Why an endpoint does not take MQTT with custom authentication; the default endpoint has no configuration and does. A
 * disabled one has no authorizer to select, which the account says by itself.
 */
function domainRefusal(configuration: DomainConfiguration | undefined): Refusal | undefined {
	if (configuration === undefined || configuration.status === "DISABLED") return undefined;
	const { name, authenticationType, applicationProtocol } = configuration;
	const isCustom = authenticationType === "DEFAULT" || authenticationType === "CUSTOM_AUTH";
	const isMqtt = applicationProtocol === "DEFAULT" || applicationProtocol === "SECURE_MQTT";
	return isCustom && isMqtt ? undefined : domainConfigurationUnsupported(name, authenticationType, applicationProtocol);
}

/** Subscriptions outlive the connection without Clean Session (3.1.1), and with a Session Expiry Interval (5). */
function connectAttributes(request: ConnectRequest): readonly ConnectAttribute[] {
	const { version, cleanStart, requestedSessionExpiry, will } = request;
	const isPersistent = version === 5 ? requestedSessionExpiry > 0 : !cleanStart;
	return [...(isPersistent ? (["PersistentConnect"] as const) : []), ...(will ? (["LastWill"] as const) : [])];
}

function connectReceived(request: ConnectRequest, username: CustomAuthUsername, account: Account): GatewayEventBody {
	const redacted =
		request.username === undefined ? {} : { username: redactUsername(request.username, account.tokenKeyNames()) };
	return {
		event: "connect-received",
		version: request.version === 5 ? "5" : "3.1.1",
		clientId: request.clientId,
		...redacted,
		warnings: username.warnings,
		bytes: request.bytes,
	};
}

function authenticationEvent(step: AuthenticationStep): GatewayEventBody {
	switch (step.step) {
		case "signing-disabled":
			return { event: "signing-disabled" };
		case "signature-verified":
			return { event: "signature-verified", keyName: step.keyName, duration: step.duration };
		case "function-invoked":
			return { event: "function-invoked", functionArn: step.functionArn, duration: step.duration };
		case "answer-accepted":
			return {
				event: "answer-accepted",
				principalId: step.principalId,
				policies: step.policies,
				refreshAfterInSeconds: step.refreshAfterInSeconds,
				disconnectAfterInSeconds: step.disconnectAfterInSeconds,
			};
	}
}
