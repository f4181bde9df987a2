/**
 * The tables of an account and the one way to change them: a journal is told first, memory follows, so that a change that
 * cannot be kept did not happen.
 * @module
 */

export type TableName =
	| "attachments"
	| "authorizers"
	| "domain-configurations"
	| "functions"
	| "permissions"
	| "policies"
	| "settings"
	| "tags";

/** One entry of one table set anew, or removed. */
export interface Change {
	readonly table: string;
	readonly key: string;
	/** A JSON value; null: the entry is removed. */
	readonly value: unknown;
}

/** Told of changes before they count. What it throws undoes them. */
export interface Journal {
	write(changes: readonly Change[]): void;
}

/** Entries of one kind by key, in the order in which they were first set. */
export class Table<V> {
	readonly name: string;
	private readonly rows = new Map<string, V>();
	private changes = 0;

	constructor(name: string) {
		this.name = name;
	}

	/** Another number after each change: what was derived from the entries at this one still holds. */
	get revision(): number {
		return this.changes;
	}

	get(key: string): V | undefined {
		return this.rows.get(key);
	}

	has(key: string): boolean {
		return this.rows.has(key);
	}

	keys(): readonly string[] {
		return [...this.rows.keys()];
	}

	values(): readonly V[] {
		return [...this.rows.values()];
	}

	/** The change that sets an entry. The value is taken as JSON carries it: nobody else holds a part of it. */
	put(key: string, value: V & (object | string)): Change {
		return { table: this.name, key, value: asJson(value) };
	}

	/** The change that removes an entry. */
	drop(key: string): Change {
		return { table: this.name, key, value: null };
	}

	/** Changes memory alone; the ledger's part. */
	apply(key: string, value: unknown): void {
		this.changes++;
		if (value === null) this.rows.delete(key);
		else this.rows.set(key, value as V);
	}
}

export class Ledger {
	private readonly tables = new Map<string, Table<unknown>>();
	private readonly now: () => number;
	private journal: Journal | undefined;
	private latest = 0;

	/** @param now milliseconds since the epoch. */
	constructor(now: () => number) {
		this.now = now;
	}

	/** A new table; a ledger has one of each name. */
	table<V>(name: TableName): Table<V> {
		const table = new Table<V>(name);
		this.tables.set(name, table);
		return table;
	}

	/** From now on every change is written here first. */
	keepIn(journal: Journal): void {
		this.journal = journal;
	}

	/**
	 * Makes all of these changes or, where the journal throws, none.
	 * @throws what the journal throws.
	 */
	commit(...changes: readonly Change[]): void {
		if (changes.length === 0) return;
		this.journal?.write(changes);
		this.apply(changes);
	}

	/** Sets an entry as a configuration has it: no journal is told. */
	configure(table: TableName, key: string, value: object | string): void {
		this.apply([{ table, key, value: asJson(value) }]);
	}

	/** Changes memory alone: for what a journal told. */
	apply(changes: readonly Change[]): void {
		for (const { table, key, value } of changes) this.tables.get(table)?.apply(key, value);
	}

	/** Every entry of every table. */
	entries(): readonly Change[] {
		return [...this.tables.values()].flatMap((table) =>
			table.keys().map((key) => ({ table: table.name, key, value: table.get(key) })),
		);
	}

	/** The value of an entry; undefined where there is none. */
	valueOf(table: string, key: string): unknown {
		return this.tables.get(table)?.get(key);
	}

	/**
	 * The time of a change, in milliseconds since the epoch: later than any before, by a millisecond where the clock says
	 * the same, so that "newest first" has one meaning.
	 */
	instant(): number {
		this.latest = Math.max(this.now(), this.latest + 1);
		return this.latest;
	}

	/** Instants are later than this one from now on. */
	startAfter(instant: number): void {
		this.latest = Math.max(this.latest, instant);
	}
}

function asJson(value: object | string): unknown {
	return JSON.parse(JSON.stringify(value));
}
