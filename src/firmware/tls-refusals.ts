/**
 * What the TLS engine's failures mean to a device and to the person beside it: one row a failure.
 * @module
 */
import type { TransportFailure, TransportFailureCode } from "../device/ports.js";
import type { TlsEngine } from "./native/tls-engine.js";
import { TLS_FAILURE, type TlsFailureName } from "./native/tls-failure.js";
import { alertRemedy, alertText } from "./tls-alerts.js";

interface Refusal {
	readonly code: TransportFailureCode;
	/** `{certificate}` is replaced by which one of the chain, `{alert}` by the alert's name and number. */
	readonly message: string;
	readonly remedy: string;
}

const REFUSALS: Readonly<Record<TlsFailureName, Refusal>> = {
	"certificate-untrusted": {
		code: "tls-trust",
		message: "no chain of genuine issuers leads from {certificate} to a root that the device trusts",
		remedy:
			"give the device the root that this server's chain ends in; let the server send its intermediate certificates. " +
			"If both are right, somebody stands between device and server",
	},
	"certificate-name": {
		code: "tls-trust",
		message: "the server's certificate does not bear the server name",
		remedy: "check the endpoint and the server name in the credential; the name must be a DNS name in subjectAltName",
	},
	"certificate-expired": {
		code: "tls-trust",
		message: "{certificate} has expired",
		remedy: "check the device's clock; if it is right, renew the certificate at the server",
	},
	"certificate-not-yet-valid": {
		code: "tls-trust",
		message: "{certificate} is not valid yet",
		remedy: "check the device's clock: it is likely to be behind",
	},
	"certificate-weak": {
		code: "tls-trust",
		message: "{certificate} is signed with a hash, or has a key, that is no longer safe",
		remedy: "issue it anew with SHA-256 or better, and with RSA of 2048 bits or more, P-256 or P-384",
	},
	"certificate-usage": {
		code: "tls-trust",
		message: "{certificate} was issued for another purpose",
		remedy: "issue the server's with extended key usage serverAuth, and its issuers' with keyCertSign and CA true",
	},
	"certificate-format": {
		code: "tls-trust",
		message: "{certificate} cannot be read, holds a constraint that the device does not know, or is one too many",
		remedy: "let the server send its own certificate and its intermediates, in this order, and nothing else",
	},
	"root-format": {
		code: "tls-trust",
		message: "a root that the device was given is no DER certificate",
		remedy: "give the device its root again, as one certificate in DER",
	},
	signature: {
		code: "tls-trust",
		message: "the server did not prove that it has the key of its certificate",
		remedy: "check that certificate and key at the server belong together. If they do, somebody stands in between",
	},
	"early-close": {
		code: "tls-refused",
		message: "the server said goodbye before the handshake was over",
		remedy: "check the server name and that ALPN mqtt is taken at this port",
	},
	truncated: {
		code: "closed",
		message: "the connection was cut without TLS's goodbye",
		remedy: "check server name and port, and what lies between device and server",
	},
	alert: {
		code: "tls-refused",
		message: "the server refused by TLS alert {alert}",
		remedy: "look at the server's log for this alert",
	},
	alpn: {
		code: "tls-refused",
		message: "the server did not agree to the ALPN protocol",
		remedy: "connect to port 443 of an endpoint that takes ALPN mqtt",
	},
	version: {
		code: "tls-refused",
		message: "the server has no TLS version in common with the device",
		remedy: "let the server speak TLS 1.2 or newer",
	},
	protocol: {
		code: "tls-protocol",
		message: "the server does not speak TLS as it should",
		remedy: "check that the port is one for TLS, and what lies between device and server",
	},
	record: {
		code: "tls-protocol",
		message: "a record of the server was changed on its way",
		remedy: "nothing to mend on the device: it connects anew. If it happens again, look at what lies in between",
	},
	"not-ready": {
		code: "tls-protocol",
		message: "TLS was asked to send before the server was verified",
		remedy: "a defect of the firmware: report it",
	},
	ended: {
		code: "tls-protocol",
		message: "TLS was used after its end",
		remedy: "a defect of the firmware: report it",
	},
	memory: {
		code: "tls-protocol",
		message: "the device has too little memory left for TLS",
		remedy: "free memory on the device: a handshake needs about 32 KB outside of the JavaScript heap",
	},
	random: {
		code: "tls-protocol",
		message: "the device has no random numbers",
		remedy: "switch the radio on before the device connects: its noise feeds the random numbers",
	},
	configuration: {
		code: "tls-protocol",
		message: "mbedTLS was built without something that TLS needs here",
		remedy: "build the firmware with the sdkconfig of src/firmware/esp32",
	},
	argument: {
		code: "tls-protocol",
		message: "TLS was given something that it cannot use",
		remedy: "check the endpoint, the server name and the root in the credential",
	},
};

/**
 * What `onError` is told of an engine that has failed; `certificate-…` names the certificate by `depth`, and an alert
 * its name and number.
 */
export function transportFailureOf(engine: Pick<TlsEngine, "failure" | "alert" | "depth">): TransportFailure {
	const name = failureName(engine.failure);
	const { code, message, remedy } = REFUSALS[name];
	return {
		code,
		message: message.replace("{certificate}", certificateAt(engine.depth)).replace("{alert}", alertText(engine.alert)),
		detail: name,
		step: "tls",
		remedy: (name === "alert" ? alertRemedy(engine.alert) : undefined) ?? remedy,
	};
}

/** @param failure one of {@link TLS_FAILURE}, not 0; a number that has no name is told as `protocol`. */
function failureName(failure: number): TlsFailureName {
	for (const name in TLS_FAILURE) {
		const known = name as TlsFailureName;
		if (TLS_FAILURE[known] === failure && known in REFUSALS) return known;
	}
	return "protocol";
}

function certificateAt(depth: number): string {
	if (depth === 0) return "the server's certificate";
	if (depth === 1) return "the certificate of the server's issuer";
	return depth < 0 ? "a certificate of the server's chain" : `the issuer's certificate ${depth} above the server's`;
}
