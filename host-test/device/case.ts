/**
 * Tests of device code that run in Node and in XS alike.
 *
 * A case is synchronous, imports only `src/device` and other cases, and judges through the `Check` it is given.
 * `cases.test.ts` runs them under AVA in Node; `../xs/cases.test.ts` bundles them and runs them in the XS engine.
 * @module
 */

export interface Check {
	/** Same value (`Object.is`). */
	is<T>(actual: T, expected: T, what?: string): void;
	/** Same structure, `Uint8Array`s compared byte by byte. */
	same(actual: unknown, expected: unknown, what?: string): void;
	/** Same bytes; `expected` as hex digits, blanks ignored. */
	hex(actual: Uint8Array, expected: string, what?: string): void;
	/** `run` throws an error that has every property of `expected` (`{ code: "..." }`). */
	throws(run: () => unknown, expected: Readonly<Record<string, unknown>>, what?: string): void;
}

export type Case = (check: Check) => void;

/** Cases by name; a name says the behaviour. */
export type Cases = Readonly<Record<string, Case>>;

class CheckFailure extends Error {
	override name = "CheckFailure";
}

/** The one implementation of {@link Check}; it throws, with both values, at the first difference. */
export const check: Check = {
	is(actual, expected, what) {
		if (!Object.is(actual, expected)) fail(what, actual, expected);
	},
	same(actual, expected, what) {
		if (describe(actual) !== describe(expected)) fail(what, actual, expected);
	},
	hex(actual, expected, what) {
		const wanted = expected.replace(/\s+/g, "").toLowerCase();
		if (toHex(actual) !== wanted) fail(what, toHex(actual), wanted);
	},
	throws(run, expected, what) {
		let caught: unknown;
		try {
			run();
		} catch (error) {
			caught = error;
		}
		if (caught === undefined)
			throw new CheckFailure(`${label(what)}expected an error ${describe(expected)}, none came`);
		for (const [key, value] of Object.entries(expected)) {
			const actual = (caught as Record<string, unknown>)[key];
			if (describe(actual) !== describe(value)) fail(`${label(what)}error.${key} (${String(caught)})`, actual, value);
		}
	},
};

/** Hex digits, lower case. */
export function toHex(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
	return text;
}

/** Bytes of hex digits; blanks are ignored. */
export function fromHex(text: string): Uint8Array {
	const digits = text.replace(/\s+/g, "");
	const bytes = new Uint8Array(digits.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}

function fail(what: string | undefined, actual: unknown, expected: unknown): never {
	throw new CheckFailure(`${label(what)}expected ${describe(expected)}, got ${describe(actual)}`);
}

function label(what: string | undefined): string {
	return what === undefined ? "" : `${what}: `;
}

/** A text that is equal exactly when two values are the same in structure. */
export function describe(value: unknown): string {
	if (value instanceof Uint8Array) return `bytes(${toHex(value)})`;
	if (value instanceof ArrayBuffer) return `buffer(${toHex(new Uint8Array(value))})`;
	if (value instanceof Map) return `map(${describe([...value])})`;
	if (Array.isArray(value)) return `[${value.map(describe).join(", ")}]`;
	if (typeof value === "bigint") return `${value}n`;
	if (typeof value === "object" && value !== null) {
		const members = Object.entries(value).filter(([, member]) => member !== undefined);
		members.sort(([a], [b]) => (a < b ? -1 : 1));
		return `{${members.map(([key, member]) => `${key}: ${describe(member)}`).join(", ")}}`;
	}
	return typeof value === "string" ? JSON.stringify(value) : String(value);
}
