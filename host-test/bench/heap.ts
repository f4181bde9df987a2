/**
 * How much heap a piece of guest work takes above the loaded program, and with how little it still gets by.
 * @module
 */
import { type Allowance, type Meter, XsException, type XsGuest, XsMachineError } from "../xs/index.js";

/** A guest with its program loaded, and the work to be measured. */
export interface HeapSubject {
	readonly guest: XsGuest;
	readonly work: () => Promise<void>;
}

/** What was taken at most while the work ran, garbage included, in a heap with room for it. */
export interface HeapPeak {
	readonly chunkBytes: number;
	readonly slots: number;
	readonly opcodes: number;
}

export async function heapPeak({ guest, work }: HeapSubject): Promise<HeapPeak> {
	const loaded = await guest.machine.measure();
	await guest.machine.resetPeaks();
	await work();
	const after: Meter = await guest.machine.measure();
	return {
		chunkBytes: after.chunkBytesPeak - loaded.chunkBytes,
		slots: after.slotsPeak - loaded.slots,
		opcodes: after.opcodes,
	};
}

/** Bytes and slots a step of the search is apart. */
const CHUNK_STEP = 512;
const SLOT_STEP = 16;
const AMPLE: Allowance = { chunkBytes: 512 * 1024, slots: 16 * 1024 };

/**
 * The smallest growth the work gets by with: chunks with ample slots, and slots with ample chunks.
 * @param start gives a fresh guest each time: one that ran out of memory is gone.
 */
export async function heapNeed(start: () => Promise<HeapSubject>): Promise<Allowance> {
	const passes = (allowance: Allowance) => passesWith(start, allowance);
	const chunkBytes = await smallest(CHUNK_STEP, AMPLE.chunkBytes, (bytes) => passes({ ...AMPLE, chunkBytes: bytes }));
	const slots = await smallest(SLOT_STEP, AMPLE.slots, (count) => passes({ ...AMPLE, slots: count }));
	return { chunkBytes, slots };
}

async function passesWith(start: () => Promise<HeapSubject>, allowance: Allowance): Promise<boolean> {
	const { guest, work } = await start();
	try {
		await guest.machine.measure();
		await guest.machine.cap(allowance);
		await work();
		return true;
	} catch (error) {
		if (error instanceof XsMachineError || error instanceof XsException) return false;
		throw error;
	} finally {
		await guest.close();
	}
}

/** Smallest multiple of `step` up to `most` for which `passes` holds; it must hold for `most`. */
async function smallest(step: number, most: number, passes: (value: number) => Promise<boolean>): Promise<number> {
	let low = 0;
	let high = most / step;
	if (!(await passes(most))) throw new Error(`bench: the work does not get by with ${most}`);
	while (high - low > 1) {
		const middle = Math.floor((low + high) / 2);
		if (await passes(middle * step)) high = middle;
		else low = middle;
	}
	return high * step;
}
