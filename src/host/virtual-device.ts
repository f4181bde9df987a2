/**
 * A device without a chip: the device core's agent, run in this Node process.
 * @module
 */
import { Agent, type AgentEvent } from "../device/agent/index.js";
import type { OutgoingMessage } from "../device/link/index.js";
import type { ProtocolVersion, Subscription } from "../device/mqtt/index.js";
import type { KeyValueStore } from "../device/ports.js";
import { nodeClock, nodeDigest, nodeRandom } from "./ports.js";
import { NodeTLSSocket } from "./tls-socket.js";

/** What a virtual device is made of, whatever engine runs it. */
export interface VirtualDeviceOptions {
	/** Where its credential is. */
	readonly store: KeyValueStore;
	/** Trust anchor, DER; the platform's roots when absent. */
	readonly certificate?: ArrayBuffer | undefined;
	readonly version?: ProtocolVersion | undefined;
	readonly subscriptions?: readonly Subscription[] | undefined;
	readonly onEvent: (event: AgentEvent) => void;
	/** The engine itself failed: a defect, or memory that was too small. */
	readonly onError: (error: Error) => void;
}

export interface VirtualDevice {
	readonly engine: "node" | "xs";
	/** @returns the packet id; rejects as `Agent.publish` throws. */
	publish(message: OutgoingMessage): Promise<number>;
	/** Says goodbye and gives back everything. */
	stop(): Promise<void>;
}

/** Powers up a device in this process. */
export function startNodeDevice(options: VirtualDeviceOptions): VirtualDevice {
	const { store, certificate, version, subscriptions, onEvent } = options;
	const ports = { TLSSocket: NodeTLSSocket, clock: nodeClock, random: nodeRandom, digest: nodeDigest, store };
	const agent = new Agent({ ports, certificate, version, subscriptions, onEvent });
	agent.start();
	return {
		engine: "node",
		publish: async (message) => agent.publish(message),
		stop: async () => agent.stop(),
	};
}
