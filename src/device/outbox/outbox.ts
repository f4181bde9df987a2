/**
 * Messages of QoS 1 until they are acknowledged, in the store: a loss of power at any moment loses none that {@link Outbox.add}
 * has taken. Memory holds an index; topics and payloads are read when they are needed.
 * @module
 */
import { requireWithin } from "../bounds.js";
import { DeviceError } from "../device-error.js";
import { utf8Encode } from "../encoding/utf8.js";
import type { OutgoingMessage } from "../link/index.js";
import type { KeyValueStore } from "../ports.js";
import { followingId, sortOldestFirst } from "./message-ids.js";
import { decodeRecord, encodeRecord, recordSize, type StoredRecord } from "./record.js";
import { full, outboxError, requireSendable, tooLarge } from "./refusals.js";
import { SLOT_COUNT, Slots } from "./slots.js";

export interface OutboxOptions {
	/** Keeps each message under a key of its own, `q0` to `q64`. */
	readonly store: KeyValueStore;
	/** Messages at most, 1..64; 16 unless told otherwise. */
	readonly capacity?: number | undefined;
	/**
	 * Bytes of all records at most, 512..65536: 14 a message, its topic and its payload. 8192 unless told otherwise, a third
	 * of the NVS that the SDK gives by default. The store needs room for one record more: the new one is stored before the old
	 * ones go, and NVS takes up to 95 bytes a message for itself.
	 */
	readonly maximumBytes?: number | undefined;
	/** Without room a message is refused, or the oldest ones that are not in flight give way; `refuse` unless told otherwise. */
	readonly whenFull?: "refuse" | "drop-oldest" | undefined;
}

/** A message that is kept. */
export interface OutboxEntry {
	readonly id: number;
	/** QoS 1. */
	readonly message: OutgoingMessage;
	/** It may have been sent before: on an earlier connection, or before the last restart. */
	readonly mayBeDuplicate: boolean;
}

/** A message that is kept no longer although nobody acknowledged it. */
export interface DroppedMessage {
	readonly id: number;
	/** Absent where it could not be read. */
	readonly topic?: string | undefined;
	/** Code `store-failed`: the store did not delete it, and it may be sent after a restart. */
	readonly failure?: DeviceError | undefined;
}

/** What {@link Outbox.open} found. */
export interface OutboxContents {
	readonly messages: number;
	/** Records that were none, or not whole; they are gone. Those of an {@link Outbox.add} cut short count among them. */
	readonly damaged: number;
	/** The oldest, where more were found than there may ever be; with `drop-oldest` alone. */
	readonly dropped: readonly DroppedMessage[];
}

interface Held {
	readonly id: number;
	readonly slot: number;
	readonly size: number;
	isInFlight: boolean;
	mayBeDuplicate: boolean;
}

export class Outbox {
	private readonly slots: Slots;
	private readonly capacity: number;
	private readonly maximumBytes: number;
	private readonly dropsOldest: boolean;
	/** The oldest first. */
	private held: Held[] = [];
	private heldBytes = 0;
	private lastId = 0;
	private isOpen = false;

	/** @throws {RangeError} for a capacity or a number of bytes out of bounds. */
	constructor({ store, capacity = 16, maximumBytes = 8192, whenFull = "refuse" }: OutboxOptions) {
		requireWithin("capacity", capacity, 1, SLOT_COUNT - 1);
		requireWithin("maximumBytes", maximumBytes, 512, 65_536);
		this.slots = new Slots(store);
		this.capacity = capacity;
		this.maximumBytes = maximumBytes;
		this.dropsOldest = whenFull === "drop-oldest";
	}

	/** Messages kept. */
	get size(): number {
		return this.held.length;
	}

	/** Bytes of their records. */
	get bytes(): number {
		return this.heldBytes;
	}

	/** Ids of the messages kept, the oldest first. */
	get ids(): number[] {
		return this.held.map(({ id }) => id);
	}

	/**
	 * Reads what an earlier life left. Whatever the store holds, the outbox works afterwards. Once it has, it does not read again.
	 * @throws {DeviceError} step `outbox`, code `store-failed` where the store cannot be read; it can be tried again.
	 */
	open(): OutboxContents {
		if (this.isOpen) return { messages: this.held.length, damaged: 0, dropped: [] };
		const found: Held[] = [];
		const damaged: number[] = [];
		for (let slot = 0; slot < SLOT_COUNT; slot++) {
			const value = this.slots.read(slot);
			if (value === undefined) continue;
			const id = decodeRecord(value)?.id;
			if (id === undefined || found.some((other) => other.id === id)) damaged.push(slot);
			else found.push({ id, slot, size: value.byteLength, isInFlight: false, mayBeDuplicate: true });
		}
		for (const { slot } of found) this.slots.keep(slot);
		// Where that fails the slot is the first to be written over.
		for (const slot of damaged) this.slots.clear(slot);
		sortOldestFirst(found);
		this.held = found;
		this.heldBytes = found.reduce((sum, { size }) => sum + size, 0);
		this.lastId = found[found.length - 1]?.id ?? 0;
		this.isOpen = true;
		// A power cut may have left a message and the one that was giving way to it: the next one needs a slot too.
		const dropped = this.dropsOldest && found.length === SLOT_COUNT ? [this.dropHeld(found[0]!)] : [];
		return { messages: this.held.length, damaged: damaged.length, dropped };
	}

	/**
	 * Keeps a message: once this returns, a loss of power does not lose it.
	 * @returns its id, and what gave way.
	 * @throws {DeviceError} step `outbox`, with nothing kept and nothing dropped: code `full`, `too-large` for this outbox,
	 *   `unsendable` where no server would take it, `store-failed`, or `not-open`.
	 */
	add(message: OutgoingMessage): { readonly id: number; readonly dropped: readonly DroppedMessage[] } {
		if (!this.isOpen) throw outboxError("not-open", "the outbox has not been read from the store", "open it first");
		const topic = utf8Encode(message.topic);
		requireSendable(message, topic);
		const { payload, retain = false } = message;
		const size = recordSize(topic.length, payload.length);
		this.requireRoom(size);
		this.slots.sweep();
		// One that is given in vain is not given again: its record may still turn up.
		this.lastId = followingId(this.lastId);
		const id = this.lastId;
		const slot = this.slots.claim();
		this.slots.write(slot, encodeRecord({ id, topic, payload, retain }));
		const dropped = this.giveWay(1, size);
		this.held.push({ id, slot, size, isInFlight: false, mayBeDuplicate: false });
		this.heldBytes += size;
		return { id, dropped };
	}

	has(id: number): boolean {
		return this.find(id) !== undefined;
	}

	/** The oldest message that is not in flight and none of `except`; `undefined` where there is none. */
	next(except: readonly number[] = []): number | undefined {
		return this.held.find(({ id, isInFlight }) => !isInFlight && !except.includes(id))?.id;
	}

	/**
	 * Reads a message from the store; `undefined` where none has this id.
	 * @throws {DeviceError} step `outbox`; code `store-failed`, or `damaged` where it is no longer whole: then it is gone.
	 */
	read(id: number): OutboxEntry | undefined {
		const held = this.find(id);
		if (held === undefined) return undefined;
		const record = this.recordOf(held);
		if (record === undefined) {
			this.forget(held);
			this.slots.clear(held.slot);
			throw outboxError(
				"damaged",
				`message ${id} is no longer whole in the store`,
				"look at the store if it repeats: its flash may be worn",
			);
		}
		const { topic, payload, retain } = record;
		return { id, message: { topic, payload, qos: 1, retain }, mayBeDuplicate: held.mayBeDuplicate };
	}

	/** A message's topic, for people; `undefined` where none has this id, or it cannot be read. */
	topic(id: number): string | undefined {
		try {
			const held = this.find(id);
			return held === undefined ? undefined : this.recordOf(held)?.topic;
		} catch (error) {
			if (!(error instanceof DeviceError)) throw error;
			return undefined;
		}
	}

	/** The message is on its way: nothing makes it give way, and from now on it may be a duplicate. */
	sent(id: number): void {
		const held = this.find(id);
		if (held === undefined) return;
		held.isInFlight = true;
		held.mayBeDuplicate = true;
	}

	/** The connection is over: nothing is on its way any more. */
	recall(): void {
		for (const held of this.held) held.isInFlight = false;
	}

	/**
	 * The message has been acknowledged. Nothing happens where none has this id.
	 * @returns code `store-failed` where the store did not delete it: it may be sent once more after a restart.
	 */
	settle(id: number): DeviceError | undefined {
		const held = this.find(id);
		if (held === undefined) return undefined;
		this.forget(held);
		const failure = this.slots.clear(held.slot);
		if (failure === undefined) this.slots.sweep();
		return failure;
	}

	/** Gives a message up; `undefined` where none has this id. */
	drop(id: number): DroppedMessage | undefined {
		const held = this.find(id);
		return held === undefined ? undefined : this.dropHeld(held);
	}

	/** @throws {DeviceError} where a record of this size cannot be taken, even if all gave way that may. */
	private requireRoom(size: number): void {
		const { capacity, maximumBytes } = this;
		if (size > maximumBytes) throw tooLarge(size, maximumBytes);
		let messages = 0;
		let bytes = 0;
		for (const held of this.held) {
			if (this.dropsOldest && !held.isInFlight) continue;
			messages++;
			bytes += held.size;
		}
		if (messages < capacity && bytes + size <= maximumBytes) return;
		throw full({ kept: messages, maximum: capacity }, { kept: bytes, maximum: maximumBytes }, size);
	}

	/** Drops the oldest that are not in flight until there is room for so many messages and bytes more. */
	private giveWay(messages: number, bytes: number): DroppedMessage[] {
		const dropped: DroppedMessage[] = [];
		while (this.held.length + messages > this.capacity || this.heldBytes + bytes > this.maximumBytes) {
			const oldest = this.held.find(({ isInFlight }) => !isInFlight);
			if (oldest === undefined) break;
			dropped.push(this.dropHeld(oldest));
		}
		return dropped;
	}

	private dropHeld(held: Held): DroppedMessage {
		const topic = this.topic(held.id);
		this.forget(held);
		const failure = this.slots.clear(held.slot);
		return { id: held.id, ...(topic === undefined ? {} : { topic }), ...(failure === undefined ? {} : { failure }) };
	}

	private recordOf({ id, slot }: Held): StoredRecord | undefined {
		const value = this.slots.read(slot);
		const record = value === undefined ? undefined : decodeRecord(value);
		return record?.id === id ? record : undefined;
	}

	private find(id: number): Held | undefined {
		return this.held.find((held) => held.id === id);
	}

	private forget(held: Held): void {
		this.held.splice(this.held.indexOf(held), 1);
		this.heldBytes -= held.size;
	}
}
