/**
 * What the device is doing, for an application, a support tool, and a light.
 * @module
 */
import type { CredentialSummary } from "../credential/index.js";
import type { Outcome } from "../link/index.js";
import type { AgentState } from "./agent-table.js";

/** Holds no secret. Moments are milliseconds of the monotonic clock. */
export interface AgentStatus {
	readonly state: AgentState;
	/** When it came into this state. */
	readonly since: number;
	/** How the last attempt ended; absent while online. */
	readonly outcome?: Outcome | undefined;
	/** When the next attempt begins; present while `waiting` or `refused`. */
	readonly retryAt?: number | undefined;
	/** Retries in a row, until the device has stayed online for longer than they made it wait. */
	readonly retries: number;
	/** How often it has been online since power-up. */
	readonly connections: number;
	readonly credential?: CredentialSummary | undefined;
	/** There is another credential to go back to: this one has not connected since it was proposed, or since that one failed. */
	readonly isOnTrial: boolean;
	/** Messages that wait for their acknowledgement. */
	readonly outbox: { readonly messages: number; readonly bytes: number };
}

/** Milliseconds of light and dark in turn, again and again; empty: dark; one entry: lit. */
export type Light = readonly number[];

const BUSY: Light = [100, 100];

/**
 * A light for each state, to be told apart across a room: lit when all is well, quick when the device is at work, one flash
 * when it waits, two when somebody must mend something outside, three when the device itself needs a hand.
 */
const LIGHTS: Readonly<Record<AgentState, Light>> = {
	off: [],
	starting: BUSY,
	joining: BUSY,
	synchronizing: BUSY,
	signing: BUSY,
	connecting: BUSY,
	online: [1000],
	refreshing: BUSY,
	waiting: [100, 1900],
	refused: [100, 200, 100, 1600],
	failed: [100, 200, 100, 200, 100, 1300],
};

export function lightOf(state: AgentState): Light {
	return LIGHTS[state];
}
