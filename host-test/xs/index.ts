/**
 * The real XS engine on the host: to get it, to run a machine in it, to run a guest with ports in such a machine.
 * @module
 */

export { XsGuest, type XsGuestOptions } from "./bridge.js";
export { bundleGuest, type GuestBundle, type GuestEntry } from "./bundle.js";
export { type Compiler, findCompiler } from "./engine/compiler.js";
export { type EngineOptions, type EngineProgress, ensureEngine, type XsEngine } from "./engine/engine.js";
export { XsUnavailableError } from "./engine/errors.js";
export type { EngineTarget } from "./engine/targets.js";
export type { HostPorts } from "./host-calls.js";
export { type Allowance, type HeapSizes, XsMachine, type XsMachineOptions } from "./machine.js";
export { XsException, XsMachineError } from "./machine-error.js";
export type { Bytecode, Meter } from "./machine-meter.js";
