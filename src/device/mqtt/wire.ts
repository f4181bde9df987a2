/**
 * The data types of MQTT on the wire (MQTT 5 section 1.5): a writer that measures or writes, a reader that
 * never leaves its bytes.
 * @module
 */
import { Utf8Error, utf8Decode, utf8Encode, utf8Length } from "../encoding/utf8.js";
import { MqttDecodeError, MqttEncodeError } from "./errors.js";

/** The greatest variable byte integer (MQTT 5 table 1-1), and so the greatest Remaining Length. */
export const MAXIMUM_VARIABLE = 0x0fff_ffff;

/**
 * Without bytes it measures and checks, with bytes it writes: the same code runs twice, and the packet is
 * allocated once, at its exact length.
 */
export class Writer {
	/** Bytes written so far. */
	length = 0;
	private readonly bytes: Uint8Array | undefined;

	constructor(bytes?: Uint8Array) {
		this.bytes = bytes;
	}

	byte(value: number): void {
		if (this.bytes !== undefined) this.bytes[this.length] = value;
		this.length++;
	}

	/**
	 * @param size bytes, most significant first.
	 * @throws {MqttEncodeError} `out-of-range` unless `value` is an integer of `minimum..maximum`.
	 */
	uint(value: number, size: number, field: string, minimum = 0, maximum = 2 ** (8 * size) - 1): void {
		if (!Number.isInteger(value) || value < minimum || value > maximum) {
			throw new MqttEncodeError("out-of-range", `${field}: expected ${minimum}..${maximum}, got ${value}`);
		}
		for (let shift = 8 * size - 8; shift >= 0; shift -= 8) this.byte(value >> shift);
	}

	/** @param value 0..{@link MAXIMUM_VARIABLE}. */
	variable(value: number): void {
		let rest = value;
		for (; rest > 0x7f; rest >>= 7) this.byte((rest & 0x7f) | 0x80);
		this.byte(rest);
	}

	/** @throws {MqttEncodeError} `bad-string` for U+0000 or a lone surrogate [MQTT-1.5.4-1], `out-of-range` above 65535 bytes. */
	string(text: string, field: string): void {
		if (this.bytes !== undefined) {
			this.binary(utf8Encode(text), field);
			return;
		}
		if (text.includes("\0") || /[\ud800-\udfff]/u.test(text)) {
			throw new MqttEncodeError("bad-string", `${field}: U+0000 or lone surrogate`);
		}
		const length = utf8Length(text);
		this.uint(length, 2, `${field}, bytes`);
		this.length += length;
	}

	/** @throws {MqttEncodeError} `out-of-range` above 65535 bytes. */
	binary(data: Uint8Array, field: string): void {
		this.uint(data.length, 2, `${field}, bytes`);
		this.raw(data);
	}

	raw(data: Uint8Array): void {
		this.bytes?.set(data, this.length);
		this.length += data.length;
	}
}

/** The bytes of one packet's body, read in order. Every error names the packet and the field. */
export class Reader {
	private readonly bytes: Uint8Array;
	private readonly packet: string;
	private at = 0;

	constructor(bytes: Uint8Array, packet: string) {
		this.bytes = bytes;
		this.packet = packet;
	}

	/** Bytes not read yet. */
	get left(): number {
		return this.bytes.length - this.at;
	}

	/** An integer of `size` bytes, 1..4. */
	uint(size: number, field: string): number {
		const end = this.skip(size, field);
		let value = 0;
		for (let at = end - size; at < end; at++) value = 256 * value + this.bytes[at]!;
		return value;
	}

	/** A variable byte integer, which must not be longer than it need be [MQTT-1.5.5-1]. */
	variable(field: string): number {
		let value = 0;
		for (let shift = 0; shift < 28; shift += 7) {
			const byte = this.uint(1, field);
			value |= (byte & 0x7f) << shift;
			if (byte > 0x7f) continue;
			if (byte > 0 || shift === 0) return value;
			break;
		}
		throw this.malformed(field);
	}

	/** Well-formed UTF-8 without U+0000 [MQTT-1.5.4-1, MQTT-1.5.4-2]. */
	string(field: string): string {
		const data = this.binary(field);
		try {
			if (!data.includes(0)) return utf8Decode(data);
		} catch (error) {
			if (!(error instanceof Utf8Error)) throw error;
		}
		throw this.malformed(`${field}: no UTF-8, or U+0000`);
	}

	/** A view of the bytes, not a copy. */
	binary(field: string): Uint8Array {
		return this.view(this.uint(2, field), field);
	}

	/** A view of the next `length` bytes; of all that are left when omitted. */
	view(length = this.left, field = ""): Uint8Array {
		const end = this.skip(length, field);
		return this.bytes.subarray(end - length, end);
	}

	/** The bytes cannot be parsed (MQTT 5 section 1.2, Malformed Packet). */
	malformed(what: string): MqttDecodeError {
		return new MqttDecodeError("malformed-packet", `${this.packet}: ${what}`, 0x81);
	}

	/** The bytes can be parsed, but say what they must not (MQTT 5 section 1.2, Protocol Error). */
	violation(what: string, reasonCode = 0x82): MqttDecodeError {
		return new MqttDecodeError("protocol-error", `${this.packet}: ${what}`, reasonCode);
	}

	/** The bytes are MQTT, but neither AWS IoT Core nor this codec has it. */
	unsupported(what: string, reasonCode: number): MqttDecodeError {
		return new MqttDecodeError("unsupported", `${this.packet}: ${what}`, reasonCode);
	}

	private skip(length: number, field: string): number {
		if (length > this.left) throw this.malformed(`${field}: expected ${length} bytes, got ${this.left}`);
		this.at += length;
		return this.at;
	}
}
