/**
 * An ECMA-419 socket on one of Node's streams: what TCP and TLS have in common.
 * @module
 */
import type { Socket } from "node:net";
import type { TransportFailure } from "../device/ports.js";
import { describeTransportError } from "./transport-failure.js";

/** Bytes that may wait in Node before the device is told to wait. */
const SEND_WINDOW = 65_536;

/** As `src/device/ports.ts` says of them. */
export interface SocketCallbacks {
	readonly onReadable?: ((count: number) => void) | undefined;
	readonly onWritable?: ((count: number) => void) | undefined;
	readonly onError?: ((failure: TransportFailure) => void) | undefined;
}

const CLOSED: TransportFailure = { code: "closed", message: "the peer closed the connection" };

export class StreamSocket {
	private readonly stream: Socket;
	private readonly callbacks: SocketCallbacks;
	private isReady = false;
	private closed = false;

	/** @param stream that nobody else listens to; callbacks begin with {@link ready}, or with its failure. */
	constructor(stream: Socket, callbacks: SocketCallbacks) {
		this.stream = stream;
		this.callbacks = callbacks;
		stream.setNoDelay(true);
		stream.on("readable", () => this.readable());
		stream.on("drain", () => this.writable());
		stream.on("error", (error) => this.fail(describeTransportError(error)));
		stream.on("end", () => this.fail(CLOSED));
		stream.on("close", () => this.fail(CLOSED));
	}

	read(count?: number): ArrayBuffer | undefined {
		const available = this.stream.readableLength;
		if (this.closed || available === 0) return undefined;
		const chunk = this.stream.read(count === undefined ? available : Math.min(count, available)) as Buffer | null;
		if (chunk === null) return undefined;
		// A stream whose end came while bytes waited tells it only when it is read once more.
		if (this.stream.readableLength === 0) this.stream.read(0);
		return Uint8Array.from(chunk).buffer;
	}

	write(data: Uint8Array): number {
		const room = this.room();
		if (!this.isReady || data.length > room)
			throw new RangeError(`write: expected at most ${this.isReady ? room : 0} bytes, got ${data.length}`);
		if (!this.closed) this.stream.write(Uint8Array.from(data));
		return this.room();
	}

	close(): void {
		if (this.closed) return;
		this.closed = true;
		// What was written is still sent; a peer that does not take it is not waited for.
		this.stream.setTimeout(1_000, () => this.stream.destroy());
		this.stream.end(() => this.stream.destroy());
	}

	/** The stream carries the owner's bytes from now on. */
	protected ready(): void {
		if (this.closed) return;
		this.isReady = true;
		this.writable();
		this.readable();
	}

	/** The first failure is told, and the stream given back. */
	protected fail(failure: TransportFailure): void {
		if (this.closed) return;
		// A server may answer and hang up at once: the answer comes first.
		this.readable();
		if (this.closed) return;
		this.closed = true;
		this.stream.destroy();
		this.callbacks.onError?.(failure);
	}

	private room(): number {
		return Math.max(0, SEND_WINDOW - this.stream.writableLength);
	}

	private readable(): void {
		const count = this.stream.readableLength;
		if (this.isReady && !this.closed && count > 0) this.callbacks.onReadable?.(count);
	}

	private writable(): void {
		if (this.isReady && !this.closed) this.callbacks.onWritable?.(this.room());
	}
}
