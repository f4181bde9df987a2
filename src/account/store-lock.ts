/**
 * One Latchkey at a time keeps changes in a folder: a file there names the process that does. The file of a process that is
 * gone, killed for instance, is taken over.
 * @module
 */
import { join } from "node:path";
import { AccountStoreError, reasonOf, unreadable } from "./account-store-error.js";
import { type Processes, type ProcessIdentity, readIdentity } from "./processes.js";
import type { StoreDisk } from "./store-disk.js";

/** Attempts at a lock that others take and leave meanwhile. */
const ATTEMPTS = 10;

/**
 * Locks a folder; it need not exist.
 * @returns unlocks it.
 * @throws {AccountStoreError} `account-store-in-use` where a process that runs holds it, this one included;
 * `account-store-unreadable`, `account-store-not-written`.
 */
export function lockFolder(directory: string, disk: StoreDisk, processes: Processes): () => void {
	const file = join(directory, "latchkey.lock");
	const own = `${JSON.stringify(processes.own())}\n`;
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		if (writing(file, () => disk.create(file, own))) {
			return () => {
				if (disk.read(file) === own) disk.remove(file);
			};
		}
		const found = reading(file, disk);
		if (found === undefined) continue;
		const holder = readIdentity(found);
		if (holder !== undefined && processes.runs(holder)) throw inUse(file, holder);
		writing(file, () => takeAway(file, found, disk, processes.own().pid));
	}
	throw inUse(file, undefined);
}

/** Removes the lock of a process that is gone; what another process put in its place meanwhile stays. */
function takeAway(file: string, stale: string, disk: StoreDisk, pid: number): void {
	const aside = `${file}.${pid}`;
	try {
		disk.move(file, aside);
	} catch (error) {
		// Another process took it away first.
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
		throw error;
	}
	const taken = disk.read(aside);
	if (taken !== undefined && taken !== stale) disk.create(file, taken);
	disk.remove(aside);
}

function reading(file: string, disk: StoreDisk): string | undefined {
	try {
		return disk.read(file);
	} catch (cause) {
		throw unreadable(file, cause);
	}
}

function writing<T>(file: string, write: () => T): T {
	try {
		return write();
	} catch (cause) {
		const problem = `the folder cannot be locked (${reasonOf(cause)})`;
		const remedy = "make room or see to the folder's permissions, and try again";
		throw new AccountStoreError("account-store-not-written", file, problem, remedy, cause);
	}
}

function inUse(file: string, holder: ProcessIdentity | undefined): AccountStoreError {
	const who =
		holder === undefined ? "another Latchkey" : `another Latchkey, process ${holder.pid} since ${holder.since},`;
	const problem = `${who} keeps the account's changes in this folder`;
	const remedy = "end that one or use another data folder; if it is no Latchkey, remove the file";
	return new AccountStoreError("account-store-in-use", file, problem, remedy);
}
