/**
 * The portable cases of the device core in XS on an rv32imc core, emulated: the engine's code as an
 * ESP32-C3 runs it, numbers computed without an FPU.
 * @module
 */
import { registerDeviceCases } from "./device-cases.js";

await registerDeviceCases({ target: "rv32" });
