/**
 * A disk in memory that breaks when a test says so.
 * @module
 */
import type { StoreDisk } from "../../src/account/store-disk.js";

type Step = "read" | "write" | "create" | "move" | "remove";

export class MemoryDisk implements StoreDisk {
	readonly files = new Map<string, string>();
	/** Breaks the next step of this name; a write leaves the first half of its text behind. */
	fault: { readonly step: Step; readonly code: string } | undefined;

	read(file: string): string | undefined {
		this.breakAt("read");
		return this.files.get(file);
	}

	write(file: string, text: string): void {
		this.files.set(file, text.slice(0, text.length / 2));
		this.breakAt("write");
		this.files.set(file, text);
	}

	create(file: string, text: string): boolean {
		this.breakAt("create");
		if (this.files.has(file)) return false;
		this.files.set(file, text);
		return true;
	}

	remove(file: string): void {
		this.breakAt("remove");
		this.files.delete(file);
	}

	move(from: string, to: string): void {
		this.breakAt("move");
		const text = this.files.get(from);
		if (text === undefined) throw Object.assign(new Error("ENOENT"), { code: "ENOENT" });
		this.files.set(to, text);
		this.files.delete(from);
	}

	private breakAt(step: Step): void {
		const { fault } = this;
		if (fault?.step !== step) return;
		this.fault = undefined;
		throw Object.assign(new Error(`${fault.code}: broken`), { code: fault.code });
	}
}
