/**
 * Node's and OpenSSL's error codes in the few words of `src/device/ports.ts`.
 * @module
 */
import type { TransportFailure, TransportFailureCode } from "../device/ports.js";

/** Code, and which of the causes behind it, in the words that the device's own TLS uses. */
type Meaning = readonly [TransportFailureCode, string?];

const MEANINGS: Readonly<Record<string, Meaning>> = {
	ENOTFOUND: ["name-unresolved"],
	EAI_AGAIN: ["name-unresolved"],
	ECONNREFUSED: ["unreachable"],
	EHOSTUNREACH: ["unreachable"],
	ENETUNREACH: ["unreachable"],
	EADDRNOTAVAIL: ["unreachable"],
	ETIMEDOUT: ["timed-out"],
	ECONNRESET: ["closed"],
	EPIPE: ["closed"],
	ERR_TLS_CERT_ALTNAME_INVALID: ["tls-trust", "certificate-name"],
	CERT_HAS_EXPIRED: ["tls-trust", "certificate-expired"],
	CERT_NOT_YET_VALID: ["tls-trust", "certificate-not-yet-valid"],
	INVALID_PURPOSE: ["tls-trust", "certificate-usage"],
	UNABLE_TO_GET_ISSUER_CERT: ["tls-trust", "certificate-untrusted"],
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ["tls-trust", "certificate-untrusted"],
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: ["tls-trust", "certificate-untrusted"],
	DEPTH_ZERO_SELF_SIGNED_CERT: ["tls-trust", "certificate-untrusted"],
	SELF_SIGNED_CERT_IN_CHAIN: ["tls-trust", "certificate-untrusted"],
	ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: ["tls-refused", "alert"],
	ERR_SSL_TLSV1_UNRECOGNIZED_NAME: ["tls-refused", "alert"],
	ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: ["tls-refused", "alert"],
	ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: ["tls-refused", "alert"],
	ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: ["tls-refused", "alert"],
};

/** OpenSSL's X509_V_ERR names, which Node passes on as they are (Node.js documentation, "X509 certificate error codes"). */
const TRUST_CODE =
	/^(UNABLE_TO_|CERT_|ERROR_IN_CERT_|UNSPECIFIED|CRL_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH)/;

/** @param error as node:net and node:tls emit it; its message holds addresses and names, never payload. */
export function describeTransportError(error: Error): TransportFailure {
	// A name with several addresses, none of which answered: the error for all has no text of its own.
	const [single = error] = error instanceof AggregateError ? (error.errors as Error[]) : [];
	const { code: name = "", syscall } = single as NodeJS.ErrnoException;
	const [code, detail] = MEANINGS[name] ?? otherMeaning(name);
	const step = stepOf(code, syscall);
	return {
		code,
		message: withoutOpenSslFrame(single.message),
		...(detail === undefined ? {} : { detail }),
		...(step === undefined ? {} : { step }),
	};
}

function otherMeaning(name: string): Meaning {
	if (TRUST_CODE.test(name)) return ["tls-trust"];
	return [name.startsWith("ERR_SSL") || name === "EPROTO" ? "tls-protocol" : "unreachable"];
}

/** `undefined` where it cannot be told: a connection can end at any step. */
function stepOf(code: TransportFailureCode, syscall: string | undefined): TransportFailure["step"] {
	if (code === "name-unresolved") return "name";
	if (code.startsWith("tls-")) return "tls";
	return code === "unreachable" || syscall === "connect" ? "tcp" : undefined;
}

/** OpenSSL's reason out of `80…:error:0A000410:SSL routines:function:reason:file:line:…`; other texts as they are. */
function withoutOpenSslFrame(message: string): string {
	const reason = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1];
	return reason === undefined ? message.trim() : `TLS: ${reason}`;
}
