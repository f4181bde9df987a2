/**
 * The two places for images of the firmware as a folder, with the rules of ESP-IDF's bootloader: an image that was just
 * written boots on trial, one that is started again without having been confirmed is given up for the other, and so is one that
 * is none (ESP-IDF Programming Guide, "Over The Air Updates", App Rollback).
 *
 * Power may be lost at every step: a place that is being written is empty in the record before its first byte is, and new only
 * when its last one is on the disk.
 * @module
 */
import { join } from "node:path";
import type { FirmwareSlots, FirmwareWriter } from "../device/ports.js";
import { type FirmwareDisk, nodeFirmwareDisk, type OpenFile } from "./firmware-disk.js";

/** Bytes that an image may have: an OTA slot of the SDK's partition table for 4 MB of flash. */
const SLOT_SIZE = 0x1e8000;

type Slot = 0 | 1;
type SlotState = "empty" | "new" | "on-trial" | "valid" | "given-up";

/** What the bootloader keeps: which of the two boots next, and what is known of them. */
interface BootRecord {
	readonly next: Slot;
	readonly states: readonly [SlotState, SlotState];
}

/** An image begins with a line that says what it is: where an image for the chip has its header. */
const HEADER = /^\/\/ latchkey firmware (\d{1,10})\n/;

/** An image of a program. @param version 0..4294967295. */
export function imageOf(program: string, version: number): Uint8Array {
	return new Uint8Array(Buffer.from(`// latchkey firmware ${version}\n${program}`));
}

export interface FirmwareFolderOptions {
	/** {@link FirmwareFolder.flash} has put an image there. */
	readonly directory: string;
	/** What the restart of the chip is here: {@link FirmwareFolder.boot} is to follow. */
	readonly onRestart: () => void;
	readonly disk?: FirmwareDisk | undefined;
}

export class FirmwareFolder implements FirmwareSlots {
	private readonly directory: string;
	private readonly onRestart: () => void;
	private readonly disk: FirmwareDisk;
	private running: { readonly slot: Slot; readonly version: number } | undefined;
	private writer: FirmwareWriter | undefined;

	/**
	 * Puts an image into a folder, as flashing does: it is valid from the start.
	 * @throws {RangeError} for bytes that are no image, with nothing changed.
	 */
	static flash(directory: string, image: Uint8Array, disk = nodeFirmwareDisk): void {
		if (versionOf(image) === undefined) throw new RangeError("image: expected a header of this firmware's");
		disk.makeFolder(directory);
		replace(disk, imageFile(directory, 0), image);
		writeRecord(disk, directory, { next: 0, states: ["valid", "empty"] });
	}

	constructor({ directory, onRestart, disk = nodeFirmwareDisk }: FirmwareFolderOptions) {
		this.directory = directory;
		this.onRestart = onRestart;
		this.disk = disk;
	}

	/** Starts what is to be started. @returns the image. @throws {Error} where there is none that could run. */
	boot(): Uint8Array {
		this.writer?.close();
		this.running = undefined;
		const record = this.record;
		// It was started before, and did not come far enough to be confirmed.
		let states = record.states[record.next] === "on-trial" ? given(record.states, record.next) : record.states;
		for (const slot of [record.next, other(record.next)] as const) {
			const state = states[slot];
			if (state !== "valid" && state !== "new") continue;
			const image = this.disk.read(imageFile(this.directory, slot));
			const version = image && versionOf(image);
			if (version === undefined) {
				states = given(states, slot);
				continue;
			}
			if (state === "new") states = replaced(states, slot, "on-trial");
			this.change({ next: slot, states });
			this.running = { slot, version };
			return image!;
		}
		throw new Error(`${this.directory}: no image that could run`);
	}

	get version(): number {
		return this.started.version;
	}

	get isOnTrial(): boolean {
		return this.record.states[this.started.slot] === "on-trial";
	}

	confirm(): void {
		const { slot } = this.started;
		if (this.isOnTrial) this.change({ next: slot, states: replaced(this.record.states, slot, "valid") });
	}

	/** @throws {Error} where there is no image to go back to. */
	rollBack(): void {
		const { slot } = this.started;
		const { states } = this.record;
		const image = states[other(slot)] === "valid" ? this.disk.read(imageFile(this.directory, other(slot))) : undefined;
		if (image === undefined || versionOf(image) === undefined) throw new Error("there is no image to go back to");
		this.change({ next: other(slot), states: given(states, slot) });
		this.restart();
	}

	restart(): void {
		this.onRestart();
	}

	/** @throws {Error} also unless the image that runs is valid: the other one is what is gone back to. */
	begin(size: number): FirmwareWriter {
		if (!(Number.isInteger(size) && size > 0 && size <= SLOT_SIZE))
			throw new RangeError(`image: expected 1..${SLOT_SIZE} bytes, got ${size}`);
		const { slot } = this.started;
		const state = this.record.states[slot];
		if (state !== "valid") throw new Error(`the image that runs is not confirmed (${state})`);
		this.writer?.close();
		this.change({ next: slot, states: replaced(this.record.states, other(slot), "empty") });
		const writer = this.writerOf(this.disk.create(imageFile(this.directory, other(slot))), size, other(slot));
		this.writer = writer;
		return writer;
	}

	private writerOf(file: OpenFile, size: number, slot: Slot): FirmwareWriter {
		let written = 0;
		let isOpen = true;
		const requireOpen = () => {
			if (!isOpen) throw new Error("image: the writer is closed");
		};
		const close = () => {
			if (!isOpen) return;
			isOpen = false;
			file.close();
		};
		return {
			write: (bytes) => {
				requireOpen();
				if (written + bytes.length > size) throw new RangeError(`image: expected ${size} bytes at most`);
				file.write(bytes);
				written += bytes.length;
			},
			complete: () => {
				requireOpen();
				if (written !== size) throw new RangeError(`image: expected ${size} bytes, got ${written}`);
				file.sync();
				close();
				const image = this.disk.read(imageFile(this.directory, slot));
				if (image === undefined || versionOf(image) === undefined) throw new Error("image: it is none");
				this.change({ next: slot, states: replaced(this.record.states, slot, "new") });
			},
			close,
		};
	}

	private get started(): { readonly slot: Slot; readonly version: number } {
		if (this.running === undefined) throw new Error("nothing was booted");
		return this.running;
	}

	private get record(): BootRecord {
		const bytes = this.disk.read(recordFile(this.directory));
		if (bytes === undefined) throw new Error(`${this.directory}: no image was flashed into it`);
		return JSON.parse(Buffer.from(bytes).toString("utf8")) as BootRecord;
	}

	/** Nothing is written where nothing changes. */
	private change(record: BootRecord): void {
		if (JSON.stringify(record) !== JSON.stringify(this.record)) writeRecord(this.disk, this.directory, record);
	}
}

function other(slot: Slot): Slot {
	return slot === 0 ? 1 : 0;
}

function given(states: BootRecord["states"], at: Slot): BootRecord["states"] {
	return replaced(states, at, "given-up");
}

function replaced([first, second]: BootRecord["states"], at: Slot, state: SlotState): BootRecord["states"] {
	return at === 0 ? [state, second] : [first, state];
}

function versionOf(image: Uint8Array): number | undefined {
	const head = Buffer.from(image.subarray(0, 64)).toString("latin1");
	const version = Number(HEADER.exec(head)?.[1] ?? Number.NaN);
	return version <= 0xffffffff ? version : undefined;
}

function imageFile(directory: string, slot: Slot): string {
	return join(directory, `image${slot}`);
}

function recordFile(directory: string): string {
	return join(directory, "boot.json");
}

function writeRecord(disk: FirmwareDisk, directory: string, { next, states }: BootRecord): void {
	replace(disk, recordFile(directory), Buffer.from(JSON.stringify({ next, states })));
}

/** In one step: a file is never half there. */
function replace(disk: FirmwareDisk, file: string, bytes: Uint8Array): void {
	const open = disk.create(`${file}.new`);
	try {
		open.write(bytes);
		open.sync();
	} finally {
		open.close();
	}
	disk.move(`${file}.new`, file);
}
