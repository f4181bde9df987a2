/**
 * Reads JSON that somebody else wrote.
 *
 * XS reads JSON by recursion, and a C stack that is too small for it restarts the chip: a few kilobytes of brackets, which
 * whoever may publish to a device can send. So text that nests deeply is refused before the engine sees it.
 * @module
 */
import { utf8Encode } from "./utf8.js";

/** Lists and objects within each other. */
export const DEEPEST_JSON = 16;

export class JsonError extends Error {
	override name = "JsonError";
	readonly code: "not-json" | "too-deep";

	constructor(code: "not-json" | "too-deep", message: string) {
		super(message);
		this.code = code;
	}
}

/**
 * What the text says.
 * @throws {JsonError} `not-json`, or `too-deep` for more than {@link DEEPEST_JSON} lists and objects within each other. It quotes
 * nothing: the engine's own message quotes the text around the fault, which may be a secret.
 */
export function parseJson(text: string): unknown {
	if (isTooDeep(utf8Encode(text)))
		throw new JsonError("too-deep", `expected lists and objects within ${DEEPEST_JSON} of each other`);
	try {
		return JSON.parse(text);
	} catch {
		throw new JsonError("not-json", "the text is not JSON");
	}
}

const [QUOTE, BACKSLASH, OPEN_LIST, OPEN_OBJECT, CLOSE_LIST, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x7b, 0x5d, 0x7d];

function isTooDeep(json: Uint8Array): boolean {
	let depth = 0;
	let isText = false;
	for (let at = 0; at < json.length; at++) {
		const byte = json[at];
		if (byte === QUOTE) isText = !isText;
		else if (isText) at += byte === BACKSLASH ? 1 : 0;
		else depth += nestingOf(byte);
		if (depth > DEEPEST_JSON) return true;
	}
	return false;
}

function nestingOf(byte: number | undefined): number {
	if (byte === OPEN_LIST || byte === OPEN_OBJECT) return 1;
	return byte === CLOSE_LIST || byte === CLOSE_OBJECT ? -1 : 0;
}
