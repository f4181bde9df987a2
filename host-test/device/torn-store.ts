/**
 * A store whose power is lost, or that fails, in whatever call a test names, and that is left as the test says: like NVS, which
 * replaces a value as one, or worse.
 * @module
 */
import type { KeyValueStore } from "../../src/device/ports.js";

/** What a write or delete that did not return has done. */
export type Leftover =
	/** Nothing. */
	| "before"
	/** All of it. */
	| "after"
	/** There is no value, neither the old one nor the new. */
	| "absent"
	/** The first bytes of the new value, 0 to all of them. Of a delete: nothing is left. */
	| { readonly torn: number };

/** A write or delete that was begun. */
export interface Mutation {
	readonly key: string;
	/** Bytes to be written; `undefined` of a delete. */
	readonly bytes?: number;
}

/** Thrown by the call that the power is lost in, and by all until it is back. */
class PowerCut extends Error {
	override name = "PowerCut";
}

/** Thrown by a call that fails while the store goes on. */
class StoreFault extends Error {
	override name = "StoreFault";
}

interface Trouble {
	readonly at: number;
	readonly leftover: Leftover;
	readonly isCut: boolean;
}

export class TornStore implements KeyValueStore {
	/** What is stored; for a test to look at, and to change as nobody should. */
	readonly values: Map<string, Uint8Array>;
	/** Every write and delete that was begun, whatever became of it. */
	readonly mutations: Mutation[] = [];
	/** Keys whose reading fails. */
	readonly unreadable = new Set<string>();
	private trouble: Trouble | undefined;
	private isOff = false;

	constructor(values: Readonly<Record<string, Uint8Array>> = {}) {
		this.values = new Map(Object.entries(values));
	}

	/** Whether the power is lost. */
	get isCut(): boolean {
		return this.isOff;
	}

	/** Whether trouble that was arranged has not come yet. */
	get isDue(): boolean {
		return this.trouble !== undefined;
	}

	/** The power is lost in the `at`-th mutation, counted from 0 over the store's whole life. One trouble at a time. */
	cutAt(at: number, leftover: Leftover): void {
		this.trouble = { at, leftover, isCut: true };
	}

	/** The `at`-th mutation, counted as in {@link cutAt}, fails; what follows does not. */
	failAt(at: number, leftover: Leftover): void {
		this.trouble = { at, leftover, isCut: false };
	}

	/** The power is back, and trouble that has not come does not come. */
	powerUp(): void {
		this.isOff = false;
		this.trouble = undefined;
	}

	read(key: string): ArrayBuffer | undefined {
		this.begin(key);
		if (this.unreadable.has(key)) throw new StoreFault(`read ${key}`);
		return this.values.get(key)?.slice().buffer;
	}

	write(key: string, value: ArrayBuffer): void {
		this.mutate(key, new Uint8Array(value.slice(0)));
	}

	delete(key: string): void {
		this.mutate(key, undefined);
	}

	private mutate(key: string, value: Uint8Array | undefined): void {
		this.begin(key);
		const at = this.mutations.length;
		this.mutations.push(value === undefined ? { key } : { key, bytes: value.length });
		const { trouble } = this;
		if (trouble?.at !== at) {
			this.replace(key, value);
			return;
		}
		const { leftover, isCut } = trouble;
		this.trouble = undefined;
		if (leftover === "after") this.replace(key, value);
		else if (leftover === "absent") this.replace(key, undefined);
		else if (leftover !== "before") this.replace(key, value?.slice(0, leftover.torn));
		this.isOff = isCut;
		throw isCut ? new PowerCut(`in mutation ${at}`) : new StoreFault(`mutation ${at}`);
	}

	private begin(key: string): void {
		if (this.isOff) throw new PowerCut("the power is off");
		// NVS; what it takes besides letters, digits, _ and - is not to be relied on.
		if (!/^[A-Za-z0-9_-]{1,15}$/.test(key)) throw new RangeError(`key: expected 1..15 characters, got ${key}`);
	}

	private replace(key: string, value: Uint8Array | undefined): void {
		if (value === undefined) this.values.delete(key);
		else this.values.set(key, value);
	}
}

/** Everything that a mutation which did not return can have left. */
export function leftoversOf({ bytes }: Mutation): Leftover[] {
	if (bytes === undefined) return ["before", "after"];
	const torn = Array.from({ length: bytes + 1 }, (_, length) => ({ torn: length }));
	return ["before", "after", "absent", ...torn];
}
