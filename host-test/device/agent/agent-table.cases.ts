/** @module */
import { type AgentState, nextAgentState, nextStep } from "../../../src/device/agent/index.js";
import type { Cases } from "../case.js";
import { STIMULI } from "./stimuli.js";

const CLIMB = "joining synchronizing signing connecting";

/** Every state, and where each stimulus in the order of {@link STIMULI} leads; `-` is nowhere. */
const EXPECTED: Readonly<Record<AgentState, string>> = {
	//             start   join .. connect  unusable online over refused refresh stop
	off: "starting - - - - - - - - - off",
	starting: `- ${CLIMB} failed - waiting refused - off`,
	joining: `- ${CLIMB} failed - waiting refused - off`,
	synchronizing: `- ${CLIMB} failed - waiting refused - off`,
	signing: `- ${CLIMB} failed - waiting refused - off`,
	connecting: "- - - signing - failed online waiting refused - off",
	online: "- - - - - failed - waiting refused refreshing off",
	refreshing: `- ${CLIMB} failed - waiting refused - off`,
	waiting: `- ${CLIMB} failed - waiting refused - off`,
	refused: `- ${CLIMB} failed - waiting refused - off`,
	failed: "starting - - - - - - - - - off",
};

export const cases: Cases = {
	"the agent's table in every state and for every stimulus": (check) => {
		for (const [state, row] of Object.entries(EXPECTED) as [AgentState, string][])
			row.split(" ").forEach((cell, i) => {
				const stimulus = STIMULI[i]!;
				const expected = cell === "-" ? undefined : cell;
				check.is<string | undefined>(nextAgentState(state, stimulus), expected, `${state} + ${stimulus}`);
			});
	},
	"the ladder: the network before the clock, the clock before the proof, the proof before the connection": (check) => {
		const steps = [];
		for (const networkIsUp of [false, true])
			for (const clockIsSet of [false, true])
				for (const proofIsMade of [false, true]) steps.push(nextStep({ networkIsUp, clockIsSet, proofIsMade }));
		check.same(steps, ["join", "join", "join", "join", "synchronize", "synchronize", "sign", "connect"]);
	},
	"from every state but failed and off the ladder or an end leads on: nothing is a trap": (check) => {
		for (const state of Object.keys(EXPECTED) as AgentState[]) {
			const exits = STIMULI.filter((stimulus) => {
				const next = nextAgentState(state, stimulus);
				return stimulus !== "stop" && next !== undefined && next !== state;
			});
			check.is(exits.length > 0, true, state);
		}
	},
};
