/**
 * Brings the messages of an outbox to one connection after another, the oldest first, until each is acknowledged. It does no
 * I/O of its own, and knows no connection: it is told when one is online and when it is over.
 * @module
 */
import { requireWithin } from "../bounds.js";
import { DeviceError } from "../device-error.js";
import type { OutcomeKind, OutgoingMessage } from "../link/index.js";
import { type Caution, cautionAfter, cautionWithout, judge, NO_CAUTION } from "./caution.js";
import type { DroppedMessage, Outbox, OutboxEntry, OutboxOptions } from "./outbox.js";

export interface DeliveryOptions {
	/** Open by the time of {@link Delivery.start}. Messages may be added to it and dropped from it at any moment. */
	readonly outbox: Outbox;
	/**
	 * Publishes on the connection there is and returns the packet id.
	 * @throws {DeviceError} code `unsendable` where the message cannot be sent: it is dropped. Any other code, such as `busy` or
	 *   `offline`: it is tried again by {@link Delivery.pump}.
	 */
	readonly publish: (message: OutgoingMessage & { readonly dup: boolean }) => number;
	/**
	 * A message that was alone in flight when the outcome `policy-denied` ended the connection, so many times in a row, is
	 * dropped; 1..1000, 3 unless told otherwise. With `never` it is kept, and holds back all that wait behind it. So it does on
	 * MQTT 3.1.1, where the server does not say why it ends a connection, until it is dropped from the outbox.
	 */
	readonly deniedAfter?: number | "never" | undefined;
	/** Must not throw; may add to the outbox and call the delivery. */
	readonly onEvent: (event: DeliveryEvent) => void;
}

/** What an application chooses of outbox and delivery. */
export interface OutboxLimits extends Omit<OutboxOptions, "store">, Pick<DeliveryOptions, "deniedAfter"> {}

/** What becomes of messages; `id` is the outbox's. No event holds a payload. */
export type DeliveryEvent =
	/**
	 * The server has answered; the message is kept no longer. With a code of 0x80 or above the server did not take it, and it
	 * must not be sent again [MQTT-4.4.0-2]; `reason` is the server's own text.
	 */
	| { readonly event: "acknowledged"; readonly id: number; readonly code: number; readonly reason?: string | undefined }
	/** The message is kept no longer although it was not acknowledged. `error` says why it is `unsendable` or `damaged`. */
	| ({
			readonly event: "dropped";
			readonly cause: DropCause;
			readonly error?: DeviceError | undefined;
	  } & DroppedMessage)
	/** The server denied what this message alone can have been, `denials` times in a row; it is still kept. */
	| {
			readonly event: "suspected";
			readonly id: number;
			/** Absent where it could not be read. */
			readonly topic?: string | undefined;
			readonly denials: number;
	  }
	/**
	 * The message could not be read and is tried again later, or was acknowledged and could not be deleted: it may be
	 * sent once more after a restart.
	 */
	| { readonly event: "store-failed"; readonly id: number; readonly error: DeviceError };

export type DropCause =
	/** It gave way to a newer one (`Outbox.add`). */
	| "full"
	/** The server ends the connection whenever it is published. */
	| "denied"
	/** It cannot be sent, or not to this server. */
	| "unsendable"
	/** It was no longer whole in the store. */
	| "damaged";

/** Denials in a row after which a message is dropped. */
const DENIED_AFTER = 3;

export class Delivery {
	private readonly options: DeliveryOptions;
	/** Message ids by packet id. */
	private readonly flying = new Map<number, number>();
	private caution: Caution = NO_CAUTION;
	/** Counts connections; 0 while there is none. */
	private connection = 0;
	private connections = 0;
	private hasBeside = false;
	private isPumping = false;

	/** @throws {RangeError} for a `deniedAfter` out of bounds. */
	constructor(options: DeliveryOptions) {
		const { deniedAfter = DENIED_AFTER } = options;
		if (deniedAfter !== "never") requireWithin("deniedAfter", deniedAfter, 1, 1000);
		this.options = options;
	}

	/** Messages that are on their way over this connection. */
	get inFlight(): number {
		return this.flying.size;
	}

	/** A connection is online: all that is not acknowledged goes out, as far as it takes it. */
	start(): void {
		this.ground();
		this.connection = ++this.connections;
		this.hasBeside = false;
		this.pump();
	}

	/** To be called when a message was added or the connection takes more. Nothing happens while there is none. */
	pump(): void {
		if (this.isPumping) return;
		this.isPumping = true;
		// What cannot be read now must not keep the others back.
		const unread: number[] = [];
		try {
			while (this.connection > 0 && this.mayPublish()) {
				const id = this.options.outbox.next(unread);
				if (id === undefined) break;
				const entry = this.read(id);
				if (entry === undefined) unread.push(id);
				else if (!this.send(entry)) break;
			}
		} finally {
			this.isPumping = false;
		}
	}

	/**
	 * The server has answered. A code of 0x80 or above ends the message as well.
	 * @returns whether the packet was one of the outbox's.
	 */
	acknowledged(packetId: number, code: number, reason?: string): boolean {
		const id = this.flying.get(packetId);
		if (id === undefined) return false;
		const { outbox, onEvent } = this.options;
		this.flying.delete(packetId);
		const error = outbox.settle(id);
		onEvent({ event: "acknowledged", id, code, ...(reason === undefined ? {} : { reason }) });
		if (error !== undefined) onEvent({ event: "store-failed", id, error });
		this.pump();
		return true;
	}

	/**
	 * Something that is not the outbox's was published on this connection: should the server end it, that may be why. Without
	 * this call a message of QoS 0 that is denied is held against the one of the outbox that is in flight.
	 */
	publishedBeside(): void {
		this.hasBeside = true;
	}

	/**
	 * The connection is over; nothing where there is none.
	 * @param kind how it ended; omitted where the device itself said goodbye.
	 */
	stop(kind?: OutcomeKind): void {
		const { size } = this.flying;
		const ids = [...this.flying.values()].filter((id) => this.options.outbox.has(id));
		this.connection = 0;
		this.ground();
		// One that has been dropped meanwhile may have been the cause, but there is nothing to be done about it.
		const verdict = ids.length === 0 ? "silent" : judge(kind, size, this.hasBeside);
		this.caution = cautionAfter(this.caution, verdict, ids);
		if (verdict === "denied") this.accuse();
	}

	/** The caution says who was denied, and how often. */
	private accuse(): void {
		const { deniedAfter = DENIED_AFTER, outbox, onEvent } = this.options;
		const { accused: id, denials } = this.caution;
		if (deniedAfter !== "never" && denials >= deniedAfter) {
			this.drop(id, "denied");
			return;
		}
		const topic = outbox.topic(id);
		onEvent({ event: "suspected", id, ...(topic === undefined ? {} : { topic }), denials });
	}

	/** Nothing is in flight any more. */
	private ground(): void {
		this.flying.clear();
		this.options.outbox.recall();
	}

	/** Whoever is acknowledged or dropped, by whom ever, is a suspect no longer. */
	private mayPublish(): boolean {
		const { outbox } = this.options;
		for (const id of this.caution.suspects) if (!outbox.has(id)) this.caution = cautionWithout(this.caution, id);
		return this.flying.size === 0 || this.caution.suspects.length === 0;
	}

	/** `undefined` where that fails, which is told. */
	private read(id: number): OutboxEntry | undefined {
		const { outbox, onEvent } = this.options;
		try {
			return outbox.read(id);
		} catch (error) {
			if (!(error instanceof DeviceError)) throw error;
			if (error.code === "damaged") onEvent({ event: "dropped", id, cause: "damaged", error });
			else onEvent({ event: "store-failed", id, error });
			return undefined;
		}
	}

	/** @returns whether the next one may be tried. */
	private send({ id, message, mayBeDuplicate }: OutboxEntry): boolean {
		const { outbox, publish } = this.options;
		const { connection } = this;
		try {
			const packetId = publish({ ...message, dup: mayBeDuplicate });
			outbox.sent(id);
			if (connection === this.connection) this.flying.set(packetId, id);
			// It ended inside the call: whether the message went out is not known.
			else outbox.recall();
		} catch (error) {
			if (!(error instanceof DeviceError)) throw error;
			if (error.code !== "unsendable") return false;
			this.drop(id, "unsendable", error);
		}
		return true;
	}

	private drop(id: number, cause: DropCause, error?: DeviceError): void {
		const dropped = this.options.outbox.drop(id);
		if (dropped === undefined) return;
		this.options.onEvent({ event: "dropped", ...dropped, cause, ...(error === undefined ? {} : { error }) });
	}
}
