/**
 * Tells when a file, or one beside it, has changed.
 * @module
 */
import { watch } from "node:fs";
import { dirname, resolve } from "node:path";

/** Milliseconds in which an editor is done with writing a file. */
const SETTLED = 150;

export interface FolderWatch {
	/** `file` is the name of the last of them, for people. */
	onChange(told: (file: string) => void): void;
	close(): void;
}

export function watchFolder(file: string): FolderWatch {
	let told: ((file: string) => void) | undefined;
	let timer: NodeJS.Timeout | undefined;
	const watcher = watch(dirname(resolve(file)), (_event, name) => {
		if (name === null || !/\.(ts|js|json)$/.test(name)) return;
		clearTimeout(timer);
		timer = setTimeout(() => told?.(name), SETTLED);
	});
	return {
		onChange(listener) {
			told = listener;
		},
		close() {
			clearTimeout(timer);
			watcher.close();
		},
	};
}
