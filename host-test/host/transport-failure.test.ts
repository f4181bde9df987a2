/**
 * Node's errors in the words of the device's ports.
 * @module
 */
import test from "ava";
import type { TransportFailure } from "../../src/device/ports.js";
import { describeTransportError } from "../../src/host/transport-failure.js";

function errorOf(code: string, message = code, syscall?: string): Error {
	return Object.assign(new Error(message), { code, syscall });
}

test("how far it had come is told by what failed", (t) => {
	const steps: Readonly<Record<string, TransportFailure["step"]>> = {
		ENOTFOUND: "name",
		EAI_AGAIN: "name",
		ECONNREFUSED: "tcp",
		EHOSTUNREACH: "tcp",
		CERT_HAS_EXPIRED: "tls",
		ERR_SSL_WRONG_VERSION_NUMBER: "tls",
	};
	for (const [code, step] of Object.entries(steps)) t.is(describeTransportError(errorOf(code)).step, step, code);
	t.is(describeTransportError(errorOf("ETIMEDOUT", "", "connect")).step, "tcp");
	t.is(describeTransportError(errorOf("ETIMEDOUT", "", "read")).step, undefined);
	t.is(describeTransportError(errorOf("ECONNRESET", "", "read")).step, undefined);
});

test("of several addresses that were tried the first one's error is told", (t) => {
	const errors = [errorOf("ETIMEDOUT", "connect ETIMEDOUT 192.0.2.1:443", "connect"), errorOf("ENETUNREACH")];
	const failure = describeTransportError(new AggregateError(errors));
	t.deepEqual(failure, { code: "timed-out", message: "connect ETIMEDOUT 192.0.2.1:443", step: "tcp" });
});

test("certificates are told apart as the device's own TLS does, others by their code alone", (t) => {
	const details = {
		CERT_HAS_EXPIRED: "certificate-expired",
		CERT_NOT_YET_VALID: "certificate-not-yet-valid",
		ERR_TLS_CERT_ALTNAME_INVALID: "certificate-name",
		SELF_SIGNED_CERT_IN_CHAIN: "certificate-untrusted",
		INVALID_PURPOSE: "certificate-usage",
		CRL_HAS_EXPIRED: undefined,
	};
	for (const [code, detail] of Object.entries(details)) {
		const failure = describeTransportError(errorOf(code));
		t.deepEqual([failure.code, failure.detail], ["tls-trust", detail], code);
	}
});
