/**
 * The two places of a firmware image over the SDK's `embedded:update` and `embedded:storage/flash`, and ESP-IDF's rollback.
 * @module
 */
import type { FirmwareSlots, FirmwareWriter } from "../device/ports.js";

/** A partition of the SDK's `embedded:storage/flash`. */
export interface FlashPartition {
	status(): { readonly size: number };
	close(): void;
}

export interface FlashModule {
	/** `nextota` is the place that does not run. @throws where there is no such partition. */
	open(options: { path: string }): FlashPartition;
}

/** An image that is being written. */
export interface FirmwareUpdate {
	write(bytes: Uint8Array): void;
	/** Checks the image and has it booted next. @throws where it is none. */
	complete(): void;
	close(): void;
}

/** The SDK's `embedded:update`. */
export interface UpdateModule {
	/** Mode `a`: written from the start to the end, flash being erased piece by piece: erasing it all stops the device for seconds. */
	open(options: { partition: FlashPartition; mode: "a"; byteLength: number }): FirmwareUpdate;
}

/** ESP-IDF's rollback (app_update, "App Rollback"). */
export interface Rollback {
	/** The image that runs was booted after an update and nobody has confirmed it. */
	isOnTrial(): boolean;
	confirm(): void;
	/** Restarts into the other image. @throws where there is none that could run. */
	rollBack(): void;
	restart(): void;
}

export interface FirmwareSlotsOptions {
	readonly flash: FlashModule;
	readonly update: UpdateModule;
	readonly rollback: Rollback;
	/** Version of the image that runs, 0..4294967295. */
	readonly version: number;
}

export class PlatformFirmwareSlots implements FirmwareSlots {
	private readonly options: FirmwareSlotsOptions;

	constructor(options: FirmwareSlotsOptions) {
		this.options = options;
	}

	get version(): number {
		return this.options.version;
	}

	get isOnTrial(): boolean {
		return this.options.rollback.isOnTrial();
	}

	confirm(): void {
		if (this.isOnTrial) this.options.rollback.confirm();
	}

	rollBack(): void {
		this.options.rollback.rollBack();
	}

	/** @throws also while the image that runs is on trial: ESP-IDF keeps the other one until it is confirmed. */
	begin(size: number): FirmwareWriter {
		const { flash, update } = this.options;
		const partition = flash.open({ path: "nextota" });
		try {
			const room = partition.status().size;
			if (!(Number.isInteger(size) && size > 0 && size <= room))
				throw new RangeError(`size: expected 1..${room} bytes, got ${size}`);
			return new SlotWriter(partition, update.open({ partition, mode: "a", byteLength: size }), size);
		} catch (error) {
			partition.close();
			throw error;
		}
	}

	restart(): void {
		this.options.rollback.restart();
	}
}

class SlotWriter implements FirmwareWriter {
	private readonly partition: FlashPartition;
	private readonly update: FirmwareUpdate;
	/** Bytes that are still to be written. */
	private left: number;
	private isOpen = true;

	constructor(partition: FlashPartition, update: FirmwareUpdate, size: number) {
		this.partition = partition;
		this.update = update;
		this.left = size;
	}

	write(bytes: Uint8Array): void {
		if (bytes.length > this.left)
			throw new RangeError(`write: expected at most ${this.left} bytes, got ${bytes.length}`);
		this.update.write(bytes);
		this.left -= bytes.length;
	}

	complete(): void {
		if (this.left > 0) throw new RangeError(`complete: ${this.left} bytes are missing`);
		this.update.complete();
	}

	close(): void {
		if (!this.isOpen) return;
		this.isOpen = false;
		this.update.close();
		this.partition.close();
	}
}
