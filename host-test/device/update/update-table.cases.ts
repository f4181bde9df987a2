/**
 * The table of updates, whole: every state with every stimulus.
 * @module
 */
import {
	PATIENCE_TRIES,
	patience,
	type UpdateState,
	type UpdateStimulus,
	updateTransition,
} from "../../../src/device/update/update-table.js";
import type { Case, Cases } from "../case.js";

/** Per state and stimulus: the next state and the action. */
const EXPECTED: Readonly<Record<UpdateState, Readonly<Record<UpdateStimulus, string>>>> = {
	offline: {
		online: "listening none",
		offline: "offline none",
		offer: "offline check",
		begun: "paused none",
		bytes: "offline none",
		filled: "offline none",
		fault: "offline none",
		timeout: "offline none",
		release: "offline none",
	},
	listening: {
		online: "listening none",
		offline: "offline none",
		offer: "listening check",
		begun: "receiving ask",
		bytes: "listening none",
		filled: "listening none",
		fault: "listening none",
		timeout: "listening none",
		release: "listening none",
	},
	paused: {
		online: "receiving ask",
		offline: "paused none",
		offer: "paused check",
		begun: "paused none",
		bytes: "paused take",
		filled: "ready announce",
		fault: "offline give-up",
		timeout: "paused none",
		release: "paused none",
	},
	receiving: {
		online: "receiving ask",
		offline: "paused rest",
		offer: "receiving check",
		begun: "receiving none",
		bytes: "receiving take",
		filled: "ready announce",
		fault: "listening give-up",
		timeout: "receiving ask",
		release: "receiving none",
	},
	ready: {
		online: "ready none",
		offline: "ready none",
		offer: "ready refuse",
		begun: "ready none",
		bytes: "ready none",
		filled: "ready none",
		fault: "ready none",
		timeout: "ready none",
		release: "restarting restart",
	},
	restarting: {
		online: "restarting none",
		offline: "restarting none",
		offer: "restarting none",
		begun: "restarting none",
		bytes: "restarting none",
		filled: "restarting none",
		fault: "restarting none",
		timeout: "restarting none",
		release: "restarting none",
	},
};

function eachState(): Cases {
	const cases: Record<string, Case> = {};
	for (const state of Object.keys(EXPECTED) as UpdateState[]) {
		cases[`${state}: what each stimulus does`] = (check) => {
			for (const stimulus of Object.keys(EXPECTED[state]) as UpdateStimulus[]) {
				const { next, action } = updateTransition(state, stimulus);
				check.is(`${next} ${action}`, EXPECTED[state][stimulus], stimulus);
			}
		};
	}
	return cases;
}

export const cases: Cases = {
	...eachState(),
	"an answer is waited for ever longer, up to a minute": (check) => {
		const waits = Array.from({ length: PATIENCE_TRIES }, (_, unanswered) => patience(unanswered));
		check.same(waits, [5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000]);
		check.is(
			waits.reduce((sum, wait) => sum + wait),
			435_000,
		);
		check.is(patience(1_000), 60_000);
	},
};
