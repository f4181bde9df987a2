/** @module */
import { Trial } from "../../../src/device/agent/trial.js";
import { type OutcomeKind, outcomeOf, RETRY_RULES } from "../../../src/device/link/index.js";
import type { Cases } from "../case.js";

/** What an outcome says of a credential on trial: that it failed, perhaps, or nothing. */
const EXPECTED: Readonly<Record<OutcomeKind, "failed" | "perhaps" | "nothing">> = {
	"network-unconfigured": "nothing",
	"network-not-found": "nothing",
	"network-rejected": "nothing",
	"network-no-address": "nothing",
	"network-lost": "nothing",
	"network-failed": "nothing",
	network: "perhaps",
	"clock-unset": "nothing",
	"store-failed": "nothing",
	"signing-failed": "perhaps",
	"tls-trust": "failed",
	"tls-refused": "perhaps",
	"closed-before-connack": "perhaps",
	refused: "failed",
	throttled: "perhaps",
	"policy-denied": "failed",
	"taken-over": "nothing",
	"time-to-live": "nothing",
	"server-gone": "perhaps",
	protocol: "failed",
	"credential-rejected": "nothing",
};

/** How many such outcomes it takes; 200 are as good as none. */
function patienceWith(trial: Trial, kind: OutcomeKind): number {
	for (let count = 1; count <= 200; count++) if (trial.isFailed(outcomeOf(kind, "seen"))) return count;
	return Number.POSITIVE_INFINITY;
}

export const cases: Cases = {
	"each outcome fails the trial at once, the third time, or never": (check) => {
		const times = { failed: 1, perhaps: 3, nothing: Number.POSITIVE_INFINITY };
		for (const kind of Object.keys(RETRY_RULES) as OutcomeKind[])
			check.is(patienceWith(new Trial(), kind), times[EXPECTED[kind]], kind);
	},
	"doubts of several kinds add up": (check) => {
		const trial = new Trial();
		const failed = (["network", "server-gone", "tls-refused"] as const).map((kind) =>
			trial.isFailed(outcomeOf(kind, "seen")),
		);
		check.same(failed, [false, false, true]);
	},
	"a certificate's dates speak against the clock, too": (check) => {
		for (const detail of ["certificate-expired", "certificate-not-yet-valid"]) {
			const outcome = { ...outcomeOf("tls-trust", "seen"), detail };
			const trial = new Trial();
			check.same(
				[1, 2, 3].map(() => trial.isFailed(outcome)),
				[false, false, true],
				detail,
			);
		}
	},
	"where both fail, each turn lasts twice as long, up to a bound": (check) => {
		const trial = new Trial();
		const turns = [];
		for (let turn = 0; turn < 8; turn++) {
			turns.push(patienceWith(trial, "network"));
			trial.rejected(outcomeOf("network", "seen"));
		}
		check.same(turns, [3, 6, 12, 24, 48, 96, 96, 96]);
	},
	"only the first rejection makes an outcome of its own; then the reason itself says how long to wait": (check) => {
		const trial = new Trial();
		const refused = outcomeOf("refused", "CONNACK with code 0x87", 0x87, "why");
		const first = trial.rejected(refused);
		check.same(
			[first.kind, first.cause, first.code, first.reason],
			["credential-rejected", "refused: CONNACK with code 0x87", 0x87, "why"],
		);
		check.is(trial.rejected(refused), refused);
	},
	"a new credential begins anew": (check) => {
		const trial = new Trial();
		const network = outcomeOf("network", "seen");
		trial.rejected(network);
		trial.isFailed(network);
		trial.reset();
		check.is(patienceWith(trial, "network"), 3);
		check.is(trial.rejected(network).kind, "credential-rejected");
	},
};
