import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import test, { type ExecutionContext } from "ava";
import { BundleError, bundleFunction } from "../../src/deployment/bundle.js";
import { fullPlan } from "./site.js";

/** Runs code as AWS Lambda's runtime loads a CommonJS module. */
function load(code: string): { handler: (event: unknown) => Promise<unknown> } {
	const module = { exports: {} };
	const run = runInThisContext(`(function (module, exports, require) {${code}\n})`);
	run(module, module.exports, createRequire(import.meta.url));
	return module.exports as ReturnType<typeof load>;
}

const plan = await fullPlan();
const codeOf = (name: string) => {
	const found = plan.functions.find(({ functionName }) => functionName === name);
	return found?.kind === "code" ? found.code : "";
};

test("a bundled TypeScript module judges as the module does", async (t) => {
	const token = Buffer.from(JSON.stringify({ sub: "dev1", role: "device", exp: 4_102_444_800 })).toString("base64url");
	const event = { token, signatureVerified: true, protocolData: { mqtt: { clientId: "dev1" } } };
	const answer = (await load(codeOf("Example")).handler(event)) as { isAuthenticated: boolean };
	t.true(answer.isAuthenticated);
});

test("a deployment package's own handler becomes index.handler", async (t) => {
	t.deepEqual(await load(codeOf("Packaged")).handler({}), { isAuthenticated: false });
});

test("a module that is not there is an error that names the function and the file", async (t) => {
	const error = await t.throwsAsync(bundleFunction("Broken", { module: "/nonexistent/authorizer.ts" }), {
		instanceOf: BundleError,
	});
	t.is(error.message, "The function Broken cannot be bundled: there is no file /nonexistent/authorizer.ts");
});

/** A function's module, until the test is over. */
function moduleOf(t: ExecutionContext, name: string, text: string): string {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-bundle-"));
	t.teardown(() => rmSync(folder, { recursive: true }));
	writeFileSync(join(folder, name), text);
	return join(folder, name);
}

const HANDLERS: Readonly<Record<string, readonly [name: string, text: string]>> = {
	"a named export": ["a.mjs", "export const handler = async () => 7;"],
	"the default export": ["a.mjs", "export default async () => 7;"],
	"a member of the default export": ["a.ts", "export default { handler: async (): Promise<number> => 7 };"],
	"a named export beside a default one": ["a.mjs", "export const handler = async () => 7; export default () => 8;"],
	"an export of CommonJS": ["a.cjs", "exports.handler = async () => 7;"],
	"all that CommonJS exports": ["a.js", "module.exports = async () => 7;"],
};
for (const [title, [name, text]] of Object.entries(HANDLERS)) {
	test(`the handler is ${title}`, async (t) => {
		const { code, warnings } = await bundleFunction("F", { module: moduleOf(t, name, text) });
		t.is(await load(code).handler({}), 7);
		t.deepEqual(warnings, []);
	});
}

for (const [name, text] of [
	["a.mjs", "export const hanlder = async () => 7;"],
	["a.js", "console.log(7);"],
] as const) {
	test(`a module without a handler is an error: ${text}`, async (t) => {
		const module = moduleOf(t, name, text);
		const error = await t.throwsAsync(bundleFunction("F", { module }), { instanceOf: BundleError });
		t.is(
			error.message,
			`The function F cannot be bundled: ${module} does not export handler, neither by this name nor as default`,
		);
	});
}

test("a package without the export that its handler names is an error", async (t) => {
	const directory = join(moduleOf(t, "index.mjs", "export const handler = async () => 7;"), "..");
	const error = await t.throwsAsync(bundleFunction("F", { directory, handler: "index.judge" }));
	t.regex(error.message, /index\.mjs does not export judge$/);
});

test("what will not work on AWS is warned of, with its place", async (t) => {
	const text = "export const handler =\n\tasync () => new URL('./keys.json', import.meta.url);";
	const { warnings } = await bundleFunction("F", { module: moduleOf(t, "a.mjs", text) });
	t.is(warnings.length, 1);
	t.regex(warnings[0] ?? "", /^The function F may do something else on AWS: .*import\.meta.* \(.*a\.mjs:2:\d+\)$/);
});
