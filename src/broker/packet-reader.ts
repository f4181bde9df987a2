/**
 * From a stream of bytes to MQTT control packets: cuts the stream into packets, holds each to the rules, and lets
 * mqtt-packet decode it.
 *
 * Cutting is ours because mqtt-packet would gather 256 MB for a client that announces them, and because a packet that
 * is handed over alone cannot be read beyond its end.
 * @module
 */
import { parser as createParser, type Packet, type Parser } from "mqtt-packet";
import { checkPacket, checkProtocolVersion, PACKET_TYPE, type ProtocolVersion } from "./packet-rules.js";
import { Violation } from "./violation.js";

/** Bytes that are kept allocated for a connection between packets. */
const IDLE_CAPACITY = 4096;

/** Reads what one client sends. The first packet must be CONNECT; it settles the version of all that follow. */
export class PacketReader {
	private readonly packetBytes: number;
	private readonly decoder: Decoder = new Decoder();
	private buffer: Buffer = Buffer.alloc(0);
	private start = 0;
	private end = 0;
	private connected: ProtocolVersion | undefined;

	/** @param packetBytes largest packet that is taken, in bytes, fixed header included. */
	constructor(packetBytes: number) {
		this.packetBytes = packetBytes;
	}

	/** The protocol level that CONNECT named; `undefined` before. */
	get version(): ProtocolVersion | undefined {
		return this.connected;
	}

	/** Adds bytes as they arrived. What is held grows with what came, never with what a header announces. */
	push(bytes: Uint8Array): void {
		if (this.end + bytes.length > this.buffer.length) this.makeRoom(bytes.length);
		this.buffer.set(bytes, this.end);
		this.end += bytes.length;
	}

	/**
	 * The next packet that is complete, with its size in bytes; `undefined` when more bytes are needed.
	 * @throws {Violation} after which nothing more can be read.
	 */
	next(): { readonly packet: Packet; readonly bytes: number } | undefined {
		if (this.start === this.end) return undefined;
		this.checkType(this.buffer.readUInt8(this.start) >> 4);
		const body = this.bodyLength();
		if (body === undefined) return undefined;
		const bytes = body.headerBytes + body.length;
		if (bytes > this.packetBytes) {
			throw new Violation("packet-too-large", `packet: expected at most ${this.packetBytes} bytes, got ${bytes}`);
		}
		if (this.end - this.start < bytes) return undefined;
		// A copy, so that a queued payload neither changes with the next packet nor holds the whole buffer.
		const frame = Buffer.from(this.buffer.subarray(this.start, this.start + bytes));
		this.consume(bytes);
		this.connected ??= checkProtocolVersion(frame, body.headerBytes);
		checkPacket(frame, body.headerBytes, this.connected);
		return { packet: this.decoder.decode(frame), bytes };
	}

	private checkType(type: number): void {
		const isConnect = type === PACKET_TYPE.connect;
		if (this.connected === undefined && !isConnect) {
			throw new Violation("first-packet-not-connect", `first packet: expected CONNECT, got type ${type}`);
		}
		if (this.connected !== undefined && isConnect) {
			throw new Violation("second-connect", "a second CONNECT on one connection [MQTT-3.1.0-2]");
		}
	}

	/** The Remaining Length, once all its bytes are there (MQTT 5 section 2.1.4). */
	private bodyLength(): { readonly headerBytes: number; readonly length: number } | undefined {
		let length = 0;
		for (let digits = 1; digits <= 4; digits++) {
			if (this.start + digits >= this.end) return undefined;
			const digit = this.buffer.readUInt8(this.start + digits);
			length += (digit & 0x7f) * 0x80 ** (digits - 1);
			if (digit < 0x80) return { headerBytes: 1 + digits, length };
		}
		throw new Violation("malformed-packet", "remaining length: longer than four bytes");
	}

	private consume(bytes: number): void {
		this.start += bytes;
		if (this.start < this.end) return;
		this.start = 0;
		this.end = 0;
		if (this.buffer.length > IDLE_CAPACITY) this.buffer = Buffer.alloc(0);
	}

	/** Moves what is held to the front of a buffer that takes `more` bytes; doubling keeps the copying linear. */
	private makeRoom(more: number): void {
		const held = this.end - this.start;
		let capacity = Math.max(this.buffer.length, IDLE_CAPACITY);
		while (capacity < held + more) capacity *= 2;
		const from = this.buffer.subarray(this.start, this.end);
		if (capacity > this.buffer.length) {
			this.buffer = Buffer.allocUnsafe(capacity);
			from.copy(this.buffer);
		} else {
			this.buffer.copyWithin(0, this.start, this.end);
		}
		this.start = 0;
		this.end = held;
	}
}

/** mqtt-packet as a function: one whole packet in, one decoded packet out. */
class Decoder {
	private readonly parser: Parser = createParser();
	private packet: Packet | undefined;
	private failure: unknown;

	constructor() {
		this.parser.on("packet", (packet) => {
			this.packet = packet;
		});
		this.parser.on("error", (error) => {
			this.failure = error;
		});
	}

	decode(frame: Buffer): Packet {
		this.packet = undefined;
		this.failure = undefined;
		try {
			this.parser.parse(frame);
		} catch (error) {
			this.failure = error;
		}
		if (this.packet === undefined || this.failure !== undefined) {
			throw new Violation("malformed-packet", `control packet: ${reasonOf(this.failure)}`);
		}
		return this.packet;
	}
}

function reasonOf(failure: unknown): string {
	return failure instanceof Error ? failure.message : "cannot be decoded";
}
