/**
 * From power-up to online against the real gateway, signature, TLS and the authorizer's function included: time, and the C
 * heap of the device's own TLS.
 * @module
 */

import type { Meter, XsEngine } from "../xs/index.js";
import { type BenchGateway, loadXsDevice, openBenchGateway, timeNodeDevice } from "./bench-gateway.js";
import { median, type Row, row } from "./rows.js";
import type { BenchEngines, Progress } from "./world.js";

const ROUNDS = 9;
/** Bytes of C heap at the peak of a handshake, where a pointer has four of them; here it has eight. */
const C_HEAP_BUDGET = 32 * 1024;

export async function benchConnect({ x64 }: BenchEngines, progress: Progress): Promise<Row[]> {
	progress("connecting to the gateway, from XS and from Node");
	const gateway = await openBenchGateway();
	try {
		const xs: number[] = [];
		const node: number[] = [];
		for (let round = 0; round <= ROUNDS; round++) {
			xs.push(await timeXsDevice(x64, gateway));
			node.push(await timeNodeDevice(gateway));
		}
		// The first round of each pays for caches and for the function's process.
		const [xsTime, nodeTime] = [median(xs.slice(1)), median(node.slice(1))];
		return [
			...(await cHeapRows(x64, gateway)),
			row("connect in XS with its own TLS, beside the same code in Node with Node's", "ms", nodeTime, xsTime),
		];
	} finally {
		await gateway.close();
	}
}

async function timeXsDevice(engine: XsEngine, gateway: BenchGateway): Promise<number> {
	const device = await loadXsDevice(engine, gateway);
	const startedAt = performance.now();
	await device.connect();
	const time = performance.now() - startedAt;
	await device.close();
	return time;
}

/** What is held after the turn in which the agent told an event. */
const PHASES: Readonly<Record<string, string>> = {
	connecting: "credential read and token signed",
	secured: "TLS secured and CONNECT sent",
	online: "online",
	acknowledged: "message published and acknowledged",
};

async function cHeapRows(engine: XsEngine, gateway: BenchGateway): Promise<Row[]> {
	const meters = new Map<string, Promise<Meter>>();
	const device = await loadXsDevice(engine, gateway, (event) => {
		// Answered after the turn that is under way.
		if (PHASES[event] !== undefined) meters.set(event, device.guest.machine.measure());
	});
	const { machine } = device.guest;
	await machine.resetPeaks();
	await device.connect();
	await device.publish();
	const peak = (await machine.measure()).cHeapBytesPeak!;
	const rows = Object.entries(PHASES).map(async ([event, name]) => {
		const held = (await meters.get(event))?.cHeapBytes ?? Number.NaN;
		return row(`C heap (x64) after: ${name}, beside the 32-bit budget`, "bytes", C_HEAP_BUDGET, held);
	});
	const found = await Promise.all(rows);
	await device.close();
	return [...found, row("C heap (x64) at the peak, beside the 32-bit budget", "bytes", C_HEAP_BUDGET, peak)];
}
