/**
 * The portable cases of the device core in XS on an rv32imc core, emulated: the engine's code as an
 * ESP32-C3 runs it, numbers computed without an FPU.
 *
 * Files that enumerate (the power lost in every write, the application at odds in every event) run thousands of lives of the
 * same code: x32 has them all, in an engine with the same slots, strings and integers. What a core could do differently, the
 * other cases do.
 * @module
 */
import { registerDeviceCases } from "./device-cases.js";

await registerDeviceCases({
	target: "rv32",
	elsewhere: ["agent/agent-reentrancy", "agent/power-cuts", "credential/power-loss", "outbox/power-loss"],
});
