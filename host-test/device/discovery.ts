/**
 * Finds the portable cases of the device core.
 * @module
 */
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Cases } from "./case.js";

export interface CaseFile {
	/** The path below this folder without its ending, for instance `encoding/utf8`. */
	readonly name: string;
	readonly path: string;
	readonly cases: Cases;
}

/** Every `*.cases.ts` below this folder, by name. */
export async function discoverCases(): Promise<CaseFile[]> {
	const folder = fileURLToPath(new URL(".", import.meta.url));
	const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".cases.ts"));
	return Promise.all(
		files.sort().map(async (file) => {
			const { cases } = (await import(`${folder}${file}`)) as { cases: Cases };
			return { name: file.slice(0, -".cases.ts".length), path: `${folder}${file}`, cases };
		}),
	);
}
