/**
 * What the end of a connection says of the messages that were in flight on it, as a rule without I/O.
 *
 * AWS IoT Core ends the connection of a client that publishes what its policy does not allow: on MQTT 3.1.1 without a word, on
 * MQTT 5 with DISCONNECT 0x87 unless a PUBACK bears the code. Such a message would end every connection, and those sent with it
 * would never be acknowledged. So after such an end one message is in flight at a time, until each that was in flight then
 * has been acknowledged: the one that ends the next connection has been alone on it.
 *
 *     ended by         | nothing  | one alone | one, another publish beside | several
 *     policy-denied    | silent   | denied    | doubtful                    | doubtful
 *     server-gone      | silent   | doubtful  | doubtful                    | doubtful
 *     any other kind   | silent   | harmless  | harmless                    | harmless
 *     the device       | silent   | silent    | silent                      | silent
 * @module
 */
import type { OutcomeKind } from "../link/index.js";

export type Verdict =
	/** It says nothing of any message. */
	| "silent"
	/** It had another cause. */
	| "harmless"
	/** Any of the messages may have been the cause. */
	| "doubtful"
	/** The one message was the cause. */
	| "denied";

/**
 * @param kind how the connection ended; `undefined` where the device itself said goodbye.
 * @param inFlight messages of the outbox that were.
 * @param hasBeside whether anything else was published on it, which may have been the cause as well.
 */
export function judge(kind: OutcomeKind | undefined, inFlight: number, hasBeside: boolean): Verdict {
	if (kind === undefined || inFlight === 0) return "silent";
	if (kind === "policy-denied") return inFlight === 1 && !hasBeside ? "denied" : "doubtful";
	return kind === "server-gone" ? "doubtful" : "harmless";
}

export interface Caution {
	/** Messages that may be the cause; while there are any, one is in flight at a time. */
	readonly suspects: readonly number[];
	/** The message that was denied last; 0 for none. */
	readonly accused: number;
	/** How often it was, in a row: on each connection that ended with it in flight. */
	readonly denials: number;
}

export const NO_CAUTION: Caution = /* @__PURE__ */ Object.freeze({
	suspects: /* @__PURE__ */ Object.freeze([]),
	accused: 0,
	denials: 0,
});

/** After the end of a connection on which `inFlight` were in flight. */
export function cautionAfter(caution: Caution, verdict: Verdict, inFlight: readonly number[]): Caution {
	if (verdict === "silent") return caution;
	const suspects = verdict === "harmless" ? caution.suspects : union(caution.suspects, inFlight);
	if (verdict === "denied") {
		const accused = inFlight[0]!;
		return { suspects, accused, denials: accused === caution.accused ? caution.denials + 1 : 1 };
	}
	return inFlight.includes(caution.accused) ? { suspects, accused: 0, denials: 0 } : { ...caution, suspects };
}

/** Once the message is acknowledged or dropped. */
export function cautionWithout(caution: Caution, id: number): Caution {
	const suspects = caution.suspects.filter((suspect) => suspect !== id);
	return id === caution.accused ? { suspects, accused: 0, denials: 0 } : { ...caution, suspects };
}

function union(some: readonly number[], others: readonly number[]): number[] {
	return [...some, ...others.filter((id) => !some.includes(id))];
}
