/**
 * The main job: `latchkey demo`, in both engines, as its user runs it.
 * @module
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, watch } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import test, { type ExecutionContext } from "ava";
import { ensureEngine, findCompiler } from "../xs/index.js";
import { type Event, eventsOf, latchkey, Running } from "./run.js";

// Awaited before the first test: AVA takes none after it otherwise.
const engines = (await findCompiler()) === undefined ? (["node"] as const) : (["node", "xs"] as const);

interface Up extends Event {
	readonly gateway: {
		readonly host: string;
		readonly port: number;
		readonly serverName: string;
		readonly caFile: string;
	};
	readonly authorizer: { readonly name: string; readonly tokenKeyName: string };
	readonly keyFile: string;
	readonly tokenFile: string;
}

/** What must happen at the gateway when the device connects, in this order. */
const WAY = [
	"tls-accepted",
	"connect-received",
	"authorizer-selected",
	"signature-verified",
	"function-invoked",
	"answer-accepted",
	"session-opened",
	"subscribed",
	"published",
];

/** @param tls what the devices' TLS is to be. */
function checkRoundTrip(t: ExecutionContext, stdout: string, engine: string, tls: RegExp): void {
	const events = eventsOf(stdout);
	const of = (source: string) => events.filter((event) => event["source"] === source).map(({ event }) => event);
	t.is(events[0]?.event, "up");
	t.deepEqual(of("thermometer-1"), [
		"credential-read",
		"token-signed",
		"connecting",
		"secured",
		"online",
		"subscribed",
		"acknowledged",
		"message",
	]);
	t.deepEqual(of("gateway").slice(0, WAY.length), WAY);
	// The operator is no device: he is in Node, whatever runs the devices.
	const secured = events.filter(({ event, source }) => event === "secured" && source !== "operator-1");
	t.is(secured.length, 2);
	for (const event of secured) t.regex(`${event["tls"]}, ${event["tlsVersion"]}, ${event["alpn"]}`, tls);
	const refused = events.find(({ event, source }) => event === "refused" && source === "gateway");
	t.is(refused?.["client"], "forger-1");
	t.like(refused?.["refusal"], { code: "signature-mismatch", step: "signature" });
	const forged = events.find(({ event, source }) => event === "over" && source === "forger-1");
	t.like(forged?.["outcome"], { kind: "refused", code: 0x87 });
	const last = events.at(-1);
	t.like(last, { event: "round-trip", engine, clientId: "thermometer-1" });
	t.is(typeof last?.["duration"], "number");
	// A token, a signature or a key would be a run of base64 this long.
	t.notRegex(stdout, /[A-Za-z0-9+/=%_-]{64,}/);
	t.false(existsSync(dirname((events[0] as Up).keyFile)), "the private folder is gone");
}

test.serial(
	"one token goes end to end in Node, a forged one is refused, and nothing secret is told or left",
	async (t) => {
		const { code, stdout, stderr } = await latchkey(["demo", "--once", "--json", "--engine", "node"]);
		t.is(code, 0, stderr);
		checkRoundTrip(t, stdout, "node", /^node, TLSv1\.3, mqtt$/);
	},
);

test.serial("one token goes end to end in XS", async (t) => {
	if ((await findCompiler()) === undefined) {
		t.is(process.env["CI"] === "true", false, "CI needs a C compiler for the XS engine");
		t.log("Left out: no C compiler for the XS engine (apt-get install gcc libc6-dev)");
		return;
	}
	const { code, stdout, stderr } = await latchkey(["demo", "--once", "--json", "--engine", "xs"]);
	t.is(code, 0, stderr);
	const { native } = await ensureEngine();
	t.true(native || process.env["CI"] !== "true", "CI needs libmbedtls-dev for the device's own TLS");
	checkRoundTrip(t, stdout, "xs", native ? /^mbedtls [\d.]+, TLSv1\.[23], mqtt$/ : /^node, TLSv1\.3, mqtt$/);
});

test.serial("the demo for people shows each step with its duration and explains the refusal", async (t) => {
	const { code, stdout } = await latchkey(["demo", "--once", "--engine", "node"]);
	t.is(code, 0);
	for (const step of ["token signed", "signature verified", "function invoked", "session opened"])
		t.regex(stdout, new RegExp(`✓ ${step} .* \\d+(\\.\\d)? m?s\\n`), step);
	t.regex(stdout, /✗ signature-mismatch[\s\S]*remedy/);
	t.regex(stdout, /Round trip complete/);
	t.notRegex(stdout, /[A-Za-z0-9+/=%_-]{64,}/);
});

test.serial("without --once it stays up with private files, until Ctrl-C removes them", async (t) => {
	const demo = new Running(["demo", "--json", "--engine", "node"]);
	const up = (await demo.event(({ event }) => event === "up")) as Up;
	t.is(up.gateway.serverName, "localhost");
	t.regex(String(up["api"]), /^http:\/\/127\.0\.0\.1:\d+$/);
	t.is(up["clientId"], "visitor-1");
	for (const file of [up.keyFile, up.tokenFile, up.gateway.caFile]) t.is(statSync(file).mode & 0o777, 0o600, file);
	t.is(statSync(dirname(up.keyFile)).mode & 0o777, 0o700);
	await demo.event(({ event }) => event === "round-trip");
	const { code } = await demo.interrupt();
	t.is(code, 0);
	t.false(existsSync(dirname(up.keyFile)));
});

// A signal takes the same way in both engines; XS adds a process that is to end, at each step alike.
for (const engine of engines)
	for (const step of engine === "node" ? ["up", "token-signed", "refused"] : ["token-signed"])
		test.serial(`stopped at ${step} in ${engine}, it ends at once and leaves nothing behind`, async (t) => {
			const demo = new Running(["demo", "--json", "--engine", engine]);
			const up = (await demo.event(({ event }) => event === "up")) as Up;
			await demo.event(({ event }) => event === step);
			const { code, stderr } = await demo.interrupt("SIGTERM");
			t.is(code, 130, stderr);
			t.is(stderr, "");
			t.false(existsSync(dirname(up.keyFile)));
		});

test.serial("stopped while it is still being opened, it ends without a word and leaves nothing behind", async (t) => {
	const folder = mkdtempSync(join(tmpdir(), "latchkey-early-"));
	t.teardown(() => rmSync(folder, { recursive: true }));
	const watcher = watch(folder);
	t.teardown(() => watcher.close());
	const made = new Promise<void>((resolve) => {
		watcher.on("change", (_kind, name) => String(name).startsWith("latchkey-demo-") && resolve());
	});
	const demo = new Running(["demo", "--json", "--engine", "node"], { environment: { TMPDIR: folder } });
	await made;
	const { code, stdout, stderr } = await demo.interrupt();
	t.is(code, 130, stderr);
	t.is(stdout + stderr, "");
	t.deepEqual(
		readdirSync(folder).filter((name) => name.startsWith("latchkey-demo-")),
		[],
	);
});

test.serial("closing the terminal ends it as Ctrl-C does", async (t) => {
	const demo = new Running(["demo", "--json", "--engine", "node"]);
	const up = (await demo.event(({ event }) => event === "up")) as Up;
	await demo.event(({ event }) => event === "round-trip");
	t.is((await demo.interrupt("SIGHUP")).code, 0);
	t.false(existsSync(dirname(up.keyFile)));
});

test.serial("npm start passes on a signal that reaches only npm", async (t) => {
	const folder = fileURLToPath(new URL("../..", import.meta.url));
	const program = ["npm", ["-s", "start", "--"]] as const;
	const demo = new Running(["--json", "--engine", "node"], { program, folder });
	const up = (await demo.event(({ event }) => event === "up")) as Up;
	await demo.event(({ event }) => event === "round-trip");
	await demo.interrupt("SIGTERM");
	t.false(existsSync(dirname(up.keyFile)));
});

// The engine is found among the demo's children as Linux lists them.
if (engines.length > 1 && existsSync(`/proc/self/task/${process.pid}/children`))
	test.serial("an XS engine that dies while the demo stays up ends it in a line", async (t) => {
		const demo = new Running(["demo", "--json", "--engine", "xs"]);
		const up = (await demo.event(({ event }) => event === "up")) as Up;
		await demo.event(({ event }) => event === "round-trip");
		const children = readFileSync(`/proc/${demo.processId}/task/${demo.processId}/children`, "utf8").trim().split(" ");
		const engine = children.find((child) => readFileSync(`/proc/${child}/comm`, "utf8") === "xs\n");
		process.kill(Number(engine), "SIGKILL");
		const { code, stderr } = await demo.finished;
		t.is(code, 1);
		t.regex(stderr, /^latchkey: XS machine: ended by signal SIGKILL/);
		t.false(existsSync(dirname(up.keyFile)));
	});

test.serial("when nobody reads its output any more it ends and leaves nothing behind", async (t) => {
	const demo = new Running(["demo", "--json", "--engine", "node"]);
	const up = (await demo.event(({ event }) => event === "up")) as Up;
	demo.closeOutput();
	const { stderr } = await demo.finished;
	t.is(stderr, "");
	t.false(existsSync(dirname(up.keyFile)));
});

test.serial("an engine asked for by name that is missing is an error that tells how to get it", async (t) => {
	const { code, stderr, stdout } = await latchkey(["demo", "--once", "--engine", "xs"], {
		environment: { PATH: "/nonexistent", CC: "" },
	});
	t.is(code, 1);
	t.is(stdout, "");
	t.regex(stderr, /no-compiler/);
	t.regex(stderr, /remedy: .*gcc/);
});

test.serial("with no compiler and no engine asked for, one line says so and Node runs", async (t) => {
	const { code, stderr, stdout } = await latchkey(["demo", "--once", "--json"], {
		environment: { PATH: "/nonexistent", CC: "" },
	});
	t.is(code, 0, stderr);
	t.regex(stderr, /^No XS engine \([^\n]*\): running the Node engine\. [^\n]*gcc[^\n]*\n$/);
	t.like(eventsOf(stdout).at(-1), { event: "round-trip", engine: "node" });
});

test.serial("an unknown engine is wrong usage", async (t) => {
	const { code, stderr } = await latchkey(["demo", "--engine", "v8"]);
	t.is(code, 2);
	t.regex(stderr, /expected xs or node, got v8/);
});
