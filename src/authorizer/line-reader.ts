/**
 * Lines out of a stream of bytes whose writer nobody vouches for.
 * @module
 */

const LINE_FEED = 0x0a;

/** Takes UTF-8 in pieces of any size and tells it line by line, in memory that `longest` bounds. */
export class LineReader {
	/** Most bytes of a line, line feed not counted. */
	private readonly longest: number;
	private readonly tell: (line: string, cut: boolean) => void;
	private pieces: Uint8Array[] = [];
	private length = 0;
	/** The line was told already, being too long; what is left of it is dropped. */
	private overrun = false;

	/**
	 * @param longest bytes; of a longer line the beginning is told.
	 * @param tell gets each line without its line feed, and whether it is only the beginning of one.
	 */
	constructor(longest: number, tell: (line: string, cut: boolean) => void) {
		this.longest = longest;
		this.tell = tell;
	}

	push(chunk: Uint8Array): void {
		let start = 0;
		for (;;) {
			const end = chunk.indexOf(LINE_FEED, start);
			this.add(chunk.subarray(start, end < 0 ? undefined : end));
			if (end < 0) return;
			this.finish(false);
			this.overrun = false;
			start = end + 1;
		}
	}

	/** Tells what stands after the last line feed, if anything does. */
	end(): void {
		if (this.length > 0) this.finish(false);
	}

	private add(piece: Uint8Array): void {
		if (this.overrun) return;
		const room = this.longest - this.length;
		const taken = piece.subarray(0, room);
		if (taken.length > 0) this.pieces.push(taken);
		this.length += taken.length;
		if (piece.length > room) this.finish(true);
	}

	private finish(cut: boolean): void {
		if (!this.overrun) this.tell(Buffer.concat(this.pieces, this.length).toString(), cut);
		this.overrun ||= cut;
		this.pieces = [];
		this.length = 0;
	}
}
