/**
 * `latchkey export`: what it writes, and that it writes nothing else.
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import { loadAccount, openAccountStore } from "../../src/account/index.js";
import { latchkey, Running } from "./run.js";

const EXAMPLE = fileURLToPath(new URL("../../examples/authorizer.ts", import.meta.url));

function createFolder(t: ExecutionContext): string {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-export-"));
	t.teardown(() => rmSync(folder, { recursive: true }));
	return folder;
}

/** Every file below a folder with its content and the time of its last change. */
function snapshot(folder: string): ReadonlyMap<string, readonly [content: string, changedAt: number]> {
	const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
	return new Map(
		files.map(({ parentPath, name }) => {
			const path = join(parentPath, name);
			return [path, [readFileSync(path, "latin1"), statSync(path).mtimeMs]] as const;
		}),
	);
}

const CONFIG = {
	functions: { F: { module: EXAMPLE } },
	authorizers: { A: { function: "F", signingDisabled: true } },
};

test("without an account there is nothing to export, and none is made", async (t) => {
	const folder = createFolder(t);
	for (const format of ["cloudformation", "terraform"]) {
		const { code, stdout, stderr } = await latchkey(["export", format], { folder });
		t.is(code, 1);
		t.is(stdout, "");
		t.regex(stderr, /there is neither a latchkey\.json here nor a development account in \.latchkey \(no-account\)\n/);
		t.regex(stderr, /remedy: .*--config/);
	}
	t.deepEqual(readdirSync(folder), []);
});

test("the development account of a Latchkey that runs is exported, and nothing of it is touched", async (t) => {
	const folder = createFolder(t);
	const up = new Running(["up", "--port", "0", "--api-port", "0", "--json"], { folder });
	t.teardown(() => up.interrupt());
	await up.event(({ event }) => event === "up");
	const before = snapshot(folder);
	const { code, stdout, stderr } = await latchkey(["export", "cloudformation", "--format", "json"], { folder });
	t.is(code, 0, stderr);
	t.is(JSON.parse(stdout).Resources.AuthorizerDevelopmentAuthorizer.Type, "AWS::IoT::Authorizer");
	t.deepEqual(snapshot(folder), before);
});

test("changes that no longer fit the configuration are left out of the export, and stay in their file", async (t) => {
	const folder = createFolder(t);
	const data = join(folder, ".latchkey");
	const account = loadAccount(JSON.stringify(CONFIG), {
		directory: folder,
		openFunction: () => ({ invoke: async () => null, close: async () => {} }),
		store: openAccountStore(data),
	});
	account.authorizers.update("A", { tokenKeyName: "Changed" });
	const A = { ...CONFIG.authorizers.A, tokenKeyName: "Edited" };
	writeFileSync(join(folder, "latchkey.json"), JSON.stringify({ ...CONFIG, authorizers: { A } }));
	const before = snapshot(data);
	const { code, stdout, stderr } = await latchkey(["export", "cloudformation", "--format", "json"], { folder });
	t.is(code, 0, stderr);
	t.is(JSON.parse(stdout).Resources.AuthorizerA.Properties.TokenKeyName, "Edited");
	t.regex(stderr, /the configuration has changed there since and now counts/);
	t.deepEqual(snapshot(data), before);
	t.notThrows(() => account.authorizers.update("A", { tokenKeyName: "More" }));
});

test("what a function cannot do on AWS is told on stderr, and the template is written", async (t) => {
	const folder = createFolder(t);
	writeFileSync(join(folder, "f.mjs"), "export const handler = async () => new URL('./keys.json', import.meta.url);");
	writeFileSync(join(folder, "latchkey.json"), JSON.stringify({ ...CONFIG, functions: { F: { module: "f.mjs" } } }));
	const { code, stderr } = await latchkey(["export", "terraform", "--out", "out.tf.json"], { folder });
	t.is(code, 0);
	t.regex(stderr, /^latchkey: The function F may do something else on AWS: .*import\.meta/);
	t.truthy(JSON.parse(readFileSync(join(folder, "out.tf.json"), "utf8")).resource.aws_lambda_function.function_f);
	t.deepEqual(readdirSync(folder).sort(), ["f.mjs", "latchkey.json", "out.tf.json"]);
});

test("a function without a handler is an error in a line", async (t) => {
	const folder = createFolder(t);
	writeFileSync(join(folder, "f.mjs"), "export const hanlder = async () => 1;");
	writeFileSync(join(folder, "latchkey.json"), JSON.stringify({ ...CONFIG, functions: { F: { module: "f.mjs" } } }));
	const { code, stdout, stderr } = await latchkey(["export", "terraform"], { folder });
	t.is(code, 1);
	t.is(stdout, "");
	t.regex(stderr, /The function F cannot be bundled: .*does not export handler.*\(function-not-bundled\)\n$/);
});

test("a second Latchkey on a folder is refused at its start, and leaves the first one's token alone", async (t) => {
	const folder = createFolder(t);
	const up = new Running(["up", "--port", "0", "--api-port", "0", "--json"], { folder });
	t.teardown(() => up.interrupt());
	await up.event(({ event }) => event === "up");
	const before = snapshot(folder);
	const { code, stderr } = await latchkey(["up", "--port", "0", "--api-port", "0"], { folder });
	t.is(code, 1);
	t.regex(stderr, new RegExp(`another Latchkey, process ${up.processId} since .*\\(account-store-in-use\\)`));
	t.regex(stderr, /remedy: /);
	t.deepEqual(snapshot(folder), before);
});

test("the folder of a Latchkey that was killed, or that ended, can be used again", async (t) => {
	const folder = createFolder(t);
	for (const signal of ["SIGKILL", "SIGINT"] as const) {
		const up = new Running(["up", "--port", "0", "--api-port", "0", "--json"], { folder });
		await up.event(({ event }) => event === "up");
		await up.interrupt(signal);
		const locked = readdirSync(join(folder, ".latchkey")).includes("latchkey.lock");
		t.is(locked, signal === "SIGKILL");
	}
});
