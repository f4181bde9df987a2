/** @module */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { FileStore } from "../../src/host/file-store.js";

const folder = mkdtempSync(join(tmpdir(), "latchkey-store-"));
test.after.always(() => rmSync(folder, { recursive: true }));

const bytes = (text: string) => Uint8Array.from(Buffer.from(text)).buffer;
const textOf = (value: ArrayBuffer | undefined) => (value === undefined ? undefined : Buffer.from(value).toString());

test("a value is kept from one opening to the next, replaced and deleted", (t) => {
	const directory = join(folder, "a");
	const store = new FileStore(directory);
	t.is(store.read("key"), undefined);
	store.write("key", bytes("one"));
	store.write("key", bytes("two"));
	t.is(textOf(new FileStore(directory).read("key")), "two");
	store.delete("key");
	store.delete("key");
	t.is(store.read("key"), undefined);
	store.write("empty", new ArrayBuffer(0));
	t.is(textOf(store.read("empty")), "");
});

test("folder and files are for their owner alone", (t) => {
	const directory = join(folder, "b");
	new FileStore(directory).write("key", bytes("x"));
	t.is(statSync(directory).mode & 0o777, 0o700);
	t.is(statSync(join(directory, "key")).mode & 0o777, 0o600);
	t.deepEqual(readdirSync(directory), ["key"]);
});

test("a write that was cut short leaves the old value", (t) => {
	const directory = join(folder, "c");
	const store = new FileStore(directory);
	store.write("key", bytes("whole"));
	writeFileSync(join(directory, "key.new"), "ha");
	t.is(textOf(store.read("key")), "whole");
	store.write("key", bytes("next"));
	t.is(textOf(store.read("key")), "next");
});

test("keys are those of NVS and never paths", (t) => {
	const store = new FileStore(join(folder, "d"));
	for (const key of ["", "../x", "a/b", ".", "a".repeat(16), "é", "a\0"])
		t.throws(() => store.read(key), { instanceOf: RangeError }, JSON.stringify(key));
	store.write("a".repeat(15), bytes("x"));
});
