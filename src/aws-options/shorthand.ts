/**
 * The AWS CLI's shorthand: `headers={k1=v1,k2=v2},queryString=?token=abc`, `actionType=CONNECT,resources=a,b`.
 *
 * The grammar (AWS CLI User Guide, "Using shorthand syntax with the AWS CLI"): keys and values joined by `=`, members by
 * `,`; a value is bare text, text in '...' or "...", a list in [...], a structure in {...}, or at the top level several bare
 * values joined by commas. `key@=file://...` takes the value from a file, as later versions of the AWS CLI do.
 * @module
 */
import { ShorthandScanner, ShorthandSyntaxError, type ValueKind } from "./shorthand-scanner.js";

/** Text, bytes of a `fileb://` file, a list or members by key. */
export type ShorthandValue = string | Uint8Array | readonly ShorthandValue[] | ShorthandMembers;
export type ShorthandMembers = ReadonlyMap<string, ShorthandValue>;

/** A key that occurs twice. */
export class DuplicateKeyError extends Error {
	override readonly name = "DuplicateKeyError";
	readonly key: string;
	readonly position: number;

	constructor(key: string, position: number) {
		super("a key occurs twice");
		this.key = key;
		this.position = position;
	}
}

/** The content behind a `file://` or `fileb://` value, or undefined where the value is neither. */
export type ResolveFile = (value: string) => string | Uint8Array | undefined;

const KEY = /^[A-Za-z0-9\-_.#/:]$/;

/** Deepest nesting; more than any shape has. */
const DEEPEST = 64;

/**
 * @throws {ShorthandSyntaxError} and {DuplicateKeyError}, for the caller to put into words.
 * @param resolveFile called for values after `@=`.
 */
export function parseShorthand(text: string, resolveFile: ResolveFile): ShorthandMembers {
	return new ShorthandReader(text, resolveFile).members();
}

class ShorthandReader {
	private readonly scanner: ShorthandScanner;
	private readonly resolveFile: ResolveFile;
	private fromFile = false;
	private depth = 0;

	constructor(text: string, resolveFile: ResolveFile) {
		this.scanner = new ShorthandScanner(text);
		this.resolveFile = resolveFile;
	}

	members(): ShorthandMembers {
		const members = new Map<string, ShorthandValue>([this.member()]);
		let last = this.scanner.position;
		while (!this.scanner.atEnd) {
			this.scanner.expectBetweenBlanks(",");
			const [key, value] = this.member();
			if (members.has(key)) throw new DuplicateKeyError(key, last + 1);
			members.set(key, value);
			last = this.scanner.position;
		}
		return members;
	}

	private member(): [string, ShorthandValue] {
		const key = this.key();
		const { current } = this.scanner;
		if (current === undefined) return [key, ""];
		if (current === "[" || current === "{") return [key, this.nested(current)];
		return [key, this.commaSeparated()];
	}

	/** A key and the `=` or `@=` after it. */
	private key(): string {
		const key = this.scanner.run(KEY);
		this.scanner.skipBlanks();
		this.fromFile = this.scanner.take("@");
		this.scanner.expectBetweenBlanks("=");
		return key;
	}

	/** One value, or several with commas between; what reads like the next member ends them. */
	private commaSeparated(): ShorthandValue {
		const { scanner } = this;
		const first = this.value("first") ?? "";
		scanner.skipBlanks();
		if (scanner.current !== ",") return first;
		scanner.expectBetweenBlanks(",");
		const values = [first];
		for (;;) {
			const value = this.furtherValue();
			if (value === undefined) break;
			values.push(value);
			if (scanner.atEnd) break;
			scanner.expectBetweenBlanks(",");
		}
		return values.length === 1 ? first : values;
	}

	/** A further value and not the key of the next member; undefined, and back at the comma, otherwise. */
	private furtherValue(): ShorthandValue | undefined {
		const { scanner } = this;
		const value = this.tryFurtherValue();
		scanner.skipBlanks();
		if (value !== undefined && (scanner.atEnd || scanner.current === ",")) return value;
		if (scanner.atEnd) throw new ShorthandSyntaxError("<second>", "<none>", scanner.position);
		scanner.backTo(",");
		return undefined;
	}

	private tryFurtherValue(): ShorthandValue | undefined {
		try {
			return this.value("second");
		} catch (error) {
			// A quote that does not end may stand in a later member: that member is the better place to complain of it.
			if (error instanceof ShorthandSyntaxError) return undefined;
			throw error;
		}
	}

	private value(kind: ValueKind): ShorthandValue | undefined {
		const { scanner } = this;
		const quoted = scanner.current === "'" || scanner.current === '"';
		const value = quoted ? scanner.quoted() : scanner.word(kind);
		if (value === undefined || !this.fromFile) return value;
		return this.resolveFile(value) ?? value;
	}

	private nested(open: "[" | "{"): ShorthandValue {
		if (++this.depth > DEEPEST)
			throw new ShorthandSyntaxError(`at most ${DEEPEST} levels`, open, this.scanner.position);
		const value = open === "[" ? this.list() : this.structure();
		this.depth--;
		return value;
	}

	private list(): ShorthandValue {
		const values: ShorthandValue[] = [];
		this.scanner.expectBetweenBlanks("[");
		while (!this.scanner.take("]")) {
			values.push(this.nestedValue());
			this.endOfEntry("]");
		}
		return values;
	}

	private structure(): ShorthandValue {
		const members = new Map<string, ShorthandValue>();
		this.scanner.expectBetweenBlanks("{");
		while (!this.scanner.take("}")) {
			const key = this.key();
			members.set(key, this.nestedValue());
			this.endOfEntry("}");
		}
		return members;
	}

	private nestedValue(): ShorthandValue {
		const { current } = this.scanner;
		return current === "[" || current === "{" ? this.nested(current) : (this.value("first") ?? "");
	}

	private endOfEntry(close: "]" | "}"): void {
		this.scanner.skipBlanks();
		if (this.scanner.current === close) return;
		this.scanner.expect(",");
		this.scanner.skipBlanks();
	}
}
