/**
 * What the device core needs from the world, in ECMA-419 shape.
 *
 * The core never imports a platform: on the ESP32 these are the Moddable SDK's classes, on Node the
 * adapters of `src/host`, in the host's XS engine the guest adapters of `host-test/xs`.
 * @module
 */

/** Why a byte stream failed. One word a cause, so that the link can choose a retry rule without reading text. */
export type TransportFailureCode =
	| "name-unresolved"
	| "unreachable"
	| "timed-out"
	| "closed"
	| "tls-trust"
	| "tls-refused"
	| "tls-protocol";

/** What `onError` is given; the texts are for people and hold no secret. */
export interface TransportFailure {
	readonly code: TransportFailureCode;
	readonly message: string;
	/** Which of the causes behind `code`, kebab-case, such as `certificate-expired`; where the platform tells. */
	readonly detail?: string | undefined;
	/** How far it had come: resolving the name, TCP, TLS. */
	readonly step?: "name" | "tcp" | "tls" | undefined;
	/** What to do about this cause, where more can be said than of the code. */
	readonly remedy?: string | undefined;
}

/** The `secure` member of a TLS socket's options (ECMA-419, with the Moddable SDK's names). */
export interface SecureOptions {
	/** Server name of the TLS extension (RFC 6066 section 3), also the name the certificate must bear. */
	readonly serverName: string;
	/** ALPN protocol names in order of preference (RFC 7301); the server must answer with one of them. */
	readonly applicationLayerProtocolNegotiation: readonly string[];
	/** Trust anchor, one DER certificate. Without it the platform's own roots apply. */
	readonly certificate?: ArrayBuffer | undefined;
}

/** Options of the constructor of an ECMA-419 TLS socket. No callback runs inside the constructor. */
export interface TLSSocketOptions {
	/** Name or address to reach by TCP. */
	readonly host: string;
	/** TCP port, 1..65535. */
	readonly port: number;
	readonly secure: SecureOptions;
	/** `count` bytes can be read. */
	readonly onReadable?: (count: number) => void;
	/** `count` bytes can be written. The first call means: handshake complete, server verified, ALPN agreed. */
	readonly onWritable?: (count: number) => void;
	/**
	 * The stream is over; nothing is called after it. Also how the peer's orderly close is told (code `closed`). What the
	 * peer sent before is offered first, for the last time: what is not read then, and what is behind it, is lost.
	 */
	readonly onError?: (failure: TransportFailure) => void;
}

export interface TLSSocket {
	/** Up to `count` bytes (all there are when omitted); `undefined` when there is none. */
	read(count?: number): ArrayBuffer | undefined;
	/**
	 * Takes all of `data` or throws a RangeError.
	 * @returns the bytes that can be written after this.
	 */
	write(data: Uint8Array): number;
	/** Ends the stream; no callback follows. Safe at any moment, any number of times. */
	close(): void;
}

/** A class whose instances are {@link TLSSocket}s. */
export type TLSSocketConstructor = new (options: TLSSocketOptions) => TLSSocket;

/** A handle that {@link Clock.setTimer} gave out. */
export type Timer = object;

export interface Clock {
	/** Milliseconds since 1970-01-01T00:00:00Z; `undefined` while nobody has set the clock. */
	wallTime(): number | undefined;
	/** Milliseconds since some fixed moment; never goes back. */
	monotonic(): number;
	/** Calls `callback` once, `delay` milliseconds (0 or more) from now. */
	setTimer(callback: () => void, delay: number): Timer;
	/** Forgets a timer; nothing happens when it has already run. */
	clearTimer(timer: Timer): void;
}

/** Bytes that an attacker cannot guess. */
export interface Random {
	/** @param count how many bytes, 1..65536. */
	bytes(count: number): Uint8Array;
}

export interface Digest {
	/** SHA-256 (FIPS 180-4): 32 bytes. */
	sha256(data: Uint8Array): Uint8Array;
	/** SHA-512 (FIPS 180-4): 64 bytes. */
	sha512(data: Uint8Array): Uint8Array;
}

/** An open domain of the ECMA-419 `embedded:storage/key-value` class, format `buffer`. */
export interface KeyValueStore {
	/** The value, or `undefined` when the key is not there. Keys are 1..15 ASCII characters (NVS). */
	read(key: string): ArrayBuffer | undefined;
	/** Replaces the value; the old one is lost only when the new one is stored. */
	write(key: string, value: ArrayBuffer): void;
	delete(key: string): void;
}

/** Everything the agent is given. */
export interface Ports {
	readonly TLSSocket: TLSSocketConstructor;
	readonly clock: Clock;
	readonly random: Random;
	readonly digest: Digest;
	readonly store: KeyValueStore;
}
