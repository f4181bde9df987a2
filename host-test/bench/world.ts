/**
 * What every bench is given.
 * @module
 */
import type { KeyValueStore, Ports } from "../../src/device/ports.js";
import { nodeClock, nodeDigest, nodeRandom } from "../../src/host/ports.js";
import { NodeTLSSocket } from "../../src/host/tls-socket.js";
import { memoryStore } from "../device/world.js";
import type { XsEngine } from "../xs/index.js";

export interface BenchWorld {
	readonly engine: XsEngine;
}

/** Node's ports, and a store in memory. */
export function benchPorts(store: KeyValueStore = memoryStore()): Ports {
	return { TLSSocket: NodeTLSSocket, clock: nodeClock, random: nodeRandom, digest: nodeDigest, store };
}
