/**
 * Changes of the API over a configuration: kept beside it, laid over it at the next start, and dropped where the
 * configuration has changed since, which then wins.
 * @module
 */
import { createHash } from "node:crypto";
import type { AccountStore, StoredEntry } from "./account-store.js";
import { AccountStoreError } from "./account-store-error.js";
import { findConflict, type Place } from "./integrity.js";
import type { Change, Journal, Ledger } from "./ledger.js";

/** A change of the API that was given up at the start. */
export interface DroppedChange {
	/** For instance `authorizers`. */
	readonly table: string;
	readonly key: string;
	/** `configuration-changed`: the configuration says something else of it now; `conflict`: it contradicts the rest. */
	readonly reason: "configuration-changed" | "conflict";
	/** A sentence for a person. */
	readonly message: string;
}

interface Scope {
	readonly accountId: string;
	readonly region: string;
}

/**
 * Lays the changes of a store over what a ledger holds by its configuration, and keeps further ones in the store.
 * @param exists whether there is a resource of an ARN.
 * @throws {AccountStoreError}
 */
export function layChangesOver(
	ledger: Ledger,
	store: AccountStore,
	scope: Scope,
	exists: (arn: string) => boolean,
): readonly DroppedChange[] {
	checkScope(store, scope);
	const overlay = new Overlay(ledger, store, scope);
	const dropped = [...overlay.layOver(), ...overlay.settle(exists)];
	if (dropped.length > 0) overlay.write([]);
	ledger.startAfter(latestInstant(store.content?.entries));
	ledger.keepIn(overlay);
	return dropped;
}

class Overlay implements Journal {
	private readonly ledger: Ledger;
	private readonly store: AccountStore;
	private readonly scope: Scope;
	/** What the configuration says, by table and key. */
	private readonly configured = new Map<string, Change>();
	private entries = new Map<string, StoredEntry>();

	constructor(ledger: Ledger, store: AccountStore, scope: Scope) {
		this.ledger = ledger;
		this.store = store;
		this.scope = scope;
		for (const entry of ledger.entries()) this.configured.set(idOf(entry), entry);
	}

	/** Applies the stored changes that still fit the configuration; the others are dropped. */
	layOver(): readonly DroppedChange[] {
		const dropped: DroppedChange[] = [];
		for (const entry of this.store.content?.entries ?? []) {
			if (entry.base === this.baseOf(entry)) {
				this.entries.set(idOf(entry), entry);
				this.ledger.apply([entry]);
			} else {
				const { table, key } = entry;
				const message = `The API had ${verbOf(entry)} ${nameOf(entry)}; the configuration has changed there since and now counts.`;
				dropped.push({ table, key, reason: "configuration-changed", message });
			}
		}
		return dropped;
	}

	/** Drops changes until what is there fits together: the configuration by itself does. */
	settle(exists: (arn: string) => boolean): readonly DroppedChange[] {
		const dropped: DroppedChange[] = [];
		for (;;) {
			const conflict = findConflict(this.ledger, exists);
			const entry = conflict?.between
				.map((place) => this.entries.get(idOf(place)))
				.find((found) => found !== undefined);
			if (conflict === undefined || entry === undefined) return dropped;
			const { table, key } = entry;
			this.entries.delete(idOf(entry));
			this.ledger.apply([this.configured.get(idOf(entry)) ?? { table, key, value: null }]);
			const message = `The API had ${verbOf(entry)} ${nameOf(entry)}; that does not fit the configuration any more: ${conflict.why}.`;
			dropped.push({ table, key, reason: "conflict", message });
		}
	}

	write(changes: readonly Change[]): void {
		const entries = new Map(this.entries);
		for (const { table, key, value } of changes) {
			const base = this.baseOf({ table, key });
			if (value === null && base === null) entries.delete(idOf({ table, key }));
			else entries.set(idOf({ table, key }), { table, key, value, base });
		}
		this.store.replace({ ...this.scope, entries: [...entries.values()] });
		this.entries = entries;
	}

	private baseOf(place: Place): string | null {
		const configured = this.configured.get(idOf(place));
		return configured === undefined ? null : digestOf(configured);
	}
}

function checkScope({ content, file }: AccountStore, { accountId, region }: Scope): void {
	if (content === undefined || (content.accountId === accountId && content.region === region)) return;
	const problem = `these are changes of account ${content.accountId} in ${content.region}, not of ${accountId} in ${region}`;
	const remedy = "give another data folder, or move the file away";
	throw new AccountStoreError("account-store-of-another-account", file, problem, remedy);
}

function idOf({ table, key }: Place): string {
	return `${table} ${key}`;
}

function nameOf({ table, key }: Place): string {
	return `${table} ${JSON.stringify(key)}`;
}

function verbOf({ value, base }: StoredEntry): string {
	if (value === null) return "removed";
	return base === null ? "added" : "changed";
}

/**
 * Members that loading a configuration sets by the clock, and that say nothing about its content, by table. Only a record
 * has them: a key, a tag or an environment variable may have any name.
 */
const DATES: Readonly<Partial<Record<string, readonly string[]>>> = {
	authorizers: ["creationDate", "lastModifiedDate"],
	"domain-configurations": ["lastStatusChangeDate"],
	functions: ["lastModified"],
	policies: ["creationDate", "lastModifiedDate", "generationId"],
};
/** The date of a policy's version. */
const VERSION_DATE = "createDate";

/** Digest of what the configuration says, the order of its members and its dates apart. */
function digestOf({ table, value }: Change): string {
	return createHash("sha256")
		.update(JSON.stringify(canonical(undated(table, value))))
		.digest("hex");
}

function undated(table: string, value: unknown): unknown {
	const dates = DATES[table];
	if (dates === undefined) return value;
	const members = without(value, dates);
	if (table !== "policies") return members;
	return { ...members, versions: versionsOf(value).map((version) => without(version, [VERSION_DATE])) };
}

function without(record: unknown, names: readonly string[]): object {
	return Object.fromEntries(Object.entries(record as object).filter(([name]) => !names.includes(name)));
}

function canonical(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(canonical);
	if (typeof value !== "object" || value === null) return value;
	return Object.entries(value)
		.sort(([one], [other]) => (one < other ? -1 : 1))
		.map(([name, member]) => [name, canonical(member)]);
}

/** The latest date of stored records, milliseconds since the epoch. */
function latestInstant(entries: readonly StoredEntry[] = []): number {
	const dates = entries.flatMap(({ table, value }) => [
		...datesIn(value, DATES[table] ?? []),
		...(table === "policies" ? versionsOf(value).flatMap((version) => datesIn(version, [VERSION_DATE])) : []),
	]);
	return dates.reduce((latest, date) => Math.max(latest, date), 0);
}

function versionsOf(policy: unknown): readonly unknown[] {
	return (policy as { readonly versions: readonly unknown[] } | null)?.versions ?? [];
}

function datesIn(record: unknown, names: readonly string[]): readonly number[] {
	const members = (record ?? {}) as Readonly<Record<string, unknown>>;
	return names.map((name) => members[name]).filter((date) => typeof date === "number");
}
