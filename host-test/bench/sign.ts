/**
 * RSA-2048 with SHA-256 over a token: the device core in XS and in Node, beside node:crypto and jsrsasign.
 * @module
 */
import { generateKeyPairSync, sign } from "node:crypto";
import { fileURLToPath } from "node:url";
import { parseRsaPrivateKey, signToken } from "../../src/device/signing/index.js";
import { nodeDigest } from "../../src/host/ports.js";
import { bundleGuest, XsGuest } from "../xs/index.js";
import { type HeapSubject, heapNeed, heapPeak } from "./heap.js";
import { median, type Row, row } from "./rows.js";
import { type BenchWorld, benchPorts } from "./world.js";

const ROUNDS = 15;
const TOKEN = "eyJzdWIiOiJ0aGVybW9tZXRlci0xIiwicm9sZSI6ImRldmljZSIsImV4cCI6MTg5MzQ1NjAwMH0";
/** What jsrsasign looks for before anything else. */
const BROWSER = "globalThis.navigator = { appName: '' }; globalThis.window = globalThis;\n";

export async function benchSign({ engine }: BenchWorld): Promise<Row[]> {
	const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
	const pem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
	const expected = sign("sha256", Buffer.from(TOKEN), privateKey).toString("base64");
	const ours = (await bundleGuest(guestFile("sign"), { minify: true })).text;
	const peer = BROWSER + (await bundleGuest(guestFile("jsrsasign"), { minify: true })).text;

	const start = async (program: string): Promise<HeapSubject> => {
		const guest = await XsGuest.start({ engine, program, ports: benchPorts(), onEvent: () => {}, onError: () => {} });
		const work = async () => {
			if ((await guest.run("sign", { privateKey: pem, token: TOKEN })) !== expected) throw new Error("wrong signature");
		};
		return { guest, work };
	};
	const native = await timed(ROUNDS, async () => void sign("sha256", Buffer.from(TOKEN), privateKey));
	const node = await timed(ROUNDS, async () => {
		if (signToken(TOKEN, parseRsaPrivateKey(pem), nodeDigest) !== expected) throw new Error("wrong signature");
	});
	const own = await measured(await start(ours), ROUNDS);
	const other = await measured(await start(peer), 3);
	const need = await heapNeed(() => start(ours));
	return [
		row("sign in XS, beside node:crypto", "ms", native, own.time),
		row("sign in Node, beside node:crypto", "ms", native, node),
		row("sign in XS, beside the same code in Node", "ms", node, own.time),
		row("sign in XS, beside jsrsasign in XS", "ms", other.time, own.time),
		row("sign, XS opcodes, beside jsrsasign", "opcodes", other.peak.opcodes, own.peak.opcodes),
		row("sign, peak chunks above the program, beside jsrsasign", "bytes", other.peak.chunkBytes, own.peak.chunkBytes),
		row("sign, peak slots above the program, beside jsrsasign", "slots", other.peak.slots, own.peak.slots),
		row("sign, least chunks it gets by with, beside its peak", "bytes", own.peak.chunkBytes, need.chunkBytes),
		row("sign, least slots it gets by with, beside its peak", "slots", own.peak.slots, need.slots),
	];
}

async function measured(subject: HeapSubject, rounds: number) {
	const peak = await heapPeak(subject);
	const time = await timed(rounds, subject.work);
	await subject.guest.close();
	return { peak, time };
}

/** Milliseconds of the median round, after one that is not counted. */
async function timed(rounds: number, work: () => Promise<void>): Promise<number> {
	await work();
	const times: number[] = [];
	for (let i = 0; i < rounds; i++) {
		const startedAt = performance.now();
		await work();
		times.push(performance.now() - startedAt);
	}
	return median(times);
}

function guestFile(name: string): string {
	return fileURLToPath(new URL(`../xs/guest/${name}.ts`, import.meta.url));
}
