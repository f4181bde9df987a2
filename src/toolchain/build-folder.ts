/**
 * The folder of a build on the disk. What did not change is left alone: make goes by the files' times.
 * @module
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type BuildOptions, buildName } from "./build-options.js";
import { buildFiles } from "./configuration.js";
import { ROOT } from "./sdk.js";

/** Folder of all builds; git ignores it. */
const BUILDS = join(ROOT, "build");

export function buildFolder(options: BuildOptions): string {
	return join(BUILDS, buildName(options));
}

/** Writes what mcconfig is given. */
export function writeBuildFolder(options: BuildOptions, folder: string, built: number | undefined): void {
	const read = (path: string) => readIfThere(join(ROOT, path));
	for (const [name, text] of Object.entries(buildFiles(options, { root: ROOT, folder, built, read })))
		writeIfChanged(join(folder, name), text);
}

function writeIfChanged(path: string, text: string): void {
	if (readIfThere(path) === text) return;
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text);
}

function readIfThere(path: string): string | undefined {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw error;
	}
}
