import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { Account, AccountStoreError, openAccountStore } from "../../src/account/index.js";
import { nodeProcesses, type Processes, readIdentity } from "../../src/account/processes.js";
import { MemoryDisk } from "./memory-disk.js";

const LOCK = "/data/latchkey.lock";
const SINCE = "2026-01-02T03:04:05.000Z";

/** This process, and those that still run besides. */
function processes(pid: number, ...running: readonly number[]): Processes {
	return {
		own: () => ({ pid, since: SINCE, start: null }),
		runs: (process) => process.pid === pid || running.includes(process.pid),
	};
}

/** A store that locks its folder. */
function open(disk: MemoryDisk, pid: number, ...running: readonly number[]) {
	return openAccountStore("/data", { access: "locked", disk, processes: processes(pid, ...running) });
}

function storeError(t: ExecutionContext, call: () => unknown): AccountStoreError {
	return t.throws(call, { instanceOf: AccountStoreError });
}

test("a second process is refused while the first one runs, and told which that is and what to do", (t) => {
	const disk = new MemoryDisk();
	open(disk, 1);
	const error = storeError(t, () => open(disk, 2, 1));
	t.is(error.code, "account-store-in-use");
	t.is(
		error.message,
		`${LOCK}: another Latchkey, process 1 since ${SINCE}, keeps the account's changes in this folder; end that one or use another data folder; if it is no Latchkey, remove the file`,
	);
	t.deepEqual([...disk.files.keys()], [LOCK]);
});

test("one process does not hold a folder twice", (t) => {
	const disk = new MemoryDisk();
	open(disk, 1);
	t.is(storeError(t, () => open(disk, 1)).code, "account-store-in-use");
});

test("a lock goes with its store, and the next process takes the folder", (t) => {
	const disk = new MemoryDisk();
	open(disk, 1).close();
	t.is(disk.files.size, 0);
	open(disk, 2, 1);
	t.is(readIdentity(disk.files.get(LOCK) ?? "")?.pid, 2);
});

test("the account's end closes its store", async (t) => {
	const disk = new MemoryDisk();
	const account = new Account();
	account.keepIn(open(disk, 1));
	t.true(disk.files.has(LOCK));
	await account.close();
	t.false(disk.files.has(LOCK));
});

test("the lock of a process that is gone is taken over, whatever it holds", (t) => {
	const identity = fc.record({ pid: fc.integer({ min: 2 }), since: fc.string(), start: fc.constantFrom(null, "1") });
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string(),
				fc.json(),
				identity.map((value) => JSON.stringify(value)),
			),
			(text) => {
				const disk = new MemoryDisk();
				disk.files.set(LOCK, text);
				open(disk, 1);
				t.is(readIdentity(disk.files.get(LOCK) ?? "")?.pid, 1);
				t.is(disk.files.size, 1);
			},
		),
	);
});

test("a lock that another process took over first is left to it", (t) => {
	const disk = new MemoryDisk();
	disk.files.set(LOCK, "of a process that is gone");
	const { move } = disk;
	let taken = "";
	disk.move = (from, to) => {
		disk.move = move;
		disk.files.delete(LOCK);
		open(disk, 2, 1);
		taken = disk.files.get(LOCK) ?? "";
		disk.move(from, to);
	};
	t.is(storeError(t, () => open(disk, 1, 2)).code, "account-store-in-use");
	t.deepEqual([...disk.files], [[LOCK, taken]]);
});

test("a lock that another process took over since is not removed", (t) => {
	const disk = new MemoryDisk();
	const store = open(disk, 1);
	open(disk, 2);
	const taken = disk.files.get(LOCK);
	store.close();
	t.is(disk.files.get(LOCK), taken);
});

test("a store that cannot be used leaves no lock behind", (t) => {
	const disk = new MemoryDisk();
	disk.files.set("/data/account.json", "{}");
	t.is(storeError(t, () => open(disk, 1)).code, "account-store-damaged");
	t.false(disk.files.has(LOCK));
});

for (const [step, code, wanted] of [
	["create", "ENOSPC", "account-store-not-written"],
	["create", "EROFS", "account-store-not-written"],
	["move", "EACCES", "account-store-not-written"],
	["read", "EACCES", "account-store-unreadable"],
] as const) {
	test(`${code} at the ${step} of the lock is told with what to do`, (t) => {
		const disk = new MemoryDisk();
		if (step !== "create") disk.files.set(LOCK, "of a process that is gone");
		disk.fault = { step, code };
		const error = storeError(t, () => open(disk, 1));
		t.is(error.code, wanted);
		t.true(error.message.startsWith(LOCK) && error.message.includes(code));
	});
}

test("who only reads, or does not lock, is not kept out", (t) => {
	const disk = new MemoryDisk();
	open(disk, 1);
	t.notThrows(() => openAccountStore("/data", { disk }));
	t.notThrows(() => openAccountStore("/data", { disk, access: "read" }).close());
	t.true(disk.files.has(LOCK));
});

test("on a real disk a process that was killed is taken over, one that runs is not", async (t) => {
	const folder = mkdtempSync(join(tmpdir(), "store-lock-"));
	t.teardown(() => rmSync(folder, { recursive: true }));
	const data = join(folder, "data");
	const lock = join(data, "latchkey.lock");
	openAccountStore(data, { access: "locked" }).close();
	t.false(existsSync(lock));
	const other = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
	const exited = once(other, "exit");
	t.teardown(() => other.kill("SIGKILL"));
	writeFileSync(lock, JSON.stringify({ pid: other.pid, since: SINCE, start: null }));
	t.is(storeError(t, () => openAccountStore(data, { access: "locked" })).code, "account-store-in-use");
	other.kill("SIGKILL");
	await exited;
	const store = openAccountStore(data, { access: "locked" });
	t.deepEqual(JSON.parse(readFileSync(lock, "utf8")), nodeProcesses.own());
	t.is(statSync(lock).mode & 0o777, 0o600);
	store.close();
	t.false(existsSync(lock));
});

test("a process whose number another one had before is told apart where the system says when it began", (t) => {
	const own = nodeProcesses.own();
	t.true(nodeProcesses.runs(own));
	t.true(nodeProcesses.runs({ ...own, start: null }));
	if (process.platform === "linux") t.false(nodeProcesses.runs({ ...own, start: `${own.start}0` }));
	else t.is(own.start, null);
});
