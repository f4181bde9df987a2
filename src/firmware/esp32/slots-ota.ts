/**
 * An image that can be updated: two places, and a rollback if the new one does not get online (`ota_xs.c`).
 * @module
 */
import flash from "embedded:storage/flash";
import update from "embedded:update";
import { type FlashModule, PlatformFirmwareSlots, type Rollback, type UpdateModule } from "../firmware-slots.js";
import type { Platform } from "../platform.js";
import { restart } from "./chip.js";

declare const native: (name: string) => (...values: never[]) => unknown;

const rollback: Rollback = {
	isOnTrial: native("xs_ota_is_on_trial") as () => boolean,
	confirm: native("xs_ota_confirm") as () => void,
	rollBack: native("xs_ota_roll_back") as () => void,
	restart,
};

export const openSlots: Platform["openSlots"] = ({ firmwareVersion }) =>
	new PlatformFirmwareSlots({
		flash: flash as unknown as FlashModule,
		update: update as unknown as UpdateModule,
		rollback,
		version: firmwareVersion,
	});
