/**
 * What becomes of deployment packages while their functions run, and where they lie.
 * @module
 */
import { mkdtemp, readdir, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "ava";
import { strToU8, zipSync } from "fflate";
import { openAccountStore } from "../../src/account/index.js";
import { loadConfiguredAccount } from "../../src/cli/account-source.js";
import { FunctionCode } from "../../src/control-plane/function-code.js";
import { openLambdaSite, packageOf, refusal } from "./lambda-site.js";

const creation = (zip: string) => ({
	FunctionName: "demo",
	Runtime: "nodejs20.x",
	Role: "arn:aws:iam::123456789012:role/any",
	Handler: "index.handler",
	Timeout: 60,
	Code: { ZipFile: zip },
});

/** A package, base64, whose function says it began, waits for a file to go, and then loads another one of its own. */
function waitingPackage(gate: string): string {
	const source = `
		import { existsSync, watch, writeFileSync } from "node:fs";
		import { dirname } from "node:path";
		const gate = ${JSON.stringify(gate)};
		export const handler = () => new Promise((resolve) => {
			const watcher = watch(dirname(gate), () => {
				if (existsSync(gate)) return;
				watcher.close();
				resolve(import("./late.mjs").then(({ word }) => ({ answer: word })));
			});
			writeFileSync(gate + ".begun", "");
		});`;
	const files = { "index.mjs": strToU8(source), "late.mjs": strToU8('export const word = "late";') };
	return Buffer.from(zipSync(files)).toString("base64");
}

for (const [change, method, path, body] of [
	["updated", "PUT", "/demo/code", { ZipFile: packageOf("two") }],
	["deleted", "DELETE", "/demo", undefined],
] as const) {
	test(`a call under way finishes with its own code when its function is ${change}; then the package goes`, async (t) => {
		const { call, code, tidied } = await openLambdaSite(t);
		const folder = await mkdtemp(join(tmpdir(), "latchkey-gate-"));
		t.teardown(() => rm(folder, { recursive: true, force: true }));
		const gate = join(folder, "gate");
		await writeFile(gate, "");
		const made = await call("POST", "", creation(waitingPackage(gate)));
		t.is(made.status, 201, made.text);
		const called = call("POST", "/demo/invocations", {});
		for (let begun = false; !begun; ) begun = (await readdir(folder)).includes("gate.begun");
		const changed = await call(method, path, body);
		t.true(changed.status < 300, changed.text);
		const kept = await readdir(join(code, "demo"));
		t.is(kept.length, change === "updated" ? 2 : 1);
		if (change === "updated") t.is((await call("POST", "/demo/invocations", {})).json["answer"], "two");
		await rm(gate);
		t.deepEqual((await called).json, { answer: "late" });
		await tidied("demo");
		const left = change === "updated" ? await readdir(join(code, "demo")) : await readdir(code);
		t.is(left.length, change === "updated" ? 1 : 0);
	});
}

test("a dry run of new code checks it, and writes and removes nothing", async (t) => {
	const { call, code, tidied } = await openLambdaSite(t);
	await call("POST", "", creation(packageOf("one")));
	const before = await readdir(join(code, "demo"));
	const dry = await call("PUT", "/demo/code", { ZipFile: packageOf("two"), DryRun: true });
	t.is(dry.status, 200, dry.text);
	await tidied("demo");
	t.deepEqual(await readdir(join(code, "demo")), before);
	const broken = await call("PUT", "/demo/code", { ZipFile: "AAAA", DryRun: true });
	t.is(broken.status, 400);
});

test("a project that is moved keeps its functions", async (t) => {
	const folder = await mkdtemp(join(tmpdir(), "latchkey-moved-"));
	t.teardown(() => rm(folder, { recursive: true, force: true }));
	const open = (data: string) =>
		loadConfiguredAccount("{}", { directory: dirname(data), data, store: openAccountStore(data) });
	const [data, moved] = [join(folder, "here"), join(folder, "there")];
	const account = open(data);
	const zip = Buffer.from(packageOf("one"), "base64");
	const { directory, ...facts } = await new FunctionCode(join(data, "functions")).store("demo", zip);
	account.functions.create({ functionName: "demo", source: { directory, handler: "index.handler" }, ...facts });
	await account.close();
	await rename(data, moved);
	const again = open(moved);
	t.teardown(() => again.close());
	t.like(await again.functions.open("demo")?.invoke({}, { timeout: 5000 }), { answer: "one" });
});

test("a package that the disk does not take is told, in words a client does not retry", async (t) => {
	const { call, code, account } = await openLambdaSite(t);
	await writeFile(join(code, "demo"), "in the folder's place");
	const refused = refusal(await call("POST", "", creation(packageOf("one"))));
	t.is(refused.status, 400);
	t.is(refused.type, "CodeStorageExceededException");
	t.regex(String(refused.message), /^Latchkey cannot keep the deployment package \((?:ENOTDIR|EEXIST)\): make room/);
	t.is(account.functions.get("demo"), undefined);
});
