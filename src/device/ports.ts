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

/**
 * RSASSA-PKCS1-v1_5 with SHA-256 by the platform, where it has something better than the core's own arithmetic.
 * @param pkcs1 DER of an RSAPrivateKey (RFC 8017 appendix A.1.2), 2048..4096 bits.
 * @returns the signature, as long as the modulus; the core verifies it before it leaves the device.
 * @throws anything when it is no such key; nothing it throws holds any part of the key.
 */
export type RsaSigner = (pkcs1: Uint8Array, message: Uint8Array) => Uint8Array;

/** An open domain of the ECMA-419 `embedded:storage/key-value` class, format `buffer`. */
export interface KeyValueStore {
	/** The value, in a buffer of the caller's own; `undefined` when the key is not there. Keys are 1..15 ASCII characters (NVS). */
	read(key: string): ArrayBuffer | undefined;
	/** Replaces the value; the old one is lost only when the new one is stored. Keeps nothing of `value`. */
	write(key: string, value: ArrayBuffer): void;
	delete(key: string): void;
}

/** Why there is no network, one word a cause: each has its own retry rule. */
export type NetworkFailureCode =
	/** Nobody gave the device a network to join. */
	| "unconfigured"
	/** No access point of this name is in reach. */
	| "not-found"
	/** The access point is there and does not let the device in: most likely the password is wrong. */
	| "rejected"
	/** Joined, and no address came (DHCP). */
	| "no-address"
	/** It was up and is gone. */
	| "lost"
	/** The interface itself failed. */
	| "failed";

export interface NetworkFailure {
	readonly code: NetworkFailureCode;
	/** For people; holds the network's name at most, never its password. */
	readonly message: string;
}

/** What is told of the network; where it is up, its address for people. */
export type NetworkChange =
	| { readonly isUp: true; readonly address: string }
	| { readonly isUp: false; readonly failure: NetworkFailure };

/** The way to an IP network: Wi-Fi on the chip. A platform whose network is nobody's business has none of these. */
export interface Network {
	/**
	 * Joins, and joins anew when called again. Then, never inside the call: `onChange` once with an address or a failure,
	 * and after an address once more should the network be lost. It does not try again by itself.
	 */
	join(onChange: (change: NetworkChange) => void): void;
	/** Gives the network up; nothing is told any more. Any number of times. */
	leave(): void;
}

/** Sets the clock that {@link Clock.wallTime} reads, from a server of time (SNTP, RFC 4330). */
export interface TimeSource {
	/**
	 * Asks once. `answer` is called once, never inside the call: without a failure the clock is set.
	 * Called again before that, the earlier `answer` is forgotten.
	 */
	synchronize(answer: (failure?: string) => void): void;
	/** Forgets the question; nothing is told any more. Any number of times. */
	cancel(): void;
}

/** Restarts the chip unless it is fed in time. */
export interface Watchdog {
	feed(): void;
}

/** A SHA-256 (FIPS 180-4) that is fed piece by piece: an image of the firmware is larger than memory. */
export interface Hash {
	update(data: Uint8Array): void;
	/** 32 bytes; nothing else may be called afterwards. */
	digest(): Uint8Array;
}

/** How the device came to be running. */
export interface Reset {
	/** `power-on`, `software`, `panic`, `watchdog`, `brownout`, `deep-sleep`, `update`, `unknown`. */
	readonly reason: string;
	/** What the last run left behind before it ended, such as an exception's message; no secret. */
	readonly message?: string | undefined;
}

/** The two places an image of the firmware can be in: one runs, the other can be written. */
export interface FirmwareSlots {
	/** Version of the image that runs, 0..4294967295: a counter, a higher one is newer. */
	readonly version: number;
	/** It was booted after an update and goes back to the other one at the next restart unless {@link confirm} is called. */
	readonly isOnTrial: boolean;
	/** The one that runs is good. Nothing where it is not on trial. */
	confirm(): void;
	/** The one that runs is not: restarts into the other one. Does not return on a chip. */
	rollBack(): void;
	/** Starts to write an image of `size` bytes into the other place. @throws where it does not fit. */
	begin(size: number): FirmwareWriter;
	/** Into the image that was completed, or the same one. Does not return on a chip. */
	restart(): void;
}

export interface FirmwareWriter {
	/** The next bytes. @throws where flash refuses them. */
	write(bytes: Uint8Array): void;
	/** All bytes are there: the next restart boots them, on trial. @throws where the image is none. */
	complete(): void;
	/** Forgets it; the device goes on as it is. Any number of times, also after {@link complete} has thrown. */
	close(): void;
}

/** Everything the agent is given. */
export interface Ports {
	readonly TLSSocket: TLSSocketConstructor;
	readonly clock: Clock;
	readonly random: Random;
	readonly digest: Digest;
	readonly store: KeyValueStore;
	/** Without it the network is there. */
	readonly network?: Network | undefined;
	/** Without it nobody sets the clock but the platform. */
	readonly timeSource?: TimeSource | undefined;
	readonly watchdog?: Watchdog | undefined;
	/** Without it signatures are made in TypeScript. */
	readonly signer?: RsaSigner | undefined;
}
