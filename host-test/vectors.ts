/**
 * Test vectors: those that lie beside the project when it is developed, or the copies in `host-test/vectors`.
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDERS = ["../../shared/vectors/", "./vectors/"].map((path) => new URL(path, import.meta.url));

/**
 * The parsed JSON of one vector file, for instance `aws/mqtt-connect.json`.
 * `undefined` where the file is not there, after one line on stderr that says what is left out.
 */
export function readVectors<T>(name: string): T | undefined {
	const found = FOLDERS.map((folder) => new URL(name, folder)).find((file) => existsSync(file));
	if (found === undefined) {
		process.stderr.write(`Left out: the tests on vectors/${name}, which is not on this machine.\n`);
		return undefined;
	}
	return JSON.parse(readFileSync(fileURLToPath(found), "utf8")) as T;
}
