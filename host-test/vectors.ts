/**
 * Test vectors: those that lie beside the project when it is developed, or the copies in `host-test/vectors`.
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

const FOLDERS = ["../../shared/vectors/", "./vectors/"].map((path) => new URL(path, import.meta.url));

/** Sets that were said to be missing: a line a set is enough. */
const missing = new Set<string>();

/**
 * The parsed JSON of one vector file, for instance `aws/mqtt-connect.json`.
 * `undefined` where the file is not there, after one line on stderr for all of its set.
 */
export function readVectors<T>(name: string): T | undefined {
	const found = FOLDERS.map((folder) => new URL(name, folder)).find((file) => existsSync(file));
	if (found !== undefined) return JSON.parse(readFileSync(found, "utf8")) as T;
	const set = dirname(name);
	if (!missing.has(set)) process.stderr.write(`Left out: tests on vectors/${set}, which are not on this machine.\n`);
	missing.add(set);
	return undefined;
}
