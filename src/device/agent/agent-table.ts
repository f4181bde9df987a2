/**
 * The agent's states and what leads from one to the next, as a table without I/O.
 *
 * On its way up the device climbs a ladder: network, time, proof, connection. Which rung is the next one is asked anew
 * each time ({@link nextStep}), so that a device whose Wi-Fi was lost joins again, and one whose clock is set does not ask
 * for the time.
 *
 * ```
 *               .------------------------- the ladder --------------------------.
 * off --start--> starting ... joining ... synchronizing ... signing ... connecting --online--> online
 *                   |             |             |              |            |                  |    |
 *                   '---- over ---'------ over -'---- over ----'--- over ---'------- over -----'  refresh
 *                                                      v                                            v
 *                                         waiting or refused --the ladder again--            refreshing --the ladder again--
 *
 * unusable leads from everywhere but off to failed, stop from everywhere to off.
 * ```
 * @module
 */

export type AgentState =
	| "off"
	/** Reads the outbox and the credential. */
	| "starting"
	/** The network. */
	| "joining"
	/** The clock. */
	| "synchronizing"
	/** Makes the proof that the next connection carries: a signature, or a claim. */
	| "signing"
	| "connecting"
	| "online"
	/** Says goodbye to connect anew: ahead of `disconnectAfterInSeconds`, or with a new credential. */
	| "refreshing"
	/** Until the next attempt, after what mends itself. */
	| "waiting"
	/** Until the next attempt, after what somebody must mend. */
	| "refused"
	/** Trying again would mend nothing. */
	| "failed";

/** The rungs of the ladder, by what is done there. */
export type AgentStep = "join" | "synchronize" | "sign" | "connect";

/**
 * Besides the rungs: `unusable`: the credential cannot be used, and there is no other; `online`: CONNACK; `over`: an
 * attempt, or the connection, has ended; `refused`: the same, and somebody must mend something; `refresh`: it is time to
 * connect anew.
 */
export type AgentStimulus = AgentStep | "start" | "unusable" | "online" | "over" | "refused" | "refresh" | "stop";

const LADDER = { join: "joining", synchronize: "synchronizing", sign: "signing", connect: "connecting" } as const;
const OVER = { over: "waiting", refused: "refused" } as const;

const TABLE: Readonly<Record<AgentState, Readonly<Partial<Record<AgentStimulus, AgentState>>>>> = {
	off: { start: "starting" },
	starting: { ...LADDER, ...OVER, unusable: "failed" },
	joining: { ...LADDER, ...OVER, unusable: "failed" },
	synchronizing: { ...LADDER, ...OVER, unusable: "failed" },
	signing: { ...LADDER, ...OVER, unusable: "failed" },
	// A proof can age while the device waits until it may connect.
	connecting: { sign: "signing", online: "online", ...OVER, unusable: "failed" },
	online: { ...OVER, refresh: "refreshing", unusable: "failed" },
	refreshing: { ...LADDER, ...OVER, unusable: "failed" },
	waiting: { ...LADDER, ...OVER, unusable: "failed" },
	refused: { ...LADDER, ...OVER, unusable: "failed" },
	failed: { start: "starting" },
};

/** The next state; `undefined` where the stimulus means nothing in this state. */
export function nextAgentState(state: AgentState, stimulus: AgentStimulus): AgentState | undefined {
	return stimulus === "stop" ? "off" : TABLE[state][stimulus];
}

/** What a device has on its way up. */
export interface Rungs {
	readonly networkIsUp: boolean;
	readonly clockIsSet: boolean;
	readonly proofIsMade: boolean;
}

/** The lowest rung that is missing. A proof tells the time (`minted`, `ed25519`), so it comes after the clock. */
export function nextStep({ networkIsUp, clockIsSet, proofIsMade }: Rungs): AgentStep {
	if (!networkIsUp) return "join";
	if (!clockIsSet) return "synchronize";
	return proofIsMade ? "connect" : "sign";
}

/** Milliseconds that a state may last; what has no entry lasts as long as it lasts. A longer stay is a defect. */
const BOUNDS: Readonly<Partial<Record<AgentState, number>>> = {
	starting: 60_000,
	joining: 120_000,
	synchronizing: 120_000,
	signing: 60_000,
	connecting: 120_000,
	refreshing: 60_000,
};

/** See {@link BOUNDS}; Infinity for a state without one. */
export function longestStay(state: AgentState): number {
	return BOUNDS[state] ?? Number.POSITIVE_INFINITY;
}
