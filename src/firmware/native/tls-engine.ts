/**
 * The TLS engine as JavaScript sees it: a TLS client without I/O, written in C on mbedTLS.
 *
 * Whoever holds one moves ciphertext between it and TCP. It throws on misuse only; all else is told by `state` and
 * `failure`, because an exception that leaves a socket's callback restarts the chip.
 * @module
 */

/** What {@link TlsEngine.state} can be. `handshaking` to `open` to `peerClosed`, and from any of them to `failed`. */
export const TLS_STATE = {
	handshaking: 0,
	/** The server's Finished is verified, its chain trusted, and ALPN agreed if any was offered. */
	open: 1,
	/** close_notify came after `open`. */
	peerClosed: 2,
	/** For good. */
	failed: 3,
} as const;

export interface TlsEngineOptions {
	/** DNS name for the TLS extension (RFC 6066 section 3) and the certificate, 1..255 characters. */
	readonly serverName: string;
	/** ALPN names in order of preference (RFC 7301); empty: none is offered. */
	readonly applicationLayerProtocolNegotiation: readonly string[];
	/** Trust anchors, DER, at least one. */
	readonly roots: readonly ArrayBuffer[];
}

export interface TlsEngine {
	/** Takes ciphertext. @returns how many bytes it took: fewer only where plaintext waits, or it is over. */
	receive(bytes: Uint8Array): number;
	/**
	 * Ciphertext to be sent; `undefined` when there is none. After a failure: the alert.
	 * @param limit bytes at most. Any number: `undefined` is what comes of one below 1, and of NaN.
	 */
	produced(limit: number): ArrayBuffer | undefined;
	/** Encrypts plaintext. @returns how many bytes it took, at most {@link writable}. */
	send(bytes: Uint8Array): number;
	/** Decrypted bytes; `undefined` when there are none. @param limit as of {@link produced}. */
	plain(limit: number): ArrayBuffer | undefined;
	/** The peer closed TCP: all it sent was given to {@link receive}. */
	end(): void;
	/** Queues close_notify. */
	closeNotify(): void;
	/** Frees and zeroes everything. Any number of times; every later call answers as a failed engine's. */
	close(): void;
	/** One of {@link TLS_STATE}. */
	readonly state: number;
	/** One of `TLS_FAILURE`; the first one stays. */
	readonly failure: number;
	/** Plaintext bytes that wait to be read. */
	readonly readable: number;
	/** Plaintext bytes that {@link send} takes now; 0 unless open. Only {@link send} and the end of open shrink it. */
	readonly writable: number;
	/** Ciphertext bytes that wait to be sent. */
	readonly pending: number;
	/** Number of the peer's fatal alert (RFC 8446 section 6); -1: none, or unknown. */
	readonly alert: number;
	/** The certificate that a failure is about: 0 the leaf, then its issuers; -1: none. */
	readonly depth: number;
	/** Such as `TLSv1.2`; empty before open, as the next two. */
	readonly version: string;
	readonly cipherSuite: string;
	/** The ALPN protocol agreed on. */
	readonly protocol: string;
}

/** @throws {RangeError} or {TypeError} on options that are out of bounds. */
export type TlsEngineConstructor = new (options: TlsEngineOptions) => TlsEngine;
