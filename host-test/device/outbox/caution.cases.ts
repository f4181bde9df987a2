/**
 * The rule of caution, whole: every way a connection can end, and every short history.
 * @module
 */
import { type OutcomeKind, RETRY_RULES } from "../../../src/device/link/index.js";
import { cautionAfter, cautionWithout, judge, NO_CAUTION, type Verdict } from "../../../src/device/outbox/caution.js";
import type { Cases } from "../case.js";
import { checkHistories } from "./caution-histories.js";

/** Per kind: with one message in flight, with one and another publish beside, with two, with eight. */
const VERDICTS: Readonly<Partial<Record<OutcomeKind, readonly Verdict[]>>> = {
	"policy-denied": ["denied", "doubtful", "doubtful", "doubtful"],
	"server-gone": ["doubtful", "doubtful", "doubtful", "doubtful"],
};
const HARMLESS = ["harmless", "harmless", "harmless", "harmless"] as const;

export const cases: Cases = {
	"what each kind of end says of the messages in flight": (check) => {
		for (const kind of Object.keys(RETRY_RULES) as OutcomeKind[]) {
			const verdicts = [judge(kind, 1, false), judge(kind, 1, true), judge(kind, 2, false), judge(kind, 8, false)];
			check.same(verdicts, VERDICTS[kind] ?? HARMLESS, kind);
		}
	},
	"an end with nothing in flight, and a goodbye, say nothing": (check) => {
		for (const kind of Object.keys(RETRY_RULES) as OutcomeKind[])
			for (const hasBeside of [false, true]) check.is(judge(kind, 0, hasBeside), "silent", kind);
		for (const inFlight of [0, 1, 2]) check.is(judge(undefined, inFlight, false), "silent");
	},
	"another publish beside does not take the blame from several": (check) => {
		check.is(judge("policy-denied", 2, true), "doubtful");
		check.is(judge("server-gone", 2, true), "doubtful");
	},
	"denials in a row of one message are counted": (check) => {
		let caution = NO_CAUTION;
		for (const denials of [1, 2, 3]) {
			caution = cautionAfter(caution, "denied", [5]);
			check.same(caution, { suspects: [5], accused: 5, denials });
		}
		check.same(cautionWithout(caution, 5), NO_CAUTION);
	},
	"every history of three happenings": (check) => checkHistories(3, check),
};
