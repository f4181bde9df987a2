/**
 * Packets out of a stream of bytes that arrives in any pieces.
 * @module
 */
import { checkFirstByte } from "./control-packets.js";
import { decodePacket } from "./decode.js";
import { MqttDecodeError } from "./errors.js";
import type { Packet, ProtocolVersion, Sender } from "./packets.js";
import { variableSize } from "./wire.js";

export interface PacketStreamOptions {
	readonly version: ProtocolVersion;
	/** Bytes a packet may have, its fixed header included; a larger one is refused as soon as its length is known. */
	readonly maximumPacketSize: number;
	/** Whose packets are taken; either side's when omitted. */
	readonly from?: Sender | undefined;
}

const NOTHING = new Uint8Array(0);

/**
 * Reassembles packets. A packet that lies whole in one piece is decoded where it is, without a copy; of one that does
 * not, each byte is copied once. Held between two calls of {@link PacketStream.push}: at most `maximumPacketSize` bytes.
 */
export class PacketStream {
	private readonly options: PacketStreamOptions;
	private chunk: Uint8Array = NOTHING;
	private at = 0;
	/** First byte of the packet under way; `undefined` between packets. */
	private header: number | undefined;
	private length = 0;
	private lengthBytes = 0;
	/** Whether the Remaining Length is complete. */
	private sized = false;
	/** The body of a packet that began in an earlier piece, and how much of it is there. */
	private body: Uint8Array | undefined;
	private filled = 0;
	private failure: unknown;

	constructor(options: PacketStreamOptions) {
		this.options = options;
	}

	/** Bytes of an unfinished packet for which memory is held. */
	get buffered(): number {
		return this.body?.length ?? 0;
	}

	/**
	 * Takes the next bytes of the stream; they must not change afterwards. Then call {@link PacketStream.next} until it
	 * gives `undefined`: what is left of the piece before is copied otherwise.
	 */
	push(bytes: Uint8Array): void {
		if (this.failure !== undefined) return;
		const rest = this.chunk.subarray(this.at);
		this.at = 0;
		if (rest.length === 0) {
			this.chunk = bytes;
			return;
		}
		this.chunk = new Uint8Array(rest.length + bytes.length);
		this.chunk.set(rest);
		this.chunk.set(bytes, rest.length);
	}

	/**
	 * The next packet, or `undefined` until more bytes come.
	 * @throws {MqttDecodeError} where the stream is no MQTT; the same error ever after, as nobody can tell where the next
	 *   packet would begin.
	 */
	next(): Packet | undefined {
		if (this.failure !== undefined) throw this.failure;
		try {
			const packet = this.readPacket();
			if (packet === undefined) this.release();
			return packet;
		} catch (error) {
			this.failure = error;
			this.release();
			this.body = undefined;
			throw error;
		}
	}

	/** The piece is used up: what is unfinished lies in `body`. */
	private release(): void {
		this.chunk = NOTHING;
		this.at = 0;
	}

	private readPacket(): Packet | undefined {
		const { version, from } = this.options;
		while (!this.sized) {
			const byte = this.chunk[this.at++];
			if (byte === undefined) return undefined;
			this.readFixedHeader(byte);
		}
		const body = this.readBody();
		if (body === undefined) return undefined;
		const header = this.header!;
		this.header = undefined;
		this.sized = false;
		return decodePacket(header, body, version, from);
	}

	/** One byte of the fixed header (section 2.1). */
	private readFixedHeader(byte: number): void {
		if (this.header === undefined) {
			checkFirstByte(byte, this.options.version, this.options.from);
			this.header = byte;
			this.length = 0;
			this.lengthBytes = 0;
			return;
		}
		this.length |= (byte & 0x7f) << (7 * this.lengthBytes++);
		if (byte >= 0x80) {
			if (this.lengthBytes === 4) throw malformedLength("more than 4 bytes");
			return;
		}
		if (this.lengthBytes !== variableSize(this.length)) throw malformedLength("longer than it need be");
		this.checkSize(1 + this.lengthBytes + this.length);
		this.sized = true;
	}

	private checkSize(size: number): void {
		const maximum = this.options.maximumPacketSize;
		if (size > maximum) {
			throw new MqttDecodeError("packet-too-large", `packet: expected at most ${maximum} bytes, got ${size}`, 0x95);
		}
	}

	private readBody(): Uint8Array | undefined {
		const available = this.chunk.length - this.at;
		if (this.body === undefined && available >= this.length) {
			this.at += this.length;
			return this.chunk.subarray(this.at - this.length, this.at);
		}
		this.body ??= new Uint8Array(this.length);
		const wanted = Math.min(this.length - this.filled, available);
		this.body.set(this.chunk.subarray(this.at, this.at + wanted), this.filled);
		this.at += wanted;
		this.filled += wanted;
		if (this.filled < this.length) return undefined;
		const body = this.body;
		this.body = undefined;
		this.filled = 0;
		return body;
	}
}

/** MQTT 5 section 1.5.5; MQTT 3.1.1 gives one size for each length in table 2.4. */
function malformedLength(what: string): MqttDecodeError {
	return new MqttDecodeError("malformed-packet", `remaining length: ${what}`, 0x81);
}
