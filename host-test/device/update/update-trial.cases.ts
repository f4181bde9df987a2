/** @module */
import { UpdateTrial, type UpdateTrialEvent, type UpdateTrialOptions } from "../../../src/device/update/index.js";
import type { Cases } from "../case.js";
import { VirtualClock } from "../world.js";
import { imageOf, ScriptedSlots } from "./scripted-slots.js";

const MINUTE = 60_000;

function onTrial(changes: Partial<UpdateTrialOptions> = {}, isOnTrial = true) {
	const clock = new VirtualClock("unset");
	const slots = new ScriptedSlots({ running: imageOf(7, 9), isOnTrial });
	const events: UpdateTrialEvent[] = [];
	const trial = new UpdateTrial({ clock, slots, onEvent: (event) => events.push(event), ...changes });
	return { clock, slots, trial, events };
}

export const cases: Cases = {
	"an image that comes online is confirmed, once": (check) => {
		const { clock, slots, trial, events } = onTrial();
		trial.start();
		clock.advance(14 * MINUTE);
		trial.online();
		trial.online();
		clock.advance(60 * MINUTE);
		check.same(slots.log, ["confirm"]);
		check.same(events, [{ event: "update-confirmed", version: 7 }]);
		check.is(clock.pending, 0);
	},
	"what kept an image from being confirmed does not the next time": (check) => {
		const { clock, slots, trial, events } = onTrial();
		const confirm = slots.confirm.bind(slots);
		slots.confirm = () => {
			throw new Error("flash is busy");
		};
		trial.start();
		check.throws(() => trial.online(), { message: "flash is busy" });
		clock.advance(60 * MINUTE);
		slots.confirm = confirm;
		trial.online();
		check.same(slots.log, ["confirm"]);
		check.same(events, [{ event: "update-confirmed", version: 7 }]);
	},
	"an image that is not online within 15 minutes is taken back": (check) => {
		const { clock, slots, trial, events } = onTrial();
		trial.start();
		clock.advance(15 * MINUTE - 1);
		check.same(slots.log, []);
		clock.advance(1);
		check.same(slots.log, ["roll back"]);
		check.same(events, [{ event: "update-rolled-back", version: 7 }]);
		clock.advance(60 * MINUTE);
		check.same(slots.log, ["roll back"]);
	},
	"the deadline can be chosen": (check) => {
		const { clock, slots, trial } = onTrial({ deadline: 2_000 });
		trial.start();
		clock.advance(1_999);
		check.same(slots.log, []);
		clock.advance(1);
		check.same(slots.log, ["roll back"]);
	},
	"an image that is not on trial is left alone": (check) => {
		const { clock, slots, trial, events } = onTrial({}, false);
		trial.start();
		check.is(clock.pending, 0);
		trial.online();
		clock.advance(60 * MINUTE);
		check.same(slots.log, []);
		check.same(events, []);
	},
	"without a start an image is confirmed all the same, and never taken back": (check) => {
		const { clock, slots, trial } = onTrial();
		clock.advance(60 * MINUTE);
		trial.online();
		check.same(slots.log, ["confirm"]);
	},
	"stopped, the image stays on trial": (check) => {
		const { clock, slots, trial } = onTrial();
		trial.start();
		trial.stop();
		trial.stop();
		clock.advance(60 * MINUTE);
		check.same(slots.log, []);
		check.is(slots.isOnTrial, true);
		check.is(clock.pending, 0);
	},
	"to stop and start again, or to start twice, gives no more time": (check) => {
		const { clock, slots, trial } = onTrial();
		trial.start();
		clock.advance(10 * MINUTE);
		trial.start();
		trial.stop();
		trial.start();
		check.is(clock.pending, 1);
		clock.advance(5 * MINUTE - 1);
		check.same(slots.log, []);
		clock.advance(1);
		check.same(slots.log, ["roll back"]);
	},
	"a start after the deadline takes the image back at once, though never inside the call": (check) => {
		const { clock, slots, trial } = onTrial();
		trial.start();
		trial.stop();
		clock.advance(16 * MINUTE);
		const delays: number[] = [];
		const setTimer = clock.setTimer.bind(clock);
		clock.setTimer = (callback, delay) => {
			delays.push(delay);
			return setTimer(callback, delay);
		};
		trial.start();
		check.same(delays, [0]);
		check.same(slots.log, []);
		clock.advance(0);
		check.same(slots.log, ["roll back"]);
	},
	"the monotonic clock counts, not when a timer runs": (check) => {
		const { clock, slots, trial } = onTrial();
		const setTimer = clock.setTimer.bind(clock);
		let early = true;
		clock.setTimer = (callback, delay) => {
			const due = early ? delay / 3 : delay;
			early = false;
			return setTimer(callback, due);
		};
		trial.start();
		clock.advance(15 * MINUTE - 1);
		check.same(slots.log, []);
		clock.advance(1);
		check.same(slots.log, ["roll back"]);
	},
	"the wall clock's being set changes nothing": (check) => {
		const { clock, slots, trial } = onTrial();
		trial.start();
		clock.epoch = 1_900_000_000_000;
		clock.advance(14 * MINUTE);
		check.same(slots.log, []);
	},
	"where there is nothing to go back to the image goes on, and is confirmed once it is online": (check) => {
		const { clock, slots, trial, events } = onTrial();
		slots.rollBack = () => {
			throw new Error("no other image");
		};
		trial.start();
		clock.advance(15 * MINUTE);
		const [, failed] = events;
		check.is(failed?.event === "update-rollback-failed" && failed.error.code, "rollback-failed");
		check.is(failed?.event === "update-rollback-failed" && failed.error.step, "update");
		trial.online();
		check.same(slots.log, ["confirm"]);
	},
	"after it was taken back nothing more is decided": (check) => {
		const { clock, slots, trial } = onTrial();
		trial.start();
		clock.advance(15 * MINUTE);
		trial.online();
		trial.start();
		check.same(slots.log, ["roll back"]);
		check.is(clock.pending, 0);
	},
	"a deadline out of bounds is refused at once": (check) => {
		for (const deadline of [0, 999, 86_400_001, 1_000.5, Number.NaN])
			check.throws(() => onTrial({ deadline }), { name: "RangeError" }, `${deadline}`);
		for (const deadline of [1_000, 86_400_000]) onTrial({ deadline });
	},
};
