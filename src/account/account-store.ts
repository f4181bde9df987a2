/**
 * The file in which an account keeps what its API changed: `account.json` in a folder for its owner alone.
 *
 * The file is replaced as a whole, so that it holds the state before a change or the one after it. A checksum tells damage
 * from content; what is damaged, foreign or changed by somebody else meanwhile is never written over. Who keeps changes
 * locks the folder, so that a second Latchkey learns of it at its start and not with a change.
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { AccountStoreError, reasonOf, unreadable } from "./account-store-error.js";
import { nodeProcesses, type Processes } from "./processes.js";
import { nodeDisk, type StoreDisk } from "./store-disk.js";
import { lockFolder } from "./store-lock.js";

/** One entry of one table, as the API left it. */
export interface StoredEntry {
	readonly table: string;
	readonly key: string;
	/** A JSON value; null: the API removed the entry. */
	readonly value: unknown;
	/** Digest of what the configuration said of the entry; null: nothing. */
	readonly base: string | null;
}

export interface StoredAccount {
	readonly accountId: string;
	readonly region: string;
	readonly entries: readonly StoredEntry[];
}

export interface AccountStore {
	/** Path of the file; it is made with the first change. */
	readonly file: string;
	/** What the file holds; undefined while there is none. */
	readonly content: StoredAccount | undefined;
	/**
	 * Replaces what the file holds; in a store that is only read, what `content` tells and no file.
	 * @throws {AccountStoreError} `account-store-not-written`, `account-store-changed-elsewhere`.
	 */
	replace(account: StoredAccount): void;
	/** Unlocks the folder, if it was locked. */
	close(): void;
}

export interface AccountStoreOptions {
	/**
	 * `locked`: no other process may lock the folder until this store is closed. `read`: nothing is written. Unless given,
	 * changes are kept, and those of another process are noticed with the next one.
	 */
	readonly access?: "locked" | "read" | undefined;
	/** Node's own unless given. */
	readonly disk?: StoreDisk | undefined;
	/** Those of this machine unless given. */
	readonly processes?: Processes | undefined;
}

const FORMAT = "latchkey-account";
const VERSION = 1;

/**
 * Opens the store in a folder; neither need exist.
 * @throws {AccountStoreError} where there is a file that cannot be read or is not what this version writes, and where the
 * folder cannot be locked.
 */
export function openAccountStore(directory: string, options: AccountStoreOptions = {}): AccountStore {
	const { access, disk = nodeDisk, processes = nodeProcesses } = options;
	const file = join(directory, "account.json");
	if (access === "read") return new ReadStore(file, disk);
	if (access === undefined) return new FileStore(file, disk);
	const unlock = lockFolder(directory, disk, processes);
	try {
		return new FileStore(file, disk, unlock);
	} catch (error) {
		unlock();
		throw error;
	}
}

class ReadStore implements AccountStore {
	readonly file: string;
	private account: StoredAccount | undefined;

	constructor(file: string, disk: StoreDisk) {
		this.file = file;
		this.account = accountIn(file, readText(file, disk));
	}

	get content(): StoredAccount | undefined {
		return this.account;
	}

	replace(account: StoredAccount): void {
		this.account = account;
	}

	close(): void {}
}

class FileStore implements AccountStore {
	readonly file: string;
	private readonly disk: StoreDisk;
	private readonly unlock: () => void;
	/** Of the file as this store last read or wrote it. */
	private text: string | undefined;
	private account: StoredAccount | undefined;

	constructor(file: string, disk: StoreDisk, unlock: () => void = () => {}) {
		this.file = file;
		this.disk = disk;
		this.unlock = unlock;
		this.text = readText(file, disk);
		this.account = accountIn(file, this.text);
	}

	get content(): StoredAccount | undefined {
		return this.account;
	}

	replace(account: StoredAccount): void {
		if (readText(this.file, this.disk) !== this.text) {
			throw new AccountStoreError(
				"account-store-changed-elsewhere",
				this.file,
				"another program has changed the file meanwhile",
				"let one Latchkey use the folder at a time, and start again",
			);
		}
		const text = serialize(account);
		try {
			this.disk.write(`${this.file}.new`, text);
			this.disk.move(`${this.file}.new`, this.file);
		} catch (cause) {
			const problem = `the change cannot be kept (${reasonOf(cause)}), so it was not made`;
			const remedy = "make room or see to the folder's permissions, and try again";
			throw new AccountStoreError("account-store-not-written", this.file, problem, remedy, cause);
		}
		this.text = text;
		this.account = account;
	}

	close(): void {
		this.unlock();
	}
}

function readText(file: string, disk: StoreDisk): string | undefined {
	try {
		return disk.read(file);
	} catch (cause) {
		throw unreadable(file, cause);
	}
}

function accountIn(file: string, text: string | undefined): StoredAccount | undefined {
	return text === undefined ? undefined : parse(file, text);
}

function serialize({ accountId, region, entries }: StoredAccount): string {
	const account = { accountId, region, entries };
	const sha256 = checksum(account);
	return `${JSON.stringify({ format: FORMAT, version: VERSION, sha256, account }, null, "\t")}\n`;
}

function parse(file: string, text: string): StoredAccount {
	const remedy = "put a copy of yours in its place, or move the file away to start from the configuration alone";
	const damaged = (problem: string) => new AccountStoreError("account-store-damaged", file, problem, remedy);
	const { format, version, sha256, account } = membersOf(parseJson(text));
	if (format !== FORMAT) throw damaged("this is no file of an account's changes");
	if (version !== VERSION) {
		const problem = `the file is of version ${JSON.stringify(version)}, and this Latchkey knows version ${VERSION}`;
		const other = "use the Latchkey that wrote it, or move the file away to start from the configuration alone";
		throw new AccountStoreError("account-store-of-another-version", file, problem, other);
	}
	if (sha256 !== checksum(account)) throw damaged("the file is damaged: its checksum is another one");
	return account as StoredAccount;
}

function checksum(account: unknown): string {
	return createHash("sha256")
		.update(JSON.stringify(account) ?? "")
		.digest("hex");
}

function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		// What is no JSON is no file of ours, and is told as such.
		return undefined;
	}
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
