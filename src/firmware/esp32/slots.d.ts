/**
 * Firmware slots: the manifest puts `slots-none.ts` in this module's place, or with `ota/manifest.json` `slots-ota.ts`.
 * @module
 */
import type { Platform } from "../platform.js";

export const openSlots: Platform["openSlots"];
