/**
 * Which of two records is used: a rule without I/O.
 *
 * 1. Where only one slot holds a usable record, that one. It is not on trial: there is no other.
 * 2. A record of provisioning that the pointer does not know was written after all that the pointer knows, by a person with
 *    the device in hand: it wins over every earlier rotation, at once and for good, whatever its sequence number.
 * 3. Where the pointer says that the matter of two records is settled, the proven one.
 * 4. Otherwise the candidate, for three power-ups: the record that is not proven, or the newer one where none is. Then the
 *    other one. Whichever connects first settles the matter; one that is rejected gives the other its turn.
 *
 * A trial is counted in the pointer before it begins, so that a candidate that crashes the device uses it up. Not even then is
 * it forgotten before the other one has connected: it may have connected itself, the loss of power that spoiled the pointer
 * may have come right then, and the gateway may take nothing but it any more.
 * @module
 */
import type { RecordOrigin } from "./record.js";
import { type RecordMark, SETTLED, type SlotIndex, type UseRecord } from "./use-record.js";

/** Power-ups in which a candidate is tried until it is the other one's turn. */
export const TRIALS = 3;

/** A usable record, as far as the rule goes. */
export interface Contender extends RecordMark {
	readonly origin: RecordOrigin;
}

/** What is in the two slots; `undefined` for a slot that holds no usable record. */
export type Contenders = readonly [Contender | undefined, Contender | undefined];

export interface Choice {
	readonly slot: SlotIndex;
	/** There is another one, which takes over when this one is rejected. */
	readonly onTrial: boolean;
	/** The pointer that must be in the store before the record is used: it counts the trial. */
	readonly count?: UseRecord;
}

/**
 * The record to use; `undefined` where there is none.
 * @param counted checksum of the record whose trial this power-up has counted already: it goes on, uncounted.
 */
export function chooseRecord(
	contenders: Contenders,
	pointer: UseRecord | undefined,
	counted?: number | undefined,
): Choice | undefined {
	const [first, second] = contenders;
	if (first === undefined || second === undefined) {
		if (first !== undefined) return { slot: 0, onTrial: false };
		return second === undefined ? undefined : { slot: 1, onTrial: false };
	}
	if (isFresh(contenders, pointer)) return { slot: 0, onTrial: false };
	const proven = provenSlot(contenders, pointer);
	if (proven !== undefined && isSettled(contenders, pointer, proven)) return { slot: proven, onTrial: false };
	const slot = candidateOf(contenders, pointer);
	const trials = trialsSoFar(contenders, pointer);
	if (counted === contenders[slot]?.checksum) return { slot, onTrial: true };
	if (trials >= TRIALS) return { slot: otherSlot(slot), onTrial: true };
	return { slot, onTrial: true, count: { proven, trials: trials + 1, marks: marksOf(contenders, pointer) } };
}

/** The slot of the record that the pointer says has connected, as long as that record is still in it. */
export function provenSlot(contenders: Contenders, pointer: UseRecord | undefined): SlotIndex | undefined {
	const proven = pointer?.proven;
	if (proven === undefined || contenders[proven] === undefined) return undefined;
	return isKnown(contenders, pointer!, proven) ? proven : undefined;
}

/** Whether the pointer has nothing more to learn: the record in `slot` has connected, after or without another one. */
export function isSettled(contenders: Contenders, pointer: UseRecord | undefined, slot: SlotIndex): boolean {
	if (provenSlot(contenders, pointer) !== slot) return false;
	return contenders[otherSlot(slot)] === undefined || trialsSoFar(contenders, pointer) === SETTLED;
}

/**
 * The slot that may be written over; `undefined` where two usable records are there and the pointer does not say that the one
 * in use has connected: then either may be the one that the device lives by.
 */
export function spareSlot(contenders: Contenders, pointer: UseRecord | undefined): SlotIndex | undefined {
	const [first, second] = contenders;
	if (second === undefined) return 1;
	if (first === undefined) return 0;
	if (isFresh(contenders, pointer)) return undefined;
	const proven = provenSlot(contenders, pointer);
	return proven === undefined ? undefined : otherSlot(proven);
}

/** The pointer once the record in `slot` has connected. */
export function provenBy(contenders: Contenders, pointer: UseRecord | undefined, slot: SlotIndex): UseRecord {
	return { proven: slot, trials: SETTLED, marks: marksOf(contenders, pointer) };
}

/** The pointer once the record in `slot`, of two, was rejected. */
export function rejectedBy(contenders: Contenders, pointer: UseRecord | undefined, slot: SlotIndex): UseRecord {
	const trials = slot === candidateOf(contenders, pointer) ? TRIALS : 0;
	return { proven: provenSlot(contenders, pointer), trials, marks: marksOf(contenders, pointer) };
}

/** Whether `slot` holds the record that the pointer saw in it. */
function isKnown(contenders: Contenders, { marks }: UseRecord, slot: SlotIndex): boolean {
	const contender = contenders[slot];
	const mark = marks[slot];
	return contender?.checksum === mark?.checksum && contender?.sequence === mark?.sequence;
}

function isFresh(contenders: Contenders, pointer: UseRecord | undefined): boolean {
	return pointer !== undefined && contenders[0]?.origin === "provisioned" && !isKnown(contenders, pointer, 0);
}

/** Of two records the one that is tried first. */
function candidateOf(contenders: Contenders, pointer: UseRecord | undefined): SlotIndex {
	const proven = provenSlot(contenders, pointer);
	return proven === undefined ? newerSlot(contenders) : otherSlot(proven);
}

/** What the pointer says of these very records; 0 where it knows one of them only. */
function trialsSoFar(contenders: Contenders, pointer: UseRecord | undefined): number {
	return pointer !== undefined && isKnown(contenders, pointer, 0) && isKnown(contenders, pointer, 1)
		? pointer.trials
		: 0;
}

/** Of two with the same number the one of the first slot is newer: the device itself never gives a number twice. */
function newerSlot([first, second]: Contenders): SlotIndex {
	return (second?.sequence ?? 0) > (first?.sequence ?? 0) ? 1 : 0;
}

export function otherSlot(slot: SlotIndex): SlotIndex {
	return slot === 0 ? 1 : 0;
}

/** A record that cannot be read today is still known tomorrow: it must not then be taken for a new one. */
function marksOf(contenders: Contenders, pointer: UseRecord | undefined): UseRecord["marks"] {
	return [markOf(contenders[0]) ?? pointer?.marks[0], markOf(contenders[1]) ?? pointer?.marks[1]];
}

function markOf(contender: Contender | undefined): RecordMark | undefined {
	return contender && { sequence: contender.sequence, checksum: contender.checksum };
}
