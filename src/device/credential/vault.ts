/**
 * The credentials of a device and their rotation: one that works, and one that may replace it once it has connected.
 *
 * Two slots hold records, a pointer says which one has connected (`choice.ts` has the rule, `record.ts` and `use-record.ts` the
 * bytes). A new credential goes into the slot that the device does not live by and is tried; when it has connected it is
 * proven, with one write of the pointer. Power may be lost at every byte of every write: what is torn is told by its
 * checksum, and the other slot holds a credential that once worked.
 *
 * The second slot is for the device alone. Provisioning writes into the first one, with a sequence number above every one that
 * is there (`provisionStore`), and thereby replaces whatever the device had come to by itself: a record of provisioning that
 * the pointer does not know is used from the next power-up on, is not on trial and is never given up for an older one. A
 * credential that a person has put into a device must not be forgotten because the gateway was not ready for it, and a
 * device that has a new owner must not go back to the old one.
 * @module
 */
import { DeviceError } from "../device-error.js";
import type { Digest, KeyValueStore } from "../ports.js";
import { wipe } from "../signing/wipe.js";
import {
	type Choice,
	type Contenders,
	chooseRecord,
	isSettled,
	otherSlot,
	provenBy,
	provenSlot,
	rejectedBy,
	spareSlot,
} from "./choice.js";
import type { Credential, KeyedCredential } from "./credential.js";
import { parseCredential } from "./parse.js";
import { contentOf, decodeCredentialRecord, encodeCredentialRecord } from "./record.js";
import { CredentialSlots, contendersOf, moreTelling, nextSequence, type Slot, type SlotView } from "./slots.js";
import type { SlotIndex, UseRecord } from "./use-record.js";

export interface SelectedCredential {
	readonly credential: Credential;
	/**
	 * There is another one, which {@link CredentialVault.reject} gives its turn: this one is new and has not connected yet, or is
	 * the one from before and has not connected since.
	 */
	readonly onTrial: boolean;
	/** What is wrong in the store and was got around: a record that cannot be used, a trial that cannot be counted. */
	readonly fault?: DeviceError;
}

/** What is in use, and what the store held when it was selected. */
interface Use {
	readonly slot: SlotIndex;
	readonly checksum: number;
	readonly onTrial: boolean;
	readonly contenders: Contenders;
	readonly pointer: UseRecord | undefined;
	readonly hasConnected: boolean;
	/** A slot could not be read: what is in it must not be taken for settled. */
	readonly isPartial: boolean;
}

export class CredentialVault {
	private readonly slots: CredentialSlots;
	private readonly digest: Digest;
	private use: Use | undefined;
	/** Checksum of the record whose trial was counted since power-up. */
	private counted: number | undefined;
	/** A rejection that the store has not taken. */
	private unwritten: UseRecord | undefined;

	/** @param digest derives the public key of a new Ed25519 credential. */
	constructor(store: KeyValueStore, digest: Digest) {
		this.slots = new CredentialSlots(store);
		this.digest = digest;
	}

	/**
	 * The credential to use now. One on trial is counted, once in a power-up, before this returns.
	 * @throws {DeviceError} step `credential`, where neither slot holds one that could be used: code `not-provisioned` where
	 * both are empty, else of the slot whose fault tells more: `store-failed`, or as `decodeCredentialRecord`.
	 */
	select(): SelectedCredential {
		const view = this.look();
		const { slots, pointer } = view;
		const contenders = contendersOf(slots);
		const choice = chooseRecord(contenders, pointer, this.counted);
		if (choice === undefined) throw moreTelling(slots);
		const { slot, onTrial, pointer: current, fault = faultOf(view) } = this.begin(choice, contenders, pointer);
		const { credential, checksum } = slots[slot].record!;
		const isPartial = slots.some(isUnreadable);
		this.use = { slot, checksum, onTrial, contenders, pointer: current, hasConnected: false, isPartial };
		return { credential, onTrial, ...(fault === undefined ? {} : { fault }) };
	}

	/**
	 * The private key of the selected credential, fresh from the store; the caller wipes it. `undefined` for a mode without.
	 * @throws {DeviceError} step `credential`; code `not-selected`, `credential-changed` where the store holds another one by
	 * now, `store-failed`, or as `decodeCredentialRecord`.
	 */
	readKey(): Uint8Array | undefined {
		const { use } = this;
		if (use === undefined) throw vaultError("not-selected", "no credential is selected", "select one first");
		const bytes = this.slots.read(use.slot);
		let key: Uint8Array | undefined;
		try {
			const record = bytes && decodeCredentialRecord(bytes);
			if (record?.checksum !== use.checksum)
				throw vaultError("credential-changed", "the store holds another credential by now", "select it first");
			key = record.privateKey;
			return key;
		} finally {
			// The key is a part of these bytes.
			if (key === undefined && bytes !== undefined) wipe(bytes);
		}
	}

	/**
	 * A new credential, to be tried: {@link select} gives it from now on.
	 * @param json as `parseCredential` takes it.
	 * @param isRetained it is a retained message's: one that comes again at each connection, news or not.
	 * @returns false where it is the one in use: nothing has changed.
	 * @throws {DeviceError} what `parseCredential` throws, with nothing written; step `credential`, code `left-behind` for a
	 * retained one that the device has tried, or used, before the one in use; `unsettled` where it is not known which record the
	 * device lives by, so that neither may be written over; `store-failed` or `sequence-exhausted`. The one in use stays in use.
	 */
	propose(json: string, isRetained = false): boolean {
		const proposal = parseCredential(json, this.digest);
		try {
			return this.take(proposal, isRetained);
		} finally {
			if (proposal.privateKey !== undefined) wipe(proposal.privateKey);
		}
	}

	/**
	 * The selected credential has connected: it is the one to go back to from now on. Writes nothing where that is known.
	 * @throws {DeviceError} code `store-failed`: call it again, the next time it has connected.
	 */
	prove(): void {
		const { use } = this;
		if (use === undefined) return;
		const { slot, contenders, pointer, isPartial } = use;
		this.use = { ...use, hasConnected: true };
		if (isPartial || isSettled(contenders, pointer, slot)) return;
		const proof = provenBy(contenders, pointer, slot);
		this.writePointer(proof);
		this.use = { ...use, pointer: proof, onTrial: false, hasConnected: true };
		this.counted = undefined;
	}

	/**
	 * The trial of the selected credential has failed: {@link select} gives the other one. When that one connects this one is
	 * forgotten; should it be rejected as well, it is this one's turn again. Does nothing where none is on trial.
	 * @throws {DeviceError} code `store-failed`: {@link select} gives the other one all the same, until the next power-up.
	 */
	reject(): void {
		const { use } = this;
		if (use === undefined || !use.onTrial) return;
		const { slot, contenders, pointer } = use;
		this.counted = undefined;
		this.unwritten = rejectedBy(contenders, pointer, slot);
		this.writePointer(this.unwritten);
		this.use = undefined;
	}

	private look(): SlotView {
		const view = this.slots.look();
		return this.unwritten === undefined ? view : { ...view, pointer: this.unwritten };
	}

	private writePointer(pointer: UseRecord): void {
		this.slots.writePointer(pointer);
		this.unwritten = undefined;
	}

	/** Counts a trial. One that cannot be counted is not begun, unless nothing else is there to use. */
	private begin(choice: Choice, contenders: Contenders, pointer: UseRecord | undefined): Begun {
		const { count } = choice;
		if (count === undefined) return { ...choice, pointer };
		try {
			this.writePointer(count);
			this.counted = contenders[choice.slot]!.checksum;
			return { ...choice, pointer: count };
		} catch (error) {
			if (!(error instanceof DeviceError)) throw error;
			const proven = provenSlot(contenders, pointer);
			const use = proven === undefined ? choice : { slot: proven, onTrial: false };
			return { ...use, pointer, fault: error };
		}
	}

	private take(proposal: KeyedCredential, isRetained: boolean): boolean {
		// The one that has just connected must be safe before the other one is written over.
		if (this.use?.hasConnected) this.prove();
		const view = this.look();
		const sequence = nextSequence(view);
		if (sequence === undefined)
			throw vaultError("sequence-exhausted", "no sequence number is left", "provision the device again");
		const bytes = encodeCredentialRecord({ ...proposal, origin: "rotated", sequence });
		try {
			const inUse = this.use?.slot ?? chooseRecord(contendersOf(view.slots), view.pointer)?.slot;
			if (inUse !== undefined && this.holds(inUse, bytes)) return false;
			const slot = requireSpare(view);
			if (isRetained) this.refuseLeftBehind(bytes, slot, view);
			this.replace(slot, bytes);
			return true;
		} finally {
			wipe(bytes);
		}
	}

	/** Whether a slot holds the credential of `record`, under whatever number. */
	private holds(slot: SlotIndex, record: Uint8Array): boolean {
		const held = this.slots.read(slot);
		if (held === undefined) return false;
		const mine = contentOf(record);
		const same = contentOf(held).length === mine.length && contentOf(held).every((byte, at) => byte === mine[at]);
		wipe(held);
		return same;
	}

	/** It would otherwise be tried, or taken back, at every connection that the one after it makes. */
	private refuseLeftBehind(record: Uint8Array, slot: SlotIndex, { slots, pointer }: SlotView): void {
		if (!isSettled(contendersOf(slots), pointer, otherSlot(slot)) || !this.holds(slot, record)) return;
		throw vaultError(
			"left-behind",
			"the retained message brings a credential that was tried, or in use, before the present one",
			"retain the present one or nothing; to have the old one tried again send it without retain",
		);
	}

	/** The old one goes first: there need not be room for three. */
	private replace(slot: SlotIndex, record: Uint8Array): void {
		if (this.use?.slot === slot) {
			this.use = undefined;
			this.counted = undefined;
		}
		this.slots.clear(slot);
		this.slots.write(slot, record);
	}
}

type Begun = Pick<Use, "slot" | "onTrial" | "pointer"> & { readonly fault?: DeviceError };

/** @throws {DeviceError} where no slot may be written over, or where it is not known what is in it. */
function requireSpare({ slots, pointer }: SlotView): SlotIndex {
	const slot = spareSlot(contendersOf(slots), pointer);
	if (slot === undefined)
		throw vaultError(
			"unsettled",
			"two credentials are stored, and neither is known to work",
			"propose the new one again once the device has connected",
		);
	if (isUnreadable(slots[slot])) throw slots[slot].fault;
	return slot;
}

/** The store failed: there may be a good record in the slot. */
function isUnreadable(slot: Slot): slot is Extract<Slot, { readonly fault: DeviceError }> {
	return slot.fault?.code === "store-failed";
}

/** What a slot that is not empty holds instead of a record; or why there is no pointer. */
function faultOf({ slots, fault }: SlotView): DeviceError | undefined {
	return slots.find((slot) => slot.fault !== undefined && slot.fault.code !== "not-provisioned")?.fault ?? fault;
}

function vaultError(code: string, cause: string, remedy: string): DeviceError {
	return new DeviceError({ code, step: "credential", cause, remedy });
}
