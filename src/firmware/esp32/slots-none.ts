/**
 * An image that cannot be updated: there is one place for it.
 * @module
 */
import type { Platform } from "../platform.js";

export const openSlots: Platform["openSlots"] = undefined;
