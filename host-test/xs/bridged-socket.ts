/**
 * The Node half of a guest's socket, TLS or TCP.
 *
 * An ECMA-419 socket offers its bytes in a callback, and a failing one offers what is left a last time before it
 * tells the failure. The guest cannot read within that callback: its turn comes later. So the bytes are taken at
 * once and kept for it, up to a window; what is beyond stays in the socket, which holds the peer back.
 * @module
 */
import type { TLSSocket, TransportFailure } from "../../src/device/ports.js";

/** Bytes kept for the guest at most. */
const RECEIVE_WINDOW = 131_072;

/** What the guest is to be told of a socket, in the order it came up. */
export type Notice = "readable" | "writable" | "error";

/** What the socket in Node is to call. */
export interface BridgeCallbacks {
	readonly onReadable: (count: number) => void;
	readonly onWritable: (count: number) => void;
	readonly onError: (failure: TransportFailure) => void;
}

export class BridgedSocket {
	private readonly socket: TLSSocket;
	private readonly onNotice: (notice: Notice) => void;
	private received: Buffer = Buffer.alloc(0);
	private room = 0;
	private failed: TransportFailure | undefined;
	private readonly pending = new Set<Notice>();

	/**
	 * @param open makes the socket.
	 * @param onNotice called when the guest is to be told something that it does not already have to be told.
	 */
	constructor(open: (callbacks: BridgeCallbacks) => TLSSocket, onNotice: (notice: Notice) => void) {
		this.onNotice = onNotice;
		this.socket = open({
			onReadable: () => {
				this.pull();
				this.notice("readable");
			},
			onWritable: (count) => {
				this.room = count;
				this.notice("writable");
			},
			onError: (failure) => {
				this.failed = failure;
				this.notice("error");
			},
		});
	}

	/** Bytes the guest can read now. */
	get readable(): number {
		return this.received.length;
	}

	/** Bytes the guest can write now. */
	get writable(): number {
		return this.room;
	}

	/** Why the socket is over, once it is. */
	get failure(): TransportFailure | undefined {
		return this.failed;
	}

	/** The guest is being told. */
	told(notice: Notice): void {
		this.pending.delete(notice);
	}

	read(count: number): Uint8Array {
		const bytes = Uint8Array.from(this.received.subarray(0, count));
		this.received = this.received.subarray(bytes.length);
		const left = this.received.length;
		// Not for every byte: each refill is a turn of the guest.
		if (left <= RECEIVE_WINDOW / 2) this.pull();
		if (this.received.length > left) this.notice("readable");
		return bytes;
	}

	/** @throws {RangeError} as the socket does. What a socket is given that has failed goes nowhere. */
	write(data: Uint8Array): number {
		if (this.failed !== undefined) return 0;
		this.room = this.socket.write(data);
		return this.room;
	}

	close(): void {
		this.socket.close();
	}

	private pull(): void {
		const wanted = RECEIVE_WINDOW - this.received.length;
		if (wanted <= 0 || this.failed !== undefined) return;
		const bytes = this.socket.read(wanted);
		if (bytes !== undefined) this.received = Buffer.concat([this.received, new Uint8Array(bytes)]);
	}

	private notice(notice: Notice): void {
		if (this.pending.has(notice)) return;
		this.pending.add(notice);
		this.onNotice(notice);
	}
}
