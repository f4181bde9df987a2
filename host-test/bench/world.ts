/**
 * What the benches give a guest: nothing of it differs from run to run.
 * @module
 */
import type { KeyValueStore } from "../../src/device/ports.js";
import { nodeDigest } from "../../src/host/ports.js";
import { memoryStore, ScriptedNetwork, VirtualClock } from "../device/world.js";
import type { EngineTarget, HostPorts, XsEngine } from "../xs/index.js";

/** The engines of the benches. */
export type BenchEngines = Readonly<Record<EngineTarget, XsEngine>>;

/** Tells people what is being measured. */
export type Progress = (what: string) => void;

export interface BenchPorts extends HostPorts {
	/** The sockets that the guest has opened. */
	readonly network: ScriptedNetwork;
}

/** A clock that stands still, random bytes that count up, digests of node:crypto, a network that the bench plays. */
export function benchPorts(store: KeyValueStore = memoryStore()): BenchPorts {
	const network = new ScriptedNetwork();
	const random = { bytes: (count: number) => Uint8Array.from({ length: count }, (_, at) => at + 1) };
	return { TLSSocket: network.TLSSocket, clock: new VirtualClock(), random, digest: nodeDigest, store, network };
}
