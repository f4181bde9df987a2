/**
 * Reads the basic types of MQTT (MQTT 5 section 1.5) from one packet, strictly.
 *
 * mqtt-packet takes ill-formed UTF-8, reads on into the next packet and overlooks what is left over; what passes here
 * is safe to hand to it.
 * @module
 */
import { isUtf8 } from "node:buffer";
import { Violation } from "./violation.js";

/** Every method throws a {@link Violation} `malformed-packet` where the bytes do not hold what is read. */
export class Cursor {
	private readonly bytes: Buffer;
	private readonly end: number;
	private at: number;

	/** Reads `bytes` from index `at` to before index `end`. */
	constructor(bytes: Buffer, at: number, end: number = bytes.length) {
		this.bytes = bytes;
		this.at = at;
		this.end = end;
	}

	get atEnd(): boolean {
		return this.at === this.end;
	}

	byte(what: string): number {
		return this.bytes.readUInt8(this.advance(1, what));
	}

	/** A byte that is 0 or 1. */
	flag(what: string): boolean {
		const value = this.byte(what);
		if (value > 1) throw malformed(`${what}: expected 0 or 1, got ${value}`);
		return value === 1;
	}

	uint16(what: string): number {
		return this.bytes.readUInt16BE(this.advance(2, what));
	}

	uint32(what: string): number {
		return this.bytes.readUInt32BE(this.advance(4, what));
	}

	/** A Variable Byte Integer of at most four bytes, in its shortest form [MQTT-1.5.5-1]. */
	variable(what: string): number {
		let value = 0;
		for (let bytes = 1; bytes <= 4; bytes++) {
			const digit = this.byte(what);
			value += (digit & 0x7f) * 0x80 ** (bytes - 1);
			if (digit >= 0x80) continue;
			if (digit === 0 && bytes > 1) throw malformed(`${what}: a longer form than needed`);
			return value;
		}
		throw malformed(`${what}: longer than four bytes`);
	}

	/** A UTF-8 string without the null character [MQTT-1.5.4-1] [MQTT-1.5.4-2]. */
	text(what: string): string {
		const bytes = this.binary(what);
		if (!isUtf8(bytes)) throw malformed(`${what}: ill-formed UTF-8`);
		if (bytes.includes(0)) throw malformed(`${what}: the null character`);
		return bytes.toString("utf8");
	}

	/** Binary data: two bytes of length, then as many bytes. */
	binary(what: string): Buffer {
		const length = this.uint16(`length of ${what}`);
		const from = this.advance(length, what);
		return this.bytes.subarray(from, from + length);
	}

	/** A cursor over the next `length` bytes, which this one skips. */
	part(length: number, what: string): Cursor {
		const from = this.advance(length, what);
		return new Cursor(this.bytes, from, from + length);
	}

	/** The packet is over here. */
	finish(what: string): void {
		if (!this.atEnd) throw malformed(`${what}: ${this.end - this.at} bytes left over`);
	}

	private advance(length: number, what: string): number {
		const from = this.at;
		if (from + length > this.end) throw malformed(`${what}: expected ${length} bytes, got ${this.end - from}`);
		this.at += length;
		return from;
	}
}

function malformed(message: string): Violation {
	return new Violation("malformed-packet", message);
}
