/** @module */
import { Retries } from "../../../src/device/agent/retries.js";
import { longestDelay, type OutcomeKind, RETRY_RULES } from "../../../src/device/link/index.js";
import type { Cases } from "../case.js";

/** Retries that have come so often. */
function after(kind: OutcomeKind, times: number): Retries {
	const retries = new Retries();
	for (let i = 0; i < times; i++) retries.next(kind, 0.5);
	return retries;
}

export const cases: Cases = {
	"each kind is counted for itself": (check) => {
		const retries = after("network", 3);
		check.is(retries.next("refused", 0), RETRY_RULES.refused.minimum);
		check.same([retries.of("network"), retries.of("refused"), retries.of("protocol"), retries.inRow], [3, 1, 0, 4]);
	},
	"a minute online makes a kind forgotten that makes the device wait for less": (check) => {
		const retries = after("server-gone", 2);
		retries.stayed(59_999);
		check.is(retries.of("server-gone"), 2);
		retries.stayed(60_000);
		check.is(retries.inRow, 0);
	},
	"a kind that makes it wait for longer is forgotten when it has stayed online for as long": (check) => {
		const retries = after("taken-over", 4);
		const wait = longestDelay(RETRY_RULES["taken-over"], 4);
		retries.stayed(wait - 1);
		check.is(retries.of("taken-over"), 4);
		retries.stayed(wait);
		check.is(retries.of("taken-over"), 0);
	},
	"one kind is forgotten while another one is not": (check) => {
		const retries = after("refused", 5);
		retries.next("network", 0);
		retries.stayed(120_000);
		check.same([retries.of("network"), retries.of("refused")], [0, 5]);
	},
	"what ends every connection after a minute and a second is asked for ever more rarely": (check) => {
		for (const kind of ["taken-over", "policy-denied", "protocol"] as const) {
			const retries = new Retries();
			for (let i = 0; i < 20; i++) {
				retries.next(kind, 0.5);
				retries.stayed(61_000);
			}
			check.is(retries.next(kind, 0.5) >= 600_000, true, kind);
		}
	},
	"every kind is forgotten in the end": (check) => {
		for (const kind of Object.keys(RETRY_RULES) as OutcomeKind[]) {
			const retries = after(kind, 50);
			retries.stayed(86_400_000);
			check.is(retries.of(kind), 0, kind);
		}
	},
};
