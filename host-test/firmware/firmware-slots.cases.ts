/**
 * Writing an image into the place that does not run.
 * @module
 */
import { type FirmwareUpdate, PlatformFirmwareSlots } from "../../src/firmware/firmware-slots.js";
import type { Cases } from "../device/case.js";

const ROOM = 1000;

/** Flash and ESP-IDF, with what was asked of them. */
function chip({ isOnTrial = false, openFault = "", completeFault = "" } = {}) {
	const asked: string[] = [];
	const written: number[] = [];
	let onTrial = isOnTrial;
	const update: FirmwareUpdate = {
		write: (bytes) => void written.push(...bytes),
		complete() {
			asked.push("complete");
			if (completeFault !== "") throw new Error(completeFault);
		},
		close: () => void asked.push("close update"),
	};
	const slots = new PlatformFirmwareSlots({
		flash: {
			open({ path }) {
				asked.push(`open ${path}`);
				return { status: () => ({ size: ROOM }), close: () => void asked.push("close partition") };
			},
		},
		update: {
			open({ mode, byteLength }) {
				asked.push(`update ${mode} ${byteLength}`);
				if (openFault !== "") throw new Error(openFault);
				return update;
			},
		},
		rollback: {
			isOnTrial: () => onTrial,
			confirm() {
				asked.push("confirm");
				onTrial = false;
			},
			rollBack: () => void asked.push("roll back"),
			restart: () => void asked.push("restart"),
		},
		version: 7,
	});
	return { slots, asked, written };
}

export const cases: Cases = {
	"an image goes into the other place, from its first byte to its last"(check) {
		const { slots, asked, written } = chip();
		const writer = slots.begin(5);
		writer.write(Uint8Array.of(1, 2, 3));
		writer.write(Uint8Array.of(4, 5));
		writer.complete();
		writer.close();
		check.same(written, [1, 2, 3, 4, 5]);
		check.same(asked, ["open nextota", "update a 5", "complete", "close update", "close partition"]);
	},

	"an image that does not fit, or is none, is refused, and the partition given back"(check) {
		for (const size of [0, ROOM + 1, -1, 1.5, Number.NaN]) {
			const { slots, asked } = chip();
			check.throws(() => slots.begin(size), { name: "RangeError" }, String(size));
			check.same(asked, ["open nextota", "close partition"]);
		}
		chip().slots.begin(ROOM);
	},

	"what the platform refuses is the caller's to hear, and the partition is given back"(check) {
		const { slots, asked } = chip({ openFault: "begin failed" });
		check.throws(() => slots.begin(5), { message: "begin failed" });
		check.is(asked[asked.length - 1], "close partition");
	},

	"more bytes than were announced are refused"(check) {
		const { slots, written } = chip();
		const writer = slots.begin(2);
		check.throws(() => writer.write(Uint8Array.of(1, 2, 3)), { name: "RangeError" });
		check.is(written.length, 0);
	},

	"an image with bytes missing is never completed"(check) {
		const { slots, asked } = chip();
		const writer = slots.begin(3);
		writer.write(Uint8Array.of(1, 2));
		check.throws(() => writer.complete(), { name: "RangeError" });
		check.is(asked.includes("complete"), false);
	},

	"closing gives back everything once, also after a completion that failed"(check) {
		const { slots, asked } = chip({ completeFault: "end failed" });
		const writer = slots.begin(1);
		writer.write(Uint8Array.of(1));
		check.throws(() => writer.complete(), { message: "end failed" });
		writer.close();
		writer.close();
		check.same(asked.slice(-2), ["close update", "close partition"]);
	},

	"an image on trial is confirmed once; another has nothing to confirm"(check) {
		const { slots, asked } = chip({ isOnTrial: true });
		check.is(slots.isOnTrial, true);
		slots.confirm();
		slots.confirm();
		check.same([slots.isOnTrial, asked], [false, ["confirm"]]);
		const other = chip();
		other.slots.confirm();
		check.is(other.asked.length, 0);
	},

	"version, rollback and restart are the platform's"(check) {
		const { slots, asked } = chip();
		check.is(slots.version, 7);
		slots.rollBack();
		slots.restart();
		check.same(asked, ["roll back", "restart"]);
	},
};
