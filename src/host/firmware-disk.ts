/**
 * The files of a {@link FirmwareFolder}, by the steps between which power can be lost.
 * @module
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** A file that is being written. */
export interface OpenFile {
	/** Adds all of `bytes` to what was written. */
	write(bytes: Uint8Array): void;
	/** What was written survives a loss of power from now on. */
	sync(): void;
	/** Once. */
	close(): void;
}

export interface FirmwareDisk {
	/** `undefined` where there is no such file. */
	read(file: string): Uint8Array | undefined;
	/** An empty file, for its owner alone, in place of any other. */
	create(file: string): OpenFile;
	/** Gives a file the place of another in one step, which survives a loss of power. */
	move(from: string, to: string): void;
	/** Makes a folder, for its owner alone, where there is none. */
	makeFolder(directory: string): void;
}

export const nodeFirmwareDisk: FirmwareDisk = {
	read(file) {
		try {
			return new Uint8Array(readFileSync(file));
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
			throw error;
		}
	},

	create(file) {
		const descriptor = openSync(file, "w", 0o600);
		return {
			write: (bytes) => {
				for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
			},
			sync: () => fsyncSync(descriptor),
			close: () => closeSync(descriptor),
		};
	},

	move(from, to) {
		renameSync(from, to);
		// Windows knows no handle of a folder, and keeps the names of files by its journal.
		if (process.platform === "win32") return;
		const descriptor = openSync(dirname(to), "r");
		try {
			fsyncSync(descriptor);
		} finally {
			closeSync(descriptor);
		}
	},

	makeFolder: (directory) => void mkdirSync(directory, { recursive: true, mode: 0o700 }),
};
