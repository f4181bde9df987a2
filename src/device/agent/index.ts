/**
 * The loop that joins the rooms of the device core.
 * @module
 */
export { Agent } from "./agent.js";
export type { AgentEvent, AgentOptions } from "./agent-interface.js";
export { type AgentState, type AgentStep, type AgentStimulus, nextAgentState, nextStep } from "./agent-table.js";
export type { OnFault } from "./guarded-ports.js";
export type { AgentStatus, Light } from "./status.js";
