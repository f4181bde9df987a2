/**
 * The real gateway with a device's credential for it: what takes time in a connect, and C heap, is measured against this.
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfiguredAccount } from "../../src/cli/account-source.js";
import { createToken, DEVELOPMENT_AUTHORIZER, openDevelopmentAccount } from "../../src/cli/development-account.js";
import { readInput } from "../../src/cli/files.js";
import { closeStage, openStage } from "../../src/cli/stage.js";
import type { AgentEvent } from "../../src/device/agent/index.js";
import type { KeyValueStore } from "../../src/device/ports.js";
import { nodeClock, nodeDigest, nodeRandom } from "../../src/host/ports.js";
import { NodeTCPSocket } from "../../src/host/tcp-socket.js";
import { NodeTLSSocket } from "../../src/host/tls-socket.js";
import { startNodeDevice } from "../../src/host/virtual-device.js";
import { provisionedStore } from "../provisioned-store.js";
import type { StartArgument } from "../xs/device-commands.js";
import { type XsEngine, XsGuest } from "../xs/index.js";
import { ExpectedEvents } from "./expected-events.js";
import { deviceProgram, MESSAGE } from "./played-connect.js";

const CLIENT_ID = "thermometer-1";

export interface BenchGateway {
	/** Holds a credential whose token the device signs. */
	readonly store: KeyValueStore;
	/** What the device trusts, DER. */
	readonly certificate: ArrayBuffer;
	close(): Promise<void>;
}

export async function openBenchGateway(): Promise<BenchGateway> {
	const folder = await mkdtemp(join(tmpdir(), "latchkey-bench-"));
	const now = Date.now();
	const development = await openDevelopmentAccount(folder, CLIENT_ID, now);
	const account = loadConfiguredAccount(development.config, { directory: folder });
	const api = { host: "127.0.0.1", port: 0, data: folder };
	const stage = await openStage({ account, directory: folder, host: "127.0.0.1", port: 0, api });
	const credential = {
		version: 1,
		mode: "rsa",
		clientId: CLIENT_ID,
		endpoint: { host: "localhost", port: stage.gateway.port },
		authorizerName: DEVELOPMENT_AUTHORIZER.name,
		tokenKeyName: DEVELOPMENT_AUTHORIZER.tokenKeyName,
		token: createToken({ sub: CLIENT_ID, role: "device" }, now),
		privateKey: await readInput(development.keyFile, "key"),
	};
	return {
		store: provisionedStore(credential),
		certificate: stage.certificates.trustAnchor,
		async close() {
			await closeStage(stage);
			await account.close();
			await rm(folder, { recursive: true });
		},
	};
}

/**
 * A device in XS whose TLS is its own, not powered up yet.
 * @param onEvent is told the agent's events by name, in the middle of the turn in which they come.
 */
export async function loadXsDevice(
	engine: XsEngine,
	{ store, certificate }: BenchGateway,
	onEvent: (name: string) => void = () => {},
) {
	const events = new ExpectedEvents();
	const guest = await XsGuest.start({
		engine,
		program: await deviceProgram(),
		ports: {
			TLSSocket: NodeTLSSocket,
			TCPSocket: NodeTCPSocket,
			clock: nodeClock,
			random: nodeRandom,
			digest: nodeDigest,
			store,
		},
		onEvent: (event) => {
			events.take(event);
			onEvent((event as AgentEvent).event);
		},
		onError: (error) => events.fail(error),
	});
	const argument: StartArgument = {
		certificate: Buffer.from(certificate).toString("base64"),
		ownTls: { roots: [] },
	};
	return {
		guest,
		/** From power-up to online. */
		connect: () => Promise.all([events.next("online"), guest.run("start", argument)]),
		/** One message, acknowledged. */
		publish: () => Promise.all([events.next("acknowledged"), guest.run("publish", MESSAGE)]),
		async close() {
			await guest.run("stop");
			await guest.close();
		},
	};
}

/** From power-up to online in Node, TLS by Node: milliseconds. */
export async function timeNodeDevice({ store, certificate }: BenchGateway): Promise<number> {
	const events = new ExpectedEvents();
	const online = events.next("online");
	const startedAt = performance.now();
	const device = startNodeDevice({
		store,
		certificate,
		onEvent: (event) => events.take(event),
		onError: (error) => events.fail(error),
	});
	await online;
	const time = performance.now() - startedAt;
	await device.stop();
	return time;
}
