/**
 * The real firmware, its native TLS included, in the Moddable SDK's simulator against `latchkey up`. It needs an installed SDK
 * (`MODDABLE`); without one, as in CI, a line says that it was left out: `host-test/field` has the same scenarios in XS.
 * @module
 */
import { readFileSync } from "node:fs";
import test, { type ExecutionContext } from "ava";
import { createDevelopmentCa } from "../../src/gateway/development-ca.js";
import { findSdk } from "../../src/toolchain/sdk.js";
import { thisMachine } from "../../src/toolchain/surroundings.js";
import { ToolchainFailure } from "../../src/toolchain/toolchain-failure.js";
import { createPemPair } from "../authorizer/keys.js";
import { Running } from "../cli/run.js";
import { credentialFile, type Up, withGateway } from "../cli/running-gateway.js";
import { badServers } from "../tls/bad-servers.js";
import { type Attempt, type AttemptOptions, encounter, type TlsClientUnderTest } from "../tls/client-under-test.js";
import { named, over, SimulatedDevice, type SimulatedDeviceOptions } from "./simulated-device.js";

const missing = whyNot();
if (missing !== undefined) process.stderr.write(`NOT RUN IN THE SDK'S SIMULATOR: ${missing}\n`);

/** What is missing for these tests, if anything is. */
function whyNot(): string | undefined {
	try {
		findSdk(thisMachine);
		return thisMachine.system === "linux" ? undefined : "the simulated device needs Linux";
	} catch (error) {
		if (!(error instanceof ToolchainFailure)) throw error;
		return `${error.message}. To have it run: ${error.remedy ?? ""}`;
	}
}

let isBuilt = false;

function start(t: ExecutionContext, options: SimulatedDeviceOptions): SimulatedDevice {
	const device = new SimulatedDevice({ ...options, build: !isBuilt });
	isBuilt = true;
	t.teardown(() => device.stop());
	return device;
}

/** Registers a scenario, one after the other: the first one builds the firmware. */
function scenario(title: string, run: (t: ExecutionContext) => Promise<void>): void {
	if (missing !== undefined) test(`left out: ${title}`, (t) => t.pass());
	else
		test.serial(title, async (t) => {
			t.timeout(400_000);
			await run(t);
		});
}

function startAgainst(t: ExecutionContext, up: Up, folder: string, changes: object = {}): SimulatedDevice {
	const credential = JSON.parse(readFileSync(credentialFile(up, folder, "dev1", "device"), "utf8")) as object;
	return start(t, { credential: { ...credential, ...changes }, ca: readFileSync(up.gateway.caFile, "utf8") });
}

scenario("signed, let in by server name and ALPN, and a report of the application gets through", async (t) => {
	await withGateway(async (up, gateway, folder) => {
		const device = startAgainst(t, up, folder);
		t.like(await device.next(named("token-signed")), { algorithm: "RSA-2048 with SHA-256" });
		t.like(await device.next(named("tls")), { version: "TLSv1.2", protocol: "mqtt" });
		await device.next(named("online"));
		t.like(await gateway.event(({ event }) => event === "tls-accepted"), { serverName: "localhost", alpn: "mqtt" });
		await gateway.event(({ event }) => event === "signature-verified");
		await device.next(named("subscribed"));
	});
});

scenario(
	"Wi-Fi is lost and comes back; a wrong password and a network without addresses are told as such",
	async (t) => {
		await withGateway(async (up, _gateway, folder) => {
			const device = startAgainst(t, up, folder);
			await device.next(named("online"));
			const nextOver = async () => ((await device.next(named("over")))["outcome"] as { kind: string }).kind;
			device.accessPoint("absent");
			t.is(await nextOver(), "network-lost");
			t.is(await nextOver(), "network-not-found");
			device.accessPoint("up");
			await device.next(named("online"));
			device.accessPoint("wrong-password");
			t.is(await nextOver(), "network-lost");
			t.is(await nextOver(), "network-rejected");
			device.accessPoint("no-address");
			await device.next(over("network-no-address"));
		});
	},
);

scenario("the gateway is killed and comes back: server gone, unreachable, online", async (t) => {
	await withGateway(async (up, gateway, folder) => {
		const device = startAgainst(t, up, folder);
		await device.next(named("online"));
		await gateway.interrupt("SIGKILL");
		const gone = await device.next(named("over"));
		t.true(["server-gone", "time-to-live"].includes((gone["outcome"] as { kind: string }).kind));
		await device.next(over("network"));
		const again = new Running(["up", "--port", `${up.gateway.port}`, "--api-port", "0", "--json"], { folder });
		t.teardown(() => again.interrupt());
		await again.event(({ event }) => event === "up");
		await device.next(named("online"));
	});
});

scenario("a refusal waits as its rule says, and is asked about again", async (t) => {
	await withGateway(async (up, _gateway, folder) => {
		const { privateKey } = createPemPair();
		const device = startAgainst(t, up, folder, { privateKey });
		const first = await device.next(over("refused"));
		t.true((first["retryIn"] as number) >= 10_000);
		t.is((first["outcome"] as { code: number }).code, 0x87);
		await device.next(over("refused"));
	});
});

scenario("a gateway of another authority is refused", async (t) => {
	await withGateway(async (up, _gateway, folder) => {
		const credential = JSON.parse(readFileSync(credentialFile(up, folder, "dev1", "device"), "utf8")) as object;
		const { certificate } = await createDevelopmentCa(Date.now());
		const device = start(t, { credential, ca: certificate });
		const { outcome } = await device.next(over("tls-trust"));
		t.is((outcome as { detail: string }).detail, "certificate-untrusted");
	});
});

/** The holes of the SDK's own TLS client, by rows of the table of bad servers. */
const HOLES = [
	"forged-leaf-genuine-intermediate",
	"genuine-leaf-as-issuer",
	"key-exchange-unsigned",
	"key-exchange-anonymous",
	"fatal-close-notify-at-once",
	"warning-close-notify-after-done",
	"warning-close-notify-after-server-hello",
];

for (const name of HOLES)
	scenario(`${name} is refused, and no byte of CONNECT leaves`, async (t) => {
		const row = badServers.find((server) => server.name === name)!;
		const client = new SimulatorClient(t);
		const { attempt, sent, understood } = await encounter(client, row);
		t.true((row.refusedWith as readonly string[]).includes(attempt.failure ?? ""), `${row.wrong}: ${attempt.failure}`);
		t.false(attempt.opened);
		t.is(understood.length, 0);
		for (const secret of [TOKEN, SIGNATURE, CLIENT_ID]) t.false(sent.includes(secret), "nothing of CONNECT in clear");
	});

const TOKEN = "token-of-the-simulated-device";
const SIGNATURE = "U0lNVUxBVEVE";
const CLIENT_ID = "simulated-device-1";

/** The whole firmware as a client of one connection. */
class SimulatorClient implements TlsClientUnderTest {
	readonly name = "the firmware in the simulator";
	readonly stack = "mbedtls";
	readonly tls13 = false;
	readonly severalRoots = false;
	readonly tellsEnd = false;
	private readonly t: ExecutionContext;

	constructor(t: ExecutionContext) {
		this.t = t;
	}

	async attempt({ port, serverName, roots }: AttemptOptions): Promise<Attempt> {
		const [root] = roots;
		const credential = {
			...{ version: 1, mode: "presigned", clientId: CLIENT_ID, tokenKeyName: "token", token: TOKEN },
			signature: SIGNATURE,
			endpoint: { host: "127.0.0.1", port, serverName },
		};
		const ca = `-----BEGIN CERTIFICATE-----\n${root!.toString("base64")}\n-----END CERTIFICATE-----\n`;
		const device = start(this.t, { credential, ca });
		const { outcome } = await device.next(named("over"));
		const opened = device.events.some(({ event }) => event === "secured");
		await device.stop();
		return { opened, failure: (outcome as { detail?: string }).detail, received: Buffer.alloc(0) };
	}
}
