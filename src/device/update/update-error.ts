/**
 * Refusals and failures of updates.
 * @module
 */
import { DeviceError } from "../device-error.js";

export function updateError(code: string, cause: string, remedy: string, field?: string): DeviceError {
	return new DeviceError({ code, step: "update", cause, remedy, ...(field === undefined ? {} : { field }) });
}

/** Characters of a platform's exception that are told; it goes out in a message whose size a server bounds. */
const TOLD = 200;

/** What flash or a hash threw, for people. */
export function thrownText(error: unknown): string {
	return String(error).slice(0, TOLD);
}
