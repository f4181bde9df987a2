/**
 * A disk in memory whose power is lost in whatever step a test names, and which then holds what was synced, and of the rest what
 * the test says.
 * @module
 */
import type { FirmwareDisk, OpenFile } from "../../src/host/firmware-disk.js";

/** What a loss of power leaves of bytes that were written and not synced. */
export type Leftover = "old" | "none" | "half" | "all";

class PowerCut extends Error {
	override name = "PowerCut";
}

interface Content {
	/** What is on the disk; `undefined` where the file's name is not there yet. */
	durable: Uint8Array | undefined;
	/** What is in memory, and may be on the disk as well. */
	written: Uint8Array;
	isSynced: boolean;
}

export class MemoryFirmwareDisk implements FirmwareDisk {
	/** Steps that change the disk, begun so far. */
	steps = 0;
	isCut = false;
	private readonly files = new Map<string, Content>();
	private cut: { readonly at: number; readonly isDone: boolean; readonly leftover: Leftover } | undefined;

	/** The power is lost in the step of this number, counted from 0: before it, or when it is done. */
	cutAt(at: number, isDone: boolean, leftover: Leftover): void {
		this.cut = { at, isDone, leftover };
	}

	/** The power is back. */
	powerUp(): void {
		const { leftover = "all" } = this.cut ?? {};
		if (this.isCut)
			for (const [name, content] of this.files) {
				const rest = remains(content, leftover);
				if (rest === undefined) this.files.delete(name);
				else this.files.set(name, { durable: rest, written: rest, isSynced: true });
			}
		this.isCut = false;
		this.cut = undefined;
	}

	read(file: string): Uint8Array | undefined {
		if (this.isCut) throw new PowerCut("the power is off");
		return this.files.get(file)?.written.slice();
	}

	create(file: string): OpenFile {
		const content: Content = { durable: this.files.get(file)?.durable, written: new Uint8Array(0), isSynced: false };
		let isOpen = true;
		this.step(() => this.files.set(file, content));
		const requireOpen = () => {
			if (!isOpen) throw new Error("the file is closed");
		};
		return {
			write: (bytes) => {
				requireOpen();
				this.step(() => {
					content.written = Uint8Array.from([...content.written, ...bytes]);
					content.isSynced = false;
				});
			},
			sync: () => {
				requireOpen();
				this.step(() => {
					content.durable = content.written;
					content.isSynced = true;
				});
			},
			close: () => {
				requireOpen();
				isOpen = false;
			},
		};
	}

	move(from: string, to: string): void {
		this.step(() => {
			this.files.set(to, this.files.get(from)!);
			this.files.delete(from);
		});
	}

	makeFolder(): void {
		this.step(() => undefined);
	}

	private step(act: () => void): void {
		if (this.isCut) throw new PowerCut("the power is off");
		const isHere = this.cut?.at === this.steps++;
		this.isCut = isHere;
		if (!isHere || this.cut?.isDone) act();
		if (isHere) throw new PowerCut("in this step");
	}
}

function remains({ durable, written, isSynced }: Content, leftover: Leftover): Uint8Array | undefined {
	if (isSynced || leftover === "all") return written;
	if (leftover === "old") return durable;
	return written.slice(0, leftover === "none" ? 0 : Math.floor(written.length / 2));
}
