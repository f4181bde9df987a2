/**
 * Updates of an application's device: the receiver, once it is known below which topic, and the trial of an image that has
 * just been booted.
 * @module
 */
import type { CredentialSummary } from "../credential/index.js";
import type { Subscription } from "../mqtt/index.js";
import type { Clock, FirmwareSlots, Hash, KeyValueStore } from "../ports.js";
import { parseRsaPublicKey, type RsaPublicKey } from "../signing/rsa-public-key.js";
import {
	UpdateAttempts,
	type UpdateEvent,
	UpdateReceiver,
	UpdateTrial,
	type UpdateTrialEvent,
} from "../update/index.js";

export interface FirmwareUpdatesOptions {
	readonly clock: Clock;
	readonly store: KeyValueStore;
	readonly slots: FirmwareSlots;
	readonly createHash: () => Hash;
	/** PEM. */
	readonly publicKey: string;
	readonly topicOf: (credential: CredentialSummary) => string;
	/** May throw. */
	readonly publish: (topic: string, payload: Uint8Array, qos: 0 | 1) => void;
	readonly onEvent: (event: UpdateEvent | UpdateTrialEvent) => void;
}

export class FirmwareUpdates {
	private readonly options: FirmwareUpdatesOptions;
	private readonly publicKey: RsaPublicKey;
	private readonly attempts: UpdateAttempts;
	private readonly trial: UpdateTrial;
	private receiver: UpdateReceiver | undefined;
	private topic: string | undefined;

	/** @throws {DeviceError} step `signing`, for a public key that cannot be used. */
	constructor(options: FirmwareUpdatesOptions) {
		const { clock, store, slots, onEvent } = options;
		this.options = options;
		this.attempts = new UpdateAttempts(store);
		this.publicKey = parseRsaPublicKey(options.publicKey);
		this.trial = new UpdateTrial({ clock, slots, onEvent });
	}

	get subscriptions(): readonly Subscription[] {
		return this.receiver?.subscriptions ?? [];
	}

	/** The device is switched on: an image on trial has from now on to prove itself. */
	start(): void {
		this.trial.start();
	}

	stop(): void {
		this.trial.stop();
		this.receiver?.offline();
	}

	/**
	 * Who the device is. Another topic is another receiver, which knows nothing of what the earlier one had received.
	 * @throws {RangeError} for a topic that cannot be used.
	 */
	identify(credential: CredentialSummary): void {
		const { topicOf, clock, slots, createHash, publish, onEvent } = this.options;
		const topic = topicOf(credential);
		if (topic === this.topic) return;
		this.receiver?.stop();
		const { publicKey, attempts } = this;
		this.receiver = new UpdateReceiver({ clock, slots, createHash, attempts, publicKey, topic, publish, onEvent });
		this.topic = topic;
	}

	/** The gateway has let the device in: the image that runs is good. */
	online(): void {
		this.trial.online();
	}

	/** What is asked for from now on is answered. */
	subscribed(): void {
		this.receiver?.online();
	}

	offline(): void {
		this.receiver?.offline();
	}

	/** @returns whether the message was of an update. */
	message(topic: string, payload: Uint8Array): boolean {
		if (!this.subscriptions.some(({ filter }) => filter === topic)) return false;
		this.receiver?.message(topic, payload);
		return true;
	}
}
