/**
 * Why the device runs.
 * @module
 */
import { resetOf } from "../../src/firmware/reset.js";
import type { Cases } from "../device/case.js";

function told(reason: number, note?: string, isOnTrial = false) {
	return resetOf({ reason, note, isOnTrial });
}

export const cases: Cases = {
	"ESP-IDF's numbers have names"(check) {
		const names: Readonly<Record<number, string>> = {
			0: "unknown",
			1: "power-on",
			2: "power-on",
			3: "software",
			4: "panic",
			5: "watchdog",
			6: "watchdog",
			7: "watchdog",
			8: "deep-sleep",
			9: "brownout",
			14: "brownout",
			15: "panic",
		};
		for (const [number, name] of Object.entries(names)) check.same(told(Number(number)), { reason: name }, number);
	},

	"a number that nobody knows is unknown"(check) {
		for (const number of [-1, 16, 99, Number.NaN, 1.5]) check.same(told(number), { reason: "unknown" });
	},

	"an orderly restart that left a note was a defect's"(check) {
		check.same(told(3, "timer: TypeError: no"), { reason: "panic", message: "timer: TypeError: no" });
	},

	"a note is told beside whatever else ended the run"(check) {
		check.same(told(6, "timer: TypeError: no"), { reason: "watchdog", message: "timer: TypeError: no" });
	},

	"an image that starts for the first time was updated"(check) {
		check.same(told(3, undefined, true), { reason: "update" });
		check.same(told(1, undefined, true), { reason: "power-on" });
	},
};
