/**
 * Updates of an application's device: the receiver, once it is known below which topic, and the trial of an image that has
 * just been booted.
 * @module
 */
import type { CredentialSummary } from "../credential/index.js";
import type { Subscription } from "../mqtt/index.js";
import type { Clock, FirmwareSlots, Hash, KeyValueStore, Timer } from "../ports.js";
import { parseRsaPublicKey, type RsaPublicKey } from "../signing/rsa-public-key.js";
import {
	UpdateAttempts,
	type UpdateEvent,
	UpdateReceiver,
	UpdateTrial,
	type UpdateTrialEvent,
} from "../update/index.js";
import { RESTART_DELAY } from "../update/update-interface.js";
import type { Guard } from "./timers.js";

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
	/** Runs what a timer is for: what the slots throw then goes no further. Calls from outside are for the caller to guard. */
	readonly guard: Guard;
	readonly onEvent: (event: UpdateEvent | UpdateTrialEvent) => void;
}

export class FirmwareUpdates {
	private readonly options: FirmwareUpdatesOptions;
	private readonly publicKey: RsaPublicKey;
	private readonly attempts: UpdateAttempts;
	private readonly trial: UpdateTrial;
	private readonly clock: Clock;
	private receiver: UpdateReceiver | undefined;
	private topic: string | undefined;
	private isOn = false;
	/** Boots the image that is complete. */
	private restart: (() => void) | undefined;
	private timer: Timer | undefined;

	/** @throws {DeviceError} step `signing`, for a public key that cannot be used. */
	constructor(options: FirmwareUpdatesOptions) {
		const { store, slots, onEvent } = options;
		const clock = guardedClock(options.clock, options.guard);
		this.options = options;
		this.clock = clock;
		this.attempts = new UpdateAttempts(store);
		this.publicKey = parseRsaPublicKey(options.publicKey);
		this.trial = new UpdateTrial({ clock, slots, onEvent });
	}

	get subscriptions(): readonly Subscription[] {
		return this.receiver?.subscriptions ?? [];
	}

	/** The device is switched on: an image on trial has from now on to prove itself. */
	start(): void {
		this.isOn = true;
		this.restartSoon();
		this.trial.start();
	}

	/** An image that is complete boots all the same, whenever the device is restarted. */
	stop(): void {
		this.isOn = false;
		this.stopTimer();
		this.trial.stop();
		this.receiver?.offline();
	}

	/**
	 * Who the device is. Another topic is another receiver, which knows nothing of what the earlier one had received; an image
	 * that is complete is booted before that.
	 * @throws {RangeError} for a topic that cannot be used, and what {@link FirmwareUpdatesOptions.topicOf} does: then there
	 * are no updates.
	 */
	identify(credential: CredentialSummary): void {
		if (this.restart !== undefined) return;
		let topic: string | undefined;
		try {
			topic = this.options.topicOf(credential);
		} finally {
			// Also where it threw: the earlier topic may be another device's by now.
			if (topic !== this.topic) this.leaveTopic();
		}
		this.receiver ??= this.receiverFor(topic);
		this.topic = topic;
	}

	/** The gateway has let the device in: the image that runs is good. */
	online(): void {
		this.trial.online();
	}

	/** What is asked for from now on is answered, if the gateway lets the answers through. */
	subscribed(filters: readonly string[], codes: readonly number[]): void {
		const data = this.subscriptions[1]?.filter;
		if (filters.some((filter, at) => filter === data && codes[at]! < 0x80)) this.receiver?.online();
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

	private leaveTopic(): void {
		const { receiver } = this;
		this.receiver = undefined;
		this.topic = undefined;
		receiver?.stop();
	}

	private receiverFor(topic: string): UpdateReceiver {
		const { slots, createHash, publish, onEvent } = this.options;
		const { clock, attempts, publicKey } = this;
		const onReady = (restart: () => void) => {
			this.restart = restart;
			this.restartSoon();
		};
		return new UpdateReceiver({
			clock,
			slots,
			createHash,
			attempts,
			publicKey,
			topic,
			publish,
			onReady,
			onEvent,
		});
	}

	private restartSoon(): void {
		const { restart } = this;
		this.stopTimer();
		if (restart !== undefined && this.isOn) this.timer = this.clock.setTimer(restart, RESTART_DELAY);
	}

	private stopTimer(): void {
		if (this.timer !== undefined) this.clock.clearTimer(this.timer);
		this.timer = undefined;
	}
}

/** `clock`, whose timers throw nothing. */
function guardedClock(clock: Clock, guard: Guard): Clock {
	return {
		wallTime: () => clock.wallTime(),
		monotonic: () => clock.monotonic(),
		setTimer: (callback, delay) => clock.setTimer(() => guard(callback), delay),
		clearTimer: (timer) => clock.clearTimer(timer),
	};
}
