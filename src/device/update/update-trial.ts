/**
 * The trial of an image that was booted after an update: it is confirmed when the device has come online with it, and
 * taken back when that does not happen in time. An image that never gets as far as this is taken back by the chip's
 * loader, at its next restart.
 * @module
 */
import { requireWithin } from "../bounds.js";
import type { DeviceError } from "../device-error.js";
import type { Clock, FirmwareSlots, Timer } from "../ports.js";
import { rollbackFailed } from "./update-refusals.js";

export interface UpdateTrialOptions {
	readonly clock: Clock;
	readonly slots: FirmwareSlots;
	/**
	 * Milliseconds from {@link UpdateTrial.start} within which the device has to come online, 1000..86400000; 15 minutes
	 * unless told otherwise. A network that is away for longer takes a good image back, too.
	 */
	readonly deadline?: number | undefined;
	/** Must not throw; may call the trial. */
	readonly onEvent?: ((event: UpdateTrialEvent) => void) | undefined;
}

export type UpdateTrialEvent =
	| { readonly event: "update-confirmed"; readonly version: number }
	/** Told before it happens: on a chip nothing follows. */
	| { readonly event: "update-rolled-back"; readonly version: number }
	/** There was nothing to go back to: the image goes on, and is confirmed should the device come online after all. */
	| { readonly event: "update-rollback-failed"; readonly version: number; readonly error: DeviceError };

const DEADLINE = 15 * 60_000;

export class UpdateTrial {
	private readonly options: UpdateTrialOptions;
	private readonly deadline: number;
	/** On the monotonic clock, when it was started first: to stop and start again gives no more time. */
	private startedAt: number | undefined;
	private timer: Timer | undefined;
	private decided = false;

	/** @throws {RangeError} for a deadline out of bounds. */
	constructor(options: UpdateTrialOptions) {
		const { deadline = DEADLINE } = options;
		requireWithin("deadline", deadline, 1_000, 86_400_000);
		this.options = options;
		this.deadline = deadline;
	}

	/** Begins to wait, at power-up. Nothing happens where the image is not on trial, or the trial is over or begun. */
	start(): void {
		const { clock, slots } = this.options;
		if (this.decided || this.timer !== undefined || !slots.isOnTrial) return;
		this.startedAt ??= clock.monotonic();
		this.wait(this.startedAt);
	}

	/** The device has come online: the image is good. Any number of times; what `confirm` throws is tried again then. */
	online(): void {
		const { slots, onEvent } = this.options;
		this.stop();
		if (this.decided || !slots.isOnTrial) return;
		const { version } = slots;
		slots.confirm();
		this.decided = true;
		onEvent?.({ event: "update-confirmed", version });
	}

	/** Waits no longer; the image stays on trial. */
	stop(): void {
		if (this.timer !== undefined) this.options.clock.clearTimer(this.timer);
		this.timer = undefined;
	}

	private wait(startedAt: number): void {
		const { clock } = this.options;
		const left = Math.max(0, startedAt + this.deadline - clock.monotonic());
		this.timer = clock.setTimer(() => {
			this.timer = undefined;
			// A timer of the platform may run early; the monotonic clock is what counts.
			if (clock.monotonic() < startedAt + this.deadline) this.wait(startedAt);
			else this.rollBack();
		}, left);
	}

	private rollBack(): void {
		const { slots, onEvent } = this.options;
		const { version } = slots;
		this.decided = true;
		onEvent?.({ event: "update-rolled-back", version });
		try {
			slots.rollBack();
		} catch (error) {
			this.decided = false;
			onEvent?.({ event: "update-rollback-failed", version, error: rollbackFailed(error) });
		}
	}
}
