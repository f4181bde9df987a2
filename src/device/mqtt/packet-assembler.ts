/**
 * Packets out of a stream of bytes that arrives in any pieces.
 * @module
 */
import { checkFirstByte } from "./control-packets.js";
import { MqttDecodeError } from "./errors.js";

const NOTHING = new Uint8Array(0);

/**
 * Cuts a stream into packets and has each one decoded. A packet that lies whole in one piece is decoded where it is,
 * without a copy; of one that does not, each byte is copied once.
 */
export class PacketAssembler<P> {
	private readonly maximumPacketSize: number;
	private readonly accepted: number;
	private readonly decode: (header: number, body: Uint8Array) => P;
	private piece: Uint8Array = NOTHING;
	private at = 0;
	/** First byte of the packet under way, -1 between packets. */
	private header = -1;
	/** Its Remaining Length, as far as `lengthBytes` bytes of it are read. */
	private length = 0;
	private lengthBytes = 0;
	/** Its body, where it began in an earlier piece, and how much of it is there. */
	private body: Uint8Array | undefined;
	private filled = 0;
	private failure: unknown;

	/**
	 * @param maximumPacketSize bytes, fixed header included; a larger packet is refused as soon as its length is known.
	 * @param accepted the types that the peer sends, a set of `control-packets.ts`.
	 */
	constructor(maximumPacketSize: number, accepted: number, decode: (header: number, body: Uint8Array) => P) {
		this.maximumPacketSize = maximumPacketSize;
		this.accepted = accepted;
		this.decode = decode;
	}

	/** Bytes held between two calls of {@link push}: of an unfinished packet, at most `maximumPacketSize`. */
	get buffered(): number {
		return this.body?.length ?? 0;
	}

	/**
	 * Takes the next bytes of the stream; they must not change afterwards. Then call {@link next} until it gives
	 * `undefined`: what is left of the piece before would be copied.
	 */
	push(bytes: Uint8Array): void {
		if (this.failure !== undefined) return;
		const rest = this.piece.subarray(this.at);
		this.at = 0;
		this.piece = bytes;
		if (rest.length > 0) {
			this.piece = new Uint8Array(rest.length + bytes.length);
			this.piece.set(rest);
			this.piece.set(bytes, rest.length);
		}
	}

	/**
	 * The next packet, or `undefined` until more bytes come.
	 * @throws {MqttDecodeError} where the bytes are no such packet; the same error ever after, as nobody can tell where
	 *   the next packet would begin.
	 */
	next(): P | undefined {
		if (this.failure !== undefined) throw this.failure;
		try {
			const body = this.readPacket();
			if (body === undefined) {
				this.piece = NOTHING;
				this.at = 0;
				return undefined;
			}
			const header = this.header;
			this.header = -1;
			return this.decode(header, body);
		} catch (error) {
			this.failure = error;
			this.piece = NOTHING;
			this.body = undefined;
			throw error;
		}
	}

	/** The body of the next packet; `undefined` when the piece is used up. */
	private readPacket(): Uint8Array | undefined {
		while (this.at < this.piece.length) {
			if (this.body === undefined && !this.readFixedHeader(this.piece[this.at++]!)) continue;
			const part = this.piece.subarray(this.at, this.at + this.length - this.filled);
			this.at += part.length;
			const body = part.length === this.length ? part : this.fill(part);
			if (body !== undefined) {
				this.body = undefined;
				this.filled = 0;
				return body;
			}
		}
		return undefined;
	}

	/** Keeps a part of a body; the whole when it is complete. */
	private fill(part: Uint8Array): Uint8Array | undefined {
		this.body ??= new Uint8Array(this.length);
		this.body.set(part, this.filled);
		this.filled += part.length;
		return this.filled === this.length ? this.body : undefined;
	}

	/**
	 * One byte of the fixed header (MQTT 5 section 2.1); true after the last. Lengths of more bytes than needed are
	 * refused: MQTT 3.1.1 too has one size for each length (table 2.4).
	 */
	private readFixedHeader(byte: number): boolean {
		if (this.header < 0) {
			checkFirstByte(byte, this.accepted);
			this.header = byte;
			this.length = 0;
			this.lengthBytes = 0;
			return false;
		}
		this.length |= (byte & 0x7f) << (7 * this.lengthBytes++);
		const isLast = byte < 0x80;
		if (isLast ? byte === 0 && this.lengthBytes > 1 : this.lengthBytes > 3) {
			throw new MqttDecodeError("malformed-packet", "remaining length", 0x81);
		}
		const size = 1 + this.lengthBytes + this.length;
		if (isLast && size > this.maximumPacketSize) {
			throw new MqttDecodeError("packet-too-large", `expected ${this.maximumPacketSize} bytes, got ${size}`, 0x95);
		}
		return isLast;
	}
}
