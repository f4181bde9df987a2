/**
 * Where the code of functions that come as deployment packages is kept, and for how long.
 * @module
 */
import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { strToU8, zipSync } from "fflate";
import { ApiError } from "../../src/control-plane/errors.js";
import { FunctionCode } from "../../src/control-plane/function-code.js";

const FILES = { "index.mjs": "export const handler = 1;", "lib/ü.json": "{}" };

function archive(files: Readonly<Record<string, string>>): Uint8Array {
	return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
}

async function folder(t: { teardown(end: () => Promise<void>): void }): Promise<string> {
	const path = await mkdtemp(join(tmpdir(), "latchkey-code-"));
	t.teardown(() => rm(path, { recursive: true, force: true }));
	return path;
}

test("a package is stored under its function and its hash", async (t) => {
	const root = await folder(t);
	const zip = archive(FILES);
	const digest = createHash("sha256").update(zip).digest();
	const stored = await new FunctionCode(root).store("demo", zip);
	t.deepEqual(stored, {
		directory: `demo/${digest.toString("hex")}`,
		codeSha256: digest.toString("base64"),
		codeSize: zip.length,
	});
	t.is(await readFile(join(root, stored.directory, "lib", "ü.json"), "utf8"), "{}");
	t.deepEqual(await readdir(join(root, "demo")), [digest.toString("hex")]);
});

test("the same package may be stored twice, at the same time as well", async (t) => {
	const root = await folder(t);
	const code = new FunctionCode(root);
	const stored = await Promise.all([1, 2, 3].map(() => code.store("demo", archive(FILES))));
	t.is(new Set(stored.map(({ directory }) => directory)).size, 1);
	t.is((await readdir(join(root, "demo"))).length, 1);
});

test("a package that is refused leaves nothing behind", async (t) => {
	const root = await folder(t);
	await t.throwsAsync(new FunctionCode(root).store("demo", archive({ a: "x", "a/b": "y" })), { instanceOf: ApiError });
	t.deepEqual(await readdir(root), []);
});

test("packages are forgotten but for the one that is kept", async (t) => {
	const root = await folder(t);
	const code = new FunctionCode(root);
	await code.store("demo", archive({ a: "1" }));
	const { directory } = await code.store("demo", archive({ a: "2" }));
	await code.forgetOthers("demo", { directory, handler: "a.b" });
	t.deepEqual(
		(await readdir(join(root, "demo"))).map((name) => `demo/${name}`),
		[directory],
	);
	await code.forgetOthers("demo", undefined);
	t.deepEqual(await readdir(root), []);
});

test("changes of a function run one after another, whatever becomes of them; those of others do not wait", async (t) => {
	const code = new FunctionCode("/nowhere");
	const told: string[] = [];
	let release = () => {};
	const held = new Promise<void>((resolve) => {
		release = resolve;
	});
	const first = code.exclusively("one", async () => {
		await held;
		told.push("first");
		throw new Error("no");
	});
	const second = code.exclusively("one", async () => told.push("second"));
	await code.exclusively("other", async () => told.push("other"));
	release();
	await t.throwsAsync(first, { message: "no" });
	await second;
	t.deepEqual(told, ["other", "first", "second"]);
});
