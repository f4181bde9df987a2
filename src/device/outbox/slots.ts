/**
 * The keys of the store that hold messages, one each, and what is known of them. A store tells no keys, so they are fixed.
 * @module
 */
import { DeviceError } from "../device-error.js";
import type { KeyValueStore } from "../ports.js";

/** The keys are this and the number of the slot. */
export const SLOT_KEY_PREFIX = "q";

/** One more than there can be messages: a new one is stored before an old one gives way. */
export const SLOT_COUNT = 65;

const FREE = 0;
/** Never written over. */
const LIVE = 1;
/** Nothing that is needed, and not known to be gone. */
const STALE = 2;

export class Slots {
	private readonly store: KeyValueStore;
	private readonly states = new Uint8Array(SLOT_COUNT);

	constructor(store: KeyValueStore) {
		this.store = store;
	}

	/** @throws {DeviceError} `store-failed`. */
	read(slot: number): ArrayBuffer | undefined {
		try {
			return this.store.read(keyOf(slot));
		} catch (error) {
			throw storeFailed(`${keyOf(slot)} cannot be read (${String(error)})`, "look at the store: its flash may be worn");
		}
	}

	/** What was read there is a message. */
	keep(slot: number): void {
		this.states[slot] = LIVE;
	}

	/** A slot without a message; one of {@link SLOT_COUNT} always is. */
	claim(): number {
		const stale = this.states.indexOf(STALE);
		return stale < 0 ? this.states.indexOf(FREE) : stale;
	}

	/** @throws {DeviceError} `store-failed`; nothing is kept then. */
	write(slot: number, record: ArrayBuffer): void {
		try {
			this.store.write(keyOf(slot), record);
		} catch (error) {
			// Part of it may be there, or all.
			const remains = this.clear(slot) === undefined ? "" : ", and may be there after a restart";
			throw storeFailed(
				`${keyOf(slot)} was not written${remains} (${String(error)})`,
				"give the outbox fewer bytes, or the store more room",
			);
		}
		this.states[slot] = LIVE;
	}

	/** Deletes what is there. @returns why that failed, code `store-failed`: then it is tried again by {@link sweep}. */
	clear(slot: number): DeviceError | undefined {
		this.states[slot] = STALE;
		try {
			this.store.delete(keyOf(slot));
		} catch (error) {
			return storeFailed(
				`${keyOf(slot)} was not deleted (${String(error)})`,
				"nothing to mend unless it repeats: the message may be sent again after a restart",
			);
		}
		this.states[slot] = FREE;
		return undefined;
	}

	/** Deletes what could not be deleted before. That was told then; a store that still refuses is not pressed. */
	sweep(): void {
		for (let slot = this.states.indexOf(STALE); slot >= 0; slot = this.states.indexOf(STALE))
			if (this.clear(slot) !== undefined) return;
	}
}

function keyOf(slot: number): string {
	return `${SLOT_KEY_PREFIX}${slot}`;
}

function storeFailed(cause: string, remedy: string): DeviceError {
	return new DeviceError({ code: "store-failed", step: "outbox", cause: `the store failed: ${cause}`, remedy });
}
