/**
 * `latchkey up` and `latchkey sign`, together with mosquitto's own client: what a person at two terminals does.
 * @module
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import test from "ava";
import { findCompiler } from "../xs/index.js";
import { latchkey, Running } from "./run.js";
import { UP, type Up, withGateway } from "./running-gateway.js";

const MOSQUITTO = ["/usr/bin/mosquitto_pub", "/usr/local/bin/mosquitto_pub", "/opt/homebrew/bin/mosquitto_pub"].find(
	(file) => existsSync(file),
);

async function usernameOf(up: Up): Promise<string> {
	const { name, tokenKeyName } = up.authorizer;
	const { stdout, code } = await latchkey([
		...["sign", "--key-file", up.keyFile, "--token-file", up.tokenFile, "--only", "username"],
		...["--authorizer-name", name, "--token-key-name", tokenKeyName],
	]);
	if (code !== 0) throw new Error(`sign: exit ${code}`);
	return stdout.trim();
}

/** mosquitto_pub's exit code: 0, or what the refusal was. */
async function publish(up: Up, version: "5" | "311", username: string): Promise<{ code: number; stderr: string }> {
	const args = [
		...["-h", "localhost", "-p", String(up.gateway.port), "--cafile", up.gateway.caFile, "--tls-alpn", "mqtt"],
		...["-V", version, "-i", up.clientId, "-u", username, "-q", "1"],
		...["-t", `devices/${up.clientId}/readings`, "-m", "21.5"],
	];
	try {
		const { stderr } = await promisify(execFile)(MOSQUITTO!, args, { timeout: 20_000 });
		return { code: 0, stderr };
	} catch (error) {
		const { code, stderr } = error as { code: number; stderr: string };
		return { code, stderr };
	}
}

if (MOSQUITTO === undefined)
	test.serial("mosquitto_pub is there for the tests of the gateway with a real client", (t) => {
		process.stderr.write("LEFT OUT: mosquitto_pub is not installed (apt-get install mosquitto-clients)\n");
		t.not(process.env["CI"], "true", "CI needs mosquitto-clients");
	});
else
	for (const version of ["5", "311"] as const)
		test.serial(
			`mosquitto_pub gets a message through with a username of latchkey sign, MQTT ${version}; one wrong byte is refused and named`,
			async (t) => {
				await withGateway(async (up, gateway) => {
					const username = await usernameOf(up);
					t.like(await publish(up, version, username), { code: 0 });
					const published = await gateway.event(({ event }) => event === "published");
					t.like(published, { topic: "devices/dev1/readings", qos: 1, bytes: 4 });

					const at = username.indexOf("signature=") + "signature=".length;
					const wrong = username.slice(0, at) + (username[at] === "A" ? "B" : "A") + username.slice(at + 1);
					const refused = await publish(up, version, wrong);
					t.not(refused.code, 0);
					if (version === "5") t.is(refused.code, 0x87, refused.stderr);
					const { refusal } = await gateway.event(({ event }) => event === "refused");
					t.like(refusal, { code: "signature-mismatch", step: "signature" });
				});
			},
		);

test.serial("the development account is made once and kept, for its owner alone", async (t) => {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-up-"));
	const keys: string[] = [];
	for (let i = 0; i < 2; i++) {
		const gateway = new Running([...UP, "--json"], { folder });
		const up = (await gateway.event(({ event }) => event === "up")) as Up;
		keys.push(readFileSync(join(folder, up.keyFile), "utf8") + readFileSync(join(folder, up.gateway.caFile), "utf8"));
		t.is((await gateway.interrupt()).code, 0);
	}
	t.is(keys[0], keys[1]);
	rmSync(folder, { recursive: true });
});

test.serial("a private file that was open to others is replaced by one that is not", async (t) => {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-up-"));
	mkdirSync(join(folder, ".latchkey/tls"), { recursive: true });
	writeFileSync(join(folder, ".latchkey/tls/ca-key.pem"), "old", { mode: 0o644 });
	symlinkSync(join(folder, "elsewhere"), join(folder, ".latchkey/token"));
	const gateway = new Running([...UP, "--json"], { folder });
	await gateway.event(({ event }) => event === "up");
	await gateway.interrupt();
	t.is(statSync(join(folder, ".latchkey/tls/ca-key.pem")).mode & 0o777, 0o600);
	t.false(existsSync(join(folder, "elsewhere")), "a link is replaced, not followed");
	rmSync(folder, { recursive: true });
});

test.serial("a gateway for others on the network bears the name they know it by", async (t) => {
	await withGateway(
		async (up) => {
			t.like(up.gateway, { host: "gateway.lan", serverName: "gateway.lan" });
			const socket = tls.connect({
				host: "127.0.0.1",
				port: up.gateway.port,
				servername: "gateway.lan",
				ALPNProtocols: ["mqtt"],
				ca: readFileSync(up.gateway.caFile),
			});
			await once(socket, "secureConnect");
			t.is(socket.alpnProtocol, "mqtt");
			socket.destroy();
		},
		["--host", "0.0.0.0", "--server-name", "gateway.lan"],
	);
	t.is((await latchkey([...UP, "--server-name", "10.0.0.1"])).code, 2);
});

test.serial(
	"a device whose subscription or publication is denied exits with the code of the refusal, in both engines",
	async (t) => {
		const engines = (await findCompiler()) === undefined ? ["node"] : ["node", "xs"];
		await withGateway(async (up, _gateway, folder) => {
			const { name: authorizerName, tokenKeyName } = up.authorizer;
			const credential = {
				...{ version: 1, mode: "rsa", clientId: up.clientId, authorizerName, tokenKeyName },
				endpoint: { host: "localhost", port: up.gateway.port },
				token: readFileSync(up.tokenFile, "utf8"),
				privateKey: readFileSync(up.keyFile, "utf8"),
			};
			writeFileSync(join(folder, "credential.json"), JSON.stringify(credential));
			for (const engine of engines) {
				const device = ["device", "--credential", "credential.json", "--ca", up.gateway.caFile, "--engine", engine];
				const run = (...args: string[]) => latchkey([...device, ...args], { folder });
				t.is((await run("--publish", `devices/${up.clientId}/readings`, "--message", "1")).code, 0, engine);
				t.is((await run("--publish", "devices/other/readings")).code, 0x87, engine);
				t.is((await run("--subscribe", "devices/other/commands")).code, 0x87, engine);
				const wildcard = await run("--publish", "devices/+/readings");
				t.is(wildcard.code, 1, engine);
				t.regex(wildcard.stderr, /^latchkey: .*\(unsendable\)\nremedy: .*\n$/, engine);
			}
		});
	},
);

test.serial(
	"an account of one's own is read from latchkey.json, and every problem of it is listed with its path",
	async (t) => {
		const folder = mkdtempSync(join(tmpdir(), "latchkey-up-"));
		const config = join(folder, "latchkey.json");
		writeFileSync(config, JSON.stringify({ functions: { F: {} }, authorizers: { "a b": { function: "G" } }, more: 1 }));
		const { code, stderr } = await latchkey(UP, { folder });
		t.is(code, 1);
		for (const path of ["latchkey.json:1:69 $.more", "$.functions.F: ", '$.authorizers["a b"]'])
			t.true(stderr.includes(path), `${path} in: ${stderr}`);
		writeFileSync(config, "{");
		const broken = await latchkey(UP, { folder });
		t.is(broken.code, 1);
		t.regex(broken.stderr, /latchkey\.json:1:\d+ /);
		rmSync(folder, { recursive: true });
	},
);

test.serial(
	"the README's own configuration works with keys of one's own, and the banner says how to talk to it",
	async (t) => {
		const folder = mkdtempSync(join(tmpdir(), "latchkey-up-"));
		cpSync(fileURLToPath(new URL("../../examples", import.meta.url)), join(folder, "examples"), { recursive: true });
		await latchkey(["keys", "create"], { folder });
		const gateway = new Running([...UP, "--config", "examples/latchkey.json"], { folder });
		await gateway.line((line) => line.includes("Ctrl-C ends it"));
		const { code, stdout } = await gateway.interrupt();
		t.is(code, 0);
		t.regex(stdout, /authorizers {2}MyAuthorizer/);
		t.regex(stdout, /mosquitto_pub .*--tls-alpn mqtt/);
		t.regex(stdout, /latchkey sign --key-file PRIVATE-KEY\.pem --token-file TOKEN\.txt --authorizer-name MyAuthorizer/);
		rmSync(folder, { recursive: true });
	},
);

test.serial("a port in use is told in a line", async (t) => {
	await withGateway(async (up, _gateway, folder) => {
		const { code, stderr } = await latchkey([...UP, "--port", String(up.gateway.port), "--data", "other"], { folder });
		t.is(code, 1);
		t.regex(stderr, /port-in-use/);
		t.regex(stderr, /remedy: /);
		t.notRegex(stderr, /\n\s+at /);
	});
});
