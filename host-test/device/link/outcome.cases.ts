/** @module */
import { RETRY_RULES, retryDelay } from "../../../src/device/link/index.js";
import type { Cases } from "../case.js";

export const cases: Cases = {
	"the random part doubles up to the cap and never takes the delay below the minimum": (check) => {
		const rule = { minimum: 1000, base: 2000, cap: 60_000 };
		check.is(retryDelay(rule, 0, 0), 1000);
		check.is(retryDelay(rule, 0, 0.5), 2000);
		check.is(retryDelay(rule, 1, 0.5), 3000);
		check.is(retryDelay(rule, 4, 0.5), 17_000);
		check.is(retryDelay(rule, 5, 0.5), 31_000);
		check.is(retryDelay(rule, 1000, 0.5), 31_000);
		check.is(retryDelay(rule, 1000, 0.999999999), 60_999);
	},
	"no outcome lets a client id connect twice within a second": (check) => {
		for (const [kind, rule] of Object.entries(RETRY_RULES)) check.is(retryDelay(rule, 0, 0) >= 1000, true, kind);
	},
	"what a person must mend is asked for at most every ten minutes on average": (check) => {
		for (const kind of ["refused", "closed-before-connack", "tls-trust", "tls-refused", "policy-denied"] as const)
			check.is(retryDelay(RETRY_RULES[kind], 20, 0.5) >= 600_000, true, kind);
	},
};
