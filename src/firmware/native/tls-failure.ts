/**
 * Why the TLS engine failed: the numbers it tells and their names.
 *
 * The same numbers stand in `tls_engine.h`; a test compares the two. A number that was given away keeps its meaning.
 * @module
 */

/** The failures by name; 0 is none. */
export const TLS_FAILURE = {
	none: 0,
	/** No chain to one of our roots, or an issuer that may not issue. */
	"certificate-untrusted": 1,
	/** The leaf does not bear the server name. */
	"certificate-name": 2,
	"certificate-expired": 3,
	"certificate-not-yet-valid": 4,
	/** A hash, kind or size of key that is no longer safe. */
	"certificate-weak": 5,
	/** Issued for another purpose than a TLS server's. */
	"certificate-usage": 6,
	/** A certificate of the server does not parse, or there are too many. */
	"certificate-format": 7,
	/** One of our own roots does not parse. */
	"root-format": 8,
	/** ServerKeyExchange, CertificateVerify or Finished is not what the certificate's key or the transcript says. */
	signature: 9,
	/** close_notify before the handshake was over. */
	"early-close": 10,
	/** TCP closed without close_notify. */
	truncated: 11,
	/** The server sent a fatal alert. */
	alert: 12,
	/** The server chose no ALPN protocol. */
	alpn: 13,
	/** No TLS version in common. */
	version: 14,
	/** A message that is malformed, or out of order; before open also what is no TLS at all. */
	protocol: 15,
	/** After open: a record that was changed on the way. */
	record: 16,
	/** Reserved: not told by the engine, which takes 0 bytes before it is open. */
	"not-ready": 17,
	/** Used after it was closed. */
	ended: 18,
	memory: 19,
	random: 20,
	configuration: 21,
	argument: 22,
} as const;

/** The name of a failure, as `detail` of a `TransportFailure` tells it. */
export type TlsFailureName = Exclude<keyof typeof TLS_FAILURE, "none">;
