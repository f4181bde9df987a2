/**
 * The platform that the firmware is built for: the manifest puts `../esp32` or `../lin` in this folder's place.
 * @module
 */
import type { Platform } from "../platform.js";

export const platform: Platform;
