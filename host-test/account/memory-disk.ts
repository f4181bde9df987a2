/**
 * A disk in memory that breaks when a test says so.
 * @module
 */
import type { StoreDisk } from "../../src/account/store-disk.js";

export class MemoryDisk implements StoreDisk {
	readonly files = new Map<string, string>();
	/** Breaks the next step of this name; a write leaves the first half of its text behind. */
	fault: { readonly step: "read" | "write" | "move"; readonly code: string } | undefined;

	read(file: string): string | undefined {
		this.breakAt("read");
		return this.files.get(file);
	}

	write(file: string, text: string): void {
		this.files.set(file, text.slice(0, text.length / 2));
		this.breakAt("write");
		this.files.set(file, text);
	}

	move(from: string, to: string): void {
		this.breakAt("move");
		this.files.set(to, this.files.get(from) ?? "");
		this.files.delete(from);
	}

	private breakAt(step: "read" | "write" | "move"): void {
		const { fault } = this;
		if (fault?.step !== step) return;
		this.fault = undefined;
		throw Object.assign(new Error(`${fault.code}: broken`), { code: fault.code });
	}
}
