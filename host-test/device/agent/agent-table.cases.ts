/** @module */
import { type AgentState, type AgentStimulus, nextAgentState } from "../../../src/device/agent/index.js";
import type { Cases } from "../case.js";

const STIMULI: readonly AgentStimulus[] = ["start", "ready", "unusable", "online", "over", "retry", "stop"];

/** Every state, and where each stimulus in the order of {@link STIMULI} leads; `-` is nowhere. */
const EXPECTED: Readonly<Record<AgentState, readonly (AgentState | "-")[]>> = {
	//          start        ready         unusable  online    over       retry         stop
	off: ["preparing", "-", "-", "-", "-", "-", "off"],
	preparing: ["-", "connecting", "failed", "-", "-", "-", "off"],
	connecting: ["-", "-", "-", "online", "waiting", "-", "off"],
	online: ["-", "-", "failed", "-", "waiting", "-", "off"],
	waiting: ["-", "-", "-", "-", "-", "connecting", "off"],
	failed: ["preparing", "-", "-", "-", "-", "-", "off"],
};

export const cases: Cases = {
	"the agent's table in every state and for every stimulus": (check) => {
		for (const [state, row] of Object.entries(EXPECTED) as [AgentState, (AgentState | "-")[]][])
			STIMULI.forEach((stimulus, i) => {
				const expected = row[i] === "-" ? undefined : row[i];
				check.is(nextAgentState(state, stimulus), expected, `${state} + ${stimulus}`);
			});
	},
};
