/**
 * The heap of a connect in a 32-bit engine: what is alive after each of its steps, and the least it gets by with.
 *
 * TLS is not in these figures: on the device it is C, here nobody speaks it. What the guest itself takes for its side of
 * the bridge is.
 * @module
 */
import { type Allowance, type Meter, type XsEngine, XsException, XsGuest, XsMachineError } from "../xs/index.js";
import type { Mode } from "./bench-credential.js";
import { peerProgram } from "./guests.js";
import { least } from "./least.js";
import { PlayedConnect } from "./played-connect.js";
import { type Row, row } from "./rows.js";
import { type BenchEngines, benchPorts, type Progress } from "./world.js";

/** What the device is to get by with while it connects and publishes (8 KiB of each, a slot being 16 bytes). */
const BUDGET: Allowance = { chunkBytes: 8192, slots: 512 };
/** With which the least chunks are looked for: more than the least slots, and no more than the device's first slots have. */
const GIVEN_SLOTS = 1024;
/** What the numbers of a search are apart, and where it ends: there is room to spare, but not so much that nobody collects. */
const CHUNKS = { from: 0, to: 32_768, step: 64 };
const SLOTS = { from: 0, to: 4096, step: 2 };

type Heap = Pick<Meter, "chunkBytes" | "slots">;

export async function benchHeap({ x32 }: BenchEngines, progress: Progress): Promise<Row[]> {
	progress("heap after each step of a connect");
	const rows = await phaseRows(x32);
	progress("least heap for a connect");
	const modes = ["presigned", "rsa"] as const;
	for (const found of await Promise.all(modes.map((mode) => leastRows(x32, mode)))) rows.push(...found);
	return rows;
}

async function phaseRows(engine: XsEngine): Promise<Row[]> {
	const peer = await loadedHeap(engine, await peerProgram("bench-mqtt-packet"));
	const empty = await loadedHeap(engine, "");
	const played = await PlayedConnect.load(engine, "rsa");
	try {
		const loaded = await played.guest.machine.measure();
		const rows = heapRows(
			"device loaded, above the empty engine, beside mqtt-packet",
			minus(peer, empty),
			minus(loaded, empty),
		);
		const phases: [string, () => Promise<void>][] = [
			["credential read and token signed", () => played.powerUp()],
			["TLS secured and CONNECT sent", () => played.secure()],
			["online", () => played.admit()],
			["message published and acknowledged", () => played.publish()],
		];
		for (const [name, work] of phases) {
			await work();
			const now = minus(await played.guest.machine.measure(), loaded);
			rows.push(...heapRows(`heap after: ${name}, beside the budget`, BUDGET, now));
		}
		return rows;
	} finally {
		await played.close();
	}
}

function heapRows(name: string, baseline: Heap, ours: Heap): Row[] {
	return [
		row(`${name}, chunks`, "bytes", baseline.chunkBytes, ours.chunkBytes),
		row(`${name}, slots`, "slots", baseline.slots, ours.slots),
	];
}

function minus(heap: Heap, base: Heap): Heap {
	return { chunkBytes: heap.chunkBytes - base.chunkBytes, slots: heap.slots - base.slots };
}

/** With a program in it that has not been told to do anything; without one as the engine is created. */
async function loadedHeap(engine: XsEngine, program: string): Promise<Heap> {
	const guest = await XsGuest.start({
		engine,
		program: program || "globalThis.handleCommand = () => new ArrayBuffer(13)",
		ports: benchPorts(),
		onEvent: () => {},
		onError: () => {},
	});
	try {
		return await guest.machine.measure();
	} finally {
		await guest.close();
	}
}

/** Chunks with {@link GIVEN_SLOTS}, slots with ample chunks. */
async function leastRows(engine: XsEngine, mode: Mode): Promise<Row[]> {
	const connects = (chunkBytes: number, slots: number) => connectsWithin(engine, mode, { chunkBytes, slots });
	const chunkBytes = await least(CHUNKS, (bytes) => connects(bytes, GIVEN_SLOTS));
	const slots = await least(SLOTS, (count) => connects(CHUNKS.to, count));
	const name = `connect and publish, ${mode}, least`;
	return [
		row(`${name} chunks with ${GIVEN_SLOTS} slots, beside the budget`, "bytes", BUDGET.chunkBytes, chunkBytes),
		row(`${name} slots, beside the budget`, "slots", BUDGET.slots, slots),
	];
}

async function connectsWithin(engine: XsEngine, mode: Mode, allowance: Allowance): Promise<boolean> {
	const played = await PlayedConnect.load(engine, mode);
	try {
		await played.guest.machine.cap(allowance);
		await played.run();
		return true;
	} catch (error) {
		if (error instanceof XsMachineError || error instanceof XsException) return false;
		throw error;
	} finally {
		await played.close();
	}
}
