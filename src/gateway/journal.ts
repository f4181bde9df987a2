/**
 * The last refusals, so that one can be explained after the client has gone.
 * @module
 */
import type { Refusal } from "../authorizer/index.js";

export interface RefusalRecord {
	/** Milliseconds since 1970-01-01T00:00:00Z. */
	readonly at: number;
	/** Lower-case UUID of the network connection. */
	readonly connection: string;
	/** Address and port of the client. */
	readonly remote: string;
	/** Client identifier, when CONNECT had come. */
	readonly client?: string;
	readonly refusal: Refusal;
}

/** Keeps the newest records and forgets the others. */
export class RefusalJournal {
	private readonly capacity: number;
	private readonly records: RefusalRecord[] = [];
	/** Where the next record goes once the journal is full. */
	private oldest = 0;

	/** @param capacity how many records are kept, 1 or more. */
	constructor(capacity: number) {
		this.capacity = capacity;
	}

	add(record: RefusalRecord): void {
		if (this.records.length < this.capacity) {
			this.records.push(record);
			return;
		}
		this.records[this.oldest] = record;
		this.oldest = (this.oldest + 1) % this.capacity;
	}

	/** Newest first. */
	newest(): readonly RefusalRecord[] {
		return [...this.records.slice(this.oldest), ...this.records.slice(0, this.oldest)].reverse();
	}
}
