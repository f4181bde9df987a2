/**
 * A reader of the little DER (ITU-T X.690) that RSA keys are made of: definite, minimal lengths, nothing left over.
 * @module
 */
import { bytesToUnsigned } from "../encoding/unsigned.js";

/** Tags of the types met in PKCS#1 and PKCS#8. */
export const Tag = {
	integer: 0x02,
	octetString: 0x04,
	null: 0x05,
	objectIdentifier: 0x06,
	sequence: 0x30,
	/** `[0]` and `[1]` of OneAsymmetricKey (RFC 5958 section 2). */
	attributes: 0xa0,
	publicKey: 0x81,
} as const;

/** Thrown when bytes are not the DER that was expected; the caller gives it a place and a remedy. */
export class DerError extends Error {
	override name = "DerError";
}

/** Reads consecutive values from `bytes`. */
export class DerReader {
	private at = 0;
	private readonly bytes: Uint8Array;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}

	get done(): boolean {
		return this.at === this.bytes.length;
	}

	/** @throws {DerError} when bytes are left. */
	end(): void {
		if (!this.done) throw new DerError(`${this.bytes.length - this.at} bytes left over`);
	}

	/** Tag of the next value, -1 at the end. */
	peek(): number {
		return this.done ? -1 : this.bytes[this.at]!;
	}

	/** Content of the next value, which must have `tag`. */
	read(tag: number): Uint8Array {
		if (this.peek() !== tag) throw new DerError(`expected tag ${tag} at byte ${this.at}`);
		this.at++;
		const length = this.readLength();
		if (this.at + length > this.bytes.length) throw new DerError(`value of ${length} bytes cut short`);
		const content = this.bytes.subarray(this.at, this.at + length);
		this.at += length;
		return content;
	}

	readSequence(): DerReader {
		return new DerReader(this.read(Tag.sequence));
	}

	/** A non-negative INTEGER. */
	readUnsigned(): bigint {
		const content = this.read(Tag.integer);
		if (content.length === 0 || content[0]! >= 0x80) throw new DerError("negative or empty integer");
		if (content.length > 1 && content[0] === 0 && content[1]! < 0x80) throw new DerError("integer not minimal");
		return bytesToUnsigned(content, "big");
	}

	private readLength(): number {
		const first = this.next();
		if (first < 0x80) return first;
		const count = first & 0x7f;
		if (count === 0 || count > 3) throw new DerError(`length of ${count} bytes`);
		let length = 0;
		for (let i = 0; i < count; i++) length = (length << 8) | this.next();
		if (length < 0x80 || length < 1 << (8 * (count - 1))) throw new DerError("length not minimal");
		return length;
	}

	private next(): number {
		if (this.done) throw new DerError("cut short");
		return this.bytes[this.at++]!;
	}
}

/** The SEQUENCE that `der` is, and nothing behind it. @throws {DerError} */
export function outermost(der: Uint8Array): DerReader {
	const reader = new DerReader(der);
	const structure = reader.readSequence();
	reader.end();
	return structure;
}
