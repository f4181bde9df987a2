/**
 * An application on a device, in a world that a case plays.
 * @module
 */
import {
	type Application,
	type Device,
	Runner,
	type RunnerEvent,
	type RunnerOptions,
} from "../../../src/device/application/index.js";
import { utf8Decode } from "../../../src/device/encoding/utf8.js";
import type { Packet } from "../../../src/device/mqtt/packets.js";
import type { KeyValueStore } from "../../../src/device/ports.js";
import { CREDENTIAL, DIGEST, storeWith } from "../agent/powered-agent.js";
import { CONNACK, ScriptedNetwork, VirtualClock } from "../world.js";

export class PlayedApplication {
	readonly clock = new VirtualClock();
	readonly network = new ScriptedNetwork();
	readonly store: KeyValueStore;
	readonly events: RunnerEvent[] = [];
	readonly runner: Runner;
	restarts = 0;
	private readonly acknowledged = new Set<Packet>();

	constructor(application: Application, more: Partial<RunnerOptions> & { readonly store?: KeyValueStore } = {}) {
		const { store = storeWith(CREDENTIAL), ...options } = more;
		this.store = store;
		this.runner = new Runner({
			application,
			ports: {
				TLSSocket: this.network.TLSSocket,
				clock: this.clock,
				random: { bytes: (count) => new Uint8Array(count).fill(0x80) },
				digest: DIGEST,
				store,
			},
			restart: () => {
				this.restarts++;
			},
			onEvent: (event) => this.events.push(event),
			...options,
		});
		this.runner.start();
		this.clock.advance(0);
	}

	/** A long life leaves no long history behind: cases run in a heap of the device's size as well. */
	forget(): void {
		this.events.length = 0;
		this.network.forget();
	}

	bringOnline(): void {
		this.network.last.writable();
		this.network.last.deliver(CONNACK);
		this.clock.advance(0);
	}

	/** The gateway delivers a message at QoS 1. */
	receive(topic: string, payload: Uint8Array | object | string): void {
		this.network.last.receive(topic, payload);
	}

	/** What the device published on the last connection: topic and text. */
	get published(): string[] {
		return this.publishes.map(({ topic, payload }) => `${topic} ${utf8Decode(payload)}`);
	}

	get publishes(): Extract<Packet, { type: "publish" }>[] {
		return this.network.last.sent.filter((packet) => packet.type === "publish");
	}

	/** The gateway takes all that was published on the last connection and that it has not taken. */
	acknowledge(): void {
		for (const packet of this.publishes) {
			if (packet.packetId === undefined || this.acknowledged.has(packet)) continue;
			this.acknowledged.add(packet);
			this.network.last.deliver({ type: "puback", packetId: packet.packetId, code: 0 });
		}
	}

	/** Causes of the application's own faults. */
	get faults(): string[] {
		return this.events.flatMap((event) =>
			event.event === "application-fault" ? [`${event.where}: ${event.cause}`] : [],
		);
	}
}

/** The device that an application is started with, and its world. */
export function startedWith(application: Application = {}): { world: PlayedApplication; device: Device } {
	let device: Device | undefined;
	const world = new PlayedApplication({
		...application,
		start(started) {
			device = started;
			application.start?.(started);
		},
	});
	return { world, device: device! };
}
