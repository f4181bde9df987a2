import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import test, { type ExecutionContext } from "ava";
import { openPackage } from "../../src/authorizer/index.js";
import { event, failure, folder, PLENTY } from "./opened-function.js";

/** Opens a package of these files; it is gone after the test. */
function open(t: ExecutionContext, files: Readonly<Record<string, string>>, handler: string) {
	const directory = folder(t);
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(dirname(join(directory, name)), { recursive: true });
		writeFileSync(join(directory, name), text);
	}
	const run = openPackage(directory, handler);
	t.teardown(() => run.close());
	return { run, directory };
}

for (const [what, files, handler] of [
	["CommonJS", { "index.js": "exports.handler = async () => 1;" }, "index.handler"],
	["a module", { "index.mjs": "export const handler = async () => 1;" }, "index.handler"],
	[
		"a module by package.json",
		{ "index.js": "export const handler = async () => 1;", "package.json": '{"type":"module"}' },
		"index.handler",
	],
	["a file in a folder", { "src/auth/judge.cjs": "exports.judge = async () => 1;" }, "src/auth/judge.judge"],
	["an export inside an object", { "index.js": "exports.api = { judge: async () => 1 };" }, "index.api.judge"],
] as const) {
	test.serial(`runs ${what}`, async (t) => {
		t.is(await open(t, files, handler).run.invoke(event("t"), PLENTY), 1);
	});
}

test.serial("a function finds itself at the top of its package, under AWS's names", async (t) => {
	const source = `const data = require("../data.json");
		exports.handler = async () => [process.cwd() === process.env.LAMBDA_TASK_ROOT, process.env._HANDLER, data];`;
	const { run } = open(t, { "src/index.js": source, "data.json": "[7]" }, "src/index.handler");
	t.deepEqual(await run.invoke(event("t"), PLENTY), [true, "src/index.handler", [7]]);
});

for (const handler of [
	"index",
	"index.",
	".handler",
	"",
	"../index.handler",
	"/index.handler",
	"a/../../index.handler",
]) {
	test.serial(`the handler "${handler}" is told as no name of one`, async (t) => {
		const { run } = open(t, { "index.js": "exports.handler = async () => 1;" }, handler);
		const { code, errorType } = await failure(t, run.invoke(event("t"), PLENTY));
		t.deepEqual([code, errorType], ["not-a-handler", "Runtime.MalformedHandlerName"]);
	});
}

test.serial("a module that the package lacks is told by its name, without a path of this machine", async (t) => {
	const { run, directory } = open(t, { "index.js": "" }, "src/main.handler");
	const { code, errorMessage } = await failure(t, run.invoke(event("t"), PLENTY));
	t.deepEqual([code, errorMessage], ["function-not-found", "the package has no src/main that ends in .js, .mjs, .cjs"]);
	t.false(errorMessage.includes(directory));
});

test.serial("an export that is not there is not replaced by the default one", async (t) => {
	const { run } = open(t, { "index.mjs": "export default async () => 1;" }, "index.handler");
	t.is((await failure(t, run.invoke(event("t"), PLENTY))).code, "not-a-handler");
});
