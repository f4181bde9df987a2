/**
 * From power-up to online against the real gateway: signing, TLS, CONNECT, authorizer, session; the device in XS and in Node.
 * @module
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfiguredAccount } from "../../src/cli/account-source.js";
import { createToken, DEVELOPMENT_AUTHORIZER, openDevelopmentAccount } from "../../src/cli/development-account.js";
import { readInput } from "../../src/cli/files.js";
import { closeStage, openStage, type Stage } from "../../src/cli/stage.js";
import type { AgentEvent } from "../../src/device/agent/index.js";
import { utf8Encode } from "../../src/device/encoding/utf8.js";
import type { KeyValueStore } from "../../src/device/ports.js";
import { parseRsaPrivateKey, signToken } from "../../src/device/signing/index.js";
import { nodeDigest } from "../../src/host/ports.js";
import { startNodeDevice, type VirtualDevice } from "../../src/host/virtual-device.js";
import { memoryStore } from "../device/world.js";
import type { StartArgument } from "../xs/device-commands.js";
import { bundleGuest, XsGuest } from "../xs/index.js";
import { DEVICE_GUEST } from "../xs/xs-device.js";
import { type HeapSubject, heapNeed, heapPeak } from "./heap.js";
import { median, type Row, row } from "./rows.js";
import { type BenchWorld, benchPorts } from "./world.js";

const ROUNDS = 9;
const CLIENT_ID = "bench-1";
const TOKEN = createToken({ sub: CLIENT_ID, role: "device" }, Date.now());
/** What the device is to get by with while it connects (docs/architecture.md, budgets): 8 KiB each, a slot being 16 bytes there. */
const BUDGET = { chunkBytes: 8192, slots: 512 };

export async function benchConnect({ engine }: BenchWorld): Promise<Row[]> {
	const folder = await mkdtemp(join(tmpdir(), "latchkey-bench-"));
	const development = await openDevelopmentAccount(folder, CLIENT_ID, Date.now());
	const account = loadConfiguredAccount(development.config, { directory: folder });
	const api = { host: "127.0.0.1", port: 0, data: folder };
	const stage = await openStage({ account, directory: folder, host: "127.0.0.1", port: 0, api });
	try {
		const privateKey = await readInput(development.keyFile, "key");
		const signing = storeOf(stage, { mode: "rsa", privateKey });
		const signature = signToken(TOKEN, parseRsaPrivateKey(privateKey), nodeDigest);
		const presigned = storeOf(stage, { mode: "presigned", signature });
		const certificate = stage.certificates.trustAnchor;
		const program = (await bundleGuest(DEVICE_GUEST, { minify: true })).text;
		const start = async (store: KeyValueStore): Promise<HeapSubject> => {
			const online = new Online();
			const guest = await XsGuest.start({
				engine,
				program,
				ports: benchPorts(store),
				onEvent: (event) => online.take(event as AgentEvent),
				onError: (error) => online.fail(error),
			});
			const argument: StartArgument = { certificate: Buffer.from(certificate).toString("base64") };
			return { guest, work: () => Promise.all([guest.run("start", argument), online.reached]).then(() => {}) };
		};
		const xs: number[] = [];
		const node: number[] = [];
		for (let i = 0; i <= ROUNDS; i++) {
			const subject = await start(signing);
			xs.push(await timed(subject.work));
			await subject.guest.run("stop");
			await subject.guest.close();
			node.push(await timedNode(signing, certificate));
		}
		const subject = await start(signing);
		const peak = await heapPeak(subject);
		await subject.guest.close();
		const need = await heapNeed(() => start(signing));
		const presignedNeed = await heapNeed(() => start(presigned));
		// The first round of each pays for caches and for the function's thread.
		const [xsTime, nodeTime] = [median(xs.slice(1)), median(node.slice(1))];
		return [
			row("connect in XS, beside the same code in Node", "ms", nodeTime, xsTime),
			row("connect, least chunks it gets by with, beside the budget", "bytes", BUDGET.chunkBytes, need.chunkBytes),
			row("connect, least slots it gets by with, beside the budget", "slots", BUDGET.slots, need.slots),
			row("connect presigned, least chunks, beside the budget", "bytes", BUDGET.chunkBytes, presignedNeed.chunkBytes),
			row("connect presigned, least slots, beside the budget", "slots", BUDGET.slots, presignedNeed.slots),
			row("connect, peak chunks above the program, beside the least", "bytes", need.chunkBytes, peak.chunkBytes),
			row("connect, peak slots above the program, beside the least", "slots", need.slots, peak.slots),
		];
	} finally {
		await closeStage(stage);
		await account.close();
		await rm(folder, { recursive: true });
	}
}

/** Waits for the agent's `online`, and fails on everything that comes instead. */
class Online {
	readonly reached: Promise<void>;
	private resolve: () => void = () => {};
	private reject: (error: Error) => void = () => {};

	constructor() {
		this.reached = new Promise((resolve, reject) => {
			this.resolve = resolve;
			this.reject = reject;
		});
		// A guest that runs out of memory rejects its command as well: one of the two is enough.
		this.reached.catch(() => {});
	}

	take({ event }: AgentEvent): void {
		if (event === "online") this.resolve();
		else if (event === "over" || event === "failed") this.reject(new Error(`bench: ${event} instead of online`));
	}

	fail(error: Error): void {
		this.reject(error);
	}
}

async function timed(work: () => Promise<void>): Promise<number> {
	const startedAt = performance.now();
	await work();
	return performance.now() - startedAt;
}

async function timedNode(store: KeyValueStore, certificate: ArrayBuffer): Promise<number> {
	const online = new Online();
	const startedAt = performance.now();
	const device: VirtualDevice = startNodeDevice({
		store,
		certificate,
		onEvent: (event) => online.take(event),
		onError: (error) => online.fail(error),
	});
	await online.reached;
	const time = performance.now() - startedAt;
	await device.stop();
	return time;
}

function storeOf(stage: Stage, proof: object): KeyValueStore {
	const credential = {
		version: 1,
		clientId: CLIENT_ID,
		endpoint: { host: "localhost", port: stage.gateway.port },
		authorizerName: DEVELOPMENT_AUTHORIZER.name,
		tokenKeyName: DEVELOPMENT_AUTHORIZER.tokenKeyName,
		token: TOKEN,
		...proof,
	};
	return memoryStore({ credential: utf8Encode(JSON.stringify(credential)) });
}
