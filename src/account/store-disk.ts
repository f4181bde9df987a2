/**
 * The disk as an account's store sees it: whole files, replaced at once or not at all.
 * @module
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";

export interface StoreDisk {
	/** Text of a file; undefined where there is none. */
	read(file: string): string | undefined;
	/** Writes a new file, for its owner alone, in place of any other, down to the disk. Its folder is made if need be. */
	write(file: string, text: string): void;
	/** Makes a file, for its owner alone; false where there is one. Its folder is made if need be. */
	create(file: string, text: string): boolean;
	/** Removes a file if there is one. */
	remove(file: string): void;
	/** Gives a file the place of another, down to the disk. */
	move(from: string, to: string): void;
}

export const nodeDisk: StoreDisk = {
	read(file) {
		try {
			return readFileSync(file, "utf8");
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
			throw error;
		}
	},

	write(file, text) {
		rmSync(file, { force: true });
		writeNew(file, text);
	},

	create(file, text) {
		try {
			writeNew(file, text);
			return true;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
			throw error;
		}
	},

	remove(file) {
		rmSync(file, { force: true });
	},

	move(from, to) {
		renameSync(from, to);
		// Windows knows no handle of a folder, and keeps the names of files by its journal.
		if (process.platform !== "win32") synced(openSync(dirname(to), "r"), () => {});
	},
};

function writeNew(file: string, text: string): void {
	mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
	synced(openSync(file, "wx", 0o600), (descriptor) => {
		const bytes = Buffer.from(text);
		for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
	});
}

function synced(descriptor: number, use: (descriptor: number) => void): void {
	try {
		use(descriptor);
		fsyncSync(descriptor);
	} finally {
		closeSync(descriptor);
	}
}
