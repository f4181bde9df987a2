/**
 * The power lost in every write and delete of small lives, with everything that can be left of it.
 * @module
 */
import type { OutboxLimits } from "../../../src/device/outbox/index.js";
import type { Case, Cases, Check } from "../case.js";
import { type Leftover, leftoversOf, type Mutation, TornStore } from "../torn-store.js";
import { PlayedOutbox, type Step } from "./played-outbox.js";

const ADD: Step = { do: "add", bytes: 1 };
const SETTLE: Step = { do: "settle", which: 0 };

interface Life {
	readonly limits: OutboxLimits;
	readonly steps: readonly Step[];
}

const LIVES: Readonly<Record<string, Life>> = {
	"adding and settling": { limits: {}, steps: [ADD, ADD, SETTLE, ADD, SETTLE, SETTLE, ADD] },
	"settling out of order": {
		limits: {},
		steps: [ADD, ADD, ADD, { do: "settle", which: 1 }, ADD, { do: "settle", which: 2 }, ADD],
	},
	"the oldest giving way to one more": {
		limits: { capacity: 2, whenFull: "drop-oldest" },
		steps: [ADD, ADD, ADD, ADD],
	},
	"several giving way to a large one": {
		limits: { maximumBytes: 512, whenFull: "drop-oldest" },
		steps: [
			{ do: "add", bytes: 144 },
			{ do: "add", bytes: 144 },
			{ do: "add", bytes: 144 },
			{ do: "add", bytes: 304 },
		],
	},
	"one in flight while the next gives way": {
		limits: { capacity: 2, whenFull: "drop-oldest" },
		steps: [ADD, ADD, { do: "sent", which: 0 }, ADD, { do: "recall" }, ADD, { do: "drop", which: 1 }],
	},
	"a full outbox that refuses": { limits: { capacity: 2 }, steps: [ADD, ADD, ADD, SETTLE, ADD] },
};

/** Lives through the steps; the mutations that this takes. */
function live({ limits, steps }: Life, check: Check, trouble: (store: TornStore) => void = () => {}) {
	const store = new TornStore();
	trouble(store);
	const played = new PlayedOutbox(store, limits, check);
	for (const step of steps) played.step(step);
	return { store, played };
}

/** All that can be left, less most middles of long values: a record is none before its last byte, wherever it is cut. */
function leftovers(mutation: Mutation) {
	const { bytes = 0 } = mutation;
	return leftoversOf(mutation).filter(
		(leftover) => bytes < 60 || typeof leftover === "string" || leftover.torn > bytes - 3 || leftover.torn % 61 === 0,
	);
}

/** What a call that fails leaves is cleared away by the next: where it was cut hardly matters. */
const WRITE_FAILS: readonly Leftover[] = ["before", "after", "absent", { torn: 5 }];
const DELETE_FAILS: readonly Leftover[] = ["before", "after"];

/** Every way to lose the power once in that life. */
function everyCut(life: Life, check: Check, then: (played: PlayedOutbox, store: TornStore) => void): void {
	const { mutations } = live(life, check).store;
	check.is(mutations.length > 0, true);
	mutations.forEach((mutation, at) => {
		for (const leftover of leftovers(mutation)) {
			const { store, played } = live(life, check, (fresh) => fresh.cutAt(at, leftover));
			check.is(store.isCut, true, "the power is lost");
			then(played, store);
		}
	});
}

const cutOnce: Record<string, Case> = {};
const cutTwice: Record<string, Case> = {};
const failing: Record<string, Case> = {};
for (const [name, life] of Object.entries(LIVES)) {
	cutOnce[`${name}: the power lost at any moment loses nothing that was taken`] = (check) =>
		everyCut(life, check, (played) => {
			played.restart();
			played.prove();
		});
	failing[`${name}: a write or delete that fails loses nothing that was taken`] = (check) => {
		live(life, check).store.mutations.forEach((mutation, at) => {
			for (const leftover of mutation.bytes === undefined ? DELETE_FAILS : WRITE_FAILS) {
				const { played } = live(life, check, (store) => store.failAt(at, leftover));
				played.restart();
				played.prove();
			}
		});
	};
}
cutTwice["the power lost again while the damage of the first time is cleared away"] = (check) =>
	everyCut(LIVES["adding and settling"]!, check, (played, store) => {
		for (const leftover of ["before", "after"] as const)
			played.restart(() => store.cutAt(store.mutations.length, leftover));
		played.restart();
		played.prove();
	});

export const cases: Cases = { ...cutOnce, ...failing, ...cutTwice };
