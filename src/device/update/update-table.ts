/**
 * The states of a device's updates and what each stimulus does in each of them, as data: nothing here writes, asks or
 * waits.
 *
 *     offline ---online---> listening <--------fault--------.
 *        |   <--offline---      '-------begun-----> receiving --filled--> ready --release--> restarting
 *        |                                           |     ^                ^
 *        |                                        offline  online           |
 *        |                                           v     |                |
 *        '-----------------begun---------------------> paused ----filled----'
 *        ^-----------------fault------------------------'
 * @module
 */

/**
 * `offline`, `listening`: no image is under way, without and with a connection. `paused`, `receiving`: one is. `ready`:
 * one is complete and its owner has not let the device restart.
 */
export type UpdateState = "offline" | "listening" | "paused" | "receiving" | "ready" | "restarting";

export type UpdateStimulus =
	/** The device's connection came up, or was lost. */
	| "online"
	| "offline"
	/** An offer came, whatever it says. */
	| "offer"
	/** An offer passed every check and its image can be written; none is under way. */
	| "begun"
	/** The bytes came that follow those written. */
	| "bytes"
	/** The image is whole, and what was offered. */
	| "filled"
	/** The image cannot be received any further. */
	| "fault"
	/** Nothing came for as long as the device waits. */
	| "timeout"
	/** The owner lets the device restart. */
	| "release";

export type UpdateAction =
	| "none"
	/** Look into the offer. */
	| "check"
	/** Turn the offer down, unless it is the one at hand. */
	| "refuse"
	/** Ask for the bytes that come next, and wait for them. */
	| "ask"
	/** Wait for nothing. */
	| "rest"
	/** Write the bytes. */
	| "take"
	/** Tell of the complete image, and ask the owner when to restart. */
	| "announce"
	/** Forget the image and tell why. */
	| "give-up"
	| "restart";

/** The next state and the action; as one text, for text is what takes the least flash. */
type Transition = `${UpdateState} ${UpdateAction}`;

/** What is not here leaves the state as it is and does nothing. */
const TRANSITIONS: Readonly<Record<UpdateState, Readonly<Partial<Record<UpdateStimulus, Transition>>>>> = {
	offline: {
		online: "listening none",
		offer: "offline check",
		begun: "paused none",
	},
	listening: {
		offline: "offline none",
		offer: "listening check",
		begun: "receiving ask",
	},
	paused: {
		online: "receiving ask",
		offer: "paused check",
		// Still on its way inside the device when the connection was lost.
		bytes: "paused take",
		filled: "ready announce",
		fault: "offline give-up",
	},
	receiving: {
		// A connection in place of one whose end nobody told: what was asked on it is lost.
		online: "receiving ask",
		offline: "paused rest",
		offer: "receiving check",
		bytes: "receiving take",
		filled: "ready announce",
		fault: "listening give-up",
		timeout: "receiving ask",
	},
	ready: {
		// The place for images holds the one that boots next: nothing may be written over it.
		offer: "ready refuse",
		release: "restarting restart",
	},
	restarting: {},
};

/** What `stimulus` does in `state`: the state after it, and what is to be done. */
export function updateTransition(
	state: UpdateState,
	stimulus: UpdateStimulus,
): { next: UpdateState; action: UpdateAction } {
	const found = TRANSITIONS[state][stimulus];
	if (found === undefined) return { next: state, action: "none" };
	const words = found.split(" ");
	return { next: words[0] as UpdateState, action: words[1] as UpdateAction };
}

/** How often one thing is asked for before the device gives up. */
export const PATIENCE_TRIES = 10;
const FIRST_PATIENCE = 5_000;
const LONGEST_PATIENCE = 60_000;

/**
 * Milliseconds that an answer is waited for: 5 seconds, then twice as long each time, at most a minute. All
 * {@link PATIENCE_TRIES} together are 7 minutes and 15 seconds.
 * @param unanswered requests without an answer since bytes came last, 0 or more.
 */
export function patience(unanswered: number): number {
	return Math.min(LONGEST_PATIENCE, FIRST_PATIENCE * 2 ** unanswered);
}
