/**
 * The loop that joins the rooms of the device core.
 * @module
 */
export { Agent, type AgentEvent, type AgentOptions } from "./agent.js";
export { type AgentState, type AgentStimulus, nextAgentState } from "./agent-table.js";
