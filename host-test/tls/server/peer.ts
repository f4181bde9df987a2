/**
 * The server's end of one TCP connection: what is sent, and every byte that came.
 * @module
 */
import type { Socket } from "node:net";

/** The client is gone, or sent something after which there is nothing to say. */
export class ClientGone extends Error {
	override readonly name = "ClientGone";
}

/** One TLS record as it stood on the wire (RFC 5246 section 6.2.1). */
export interface WireRecord {
	readonly type: number;
	readonly version: number;
	readonly body: Buffer;
}

export const CONTENT = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23, heartbeat: 24 } as const;
export const TLS_1_2 = 0x0303;

/** A record in clear. */
export function record(type: number, body: Uint8Array, version: number = TLS_1_2, length = body.length): Buffer {
	const header = Buffer.from([type, version >> 8, version & 0xff, length >> 8, length & 0xff]);
	return Buffer.concat([header, body]);
}

/** The whole records at the start of `bytes`, and what is left. */
export function splitRecords(bytes: Buffer): { readonly records: readonly WireRecord[]; readonly rest: Buffer } {
	const records: WireRecord[] = [];
	let offset = 0;
	while (offset + 5 <= bytes.length && offset + 5 + bytes.readUInt16BE(offset + 3) <= bytes.length) {
		const end = offset + 5 + bytes.readUInt16BE(offset + 3);
		const body = bytes.subarray(offset + 5, end);
		records.push({ type: bytes[offset]!, version: bytes.readUInt16BE(offset + 1), body });
		offset = end;
	}
	return { records, rest: bytes.subarray(offset) };
}

export class Peer {
	private readonly socket: Socket;
	private readonly captured: Buffer[] = [];
	private unread: Buffer = Buffer.alloc(0);
	private over = false;
	private waiting: (() => void)[] = [];
	/** Bytes that go out in one write. */
	writeSize = Number.POSITIVE_INFINITY;
	/** Settles when the connection is closed both ways. */
	readonly closed: Promise<void>;
	/** What came as application data and could be decrypted, or came in clear. */
	readonly plaintext: Buffer[] = [];

	constructor(socket: Socket) {
		this.socket = socket;
		socket.setNoDelay(true);
		socket.on("data", (bytes: Buffer) => {
			this.captured.push(bytes);
			this.unread = Buffer.concat([this.unread, bytes]);
			this.wake();
		});
		// A client that refuses may reset; that is its right, and `close` follows.
		socket.on("error", () => this.ended());
		socket.on("end", () => this.ended());
		this.closed = new Promise((resolve) => {
			socket.on("close", () => {
				this.ended();
				resolve();
			});
		});
	}

	/** Every byte the client has sent. */
	sent(): Buffer {
		return Buffer.concat(this.captured);
	}

	write(bytes: Uint8Array): void {
		for (let offset = 0; offset < bytes.length; offset += this.writeSize)
			if (!this.socket.destroyed && this.socket.writable)
				this.socket.write(bytes.subarray(offset, offset + this.writeSize));
	}

	/** The next whole record. @throws {ClientGone} when there will be none. */
	async nextRecord(): Promise<WireRecord> {
		for (;;) {
			const [first] = splitRecords(this.unread).records;
			if (first !== undefined) {
				this.unread = this.unread.subarray(5 + first.body.length);
				return first;
			}
			if (this.over) throw new ClientGone("the client closed the connection");
			await this.more();
		}
	}

	/** Sends FIN, then takes what still comes until the client is gone. */
	async finish(): Promise<void> {
		this.socket.end();
		while (!this.over) await this.more();
	}

	/** Sends RST. */
	reset(): void {
		this.socket.resetAndDestroy();
	}

	private more(): Promise<void> {
		return new Promise((resolve) => {
			this.waiting.push(resolve);
		});
	}

	private wake(): void {
		const woken = this.waiting;
		this.waiting = [];
		for (const resolve of woken) resolve();
	}

	private ended(): void {
		this.over = true;
		this.socket.end();
		this.wake();
	}
}
