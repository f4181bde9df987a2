/**
 * The note that a run leaves behind for the next one.
 * @module
 */
import { DeviceError } from "../../src/device/device-error.js";
import { utf8Decode, utf8Encode } from "../../src/device/encoding/utf8.js";
import type { KeyValueStore } from "../../src/device/ports.js";
import { CRASH_BYTES, CRASH_KEY, CrashNote } from "../../src/firmware/crash-note.js";
import type { Cases } from "../device/case.js";
import { memoryStore } from "../device/world.js";

/** What a run leaves behind that keeps one note. */
function left(what: string, error?: unknown): string {
	const store = memoryStore();
	new CrashNote(store).keep(what, error);
	return utf8Decode(new Uint8Array(store.read(CRASH_KEY)!));
}

const BROKEN: KeyValueStore = {
	read() {
		throw new Error("flash");
	},
	write() {
		throw new Error("flash");
	},
	delete() {
		throw new Error("flash");
	},
};

export const cases: Cases = {
	"kind and message of what was thrown are kept, with why the device stops"(check) {
		check.is(
			left("unhandled exception", new TypeError("x is no function")),
			"unhandled exception: TypeError: x is no function",
		);
		check.is(left("memory full"), "memory full");
		check.is(left("unhandled exception", "just a text with a secret"), "unhandled exception: a thrown string");
	},

	"an error's remedy and stack are not"(check) {
		const error = new DeviceError({ code: "full", step: "link", cause: "no room", remedy: "a long remedy" });
		check.is(left("timer", error), "timer: DeviceError: no room");
	},

	"it is told once, by the next run"(check) {
		const store = memoryStore();
		new CrashNote(store).keep("timer", new RangeError("no"));
		const next = new CrashNote(store);
		check.is(next.take(), "timer: RangeError: no");
		check.is(next.take(), undefined);
		check.is(new CrashNote(store).take(), undefined);
	},

	"the first defect of a run is kept, not what follows from it"(check) {
		const store = memoryStore();
		const note = new CrashNote(store);
		note.keep("timer", new RangeError("the first"));
		note.keep("memory full", undefined);
		check.is(new CrashNote(store).take(), "timer: RangeError: the first");
	},

	"a note is cut at 200 bytes, between characters"(check) {
		check.is(utf8Encode(left("x".repeat(300))).length, CRASH_BYTES);
		const text = left(`x${"ü".repeat(150)}`);
		check.same([utf8Encode(text).length, text.endsWith("ü")], [199, true]);
		check.is(utf8Encode(left(`${"x".repeat(197)}😀`)).length, 197);
		check.is(utf8Encode(left(`${"x".repeat(196)}😀`)).length, 200);
	},

	"a note is one line"(check) {
		check.is(left("two\nlines\tand\u0000more"), "two lines and more");
	},

	"a store that fails hides the note and nothing else"(check) {
		const note = new CrashNote(BROKEN);
		check.is(note.take(), undefined);
		note.keep("timer", new Error("x"));
	},

	"an engine that stops anew while a note is made is not held up"(check) {
		let writes = 0;
		const store: KeyValueStore = {
			...BROKEN,
			write() {
				writes++;
				note.keep("memory full", undefined);
				throw new Error("no room");
			},
		};
		const note = new CrashNote(store);
		note.keep("memory full", undefined);
		check.is(writes, 1);
	},

	"whatever lies in the store, it is told as one short line or not at all"(check) {
		for (const bytes of [
			Uint8Array.of(0xff, 0xfe),
			Uint8Array.of(0xc3),
			new Uint8Array(0),
			new Uint8Array(5_000).fill(0x41),
		]) {
			const store = memoryStore({ [CRASH_KEY]: bytes });
			const text = new CrashNote(store).take() ?? "";
			check.is(utf8Encode(text).length <= CRASH_BYTES, true);
			check.is(store.read(CRASH_KEY), undefined);
		}
	},
};
