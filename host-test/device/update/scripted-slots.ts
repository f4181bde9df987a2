/**
 * The two places of a firmware image in memory: what was done to them is kept, and flash or power fails where a test says.
 * @module
 */
import type { FirmwareSlots, FirmwareWriter } from "../../../src/device/ports.js";

/** Thrown by everything that would change flash once power is gone. */
class PowerCut extends Error {
	override name = "PowerCut";
}

export interface SlotsScript {
	/** The image that runs; its first byte is its version. {@link imageOf} version 1 unless told otherwise. */
	readonly running?: Uint8Array;
	/** Bytes that the other place takes; 1024 unless told otherwise. */
	readonly capacity?: number;
	readonly isOnTrial?: boolean;
	/**
	 * What happens at the change of flash with this number, counted from 0: `begin`, each `write`, `complete`. A `fault`
	 * throws once; power is cut before or after the change is done, and then nothing is changed any more.
	 */
	readonly fault?: { readonly at: number; readonly kind: "fault" | "cut-before" | "cut-after" };
}

/** An image for tests: `version` in its first byte, and bytes that differ from part to part. */
export function imageOf(version: number, size: number): Uint8Array {
	return Uint8Array.from({ length: size }, (_, i) => (i === 0 ? version : (i * i + 7 * i + version) & 255));
}

export class ScriptedSlots implements FirmwareSlots {
	isOnTrial: boolean;
	readonly running: Uint8Array;
	/** The image that boots next; `undefined` for the one that runs. */
	next: Uint8Array | undefined;
	/** Everything that was called, in order; writes with their lengths. */
	readonly log: string[] = [];
	/** Changes of flash so far. */
	changes = 0;
	isCut = false;
	private readonly script: SlotsScript;
	/** The writer that may write. */
	private writer: object | undefined;

	constructor(script: SlotsScript = {}) {
		this.script = script;
		this.running = script.running ?? imageOf(1, 30);
		this.isOnTrial = script.isOnTrial ?? false;
	}

	get version(): number {
		return this.running[0]!;
	}

	confirm(): void {
		this.log.push("confirm");
		this.isOnTrial = false;
	}

	rollBack(): void {
		this.log.push("roll back");
	}

	restart(): void {
		this.log.push("restart");
	}

	begin(size: number): FirmwareWriter {
		this.log.push(`begin ${size}`);
		const { capacity = 1024 } = this.script;
		if (size > capacity) throw new RangeError(`size: expected at most ${capacity}, got ${size}`);
		const bytes: number[] = [];
		const writer: FirmwareWriter = {
			write: (part) => {
				this.log.push(`write ${part.length}`);
				this.expect(writer);
				if (bytes.length + part.length > size) throw new RangeError("write: beyond the image");
				this.change(() => bytes.push(...part));
			},
			complete: () => {
				this.log.push("complete");
				this.expect(writer);
				if (bytes.length !== size) throw new RangeError("complete: bytes are missing");
				this.change(() => {
					this.next = Uint8Array.from(bytes);
				});
			},
			close: () => {
				if (this.writer !== writer) return;
				this.log.push("close");
				this.writer = undefined;
			},
		};
		this.change(() => {
			if (this.writer !== undefined) throw new Error("begin: another writer is open");
			this.writer = writer;
		});
		return writer;
	}

	/** How often something of this name was called. */
	count(name: string): number {
		return this.log.filter((call) => call.split(" ")[0] === name).length;
	}

	/** The chip starts again: what boots is what flash says. */
	powerUp(): ScriptedSlots {
		return new ScriptedSlots({ running: this.next ?? this.running, isOnTrial: this.next !== undefined });
	}

	private expect(writer: object): void {
		if (!this.isCut && this.writer !== writer) throw new Error("a writer that was closed");
	}

	private change(run: () => void): void {
		if (this.isCut) throw new PowerCut("power is gone");
		const { fault } = this.script;
		const isHere = this.changes++ === fault?.at;
		if (isHere && fault?.kind === "fault") throw new Error("flash");
		if (isHere && fault?.kind === "cut-before") this.isCut = true;
		if (this.isCut) throw new PowerCut("power is gone");
		run();
		if (!isHere) return;
		this.isCut = true;
		throw new PowerCut("power is gone");
	}
}
