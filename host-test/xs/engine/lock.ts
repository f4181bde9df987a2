/**
 * Lets one process at a time build into the cache, so that parallel test files do not all compile the same engine.
 *
 * The lock is a file with the holder's process id. A holder that is gone, or that gives no sign of life for long (in
 * a container its process id says nothing), is passed over; at worst two processes then build the same program.
 * @module
 */
import { open, readFile, rm, stat, utimes } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

const RETRY_MILLISECONDS = 200;
const SIGN_OF_LIFE_MILLISECONDS = 10_000;
const STALE_MILLISECONDS = 120_000;

export interface Lock {
	release(): Promise<void>;
}

/** Waits until the lock is free, or until `isDone` says that there is nothing left to do: then `undefined`. */
export async function takeLock(file: string, isDone: () => Promise<boolean>): Promise<Lock | undefined> {
	for (;;) {
		if (await isDone()) return undefined;
		if (await create(file)) return hold(file);
		if (await isStale(file)) await rm(file, { force: true });
		else await delay(RETRY_MILLISECONDS);
	}
}

function hold(file: string): Lock {
	// A lock that someone else has removed has nothing to be touched; who removed it builds the same.
	const signOfLife = () => utimes(file, new Date(), new Date()).catch(() => undefined);
	const timer = setInterval(signOfLife, SIGN_OF_LIFE_MILLISECONDS).unref();
	return {
		release() {
			clearInterval(timer);
			return rm(file, { force: true });
		},
	};
}

async function create(file: string): Promise<boolean> {
	try {
		const handle = await open(file, "wx");
		await handle.writeFile(String(process.pid));
		await handle.close();
		return true;
	} catch (error) {
		if (codeOf(error) === "EEXIST") return false;
		throw error;
	}
}

async function isStale(file: string): Promise<boolean> {
	try {
		const age = Date.now() - (await stat(file)).mtimeMs;
		const holder = Number(await readFile(file, "utf8"));
		// An empty file belongs to a holder that has not written its id yet.
		return age > STALE_MILLISECONDS || (holder > 0 && !isRunning(holder));
	} catch (error) {
		if (codeOf(error) === "ENOENT") return false;
		throw error;
	}
}

function isRunning(processId: number): boolean {
	try {
		process.kill(processId, 0);
		return true;
	} catch (error) {
		return codeOf(error) === "EPERM";
	}
}

function codeOf(error: unknown): unknown {
	return (error as NodeJS.ErrnoException).code;
}
