/**
 * Ports of which a test holds the other end.
 * @module
 */
import type {
	KeyValueStore,
	Ports,
	TLSSocket,
	TLSSocketConstructor,
	TLSSocketOptions,
	TransportFailure,
} from "../../src/device/ports.js";
import { nodeDigest } from "../../src/host/ports.js";
import { VirtualClock } from "../device/world.js";

/** The peer's end of a socket that the guest has opened. */
class FakeSocket implements TLSSocket {
	readonly options: TLSSocketOptions;
	/** What the guest has written. */
	sent = "";
	closed = false;
	/** Bytes that may be written before {@link allow} is called again. */
	private room = 0;
	private received = Buffer.alloc(0);

	constructor(options: TLSSocketOptions) {
		this.options = options;
	}

	read(count = Number.POSITIVE_INFINITY): ArrayBuffer | undefined {
		const bytes = Uint8Array.from(this.received.subarray(0, count));
		this.received = this.received.subarray(bytes.length);
		return bytes.length === 0 ? undefined : bytes.buffer;
	}

	write(data: Uint8Array): number {
		if (data.length > this.room) throw new RangeError(`write: expected at most ${this.room} bytes, got ${data.length}`);
		this.sent += Buffer.from(data).toString();
		this.room -= data.length;
		return this.room;
	}

	close(): void {
		this.closed = true;
	}

	/** Bytes that nobody has read. */
	get unread(): number {
		return this.received.length;
	}

	allow(count: number): void {
		this.room = count;
		this.options.onWritable?.(count);
	}

	receive(text: string): void {
		this.received = Buffer.concat([this.received, Buffer.from(text)]);
		this.options.onReadable?.(this.received.length);
	}

	fail(failure: TransportFailure): void {
		this.received = Buffer.alloc(0);
		this.options.onError?.(failure);
	}
}

export interface FakePorts extends Ports {
	readonly clock: VirtualClock;
	readonly values: Map<string, ArrayBuffer>;
	/** The sockets that were opened, in order. */
	readonly opened: FakeSocket[];
}

/** Random bytes count up from 0. */
export function fakePorts(): FakePorts {
	const opened: FakeSocket[] = [];
	const values = new Map<string, ArrayBuffer>();
	const TLSSocket: TLSSocketConstructor = class extends FakeSocket {
		constructor(options: TLSSocketOptions) {
			super(options);
			opened.push(this);
		}
	};
	const store: KeyValueStore = {
		read: (key) => values.get(key),
		write(key, value) {
			if (key.length > 15) throw new RangeError("key: expected 1..15 characters");
			values.set(key, value);
		},
		delete: (key) => void values.delete(key),
	};
	return {
		TLSSocket,
		clock: new VirtualClock("unset"),
		random: { bytes: (count) => Uint8Array.from({ length: count }, (_, i) => i) },
		digest: nodeDigest,
		store,
		values,
		opened,
	};
}
