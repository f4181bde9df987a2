/** The gateway as users of Debian's mosquitto clients meet it. */
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import test from "ava";
import { createDevelopmentCa } from "../../src/gateway/development-ca.js";
import { answer, CA, Site, signatureOf, signedUsername, statement, TOKEN } from "./site.js";

const [PUBLISH, SUBSCRIBE] = ["mosquitto_pub", "mosquitto_sub"] as const;

const isInstalled = [PUBLISH, SUBSCRIBE].every((command) => spawnSync(command, ["--help"]).error === undefined);
if (!isInstalled) {
	process.stderr.write(
		"Left out: the tests with mosquitto_pub and mosquitto_sub (apt-get install mosquitto-clients).\n",
	);
}

const FOLDER = mkdtempSync(join(tmpdir(), "latchkey-mosquitto-"));
const CA_FILE = join(FOLDER, "ca.pem");
const NAMESAKE_FILE = join(FOLDER, "namesake.pem");
const STRANGER_FILE = join(FOLDER, "stranger.pem");

test.before(async () => {
	writeFileSync(CA_FILE, CA);
	writeFileSync(NAMESAKE_FILE, (await createDevelopmentCa(Date.now())).certificate);
	writeFileSync(STRANGER_FILE, rootCertificates[0] ?? "");
});
test.after.always(() => rmSync(FOLDER, { recursive: true }));

interface Outcome {
	readonly exit: number;
	readonly output: string;
}

function run(command: string, site: Site, id: string, args: readonly string[]): Promise<Outcome> {
	const endpoint = ["-h", "localhost", "-p", `${site.gateway.port}`, "-i", id, "-P", "pw"];
	return new Promise((resolve) => {
		execFile(command, [...endpoint, ...args], { encoding: "utf8" }, (error, stdout, stderr) => {
			resolve({ exit: typeof error?.code === "number" ? error.code : 0, output: stdout + stderr });
		});
	});
}

const TLS = ["--cafile", CA_FILE, "--tls-alpn", "mqtt"];
const SIGNED = ["-u", signedUsername()];
const MESSAGE = ["-t", "devices/dev1/readings", "-m", "21.5", "-q", "1"];

const mosquitto = isInstalled || process.env["CI"] === "true" ? test : undefined;

for (const version of ["mqttv311", "mqttv5"]) {
	mosquitto?.(`mosquitto_pub to mosquitto_sub, ${version}`, async (t) => {
		const site = await Site.start(t);
		const count = ["-t", "devices/#", "-q", "1", "-C", "1", "-v", "-V", version];
		const subscriber = run(SUBSCRIBE, site, "sub", [...TLS, ...SIGNED, ...count]);
		await site.told("subscribed", "sub");
		const publisher = await run(PUBLISH, site, "pub", [...TLS, ...SIGNED, ...MESSAGE, "-V", version]);
		t.deepEqual(publisher, { exit: 0, output: "" });
		t.deepEqual(await subscriber, { exit: 0, output: "devices/dev1/readings 21.5\n" });
		t.is((await site.told("closed", "pub")).disconnectReason, "CLIENT_INITIATED_DISCONNECT");
	});
}

for (const version of ["mqttv311", "mqttv5"]) {
	mosquitto?.(
		`mosquitto_pub --retain, ${version}: mosquitto_sub gets the message later, until it is deleted`,
		async (t) => {
			const site = await Site.start(t);
			const publish = (args: readonly string[]) =>
				run(PUBLISH, site, "pub", [...TLS, ...SIGNED, "-V", version, ...args]);
			const topic = ["-t", "devices/dev1/state", "-q", "1"];
			t.is((await publish([...topic, "--retain", "-m", "on"])).exit, 0);
			const subscribe = ["--retained-only", "-C", "1", "-F", "%r %t %p", ...topic, "-V", version];
			const subscriber = await run(SUBSCRIBE, site, "sub", [...TLS, ...SIGNED, ...subscribe]);
			t.deepEqual(subscriber, { exit: 0, output: "1 devices/dev1/state on\n" });
			t.is((await publish([...topic, "--retain", "-n"])).exit, 0);
			t.is(site.gateway.retainedMessage("devices/dev1/state"), undefined);
		},
	);
}

const WRONG = ["-u", signedUsername(TOKEN, signatureOf("another"))];

mosquitto?.("mosquitto_pub, 3.1.1, refused: the connection was lost", async (t) => {
	const site = await Site.start(t);
	const { exit, output } = await run(PUBLISH, site, "dev1", [...TLS, ...WRONG, ...MESSAGE]);
	t.is(exit, 7);
	t.regex(output, /connection was lost/i);
	t.is((await site.told("refused", "dev1")).refusal.code, "signature-mismatch");
});

mosquitto?.("mosquitto_pub, 5, refused: exit 135, not authorized", async (t) => {
	const site = await Site.start(t);
	const { exit, output } = await run(PUBLISH, site, "dev1", [...TLS, ...WRONG, ...MESSAGE, "-V", "mqttv5"]);
	t.is(exit, 135);
	t.regex(output, /not authorized/i);
});

mosquitto?.("mosquitto_pub, 3.1.1, denied by the policies: the connection was lost", async (t) => {
	const site = await Site.start(t, { respond: () => answer([statement("Allow", "iot:Connect", "client/*")]) });
	const { output } = await run(PUBLISH, site, "dev1", [...TLS, ...SIGNED, ...MESSAGE]);
	t.regex(output, /connection was lost/i);
	t.is((await site.told("policy-denied", "dev1")).action, "iot:Publish");
});

mosquitto?.("mosquitto_pub without --tls-alpn is refused: alpn-missing", async (t) => {
	const site = await Site.start(t);
	const { exit } = await run(PUBLISH, site, "dev1", ["--cafile", CA_FILE, ...SIGNED, ...MESSAGE]);
	t.not(exit, 0);
	t.is((await site.told("refused")).refusal.code, "alpn-missing");
});

for (const [name, file] of [
	["another authority", STRANGER_FILE],
	["an older authority of the same name", NAMESAKE_FILE],
] as const) {
	mosquitto?.(`mosquitto_pub that trusts ${name} is told of`, async (t) => {
		const site = await Site.start(t);
		const tls = ["--cafile", file, "--tls-alpn", "mqtt"];
		const { exit } = await run(PUBLISH, site, "dev1", [...tls, ...SIGNED, ...MESSAGE]);
		t.not(exit, 0);
		t.is((await site.told("refused")).refusal.code, "server-certificate-rejected");
	});
}
