/**
 * Where the records lie: two slots of the store and the pointer beside them, with errors that say what the store did.
 *
 * A store's `read` gives a buffer of its own each time (ECMA-419), and `write` keeps nothing of what it is given: what goes
 * through here is wiped, for it holds a private key.
 * @module
 */
import { DeviceError } from "../device-error.js";
import type { KeyValueStore } from "../ports.js";
import { wipe } from "../signing/wipe.js";
import type { Contenders } from "./choice.js";
import type { Credential } from "./credential.js";
import { decodeCredentialRecord, LAST_SEQUENCE, type RecordOrigin } from "./record.js";
import { decodeUseRecord, encodeUseRecord, type RecordMark, type SlotIndex, type UseRecord } from "./use-record.js";

/** The store's keys of the slots: provisioning leaves the credential under the first one. */
const KEYS = ["credential", "credential2"] as const;
const USE_KEY = "credential-use";

/** A usable record, without its key. */
export interface HeldRecord extends RecordMark {
	readonly origin: RecordOrigin;
	readonly credential: Credential;
}

/** What a slot holds: a record, or why there is none that could be used. */
export type Slot =
	| { readonly record: HeldRecord; readonly fault?: undefined }
	| { readonly record?: undefined; readonly fault: DeviceError };

export interface SlotView {
	readonly slots: readonly [Slot, Slot];
	/** `undefined` where there is none, or none that is whole. */
	readonly pointer: UseRecord | undefined;
	/** Why the pointer could not be read. */
	readonly fault?: DeviceError;
}

export class CredentialSlots {
	private readonly store: KeyValueStore;

	constructor(store: KeyValueStore) {
		this.store = store;
	}

	/** Reads it all; throws nothing: what cannot be read is a slot's fault, or no pointer. */
	look(): SlotView {
		const slots = [this.lookInto(0), this.lookInto(1)] as const;
		try {
			const bytes = this.readKey(USE_KEY);
			return { slots, pointer: bytes && decodeUseRecord(bytes) };
		} catch (error) {
			if (error instanceof DeviceError) return { slots, pointer: undefined, fault: error };
			throw error;
		}
	}

	/** The bytes in a slot, with the key in them: to be wiped. @throws {DeviceError} code `store-failed`. */
	read(slot: SlotIndex): Uint8Array | undefined {
		return this.readKey(KEYS[slot]);
	}

	/** @throws {DeviceError} code `store-failed`; what is in the slot then is the old value, or nothing whole. */
	write(slot: SlotIndex, record: Uint8Array): void {
		this.writeKey(KEYS[slot], record);
	}

	/** Empties a slot. @throws {DeviceError} code `store-failed`. */
	clear(slot: SlotIndex): void {
		this.deleteKey(KEYS[slot]);
	}

	/** @throws {DeviceError} code `store-failed`. */
	writePointer(pointer: UseRecord): void {
		this.writeKey(USE_KEY, encodeUseRecord(pointer));
	}

	/** @throws {DeviceError} code `store-failed`. */
	clearPointer(): void {
		this.deleteKey(USE_KEY);
	}

	private lookInto(slot: SlotIndex): Slot {
		try {
			const bytes = this.read(slot);
			return bytes === undefined ? { fault: notProvisioned() } : { record: heldIn(bytes) };
		} catch (error) {
			if (error instanceof DeviceError) return { fault: error };
			throw error;
		}
	}

	private readKey(key: string): Uint8Array | undefined {
		const value = this.told("read", () => this.store.read(key));
		return value === undefined ? undefined : new Uint8Array(value);
	}

	private writeKey(key: string, bytes: Uint8Array): void {
		this.told("written", () => this.store.write(key, bytes.buffer as ArrayBuffer));
	}

	/** What is not there is not deleted: a store may take that for a failure. */
	private deleteKey(key: string): void {
		const bytes = this.readKey(key);
		if (bytes === undefined) return;
		wipe(bytes);
		this.told("written", () => this.store.delete(key));
	}

	private told<T>(what: string, act: () => T): T {
		try {
			return act();
		} catch (error) {
			throw new DeviceError({
				code: "store-failed",
				step: "credential",
				cause: `the store cannot be ${what} (${String(error)})`,
				remedy: "restart the device; if it recurs, its storage is full or damaged: provision it again",
			});
		}
	}
}

/** What of two slots the rule in `choice.ts` goes by. */
export function contendersOf([first, second]: SlotView["slots"]): Contenders {
	return [contenderOf(first), contenderOf(second)];
}

/** Without the credential: what the rule goes by is kept for longer. */
function contenderOf({ record }: Slot): Contenders[0] {
	return record && { origin: record.origin, sequence: record.sequence, checksum: record.checksum };
}

/** The number of the next record; `undefined` when there is none left. */
export function nextSequence({ slots, pointer }: SlotView): number | undefined {
	const numbers = [...slots.map(({ record }) => record), ...(pointer?.marks ?? [])].map((mark) => mark?.sequence ?? 0);
	const highest = Math.max(...numbers);
	return highest < LAST_SEQUENCE ? highest + 1 : undefined;
}

/** Why there is no credential, of the two faults the one that says more. */
export function moreTelling(slots: readonly Slot[]): DeviceError {
	const [first = notProvisioned(), second = first] = slots.flatMap(({ fault }) => fault ?? []);
	return rankOf(second) > rankOf(first) ? second : first;
}

/** Codes by how little they tell; every other one tells more. */
const RANKS = ["not-provisioned", "record-foreign", "record-truncated", "record-damaged"];

function rankOf({ code }: DeviceError): number {
	const rank = RANKS.indexOf(code);
	return rank < 0 ? RANKS.length : rank;
}

function notProvisioned(): DeviceError {
	return new DeviceError({
		code: "not-provisioned",
		step: "credential",
		cause: "the device holds no credential",
		remedy: "provision it first",
	});
}

function heldIn(bytes: Uint8Array): HeldRecord {
	try {
		const { origin, sequence, checksum, credential } = decodeCredentialRecord(bytes);
		return { origin, sequence, checksum, credential };
	} finally {
		wipe(bytes);
	}
}
