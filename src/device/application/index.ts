/**
 * Applications: what the maker of a device writes, and what runs it.
 * @module
 */
export type { Application, Cancel, Device, Json, Message } from "./application.js";
export { Runner, type RunnerEvent, type RunnerOptions } from "./runner.js";
