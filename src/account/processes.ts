/**
 * Which process of this machine is which, and whether it still runs.
 * @module
 */
import { readFileSync } from "node:fs";

export interface ProcessIdentity {
	readonly pid: number;
	/** When it was first asked for, ISO 8601; for a person. */
	readonly since: string;
	/** What tells it from an earlier or later process of the same number; null where the system does not say. */
	readonly start: string | null;
}

export interface Processes {
	/** This process; the same answer every time. */
	own(): ProcessIdentity;
	runs(process: ProcessIdentity): boolean;
}

/** What `JSON.stringify` made of an identity; undefined for any other text. */
export function readIdentity(text: string): ProcessIdentity | undefined {
	try {
		const { pid, since, start } = (JSON.parse(text) ?? {}) as Partial<Record<keyof ProcessIdentity, unknown>>;
		const isIdentity = Number.isSafeInteger(pid) && Number(pid) > 0 && typeof since === "string";
		return isIdentity ? { pid: Number(pid), since, start: typeof start === "string" ? start : null } : undefined;
	} catch {
		// Half a file of a process that ended as it wrote.
		return undefined;
	}
}

const since = new Date().toISOString();

export const nodeProcesses: Processes = {
	own: () => ({ pid: process.pid, since, start: startOf(process.pid) }),

	runs({ pid, start }) {
		if (!exists(pid)) return false;
		const found = startOf(pid);
		return start === null || found === null || start === found;
	},
};

function exists(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code !== "ESRCH";
	}
}

/**
 * On Linux the ticks between the system's start and that of the process, with the system's own start (proc(5)): numbers of
 * processes come again, in a container that starts anew most of all.
 */
function startOf(pid: number): string | null {
	try {
		const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
		// The second field, in parentheses, is a name that may hold anything; the start is the 22nd.
		const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
		// It has ended, and its parent has not asked how.
		if (fields[0] === "Z") return "ended";
		const ticks = fields[19];
		const boot = readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
		return ticks === undefined ? null : `${boot} ${ticks}`;
	} catch {
		// Another system than Linux, or a process of somebody else's: its number has to do.
		return null;
	}
}
