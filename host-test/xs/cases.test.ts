/**
 * The portable cases of the device core in XS on the machine's own architecture.
 * @module
 */
import { registerDeviceCases } from "./device-cases.js";

await registerDeviceCases({ target: "x64" });
