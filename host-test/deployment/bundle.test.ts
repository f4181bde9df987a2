import { createRequire } from "node:module";
import { runInThisContext } from "node:vm";
import test from "ava";
import { BundleError, bundleFunction } from "../../src/deployment/bundle.js";
import { planDeployment } from "../../src/deployment/index.js";
import { fullAccount } from "./site.js";

/** Runs code as AWS Lambda's runtime loads a CommonJS module. */
function load(code: string): { handler: (event: unknown) => Promise<unknown> } {
	const module = { exports: {} };
	const run = runInThisContext(`(function (module, exports, require) {${code}\n})`);
	run(module, module.exports, createRequire(import.meta.url));
	return module.exports as ReturnType<typeof load>;
}

const plan = await planDeployment(await fullAccount());
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

test("a module that does not build is an error that names the function", async (t) => {
	const error = await t.throwsAsync(bundleFunction("Broken", { module: "/nonexistent/authorizer.ts" }), {
		instanceOf: BundleError,
	});
	t.regex(error.message, /^The function Broken cannot be bundled: /);
});
