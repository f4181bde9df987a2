/**
 * The data types of MQTT on the wire (MQTT 5 section 1.5): a writer that measures or writes, a reader that
 * never leaves its bytes.
 * @module
 */
import { Utf8Error, utf8Decode, utf8Encode, utf8Length } from "../encoding/utf8.js";
import { MqttDecodeError, MqttEncodeError } from "./errors.js";

/** The greatest variable byte integer [MQTT-1.5.5-1], and so the greatest Remaining Length. */
export const MAXIMUM_VARIABLE = 0x0fff_ffff;

const MAXIMUM_LENGTH = 0xffff;

/** How many bytes the variable byte integer `value` takes, 1..4. */
export function variableSize(value: number): number {
	return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : 4;
}

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

	/** @throws {MqttEncodeError} `out-of-range` unless `value` is an integer, `minimum`..65535. */
	uint16(value: number, field: string, minimum = 0): void {
		checkRange(value, minimum, 0xffff, field);
		this.byte(value >> 8);
		this.byte(value);
	}

	/** @throws {MqttEncodeError} `out-of-range` unless `value` is an integer, `minimum`..4294967295. */
	uint32(value: number, field: string, minimum = 0): void {
		checkRange(value, minimum, 0xffff_ffff, field);
		for (let shift = 24; shift >= 0; shift -= 8) this.byte(value >> shift);
	}

	/** @param value 0..{@link MAXIMUM_VARIABLE}. */
	variable(value: number): void {
		let rest = value;
		for (; rest > 0x7f; rest >>= 7) this.byte((rest & 0x7f) | 0x80);
		this.byte(rest);
	}

	/** @throws {MqttEncodeError} `bad-string` or `too-long`. */
	string(text: string, field: string): void {
		if (this.bytes === undefined) {
			this.length += 2 + stringSize(text, field);
		} else {
			this.binary(utf8Encode(text), field);
		}
	}

	/** @throws {MqttEncodeError} `too-long` above 65535 bytes. */
	binary(data: Uint8Array, field: string): void {
		checkLength(data.length, field);
		this.uint16(data.length, field);
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

	byte(field: string): number {
		this.need(1, field);
		return this.bytes[this.at++]!;
	}

	uint16(field: string): number {
		this.need(2, field);
		return (this.byte(field) << 8) | this.byte(field);
	}

	uint32(field: string): number {
		this.need(4, field);
		return this.uint16(field) * 0x1_0000 + this.uint16(field);
	}

	variable(field: string): number {
		let value = 0;
		for (let shift = 0; shift < 28; shift += 7) {
			const byte = this.byte(field);
			value |= (byte & 0x7f) << shift;
			if (byte >= 0x80) continue;
			if (byte === 0 && shift > 0) throw this.malformed(`${field}: longer than it need be`);
			return value;
		}
		throw this.malformed(`${field}: more than 4 bytes`);
	}

	/** Well-formed UTF-8 without U+0000 [MQTT-1.5.4-1, MQTT-1.5.4-2]. */
	string(field: string): string {
		const data = this.binary(field);
		if (data.includes(0)) throw this.malformed(`${field}: U+0000`);
		try {
			return utf8Decode(data);
		} catch (error) {
			if (error instanceof Utf8Error) throw this.malformed(`${field}: ill-formed UTF-8 at byte ${error.offset}`);
			throw error;
		}
	}

	/** A view of the bytes, not a copy. */
	binary(field: string): Uint8Array {
		return this.take(this.uint16(field), field);
	}

	/** A view of all that is left. */
	rest(): Uint8Array {
		return this.take(this.left, "payload");
	}

	/** @throws {MqttDecodeError} where the body goes on after its last field. */
	finish(): void {
		if (this.left > 0) throw this.malformed(`${this.left} bytes after the end`);
	}

	/** The peer's bytes cannot be parsed (MQTT 5 section 1.2, Malformed Packet). */
	malformed(what: string): MqttDecodeError {
		return new MqttDecodeError("malformed-packet", `${this.packet}: ${what}`, 0x81);
	}

	/** The peer's bytes parse, but say what they must not (MQTT 5 section 1.2, Protocol Error). */
	violation(what: string, reasonCode = 0x82): MqttDecodeError {
		return new MqttDecodeError("protocol-error", `${this.packet}: ${what}`, reasonCode);
	}

	/** The peer's bytes are MQTT, but neither AWS IoT Core nor this codec has it. */
	unsupported(what: string, reasonCode: number): MqttDecodeError {
		return new MqttDecodeError("unsupported", `${this.packet}: ${what}`, reasonCode);
	}

	private take(length: number, field: string): Uint8Array {
		this.need(length, field);
		this.at += length;
		return this.bytes.subarray(this.at - length, this.at);
	}

	private need(length: number, field: string): void {
		if (length > this.left) throw this.malformed(`${field}: expected ${length} bytes, got ${this.left}`);
	}
}

/** UTF-8 length of a string that MQTT allows: no U+0000, no lone surrogate, at most 65535 bytes. */
function stringSize(text: string, field: string): number {
	for (const character of text) {
		const scalar = character.codePointAt(0)!;
		if (scalar === 0 || (scalar >= 0xd800 && scalar <= 0xdfff)) {
			throw new MqttEncodeError("bad-string", `${field}: expected no U+0000 and no lone surrogate`);
		}
	}
	const length = utf8Length(text);
	checkLength(length, field);
	return length;
}

function checkLength(length: number, field: string): void {
	if (length > MAXIMUM_LENGTH) {
		throw new MqttEncodeError("too-long", `${field}: expected at most ${MAXIMUM_LENGTH} bytes, got ${length}`);
	}
}

function checkRange(value: number, minimum: number, maximum: number, field: string): void {
	if (!Number.isInteger(value) || value < minimum || value > maximum) {
		throw new MqttEncodeError("out-of-range", `${field}: expected ${minimum}..${maximum}, got ${value}`);
	}
}
