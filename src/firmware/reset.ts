/**
 * How the device came to be running, in the words of `src/device/ports.ts`.
 * @module
 */
import type { Reset } from "../device/ports.js";

/** ESP-IDF's `esp_reset_reason_t` (esp_system.h, v5.5 and v6.0), from 0. */
const REASONS = [
	"unknown",
	"power-on",
	// The reset pin: on a development board its button, and the tool that writes the flash.
	"power-on",
	"software",
	"panic",
	"watchdog",
	"watchdog",
	"watchdog",
	"deep-sleep",
	"brownout",
	"unknown",
	// The chip's own USB, and its debugger.
	"software",
	"software",
	"unknown",
	// A glitch of the supply.
	"brownout",
	// The core locked up.
	"panic",
] as const;

export interface ResetCircumstances {
	/** The platform's number for the reason. */
	readonly reason: number;
	/** The note of the run before ({@link CrashNote}). */
	readonly note: string | undefined;
	/** The image was booted for the first time, after an update. */
	readonly isOnTrial: boolean;
}

/** An exception ends in an orderly restart of the chip, so that the note alone tells it from one that was asked for. */
export function resetOf({ reason, note, isOnTrial }: ResetCircumstances): Reset {
	const told = REASONS[reason] ?? "unknown";
	if (told === "software" && note !== undefined) return { reason: "panic", message: note };
	if (told === "software" && isOnTrial) return { reason: "update" };
	return note === undefined ? { reason: told } : { reason: told, message: note };
}
