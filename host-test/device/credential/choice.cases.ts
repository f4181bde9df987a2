/**
 * Which of two records is used, for every state that two slots and a pointer can be in.
 * @module
 */
import {
	type Contender,
	type Contenders,
	chooseRecord,
	isSettled,
	provenBy,
	provenSlot,
	rejectedBy,
	spareSlot,
	TRIALS,
} from "../../../src/device/credential/choice.js";
import { SETTLED, type UseRecord } from "../../../src/device/credential/use-record.js";
import type { Cases, Check } from "../case.js";

const provisioned = (sequence: number, checksum = 10 + sequence): Contender => ({
	origin: "provisioned",
	sequence,
	checksum,
});
const rotated = (sequence: number, checksum = 20 + sequence): Contender => ({ origin: "rotated", sequence, checksum });

const FIRST = [undefined, provisioned(1), provisioned(3), rotated(3)];
const SECOND = [undefined, rotated(2), rotated(3, 33)];
const STRANGER = { sequence: 9, checksum: 99 };

interface State {
	readonly contenders: Contenders;
	readonly pointer: UseRecord | undefined;
}

const PROVEN = [undefined, 0, 1] as const;
const TRIED = [0, 1, TRIALS, SETTLED];
/** What a pointer may say of a slot, besides what is in it. */
const MARKS = ["what is there", undefined, STRANGER] as const;

/** Every state, one after another: they are too many to be held. */
function forEveryState(act: (state: State, what: string) => void): void {
	for (const first of FIRST)
		for (const second of SECOND) {
			const contenders: Contenders = [first, second];
			const told = (pointer: UseRecord | undefined) =>
				act({ contenders, pointer }, JSON.stringify({ contenders, pointer }));
			told(undefined);
			for (let at = 0; at < PROVEN.length * TRIED.length * MARKS.length ** 2; at++) told(pointerAt(at, contenders));
		}
}

function pointerAt(at: number, [first, second]: Contenders): UseRecord {
	let left = at;
	const next = <T>(choices: readonly T[]): T => {
		const choice = choices[left % choices.length]!;
		left = Math.floor(left / choices.length);
		return choice;
	};
	const markOf = (contender: Contender | undefined) => {
		const mark = next(MARKS);
		return mark === "what is there" ? contender : mark;
	};
	return { proven: next(PROVEN), trials: next(TRIED), marks: [markOf(first), markOf(second)] };
}

/** What a device uses, power-up after power-up, as long as nothing ever connects. */
function powerUps({ contenders, pointer }: State, count: number): string[] {
	const used = [];
	let current = pointer;
	for (let i = 0; i < count; i++) {
		const choice = chooseRecord(contenders, current);
		used.push(`${choice?.slot}${choice?.onTrial ? "?" : ""}`);
		current = choice?.count ?? current;
	}
	return used;
}

function expectUse(check: Check, state: State, expected: string): void {
	check.is(powerUps(state, expected.split(" ").length).join(" "), expected);
}

const OLD = provisioned(1);
const NEW = rotated(2);
const PROVEN_OLD: UseRecord = { proven: 0, trials: SETTLED, marks: [OLD, undefined] };
/** The new one has connected, and the old one before it. */
const PROVEN_NEW = provenBy([OLD, NEW], PROVEN_OLD, 1);

export const cases: Cases = {
	"there is a choice where there is a record, and what is chosen is there": (check) => {
		forEveryState(({ contenders, pointer }, what) => {
			const choice = chooseRecord(contenders, pointer);
			check.is(choice === undefined, contenders[0] === undefined && contenders[1] === undefined, what);
			if (choice !== undefined) check.is(contenders[choice.slot] !== undefined, true, what);
		});
	},
	"none is on trial but beside another one": (check) => {
		forEveryState(({ contenders, pointer }, what) => {
			if (contenders[0] !== undefined && contenders[1] !== undefined) return;
			check.is(chooseRecord(contenders, pointer)?.onTrial ?? false, false, what);
		});
	},
	"as long as none connects the candidate is used in three power-ups at most, then always the other one": (check) => {
		forEveryState((state, what) => {
			const first = chooseRecord(state.contenders, state.pointer);
			if (!first?.onTrial) return;
			const used = powerUps(state, 3 * TRIALS);
			const last = used[used.length - 1]!;
			check.same(used.slice(TRIALS), new Array(2 * TRIALS).fill(last), what);
			check.is(used[0] === last, first.count === undefined, what);
		});
	},
	"the one after the candidate's three power-ups is the proven one, where one is": (check) => {
		forEveryState((state, what) => {
			const proven = provenSlot(state.contenders, state.pointer);
			if (proven === undefined || isFresh(state)) return;
			check.is(powerUps(state, TRIALS + 1)[TRIALS]?.startsWith(String(proven)), true, what);
		});
	},
	"of two that are on trial each is used when the other one is rejected, as often as that happens": (check) => {
		forEveryState((state, what) => {
			let { pointer } = state;
			const first = chooseRecord(state.contenders, pointer);
			if (!first?.onTrial) return;
			let { slot } = first;
			for (let i = 0; i < 5; i++) {
				pointer = rejectedBy(state.contenders, pointer, slot);
				const next = chooseRecord(state.contenders, pointer);
				check.same([next?.slot, next?.onTrial], [1 - slot, true], what);
				slot = next!.slot;
				pointer = next?.count ?? pointer;
			}
		});
	},
	"a rejection never takes from a record that it is proven": (check) => {
		forEveryState((state, what) => {
			const { contenders, pointer } = state;
			const choice = chooseRecord(contenders, pointer);
			if (!choice?.onTrial) return;
			const rejected = rejectedBy(contenders, choice.count ?? pointer, choice.slot);
			check.is(provenSlot(contenders, rejected), provenSlot(contenders, pointer), what);
		});
	},
	"one that connects is used from then on, whatever it was before": (check) => {
		forEveryState((state, what) => {
			const choice = chooseRecord(state.contenders, state.pointer);
			if (choice === undefined) return;
			const { slot } = choice;
			const pointer = provenBy(state.contenders, choice.count ?? state.pointer, slot);
			check.is(provenSlot(state.contenders, pointer), slot, what);
			check.is(isSettled(state.contenders, pointer, slot), true, what);
			check.same(powerUps({ ...state, pointer }, 2), [String(slot), String(slot)], what);
		});
	},
	"a trial that this power-up has counted goes on, and is not counted again": (check) => {
		forEveryState((state, what) => {
			const choice = chooseRecord(state.contenders, state.pointer);
			if (choice?.count === undefined) return;
			const { slot, count } = choice;
			const again = chooseRecord(state.contenders, count, state.contenders[slot]!.checksum);
			check.same(again, { slot, onTrial: true }, what);
		});
	},
	"the spare slot is never that of a record which is proven, or the only one, or fresh from provisioning": (check) => {
		forEveryState((state, what) => {
			const spare = spareSlot(state.contenders, state.pointer);
			const choice = chooseRecord(state.contenders, state.pointer);
			const proven = provenSlot(state.contenders, state.pointer);
			if (choice?.onTrial) check.is(spare, proven === undefined ? undefined : 1 - proven, what);
			else if (choice !== undefined) check.is(spare === undefined || spare === 1 - choice.slot, true, what);
			if (isFresh(state)) check.is(spare, state.contenders[1] === undefined ? 1 : undefined, what);
		});
	},
	"the first record there is, is simply used": (check) => {
		expectUse(check, { contenders: [OLD, undefined], pointer: undefined }, "0 0 0 0 0");
	},
	"a new record is tried in three power-ups, then it is the turn of the one before it": (check) => {
		expectUse(check, { contenders: [OLD, NEW], pointer: PROVEN_OLD }, "1? 1? 1? 0? 0? 0? 0?");
	},
	"with a torn pointer the newer record goes first, then the other": (check) => {
		expectUse(check, { contenders: [OLD, NEW], pointer: undefined }, "1? 1? 1? 0? 0? 0? 0?");
		expectUse(check, { contenders: [rotated(3), NEW], pointer: undefined }, "0? 0? 0? 1? 1?");
	},
	"with a torn pointer and the same number twice, that of provisioning is the newer one": (check) => {
		expectUse(check, { contenders: [provisioned(2), NEW], pointer: undefined }, "0? 0? 0? 1?");
	},
	"a pointer whose proven record is gone leaves two of which the newer one goes first": (check) => {
		const pointer: UseRecord = { proven: 1, trials: SETTLED, marks: [OLD, STRANGER] };
		expectUse(check, { contenders: [OLD, NEW], pointer }, "1? 1? 1? 0? 0?");
	},
	"the old record is not tried again after the new one has connected, nor the new one after the old one has": (
		check,
	) => {
		expectUse(check, { contenders: [OLD, NEW], pointer: PROVEN_NEW }, "1 1 1 1");
		expectUse(check, { contenders: [OLD, NEW], pointer: provenBy([OLD, NEW], PROVEN_OLD, 0) }, "0 0 0 0");
	},
	"a record of provisioning that the pointer does not know is used at once, whatever its number": (check) => {
		for (const fresh of [provisioned(1, 77), provisioned(2, 77), provisioned(3, 77)])
			expectUse(check, { contenders: [fresh, NEW], pointer: PROVEN_NEW }, "0 0 0 0 0");
	},
	"the same over a trial that is under way": (check) => {
		const pointer: UseRecord = { proven: 0, trials: 1, marks: [OLD, NEW] };
		expectUse(check, { contenders: [provisioned(5), NEW], pointer }, "0 0 0");
	},
	"a record that could not be read for a while is no new one afterwards": (check) => {
		const pointer = provenBy([undefined, NEW], { proven: 0, trials: 1, marks: [OLD, NEW] }, 1);
		expectUse(check, { contenders: [OLD, NEW], pointer }, "1 1");
	},
	"a record that lies where an older one lay is a new one": (check) => {
		expectUse(check, { contenders: [rotated(3), NEW], pointer: PROVEN_NEW }, "0? 0? 0? 1?");
	},
};

/** Whether provisioning has written the first record behind the pointer's back; the rule of the vault in other words. */
function isFresh({ contenders: [first], pointer }: State): boolean {
	if (first?.origin !== "provisioned" || pointer === undefined) return false;
	return JSON.stringify(pointer.marks[0]) !== JSON.stringify(first);
}
