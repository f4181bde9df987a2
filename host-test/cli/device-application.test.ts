/**
 * `latchkey device --app`: an application on a virtual device, against `latchkey up`.
 * @module
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import test from "ava";
import { findCompiler } from "../xs/index.js";
import { latchkey, Running } from "./run.js";
import { credentialFile, withGateway } from "./running-gateway.js";

const EXAMPLES = fileURLToPath(new URL("../../examples/", import.meta.url));
const ENGINES = (await findCompiler()) === undefined ? ["node"] : ["xs", "node"];
const published = (topic: string) => (event: Record<string, unknown>) =>
	event["event"] === "published" && event["topic"] === topic;

for (const engine of ENGINES)
	test.serial(`an example runs until Ctrl-C, in ${engine}`, async (t) => {
		await withGateway(async (up, gateway, folder) => {
			const credential = credentialFile(up, folder, "dev1", "device");
			const args = ["device", "--credential", credential, "--ca", up.gateway.caFile, "--engine", engine, "--json"];
			const device = new Running([...args, "--app", `${EXAMPLES}sensor.ts`]);
			t.like(await gateway.event(published("devices/dev1/readings")), { qos: 1 });
			await device.event(({ event }) => event === "acknowledged");
			t.is((await device.interrupt()).code, 130);
		});
	});

test.serial(
	"with --watch an application that is changed is started anew, and one that is broken waits to be mended",
	async (t) => {
		await withGateway(async (up, gateway, folder) => {
			const app = join(folder, "app.ts");
			const write = (topic: string) =>
				writeFileSync(app, `export default { start(device) { device.publish("devices/dev1/${topic}", "x"); } };`);
			write("readings");
			const credential = credentialFile(up, folder, "dev1", "device");
			const args = ["device", "--credential", credential, "--ca", up.gateway.caFile, "--engine", "node", "--json"];
			const device = new Running([...args, "--app", app, "--watch"], { folder });
			await gateway.event(published("devices/dev1/readings"));
			writeFileSync(app, "export default {;");
			await device.complaint(/cannot be run/);
			write("resets");
			await gateway.event(published("devices/dev1/resets"));
			t.is((await device.interrupt()).code, 130);
		});
	},
);

test.serial("what a device keeps in its folder it has the next time, its credential too", async (t) => {
	await withGateway(async (up, gateway, folder) => {
		const credential = credentialFile(up, folder, "dev1", "device");
		const store = join(folder, "store");
		const args = ["device", "--store", store, "--ca", up.gateway.caFile, "--engine", "node", "--json"];
		const publish = ["--publish", "devices/dev1/readings"];
		t.is((await latchkey([...args, "--credential", credential, ...publish, "--message", "1"])).code, 0);
		t.like(await gateway.event(published("devices/dev1/readings")), { bytes: 1 });
		// What is secret has no place on a command line.
		t.is((await latchkey([...args, ...publish, "--message-file", "-"], { input: "secret" })).code, 0);
		t.truthy(await gateway.event((event) => event["event"] === "published" && event["bytes"] === 6));
		t.false(readFileSync(join(store, "credential"), "latin1").includes("BEGIN"), "the key is kept as bytes");
	});
});

const UNUSABLE = {
	"export default 5": /no default export that is an object/,
	"export const application = {}": /default/,
	"throw new Error('at once')": /at once/,
	"export default { connection: { keepAlive: 5 } }": /keepAlive: expected 30..1200, got 5/,
};

for (const engine of ENGINES)
	test.serial(`a module that is no application is told by name, in ${engine}`, async (t) => {
		await withGateway(async (up, _gateway, folder) => {
			const credential = credentialFile(up, folder, "dev1", "device");
			const app = join(folder, "app.ts");
			for (const [text, why] of Object.entries(UNUSABLE)) {
				writeFileSync(app, text);
				const args = ["--credential", credential, "--ca", up.gateway.caFile, "--engine", engine, "--app", app];
				const { code, stderr } = await latchkey(["device", ...args]);
				t.is(code, 2, text);
				t.regex(stderr, /application-unusable/, text);
				t.regex(stderr, why, text);
			}
		});
	});

test("what cannot be run is told by name", async (t) => {
	const none = await latchkey(["device"]);
	t.is(none.code, 2);
	t.regex(none.stderr, /no-credential|no credential/);
	const both = await latchkey(["device", "--store", "x", "--app", "a.ts", "--publish", "t"]);
	t.is(both.code, 2);
	t.regex(both.stderr, /cannot be used with/);
	const twice = ["device", "--credential", "-", "--publish", "t", "--message-file", "-"];
	const { code, stderr } = await latchkey(twice, { input: "{}" });
	t.is(code, 2);
	t.regex(stderr, /only one of them/);
});
