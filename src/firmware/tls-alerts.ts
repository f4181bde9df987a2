/**
 * The alerts by which a TLS server says why it refuses, and what to do about those that a device can meet.
 *
 * Names and numbers: RFC 8446 section 6, RFC 5246 section 7.2 and RFC 6066 section 9; ALPN's in RFC 7301 section 3.2.
 * @module
 */

const NAMES: Readonly<Record<number, string>> = {
	0: "close_notify",
	10: "unexpected_message",
	20: "bad_record_mac",
	21: "decryption_failed",
	22: "record_overflow",
	30: "decompression_failure",
	40: "handshake_failure",
	41: "no_certificate",
	42: "bad_certificate",
	43: "unsupported_certificate",
	44: "certificate_revoked",
	45: "certificate_expired",
	46: "certificate_unknown",
	47: "illegal_parameter",
	48: "unknown_ca",
	49: "access_denied",
	50: "decode_error",
	51: "decrypt_error",
	60: "export_restriction",
	70: "protocol_version",
	71: "insufficient_security",
	80: "internal_error",
	86: "inappropriate_fallback",
	90: "user_canceled",
	100: "no_renegotiation",
	109: "missing_extension",
	110: "unsupported_extension",
	111: "certificate_unobtainable",
	112: "unrecognized_name",
	113: "bad_certificate_status_response",
	114: "bad_certificate_hash_value",
	115: "unknown_psk_identity",
	116: "certificate_required",
	120: "no_application_protocol",
};

const REMEDIES: Readonly<Record<number, string>> = {
	40:
		"check the server name (SNI) first; then that the server asks for no client certificate (port 443 with ALPN mqtt and a " +
		"custom authorizer) and offers ECDHE with AES-GCM",
	70: "let the server speak TLS 1.2: the device may have been built without TLS 1.3",
	71: "let the server offer ECDHE with AES-GCM",
	80: "look at the server's log; the device tries again",
	112: "check the server name (SNI): it must be the endpoint, or the name of a domain configuration",
	116: "connect where no client certificate is asked for: port 443 with ALPN mqtt and a custom authorizer",
	120: "connect to port 443 of an endpoint that takes ALPN mqtt",
};

/** The alert as people look it up: `handshake_failure (40)`; one that is not known by its number alone. */
export function alertText(alert: number): string {
	if (alert < 0) return "of a kind that stays hidden";
	const name = NAMES[alert];
	return name === undefined ? `number ${alert}` : `${name} (${alert})`;
}

/** What to do about an alert, where more can be said than to read the server's log. */
export function alertRemedy(alert: number): string | undefined {
	return REMEDIES[alert];
}
