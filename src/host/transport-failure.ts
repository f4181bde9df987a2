/**
 * Node's and OpenSSL's error codes in the few words of `src/device/ports.ts`.
 * @module
 */
import type { TransportFailure, TransportFailureCode } from "../device/ports.js";

const CODES: Readonly<Record<string, TransportFailureCode>> = {
	ENOTFOUND: "name-unresolved",
	EAI_AGAIN: "name-unresolved",
	ECONNREFUSED: "unreachable",
	EHOSTUNREACH: "unreachable",
	ENETUNREACH: "unreachable",
	EADDRNOTAVAIL: "unreachable",
	ETIMEDOUT: "timed-out",
	ECONNRESET: "closed",
	EPIPE: "closed",
	ERR_TLS_CERT_ALTNAME_INVALID: "tls-trust",
	ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: "tls-refused",
	ERR_SSL_TLSV1_UNRECOGNIZED_NAME: "tls-refused",
	ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: "tls-refused",
	ERR_SSL_TLSV1_ALERT_ACCESS_DENIED: "tls-refused",
	ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: "tls-refused",
};

/** OpenSSL's X509_V_ERR names, which Node passes on as they are (Node.js documentation, "X509 certificate error codes"). */
const TRUST_CODE =
	/^(UNABLE_TO_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH)/;

/** @param error as node:net and node:tls emit it; its message holds addresses and names, never payload. */
export function describeTransportError(error: Error): TransportFailure {
	const code = (error as NodeJS.ErrnoException).code ?? "";
	const known = CODES[code] ?? (TRUST_CODE.test(code) ? "tls-trust" : undefined);
	const isTls = code.startsWith("ERR_SSL") || code === "EPROTO";
	return { code: known ?? (isTls ? "tls-protocol" : "unreachable"), message: withoutOpenSslFrame(error.message) };
}

/** OpenSSL's reason out of `80…:error:0A000410:SSL routines:function:reason:file:line:…`; other texts as they are. */
function withoutOpenSslFrame(message: string): string {
	const reason = /:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):/.exec(message)?.[1];
	return reason === undefined ? message.trim() : `TLS: ${reason}`;
}
