/**
 * The device's key-value store as a folder: one private file a key, replaced atomically.
 * @module
 */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeyValueStore } from "../device/ports.js";

/** What NVS takes as a key, less what a file name should not hold. */
const KEY = /^[A-Za-z0-9_-]{1,15}$/;

export class FileStore implements KeyValueStore {
	private readonly directory: string;

	/** @param directory made when missing, for its owner alone. */
	constructor(directory: string) {
		this.directory = directory;
		mkdirSync(directory, { recursive: true, mode: 0o700 });
	}

	read(key: string): ArrayBuffer | undefined {
		try {
			return Uint8Array.from(readFileSync(this.fileOf(key))).buffer;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
			throw error;
		}
	}

	write(key: string, value: ArrayBuffer): void {
		const file = this.fileOf(key);
		writeFileSync(`${file}.new`, new Uint8Array(value), { mode: 0o600, flush: true });
		renameSync(`${file}.new`, file);
	}

	delete(key: string): void {
		rmSync(this.fileOf(key), { force: true });
	}

	private fileOf(key: string): string {
		if (!KEY.test(key)) throw new RangeError("key: expected 1..15 letters, digits, _ or -");
		return join(this.directory, key);
	}
}
