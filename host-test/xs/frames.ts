/**
 * The frames that Node and the engine's process exchange; `host/transport.h` is the other end.
 *
 * A frame is its payload's length in decimal digits, `:`, the payload, `,`. The payload's first byte is its kind,
 * an ASCII character.
 * @module
 */

export interface Frame {
	readonly kind: string;
	readonly bytes: Uint8Array;
}

const COLON = 0x3a;
const COMMA = 0x2c;

/** The frame's bytes as they go over the pipe. */
export function encodeFrame(kind: string, bytes: Uint8Array): Uint8Array {
	return Buffer.concat([Buffer.from(`${bytes.length + 1}:${kind}`), bytes, Buffer.from(",")]);
}

/** Puts frames together again from a pipe's chunks, however they were cut. */
export class FrameReader {
	private pending: Buffer = Buffer.alloc(0);

	/**
	 * Takes a chunk and gives the frames that it completes, in order.
	 * @throws {RangeError} where the bytes are no frame; the stream cannot be read any further then.
	 */
	push(chunk: Uint8Array): Frame[] {
		this.pending = this.pending.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.pending, chunk]);
		const frames: Frame[] = [];
		for (let end = this.frameEnd(); end !== undefined; end = this.frameEnd()) {
			const start = this.pending.indexOf(COLON) + 1;
			if (this.pending[end - 1] !== COMMA) throw new RangeError("frame: expected a comma at its end");
			frames.push({
				kind: String.fromCharCode(this.pending[start]!),
				bytes: Uint8Array.from(this.pending.subarray(start + 1, end - 1)),
			});
			this.pending = this.pending.subarray(end);
		}
		return frames;
	}

	/** Where the first frame ends; `undefined` while it is not there as a whole. */
	private frameEnd(): number | undefined {
		const colon = this.pending.indexOf(COLON);
		if (colon === -1) return undefined;
		const digits = this.pending.toString("latin1", 0, colon);
		if (!/^[1-9]\d{0,8}$/.test(digits)) throw new RangeError("frame: expected a length of 1..999999999");
		const end = colon + 1 + Number(digits) + 1;
		return end <= this.pending.length ? end : undefined;
	}
}
