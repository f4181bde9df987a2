import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { AccountStoreError, openAccountStore } from "../../src/account/index.js";
import { MemoryDisk } from "./memory-disk.js";

const ACCOUNT = {
	accountId: "123456789012",
	region: "eu-west-1",
	entries: [{ table: "settings", key: "default-authorizer", value: "A", base: null }],
};
const FILE = "/data/account.json";

function createFolder(t: ExecutionContext): string {
	const folder = mkdtempSync(join(tmpdir(), "account-store-"));
	t.teardown(() => rmSync(folder, { recursive: true }));
	return join(folder, "data");
}

/** A store on a disk in memory that holds one account. */
function createStore() {
	const disk = new MemoryDisk();
	const store = openAccountStore("/data", { disk });
	store.replace(ACCOUNT);
	return { disk, store };
}

function storeError(t: ExecutionContext, call: () => unknown): AccountStoreError {
	return t.throws(call, { instanceOf: AccountStoreError });
}

test("what was kept is there at the next start, in a file for its owner alone and no other", (t) => {
	const folder = createFolder(t);
	const store = openAccountStore(folder);
	t.is(store.content, undefined);
	store.replace({ ...ACCOUNT, entries: [] });
	store.replace(ACCOUNT);
	t.deepEqual(openAccountStore(folder).content, ACCOUNT);
	t.deepEqual(readdirSync(folder), ["account.json"]);
	t.is(statSync(store.file).mode & 0o777, 0o600);
	t.is(statSync(folder).mode & 0o777, 0o700);
});

test("opening alone makes nothing", (t) => {
	const folder = createFolder(t);
	openAccountStore(folder);
	t.throws(() => statSync(folder), { code: "ENOENT" });
});

test("a link that waits where the new file is written leads nowhere", (t) => {
	const folder = createFolder(t);
	const store = openAccountStore(folder);
	store.replace(ACCOUNT);
	const victim = join(folder, "..", "victim");
	writeFileSync(victim, "mine");
	symlinkSync(victim, `${store.file}.new`);
	store.replace(ACCOUNT);
	t.is(readFileSync(victim, "utf8"), "mine");
	t.deepEqual(openAccountStore(folder).content, ACCOUNT);
});

for (const [step, code] of [
	["write", "ENOSPC"],
	["write", "EACCES"],
	["move", "EACCES"],
	["move", "EIO"],
] as const) {
	test(`${code} at the ${step}: the change is refused, the former state stays, the next change is kept`, (t) => {
		const { disk, store } = createStore();
		disk.fault = { step, code };
		const error = storeError(t, () => store.replace({ ...ACCOUNT, entries: [] }));
		t.is(error.code, "account-store-not-written");
		t.is(error.type, "ConflictException");
		t.true(error.message.includes(code) && error.message.startsWith(FILE));
		t.is((error.cause as NodeJS.ErrnoException).code, code);
		t.deepEqual(store.content, ACCOUNT);
		t.deepEqual(openAccountStore("/data", { disk }).content, ACCOUNT);
		store.replace({ ...ACCOUNT, entries: [] });
		t.deepEqual(openAccountStore("/data", { disk }).content?.entries, []);
	});
}

test("a file that cannot be read is told of, with what to do", (t) => {
	const { disk } = createStore();
	disk.fault = { step: "read", code: "EACCES" };
	const error = storeError(t, () => openAccountStore("/data", { disk }));
	t.is(error.code, "account-store-unreadable");
	t.is(
		error.message,
		`${FILE}: the account's changes cannot be read (EACCES); see to the permissions of the file and its folder`,
	);
});

test("a folder in the file's place is told of", (t) => {
	const folder = createFolder(t);
	openAccountStore(join(folder, "account.json")).replace(ACCOUNT);
	t.is(storeError(t, () => openAccountStore(folder)).code, "account-store-unreadable");
});

for (const [what, text] of [
	["nothing", ""],
	["garbage", "\u0000\u0001{{{"],
	["another program's JSON", '{"name":"x","version":1}'],
	["a list", "[1]"],
	["null", "null"],
] as const) {
	test(`a file that holds ${what} is refused and left alone`, (t) => {
		const disk = new MemoryDisk();
		disk.files.set(FILE, text);
		const error = storeError(t, () => openAccountStore("/data", { disk }));
		t.is(error.code, "account-store-damaged");
		t.regex(error.remedy, /move the file away/);
		t.is(disk.files.get(FILE), text);
	});
}

test("a file of another version is refused as such", (t) => {
	const { disk, store } = createStore();
	disk.files.set(FILE, (disk.files.get(FILE) ?? "").replace('"version": 1', '"version": 2'));
	const error = storeError(t, () => openAccountStore("/data", { disk }));
	t.is(error.code, "account-store-of-another-version");
	t.is(error.file, store.file);
});

test("a file that is cut or changed anywhere is never taken for whole", (t) => {
	const { disk } = createStore();
	const text = disk.files.get(FILE) ?? "";
	fc.assert(
		fc.property(fc.nat(text.length - 2), fc.boolean(), fc.constantFrom("", "0", "x", '"', "{"), (at, cut, other) => {
			const damaged = cut ? text.slice(0, at) : text.slice(0, at) + other + text.slice(at + 1);
			const isSame = attempt(() => JSON.stringify(JSON.parse(damaged)) === JSON.stringify(JSON.parse(text)));
			if (isSame === true) return;
			disk.files.set(FILE, damaged);
			storeError(t, () => openAccountStore("/data", { disk }));
		}),
	);
});

test("a file that another program changed meanwhile is not written over", (t) => {
	const { disk, store } = createStore();
	openAccountStore("/data", { disk }).replace({ ...ACCOUNT, entries: [] });
	t.like(
		storeError(t, () => store.replace(ACCOUNT)),
		{
			code: "account-store-changed-elsewhere",
			type: "ConflictException",
		},
	);
	t.deepEqual(openAccountStore("/data", { disk }).content?.entries, []);
	disk.files.delete(FILE);
	t.is(storeError(t, () => store.replace(ACCOUNT)).code, "account-store-changed-elsewhere");
});

function attempt<T>(run: () => T): T | undefined {
	try {
		return run();
	} catch {
		return undefined;
	}
}
