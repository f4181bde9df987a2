/**
 * The messages between the guest in XS and the bridge in Node: one file for both sides.
 *
 * A message is one byte that says what it is, then fields in a fixed order: `u32` and `f64` big-endian, `bytes` a
 * `u32` length and that many bytes, `text` the same in UTF-8, `json` a text. Binary, because what the guest allocates
 * for a message counts in the heap that is measured.
 * @module
 */
import { utf8Decode, utf8Encode } from "../../src/device/encoding/utf8.js";

/** What the guest asks of Node. Each is answered before the guest goes on. */
export const HOST_CALL = {
	/** u32 socket, text host, u32 port, text serverName, json ALPN names, bytes certificate (none: empty) */
	socketOpen: 1,
	/** u32 socket, u32 count → bytes, empty where there are none */
	socketRead: 2,
	/** u32 socket, bytes data → u32 bytes that can be written now */
	socketWrite: 3,
	/** u32 socket */
	socketClose: 4,
	/** → f64 milliseconds since 1970, NaN while the clock is not set */
	wallTime: 5,
	/** → f64 milliseconds */
	monotonic: 6,
	/** u32 count → bytes */
	random: 7,
	/** bytes data → bytes */
	sha256: 8,
	/** text key → u32 1 and bytes, or u32 0 */
	storeRead: 9,
	/** text key, bytes value */
	storeWrite: 10,
	/** text key */
	storeDelete: 11,
	/** json event */
	event: 12,
	/** bytes data → bytes */
	sha512: 13,
	/** u32 socket, text host, u32 port. From there on as a socket that {@link HOST_CALL.socketOpen} opened. */
	tcpOpen: 14,
	/** → u32 hash */
	hashOpen: 15,
	/** u32 hash, bytes data */
	hashUpdate: 16,
	/** u32 hash → bytes; the hash is gone */
	hashDigest: 17,
	/** u32 size. The writer that was open is closed. */
	firmwareBegin: 18,
	/** bytes data */
	firmwareWrite: 19,
	firmwareComplete: 20,
	firmwareClose: 21,
	firmwareConfirm: 22,
	firmwareRollBack: 23,
	restart: 24,
} as const;

/**
 * What Node tells the guest. Each is one turn of the machine, answered with f64, the time on the monotonic clock at
 * which the guest wants the next {@link COMMAND.tick} (Infinity: it has no timer), and what is said here.
 */
export const COMMAND = {
	/** text name, json argument → json result. A value that JSON does not know is the empty text. */
	run: 1,
	/** u32 socket, u32 count */
	socketReadable: 2,
	/** u32 socket, u32 count */
	socketWritable: 3,
	/** u32 socket, json TransportFailure. What came before can still be read, until the guest closes the socket. */
	socketError: 4,
	/** Runs the one timer that is due first, if one is due. */
	tick: 5,
} as const;

/** As the `count` of {@link HOST_CALL.socketRead}: all there are. */
export const ALL = 0xffff_ffff;

/** Puts a message together. */
export class MessageWriter {
	private readonly parts: Uint8Array[];
	private length = 1;

	constructor(kind: number) {
		this.parts = [Uint8Array.of(kind)];
	}

	u32(value: number): this {
		return this.part(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value));
	}

	f64(value: number): this {
		const bytes = new Uint8Array(8);
		new DataView(bytes.buffer).setFloat64(0, value);
		return this.part(bytes);
	}

	bytes(value: Uint8Array): this {
		return this.u32(value.length).part(value);
	}

	text(value: string): this {
		return this.bytes(utf8Encode(value));
	}

	json(value: unknown): this {
		return this.text(JSON.stringify(value) ?? "");
	}

	/** The whole message, in a buffer of its own. */
	end(): Uint8Array<ArrayBuffer> {
		const message = new Uint8Array(this.length);
		let at = 0;
		for (const part of this.parts) {
			message.set(part, at);
			at += part.length;
		}
		return message;
	}

	private part(bytes: Uint8Array): this {
		this.parts.push(bytes);
		this.length += bytes.length;
		return this;
	}
}

/** Takes a message apart, field by field. Both ends are ours: what does not fit is a defect, a RangeError. */
export class MessageReader {
	readonly kind: number;
	private readonly message: Uint8Array<ArrayBuffer>;
	private at = 1;

	constructor(message: Uint8Array<ArrayBuffer>) {
		this.message = message;
		this.kind = message[0]!;
	}

	u32(): number {
		return new DataView(this.take(4)).getUint32(0);
	}

	f64(): number {
		return new DataView(this.take(8)).getFloat64(0);
	}

	bytes(): Uint8Array<ArrayBuffer> {
		return new Uint8Array(this.take(this.u32()));
	}

	text(): string {
		return utf8Decode(this.bytes());
	}

	json(): unknown {
		const text = this.text();
		return text === "" ? undefined : JSON.parse(text);
	}

	private take(length: number): ArrayBuffer {
		const bytes = this.message.slice(this.at, this.at + length);
		if (bytes.length < length) throw new RangeError(`message of kind ${this.kind}: a field is missing`);
		this.at += length;
		return bytes.buffer;
	}
}
