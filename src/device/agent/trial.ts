/**
 * What speaks against a credential on trial, as a rule without I/O.
 *
 * Where both credentials fail, they take turns; then each turn lasts twice as long, and the outcome's own rule says how long
 * to wait: a gateway that refuses everybody must neither be called every few seconds nor wear the store out.
 * @module
 */
import { isDateFault, type Outcome, type OutcomeKind, outcomeOf } from "../link/index.js";

/** The credential, or the endpoint in it, is wrong: it would be refused again. */
const ITS_FAULT: readonly OutcomeKind[] = ["tls-trust", "refused", "policy-denied", "protocol"];
/** It may be wrong, or the network or the gateway may be away for a moment. */
const PERHAPS_ITS_FAULT: readonly OutcomeKind[] = [
	"network",
	"tls-trust",
	"tls-refused",
	"closed-before-connack",
	"server-gone",
	"throttled",
	"signing-failed",
];
/** Of those, how many are taken for its fault, at first and at most. */
const PATIENCE = 3;
const MOST_PATIENCE = 96;

export class Trial {
	private doubts = 0;
	private patience = PATIENCE;
	private hasRejected = false;

	/** A new credential is to be tried. */
	reset(): void {
		this.doubts = 0;
		this.patience = PATIENCE;
		this.hasRejected = false;
	}

	/** Whether the one on trial has failed it. Counts what may be its fault. */
	isFailed(outcome: Outcome): boolean {
		const { kind } = outcome;
		// A device whose clock is wrong takes no certificate, whatever its credential.
		if (ITS_FAULT.includes(kind) && !isDateFault(outcome)) return true;
		if (PERHAPS_ITS_FAULT.includes(kind)) this.doubts++;
		return this.doubts >= this.patience;
	}

	/** It gives way to the other one. @returns what that makes of the outcome. */
	rejected(outcome: Outcome): Outcome {
		const { kind, cause, code, reason } = outcome;
		const isFirst = !this.hasRejected;
		this.hasRejected = true;
		this.doubts = 0;
		this.patience = Math.min(MOST_PATIENCE, 2 * this.patience);
		return isFirst ? outcomeOf("credential-rejected", `${kind}: ${cause}`, code, reason) : outcome;
	}
}
