/**
 * What the firmware leaves behind before it restarts because of a defect, to be told when it runs again.
 * @module
 */
import { utf8Decode, utf8Encode } from "../device/encoding/utf8.js";
import type { KeyValueStore } from "../device/ports.js";
import { faultText } from "./faults.js";

/** Key of the note in the device's store. */
export const CRASH_KEY = "crash";

/** Bytes of a note at most. */
export const CRASH_BYTES = 200;

/** One run's note: the first defect is told, what follows from it is not. */
export class CrashNote {
	private readonly store: KeyValueStore;
	/** Set before anything can fail: the engine that is out of memory calls again while a note is being made. */
	private isKept = false;

	constructor(store: KeyValueStore) {
		this.store = store;
	}

	/**
	 * Keeps kind and message of what was thrown; nothing else, which may show values. Throws nothing.
	 * @param what why the device stops, or where the error was caught.
	 */
	keep(what: string, error: unknown): void {
		if (this.isKept) return;
		this.isKept = true;
		try {
			const text = error === undefined ? what : `${what}: ${faultText(error)}`;
			this.store.write(CRASH_KEY, bounded(utf8Encode(printable(text))).slice().buffer);
		} catch {
			// The device restarts all the same, and then tells its reason alone.
		}
	}

	/** The note of the run before this one; it is told once. Throws nothing. */
	take(): string | undefined {
		try {
			const value = this.store.read(CRASH_KEY);
			if (value === undefined) return undefined;
			this.store.delete(CRASH_KEY);
			return printable(utf8Decode(bounded(new Uint8Array(value))));
		} catch {
			// A store that fails says so when the credential is read, and what is no text is no note.
			return undefined;
		}
	}
}

/** {@link CRASH_BYTES} at most, and no part of a character. */
function bounded(bytes: Uint8Array): Uint8Array {
	let end = Math.min(bytes.length, CRASH_BYTES);
	while (end < bytes.length && end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
	return bytes.subarray(0, end);
}

/** In one line. */
function printable(text: string): string {
	let line = "";
	for (const character of text) line += character < " " ? " " : character;
	return line;
}
