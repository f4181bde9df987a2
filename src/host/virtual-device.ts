/**
 * A device without a chip: the device core's agent, run in this Node process.
 * @module
 */
import { Agent, type AgentEvent } from "../device/agent/index.js";
import type { OutgoingMessage } from "../device/link/index.js";
import type { ProtocolVersion, Subscription } from "../device/mqtt/index.js";
import type { KeyValueStore, TLSSocketOptions } from "../device/ports.js";
import { nodeClock, nodeDigest, nodeRandom } from "./ports.js";
import { NodeTLSSocket, type TlsSession } from "./tls-socket.js";

/** What secures a device's connection. */
export interface Security {
	/** Whose TLS it is: `node`, or the library that runs in the device, such as `mbedtls 2.28.3`. */
	readonly tls: string;
	/** Such as `TLSv1.2`. */
	readonly tlsVersion: string;
	readonly cipherSuite: string;
	readonly alpn: string;
}

type Secured = Extract<AgentEvent, { readonly event: "secured" }>;

/** What happens on a virtual device: the agent's events, with what secures the connection. */
export type DeviceEvent = Exclude<AgentEvent, Secured> | (Secured & Partial<Security>);

/** What a virtual device is made of, whatever engine runs it. */
export interface VirtualDeviceOptions {
	/** Where its credential is. */
	readonly store: KeyValueStore;
	/** Trust anchor, DER; the platform's roots when absent. */
	readonly certificate?: ArrayBuffer | undefined;
	readonly version?: ProtocolVersion | undefined;
	readonly subscriptions?: readonly Subscription[] | undefined;
	readonly onEvent: (event: DeviceEvent) => void;
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

/** Node's TLS for one device, and what the last connection was secured by. */
export class NodeSecurity {
	/** The class that the device core is given. */
	readonly TLSSocket: new (
		options: TLSSocketOptions,
	) => NodeTLSSocket;
	private session: TlsSession | undefined;

	constructor() {
		const onSecured = (session: TlsSession) => {
			this.session = session;
		};
		this.TLSSocket = class extends NodeTLSSocket {
			constructor(options: TLSSocketOptions) {
				super(options, onSecured);
			}
		};
	}

	/** The event with what secures the connection, if it tells that a connection is secured and nobody has said by what. */
	tell(event: DeviceEvent): DeviceEvent {
		if (event.event !== "secured" || event.tls !== undefined || this.session === undefined) return event;
		const { version, cipherSuite, protocol } = this.session;
		return { ...event, tls: "node", tlsVersion: version, cipherSuite, alpn: protocol };
	}
}

/** Powers up a device in this process. */
export function startNodeDevice(options: VirtualDeviceOptions): VirtualDevice {
	const { store, certificate, version, subscriptions } = options;
	const security = new NodeSecurity();
	const { TLSSocket } = security;
	const ports = { TLSSocket, clock: nodeClock, random: nodeRandom, digest: nodeDigest, store };
	const onEvent = (event: AgentEvent) => options.onEvent(security.tell(event));
	const agent = new Agent({ ports, certificate, version, subscriptions, onEvent });
	agent.start();
	return {
		engine: "node",
		publish: async (message) => agent.publish(message),
		stop: async () => agent.stop(),
	};
}
