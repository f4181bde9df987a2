import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import test from "ava";
import { ROOTS } from "../../src/firmware/power-up.js";
import { manifestModules, updateManifest } from "../../src/toolchain/manifest-modules.js";
import { ROOT } from "../../src/toolchain/sdk.js";

const manifest = JSON.parse(readFileSync(join(ROOT, "manifest.json"), "utf8"));

test("the manifest names every module, and preloads all that can be: npm run firmware:check -- --update-manifest", (t) => {
	const { modules, preload } = manifestModules(ROOT);
	t.deepEqual(manifest.modules, modules);
	t.deepEqual(manifest.preload, preload);
});

test("the manifest brings the roots that the firmware trusts", (t) => {
	const names = manifest.resources["*"].map((path: string) => `${path.slice("./certs/".length)}.der`);
	t.deepEqual(names, [...ROOTS]);
	for (const name of names) t.true(existsSync(join(ROOT, "certs", name)), name);
});

test("the manifests of the platforms name files that are there", (t) => {
	for (const folder of ["src/firmware/esp32", "src/firmware/esp32/ota", "src/firmware/lin", "src/firmware/native"]) {
		const { modules, include = [] } = JSON.parse(readFileSync(join(ROOT, folder, "manifest.json"), "utf8"));
		for (const path of [...Object.values<string | string[]>(modules).flat(), ...include].filter((path) =>
			path.startsWith("./"),
		))
			t.true(
				[path, `${path}.ts`, `${path}.c`].some((file) => existsSync(join(ROOT, folder, file))),
				`${folder}: ${path}`,
			);
	}
});

test("a room of sources becomes its modules; whoever imports what cannot be preloaded is not either", async (t) => {
	const root = await mkdtemp(join(tmpdir(), "latchkey-manifest-"));
	t.teardown(() => rm(root, { recursive: true }));
	const sources: Record<string, string> = {
		"device/ports.ts": "export interface Clock {}",
		"device/signing/forms.ts": "export const FORM = /x/;",
		"device/signing/ed25519.ts": 'import { FORM } from "./forms.js";\nexport const x = FORM;',
		"device/signing/index.ts": 'export {\n\tx,\n} from "./ed25519.js";',
		"device/agent/agent.ts": 'import { x } from "../signing/index.js";\nexport const y = x;',
		"device/agent/status.ts": 'import type { y } from "./agent.js";\nexport type Y = typeof y;',
		"device/names.ts": "/** Names. */\nconst NAME = /^x$/;\nexport const isName = (text: string) => NAME.test(text);",
		"device/table.ts": "export const TABLE = {\n\tname: text(\n\t\t[1, 8],\n\t\t/^x/,\n\t),\n};",
		"device/lazy.ts": '/** a/b */\nexport const TABLE = { name: text([1, 8], () => /^x/, "x") };\n// x = /y/',
		"device/named.ts": 'import { isName } from "./names.js";\nexport const z = isName("x");',
		"device/inner.ts": "export function isName(text: string) {\n\treturn /^x$/.test(text);\n}",
		"firmware/main.ts": 'import "../device/agent/agent.js";',
		"firmware/clock.ts": 'import type { Clock } from "../device/ports.js";\nexport const clock = 1;',
		"firmware/platform/platform.d.ts": "export const platform: number;",
	};
	for (const [path, text] of Object.entries(sources)) {
		mkdirSync(dirname(join(root, "src", path)), { recursive: true });
		writeFileSync(join(root, "src", path), text);
	}
	const { modules, preload } = manifestModules(root);
	t.deepEqual(Object.keys(modules), ["~", "device/*", "device/agent/*", "device/signing/*", "firmware/*"]);
	t.deepEqual(preload, ["device/inner", "device/lazy", "device/ports", "device/agent/status", "firmware/clock"]);
});

test("an update changes what follows from the sources and nothing else", (t) => {
	const text = readFileSync(join(ROOT, "manifest.json"), "utf8");
	t.deepEqual(JSON.parse(updateManifest(ROOT, text)), { ...manifest, ...manifestModules(ROOT) });
	const changed = JSON.parse(updateManifest(ROOT, '{"strip":"*","preload":["gone"],"creation":{"static":1}}'));
	t.like(changed, { strip: "*", creation: { static: 1 } });
	t.false(changed.preload.includes("gone"));
});
