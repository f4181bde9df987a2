/**
 * The two places for images of the firmware as a folder, with the rules of ESP-IDF's bootloader: an image that was just
 * written boots on trial, and one that is started again without having been confirmed is given up for the other
 * (ESP-IDF Programming Guide, "Over The Air Updates", App Rollback).
 * @module
 */
import {
	closeSync,
	existsSync,
	mkdirSync,
	openSync,
	readFileSync,
	renameSync,
	writeFileSync,
	writeSync,
} from "node:fs";
import { join } from "node:path";
import type { FirmwareSlots, FirmwareWriter } from "../device/ports.js";

/** Bytes that an image may have: an OTA slot of the SDK's partition table for 4 MB of flash. */
const SLOT_SIZE = 0x1e8000;

type SlotState = "empty" | "new" | "on-trial" | "valid" | "given-up";

/** What the bootloader keeps: which of the two boots next, and what is known of them. */
interface BootRecord {
	readonly next: 0 | 1;
	readonly states: readonly [SlotState, SlotState];
}

/** An image begins with a line that says what it is: where an image for the chip has its header. */
const HEADER = /^\/\/ latchkey firmware (\d{1,10})\n/;

/** An image of a program. @param version 0..4294967295. */
export function imageOf(program: string, version: number): Uint8Array {
	return new Uint8Array(Buffer.from(`// latchkey firmware ${version}\n${program}`));
}

export interface FirmwareFolderOptions {
	/** Made when missing. */
	readonly directory: string;
	/** What the restart of the chip is here: {@link FirmwareFolder.boot} is to follow. */
	readonly onRestart: () => void;
}

export class FirmwareFolder implements FirmwareSlots {
	private readonly options: FirmwareFolderOptions;
	private running: 0 | 1 = 0;
	private runningVersion = 0;

	/** Puts an image into a folder, as flashing does: it is valid from the start. */
	static flash(directory: string, image: Uint8Array): void {
		mkdirSync(directory, { recursive: true, mode: 0o700 });
		writeFileSync(imageFile(directory, 0), image, { mode: 0o600, flush: true });
		writeRecord(directory, { next: 0, states: ["valid", "empty"] });
	}

	constructor(options: FirmwareFolderOptions) {
		this.options = options;
	}

	/** Starts what is to be started. @returns the image. */
	boot(): Uint8Array {
		const { directory } = this.options;
		const record = readRecord(directory);
		const state = record.states[record.next];
		this.running = record.next;
		if (state === "new") this.write(record, record.next, "on-trial");
		else if (state === "on-trial") {
			this.running = other(record.next);
			this.write({ ...record, next: this.running }, record.next, "given-up");
		}
		const image = readFileSync(imageFile(directory, this.running));
		this.runningVersion = versionOf(image) ?? 0;
		return image;
	}

	get version(): number {
		return this.runningVersion;
	}

	get isOnTrial(): boolean {
		return readRecord(this.options.directory).states[this.running] === "on-trial";
	}

	confirm(): void {
		if (this.isOnTrial) this.write(readRecord(this.options.directory), this.running, "valid");
	}

	rollBack(): void {
		const record = readRecord(this.options.directory);
		this.write({ ...record, next: other(this.running) }, this.running, "given-up");
		this.restart();
	}

	restart(): void {
		this.options.onRestart();
	}

	begin(size: number): FirmwareWriter {
		if (!(size > 0 && size <= SLOT_SIZE)) throw new RangeError(`image: expected 1..${SLOT_SIZE} bytes, got ${size}`);
		const { directory } = this.options;
		const target = other(this.running);
		let file: number | undefined = openSync(imageFile(directory, target), "w", 0o600);
		let written = 0;
		const close = () => {
			if (file !== undefined) closeSync(file);
			file = undefined;
		};
		return {
			write: (bytes) => {
				if (file === undefined) throw new Error("image: the writer is closed");
				if (written + bytes.length > size) throw new RangeError(`image: expected ${size} bytes at most`);
				written += writeSync(file, bytes);
			},
			complete: () => {
				close();
				if (written !== size) throw new RangeError(`image: expected ${size} bytes, got ${written}`);
				if (versionOf(readFileSync(imageFile(directory, target))) === undefined) throw new Error("image: it is none");
				const { states } = readRecord(directory);
				writeRecord(directory, { next: target, states: replaced(states, target, "new") });
			},
			close,
		};
	}

	private write({ next, states }: BootRecord, slot: 0 | 1, state: SlotState): void {
		writeRecord(this.options.directory, { next, states: replaced(states, slot, state) });
	}
}

function other(slot: 0 | 1): 0 | 1 {
	return slot === 0 ? 1 : 0;
}

function replaced([first, second]: BootRecord["states"], at: 0 | 1, state: SlotState): BootRecord["states"] {
	return at === 0 ? [state, second] : [first, state];
}

function versionOf(image: Buffer): number | undefined {
	const version = HEADER.exec(image.subarray(0, 64).toString("latin1"))?.[1];
	return version === undefined ? undefined : Number(version);
}

function imageFile(directory: string, slot: 0 | 1): string {
	return join(directory, `image${slot}`);
}

function readRecord(directory: string): BootRecord {
	const file = join(directory, "boot.json");
	if (!existsSync(file)) throw new Error(`${directory}: no image was flashed into it`);
	return JSON.parse(readFileSync(file, "utf8")) as BootRecord;
}

/** Replaces it in one step: it is never half there. */
function writeRecord(directory: string, record: BootRecord): void {
	const file = join(directory, "boot.json");
	writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600, flush: true });
	renameSync(`${file}.new`, file);
}
