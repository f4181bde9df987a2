/**
 * Finds the portable cases of the device core and of the firmware.
 * @module
 */
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Cases } from "./case.js";

export interface CaseFile {
	/** The path without its ending: `encoding/utf8` below this folder, `firmware/tls-socket` beside it. */
	readonly name: string;
	readonly path: string;
	readonly cases: Cases;
}

/** Folders with cases, by what the names of theirs begin with. */
const FOLDERS: Readonly<Record<string, URL>> = {
	"": new URL(".", import.meta.url),
	"firmware/": new URL("../firmware/", import.meta.url),
};

/** Every `*.cases.ts` in these folders, by name. */
export async function discoverCases(): Promise<CaseFile[]> {
	const found = await Promise.all(Object.entries(FOLDERS).map(([prefix, folder]) => casesIn(prefix, folder)));
	return found.flat();
}

async function casesIn(prefix: string, url: URL): Promise<CaseFile[]> {
	const folder = fileURLToPath(url);
	const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".cases.ts"));
	return Promise.all(
		files.sort().map(async (file) => {
			const { cases } = (await import(`${folder}${file}`)) as { cases: Cases };
			return { name: `${prefix}${file.slice(0, -".cases.ts".length)}`, path: `${folder}${file}`, cases };
		}),
	);
}
