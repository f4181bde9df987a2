/**
 * The agent's states and what leads from one to the next, as a table without I/O.
 *
 * ```
 * off --start--> preparing --ready--> connecting --online--> online
 *                    |                    |   ^                |  '--unusable--> failed
 *                 unusable               over  '---retry---.  over
 *                    v                    v                |   v
 *                 failed                  '----------> waiting <'
 *
 * stop leads from everywhere to off.
 * ```
 * @module
 */

export type AgentState = "off" | "preparing" | "connecting" | "online" | "waiting" | "failed";

/**
 * `ready`: credential read and token signed; `unusable`: they cannot be, or the subscriptions cannot; `over`: the link has
 * ended; `retry`: the delay after it has passed.
 */
export type AgentStimulus = "start" | "ready" | "unusable" | "online" | "over" | "retry" | "stop";

const TABLE: Readonly<Record<AgentState, Readonly<Partial<Record<AgentStimulus, AgentState>>>>> = {
	off: { start: "preparing", stop: "off" },
	preparing: { ready: "connecting", unusable: "failed", stop: "off" },
	connecting: { online: "online", over: "waiting", stop: "off" },
	online: { over: "waiting", unusable: "failed", stop: "off" },
	waiting: { retry: "connecting", stop: "off" },
	failed: { start: "preparing", stop: "off" },
};

/** The next state; `undefined` where the stimulus means nothing in this state. */
export function nextAgentState(state: AgentState, stimulus: AgentStimulus): AgentState | undefined {
	return TABLE[state][stimulus];
}
