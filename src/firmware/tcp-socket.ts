/**
 * The TCP socket that TLS runs over: what the ECMA-419 TCP class and its like have in common.
 * @module
 */
import type { TransportFailure } from "../device/ports.js";

/** No callback runs inside the constructor. */
export interface TCPSocketOptions {
	/** The name that is to be reached; for a class that resolves names itself. */
	readonly host: string;
	/** The address it was resolved to; for a class that takes only addresses, as the Moddable SDK's. */
	readonly address?: string | undefined;
	/** 1..65535. */
	readonly port: number;
	/** Each write goes out at once: a TLS record is not held back for the next one. */
	readonly nodelay: boolean;
	/** `count` bytes can be read, all in all. */
	readonly onReadable: (count: number) => void;
	/** `count` bytes can be written, all in all. The first call means: connected. */
	readonly onWritable: (count: number) => void;
	/** It is over: refused, lost or closed by the peer. A class that knows says why. */
	readonly onError: (failure?: TransportFailure) => void;
}

export interface TCPSocket {
	/** @param count 1 to what `onReadable` told less what was read since: lwIP's class throws beyond it. */
	read(count: number): ArrayBuffer | undefined;
	/**
	 * @param data at most what can be written.
	 * @returns the bytes that can be written after this, from a class that tells it.
	 */
	write(data: ArrayBuffer): unknown;
	/** Any number of times, at any moment; throws nothing. What was written before is still sent. */
	close(): void;
}

/** @throws what the platform throws, such as a RangeError when there is no socket left. */
export type TCPSocketConstructor = new (options: TCPSocketOptions) => TCPSocket;

/**
 * Resolves a name; calls `answer` once, at any time, with an address as text or with nothing when the name has none.
 * An answer that comes after the socket was closed is dropped.
 */
export type Resolve = (host: string, answer: (address: string | undefined) => void) => void;
