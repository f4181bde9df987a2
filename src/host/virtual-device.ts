/**
 * A device without a chip: an application on the device core's agent, run in this Node process.
 * @module
 */
import { type Application, Runner, type RunnerEvent } from "../device/application/index.js";
import type { OutgoingMessage } from "../device/link/index.js";
import type { ProtocolVersion } from "../device/mqtt/index.js";
import type { FirmwareSlots, KeyValueStore, Reset, TLSSocketOptions } from "../device/ports.js";
import { nodeClock, nodeDigest, nodeHash, nodeRandom } from "./ports.js";
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

type Secured = Extract<RunnerEvent, { readonly event: "secured" }>;

/** What happens on a virtual device: the runner's events, with what secures the connection. */
export type DeviceEvent = Exclude<RunnerEvent, Secured> | (Secured & Partial<Security>);

/** What a virtual device is made of, whatever engine runs it. */
export interface VirtualDeviceOptions {
	/** Where its credential is. */
	readonly store: KeyValueStore;
	/** Trust anchor, DER; the platform's roots when absent. */
	readonly certificate?: ArrayBuffer | undefined;
	/** For a device without an application. */
	readonly version?: ProtocolVersion | undefined;
	/** Topic filters, for a device without an application. */
	readonly subscriptions?: readonly string[] | undefined;
	/** The image that runs, and the place for another one: for a device that can be updated. */
	readonly firmware?: FirmwareSlots | undefined;
	/** How the device came to be running. */
	readonly reset?: Reset | undefined;
	/** The device wants to be restarted: to be stopped and started again. */
	readonly onRestart?: (() => void) | undefined;
	readonly onEvent: (event: DeviceEvent) => void;
	/** The engine itself failed: a defect, or memory that was too small. */
	readonly onError: (error: Error) => void;
}

export interface VirtualDevice {
	readonly engine: "node" | "xs";
	/** @returns the id that `acknowledged` will name, 0 at QoS 0; rejects as `Agent.publish` throws. */
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

/** Powers up a device in this process. @param application what it does; without one, what the options say. */
export function startNodeDevice(options: VirtualDeviceOptions, application?: Application): VirtualDevice {
	const { store, certificate, version, subscriptions = [], firmware, reset, onRestart } = options;
	const security = new NodeSecurity();
	const { TLSSocket } = security;
	const runner = new Runner({
		application: application ?? {
			subscriptions: () => subscriptions,
			...(version === undefined ? {} : { connection: { version } }),
		},
		ports: { TLSSocket, clock: nodeClock, random: nodeRandom, digest: nodeDigest, store },
		certificate,
		reset,
		firmware: firmware && { slots: firmware, createHash: nodeHash },
		restart: onRestart,
		onEvent: (event) => options.onEvent(security.tell(event)),
	});
	runner.start();
	return {
		engine: "node",
		publish: async ({ topic, payload, ...more }) => runner.publish(topic, payload, more),
		stop: async () => runner.stop(),
	};
}
