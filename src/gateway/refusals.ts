/**
 * The refusals that the gateway itself makes: in TLS, in MQTT and by the policies. Those of custom authentication come
 * from `authorizer`.
 * @module
 */
import type { Refusal } from "../authorizer/index.js";
import type { Violation } from "../broker/index.js";
import { printable } from "../policy/index.js";

export function serverNameMissing(known: readonly string[]): Refusal {
	return {
		code: "server-name-missing",
		step: "tls",
		reason: "SNI_MISUSED",
		cause: "The TLS ClientHello has no server name (SNI), so the gateway cannot tell which endpoint is meant.",
		remedy: `Set the server name: ${list(known)}. A client that connects to an IP address sends none by itself.`,
	};
}

export function unknownServerName(serverName: string, known: readonly string[]): Refusal {
	return {
		code: "unknown-server-name",
		step: "tls",
		reason: "SNI_MISUSED",
		cause: `The TLS server name ${quoted(serverName)} is no data endpoint of this account.`,
		remedy: `Use one that is: ${list(known)}.`,
	};
}

export function alpnMissing(): Refusal {
	return {
		code: "alpn-missing",
		step: "tls",
		reason: "CUSTOM_AUTHORIZER_PARAMETER_INVALID",
		cause: "The client offered no application protocol (ALPN).",
		remedy: "Offer the ALPN protocol mqtt: custom authentication over MQTT on port 443 needs it.",
	};
}

export function alpnUnsupported(offered: readonly string[]): Refusal {
	return {
		code: "alpn-unsupported",
		step: "tls",
		reason: "CUSTOM_AUTHORIZER_PARAMETER_INVALID",
		cause: `The client offered the application protocols (ALPN) ${list(offered)}, and mqtt is not among them.`,
		remedy: offered.includes("x-amzn-mqtt-ca")
			? "Offer mqtt: x-amzn-mqtt-ca is for clients with an X.509 certificate."
			: "Offer the ALPN protocol mqtt. WebSocket and HTTPS are not served by this gateway yet.",
	};
}

export function domainConfigurationUnsupported(name: string, type: string, protocol: string): Refusal {
	return {
		code: "domain-configuration-unsupported",
		step: "tls",
		reason: "DOMAIN_CONFIGURATION_INVALID",
		cause: `The domain configuration ${quoted(name)} is for ${type} over ${protocol}, not for custom authentication over MQTT.`,
		remedy:
			"Set its authentication type to CUSTOM_AUTH or DEFAULT and its application protocol to SECURE_MQTT or DEFAULT.",
	};
}

/** @param error is named and not quoted: it may hold a key. */
export function serverCredentialsFailed(serverName: string, error: unknown): Refusal {
	return {
		code: "server-credentials-failed",
		step: "tls",
		reason: "INTERNAL_SERVER_ERROR",
		cause: `There is no certificate for the server name ${quoted(serverName)}: making it failed with ${nameOf(error)}.`,
		remedy: "Look at the development CA of the gateway: its certificate and key must be readable and belong together.",
	};
}

export function tooManyConnections(limit: number): Refusal {
	return {
		code: "too-many-connections",
		step: "tls",
		reason: "INTERNAL_SERVER_ERROR",
		cause: `There are already ${limit} connections.`,
		remedy: "Close connections that are not used, or raise the limit of the gateway.",
	};
}

/** @param errorCode the `code` of the error that the listening socket gave. */
export function acceptFailed(errorCode: string): Refusal {
	return {
		code: "accept-failed",
		step: "tls",
		reason: "INTERNAL_SERVER_ERROR",
		cause: `A connection could not be accepted: ${printable(errorCode)}.`,
		remedy: "Look at the limits of the machine, above all at the number of open files.",
	};
}

interface TlsFault {
	readonly code: string;
	readonly cause: string;
	readonly remedy: string;
}

const CERTIFICATE_REJECTED: TlsFault = {
	code: "server-certificate-rejected",
	cause: "The client does not accept the gateway's certificate.",
	remedy: "Give the client the development CA of the gateway, a server name in the certificate, and the right time.",
};

const NO_COMMON_CIPHER: TlsFault = {
	code: "tls-no-common-cipher",
	cause: "The client offers no cipher suite or signature algorithm that fits the gateway's certificate.",
	remedy: "Enable an ECDHE suite with AES-GCM, and the key type of the certificate.",
};

/** What OpenSSL's error codes mean for a client of this gateway. */
const TLS_FAULTS: Readonly<Record<string, TlsFault>> = {
	ERR_SSL_HTTP_REQUEST: {
		code: "tls-not-spoken",
		cause: "The client speaks HTTP without TLS.",
		remedy: "Connect with TLS, server name and ALPN mqtt.",
	},
	ERR_SSL_WRONG_VERSION_NUMBER: {
		code: "tls-not-spoken",
		cause: "What the client sent is not TLS.",
		remedy: "Switch TLS on in the client (mqtts, not mqtt).",
	},
	ERR_SSL_UNSUPPORTED_PROTOCOL: {
		code: "tls-version-unsupported",
		cause: "The client offers no TLS version that is still allowed.",
		remedy: "Use TLS 1.2 or 1.3.",
	},
	ERR_SSL_NO_SHARED_CIPHER: NO_COMMON_CIPHER,
	ERR_SSL_NO_SUITABLE_SIGNATURE_ALGORITHM: NO_COMMON_CIPHER,
	ERR_TLS_HANDSHAKE_TIMEOUT: {
		code: "tls-handshake-timeout",
		cause: "The client did not finish the TLS handshake in time.",
		remedy: "Look for a stalled network or a client that waits before its ClientHello.",
	},
	ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: CERTIFICATE_REJECTED,
	ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: CERTIFICATE_REJECTED,
	ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: CERTIFICATE_REJECTED,
	ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: CERTIFICATE_REJECTED,
	ERR_SSL_TLSV1_ALERT_CERTIFICATE_UNKNOWN: CERTIFICATE_REJECTED,
	// The client trusts another authority of the same name, for instance an older development CA.
	ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR: CERTIFICATE_REJECTED,
	ECONNRESET: {
		code: "tls-abandoned",
		cause: "The client went away during the TLS handshake.",
		remedy:
			"A client that does not trust the gateway's certificate often leaves like this: give it the development CA.",
	},
};

/** @param errorCode the `code` of the error that Node gave for the handshake. */
export function tlsFailed(errorCode: string): Refusal {
	const fault = TLS_FAULTS[errorCode] ?? {
		code: "tls-failed",
		cause: `The TLS handshake failed: ${printable(errorCode)}.`,
		remedy: "Compare the client's TLS version, cipher suites and certificates with the gateway's.",
	};
	return { ...fault, step: "tls", reason: "NOT_AUTHENTICATED" };
}

/** Whether the error says that the client, not the gateway, ended the handshake over the certificate. */
export function isCertificateRejection(errorCode: string): boolean {
	return TLS_FAULTS[errorCode] === CERTIFICATE_REJECTED;
}

export function violationRefusal(violation: Violation): Refusal {
	const { code, message, remedy } = violation;
	return { code, step: "mqtt", reason: "CUSTOM_AUTHORIZER_PARAMETER_INVALID", cause: sentence(message), remedy };
}

const DENIED: Readonly<Record<string, { readonly code: string; readonly remedy: string }>> = {
	"iot:Connect": {
		code: "connect-denied",
		remedy: "Let the function return a policy that allows iot:Connect on client/<client id> of this client.",
	},
	"iot:Publish": {
		code: "publish-denied",
		remedy: "Allow iot:Publish on topic/<topic>, or publish to a topic that the policies allow.",
	},
	"iot:RetainPublish": {
		code: "retain-publish-denied",
		remedy: "Allow iot:RetainPublish on topic/<topic> as well as iot:Publish, or publish without RETAIN.",
	},
	"iot:Subscribe": {
		code: "subscribe-denied",
		remedy: "Allow iot:Subscribe on topicfilter/<filter>; + and # are plain characters there.",
	},
	"iot:Receive": {
		code: "receive-denied",
		remedy: "Allow iot:Receive on topic/<topic>: a subscription alone does not let messages through.",
	},
};

/** @param explanation of the policy engine. */
export function policyDenied(action: string, explanation: string): Refusal {
	const { code, remedy } = DENIED[action] ?? { code: "action-denied", remedy: `Allow ${action}.` };
	const cause = sentence(`The policies deny it: ${explanation}`);
	return { code, step: "policy", reason: "AUTHORIZATION_FAILURE", cause, remedy };
}

/** Names where the defect is, and nothing that an error's message may quote. */
export function internalError(error: unknown): Refusal {
	const [name, frame] = error instanceof Error ? [error.name, firstFrame(error)] : [typeof error, ""];
	return {
		code: "internal-error",
		step: "authorizer",
		reason: "INTERNAL_SERVER_ERROR",
		cause: sentence(`The gateway itself failed: ${name} ${frame}`),
		remedy: "This is a defect of the gateway: please report it with this line.",
	};
}

/** The name of an error and its code, if it has one. */
function nameOf(error: unknown): string {
	if (!(error instanceof Error)) return typeof error;
	const { code } = error as NodeJS.ErrnoException;
	return printable(typeof code === "string" ? `${error.name} ${code}` : error.name);
}

function firstFrame(error: Error): string {
	const frames = (error.stack ?? "").split("\n").map((line) => line.trim());
	return frames.find((line) => line.startsWith("at ")) ?? "";
}

function list(names: readonly string[]): string {
	return names.length === 0 ? "none" : names.map(quoted).join(", ");
}

function quoted(name: string): string {
	return `"${printable(name)}"`;
}

function sentence(text: string): string {
	return /[.!?]$/.test(text) ? text : `${text}.`;
}
