/** @module */
import type { FirmwareWriter } from "../../../src/device/ports.js";
import type { Cases } from "../case.js";
import { imageOf, ScriptedSlots } from "./scripted-slots.js";

function fill(slots: ScriptedSlots, image: Uint8Array): FirmwareWriter {
	const writer = slots.begin(image.length);
	writer.write(image.subarray(0, 5));
	writer.write(image.subarray(5));
	return writer;
}

export const cases: Cases = {
	"the other image boots once it was completed, on trial, and not before": (check) => {
		const image = imageOf(2, 12);
		const slots = new ScriptedSlots();
		const writer = fill(slots, image);
		check.same(slots.powerUp().running, imageOf(1, 30));
		writer.complete();
		const after = slots.powerUp();
		check.same([after.running, after.version, after.isOnTrial], [image, 2, true]);
	},
	"power that is cut before a change leaves it undone, after it done": (check) => {
		const image = imageOf(2, 12);
		for (const [kind, booted] of [
			["cut-before", imageOf(1, 30)],
			["cut-after", image],
		] as const) {
			const slots = new ScriptedSlots({ fault: { at: 3, kind } });
			const writer = fill(slots, image);
			check.throws(() => writer.complete(), { name: "PowerCut" });
			check.throws(() => slots.begin(1), { name: "PowerCut" });
			check.same(slots.powerUp().running, booted, kind);
		}
	},
	"a fault fails one change alone": (check) => {
		const slots = new ScriptedSlots({ fault: { at: 1, kind: "fault" } });
		const writer = slots.begin(2);
		check.throws(() => writer.write(Uint8Array.of(2)), { message: "flash" });
		writer.write(Uint8Array.of(2, 3));
		writer.complete();
		check.same(slots.next, Uint8Array.of(2, 3));
	},
	"images too large, missing bytes, and writers out of turn are refused": (check) => {
		const slots = new ScriptedSlots({ capacity: 4 });
		check.throws(() => slots.begin(5), { name: "RangeError" });
		const writer = slots.begin(4);
		check.throws(() => writer.complete(), { name: "RangeError" });
		check.throws(() => writer.write(new Uint8Array(5)), { name: "RangeError" });
		check.throws(() => slots.begin(4), { message: "begin: another writer is open" });
		writer.close();
		writer.close();
		check.throws(() => writer.write(new Uint8Array(1)), { message: "a writer that was closed" });
		check.is(slots.count("close"), 1);
	},
};
