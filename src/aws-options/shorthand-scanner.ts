/**
 * Reading of a shorthand text character by character: words, quoted values, and errors that point at a place.
 * @module
 */

const BLANK = /^[ \t\n\r\v\f]$/;
/** White space of ASCII as Python has it; JavaScript's lacks U+001C to U+001F. */
const SPACE = "\\t-\\r\\x1c-\\x20";
/** White space that Python takes off the end of a value. */
const TRAILING_SPACE = new RegExp(`[${SPACE}\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+$`);

/** The characters that begin a bare value. Beyond U+FFFF the AWS CLI takes none: such a value must be quoted. */
const WORD_START = /^[!#-&(-+\--<>-Z\\-z|-\uffff]$/;
/** What may follow in the first value after a key: everything but quotes, comma, ] and }. */
const FIRST_FOLLOW = new RegExp(`^[${SPACE}!#-&(-+\\--\\\\^-|~-\\uffff]$`);
/** What may follow in the further values of a list: everything but quotes, comma and =. */
const FURTHER_FOLLOW = new RegExp(`^[${SPACE}!#-&(-+\\--<>-\\uffff]$`);

/** Two letters of the grammar that the AWS CLI's errors name. */
export type ValueKind = "first" | "second";

/** A shorthand text that cannot be read; the message is put together by who knows whether the text may be shown. */
export class ShorthandSyntaxError extends Error {
	override readonly name = "ShorthandSyntaxError";
	readonly expected: string;
	readonly received: string;
	/** Position in characters, from 0. */
	readonly position: number;

	constructor(expected: string, received: string, position: number) {
		super(`expected ${expected} at character ${position}`);
		this.expected = expected;
		this.received = received;
		this.position = position;
	}
}

export class ShorthandScanner {
	private readonly characters: readonly string[];
	position = 0;

	constructor(text: string) {
		this.characters = [...text];
	}

	/** The character at the position; undefined at the end. */
	get current(): string | undefined {
		return this.characters[this.position];
	}

	get atEnd(): boolean {
		return this.position >= this.characters.length;
	}

	skipBlanks(): void {
		while (this.current !== undefined && BLANK.test(this.current)) this.position++;
	}

	/** Whether the character was there; it is consumed then. */
	take(character: string): boolean {
		if (this.current !== character) return false;
		this.position++;
		return true;
	}

	/** @throws {ShorthandSyntaxError} unless the character is there. */
	expect(character: string): void {
		if (!this.take(character)) throw new ShorthandSyntaxError(character, this.current ?? "EOF", this.position);
	}

	/** As {@link expect}, with the blanks around it. */
	expectBetweenBlanks(character: string): void {
		this.skipBlanks();
		this.expect(character);
		this.skipBlanks();
	}

	/** Consumes the characters that fit, maybe none. */
	run(fits: RegExp): string {
		const start = this.position;
		while (this.current !== undefined && fits.test(this.current)) this.position++;
		return this.characters.slice(start, this.position).join("");
	}

	/** Goes back to the last such character, which is there. */
	backTo(character: string): void {
		while (this.position > 0 && this.current !== character) this.position--;
	}

	/** A bare value without the blanks after it, its escaped commas resolved; undefined where none begins here. */
	word(kind: ValueKind): string | undefined {
		const start = this.position;
		for (let length = this.partOfWord(WORD_START); length > 0; ) {
			this.position += length;
			length = this.partOfWord(kind === "first" ? FIRST_FOLLOW : FURTHER_FOLLOW);
		}
		if (this.position === start) return undefined;
		const raw = this.characters.slice(start, this.position).join("");
		return raw.replaceAll("\\,", ",").replace(TRAILING_SPACE, "");
	}

	/** Characters that the word takes here: 2 for an escaped comma, 0 where it ends. */
	private partOfWord(fits: RegExp): 0 | 1 | 2 {
		if (this.current === "\\" && this.characters[this.position + 1] === ",") return 2;
		return this.current !== undefined && fits.test(this.current) ? 1 : 0;
	}

	/**
	 * A value in the quotes that stand here. A backslash escapes the quote and itself; where no quote ends the value but an
	 * escaped one, that one does, and its backslash stands for itself.
	 * @throws {ShorthandSyntaxError} where it does not end.
	 */
	quoted(): string {
		const quote = this.current ?? "";
		const start = this.position + 1;
		const end = this.closingQuote(quote, start);
		if (end === undefined) {
			throw new ShorthandSyntaxError(quote === "'" ? "<singled quoted>" : "<double quoted>", "<none>", this.position);
		}
		this.position = end + 1;
		const raw = this.characters.slice(start, end).join("");
		return raw.replaceAll(`\\${quote}`, quote).replaceAll("\\\\", "\\");
	}

	private closingQuote(quote: string, start: number): number | undefined {
		let escaped: number | undefined;
		for (let at = start; at < this.characters.length; at++) {
			const character = this.characters[at];
			if (character === quote) return at;
			const next = this.characters[at + 1];
			if (character !== "\\" || (next !== "\\" && next !== quote)) continue;
			at++;
			if (next === quote) escaped = at;
		}
		return escaped;
	}
}
