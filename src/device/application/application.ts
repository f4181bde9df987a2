/**
 * What the maker of a device writes: one module that says what the device reports and what it obeys. All else (the network,
 * time, signing, the connection and its end) is the agent's.
 *
 * ```ts
 * export default {
 * 	subscriptions: ({ clientId }) => [`devices/${clientId}/commands`],
 * 	start(device) {
 * 		device.every(60_000, () => device.publish(`devices/${device.clientId}/readings`, { celsius: read() }));
 * 	},
 * 	message(message, device) {
 * 		if (message.json()?.led === "on") switchOn();
 * 	},
 * } satisfies Application;
 * ```
 * @module
 */
import type { AgentStatus } from "../agent/index.js";
import type { CredentialSummary } from "../credential/index.js";
import type { ProtocolVersion } from "../mqtt/index.js";
import type { OutboxLimits } from "../outbox/index.js";

/** What JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** A message that came. */
export interface Message {
	readonly topic: string;
	/** Valid until the call that it came by returns. */
	readonly payload: Uint8Array;
	/** It was there before the device subscribed: what it says may be old, and comes again at every connection. */
	readonly isRetained: boolean;
	/** The payload as text; `undefined` when it is not UTF-8. */
	text(): string | undefined;
	/** What the payload says in JSON, when that is an object; `undefined` for anything else. */
	json(): { readonly [name: string]: Json } | undefined;
}

/** Takes a timer back; any number of times. */
export type Cancel = () => void;

/** The device, as an application sees it. */
export interface Device {
	/** The MQTT client id that the credential gives it. */
	readonly clientId: string;
	/** What it is doing. */
	readonly status: AgentStatus;
	/** Version of the firmware that runs; `undefined` on a platform that cannot be updated. */
	readonly firmwareVersion: number | undefined;
	/** Milliseconds since 1970-01-01T00:00:00Z; `undefined` while nobody has set the clock. */
	readonly time: number | undefined;
	/**
	 * Publishes: text as it is, bytes as they are, all else as JSON. At QoS 1, which is meant unless told otherwise, the
	 * message is kept until the gateway has it, whether the device is online or not.
	 * @returns the id that an event of the agent will name; 0 at QoS 0.
	 * @throws {DeviceError} as `Agent.publish`: step `outbox`, code `full` or `too-large`; at QoS 0 step `link`, code `offline`;
	 * step `application`, code `unusable-value`, for what JSON cannot say.
	 */
	publish(
		topic: string,
		payload: Json | Uint8Array,
		options?: { readonly qos?: 0 | 1; readonly retain?: boolean },
	): number;
	/**
	 * Calls `action` every `interval` milliseconds, 1..2147483647 (24 days), the first time after one interval.
	 * @throws {RangeError} out of bounds; {DeviceError} step `application`, code `stopped`, while the device is switched off.
	 */
	every(interval: number, action: () => void): Cancel;
	/** Calls `action` once, after `delay` milliseconds, 0..2147483647. @throws as {@link every}. */
	after(delay: number, action: () => void): Cancel;
	/** What the application keeps across a loss of power, by names of 1..11 letters, digits, `_` and `-`; as JSON. */
	recall(name: string): Json | undefined;
	/** @throws {DeviceError} step `application`, code `unusable-name`, `unusable-value` or `store-failed`. */
	remember(name: string, value: Json): void;
	/** Restarts the chip; a message at QoS 1 is not lost by it. Where the platform cannot, nothing happens. */
	restart(): void;
}

/** Every member may be left out. None may wait: the device does nothing else meanwhile. */
export interface Application {
	/** Topic filters whose messages it is to be told of, at QoS 1. They must be allowed by the authorizer's policy. */
	subscriptions?(credential: CredentialSummary): readonly string[];
	/** Called once after power-up, as soon as the device knows who it is; it is not online yet. */
	start?(device: Device): void;
	/** A message came; it is acknowledged when this returns. */
	message?(message: Message, device: Device): void;
	/** The agent's state has changed; states that have passed before it could be told are left out. */
	changed?(status: AgentStatus, device: Device): void;
	/**
	 * Where to report, once online, how the last run ended, when that was no orderly end:
	 * `{"reset": "panic", "message": "…", "firmware": 7}`.
	 */
	reportTopic?(credential: CredentialSummary): string;
	/** How updates of the firmware come; without it they do not. */
	readonly update?: {
		/** The topic below which an update is offered and fetched. */
		topic(credential: CredentialSummary): string;
		/** RSA public key of whoever signs updates, PEM. */
		readonly publicKey: string;
	};
	/** How it connects, and how much is kept while it does not. */
	readonly connection?: {
		/** 5 unless told otherwise. */
		readonly version?: ProtocolVersion;
		/** Seconds, 30..1200; 60 unless told otherwise. */
		readonly keepAlive?: number;
		/** Largest packet taken, bytes, 128 or more; 8192 unless told otherwise. */
		readonly maximumPacketSize?: number;
		readonly outbox?: OutboxLimits;
	};
}
