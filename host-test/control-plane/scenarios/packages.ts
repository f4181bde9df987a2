/**
 * Deployment packages, made as a developer makes them.
 * @module
 */
import { createHash } from "node:crypto";
import { strToU8, zipSync } from "fflate";

/** A package of these files. */
export function packageOf(files: Readonly<Record<string, string>>): Uint8Array {
	return zipSync(Object.fromEntries(Object.entries(files).map(([path, text]) => [path, strToU8(text)])));
}

/** What AWS Lambda tells of a package. */
export function codeFacts(zip: Uint8Array) {
	return { CodeSha256: createHash("sha256").update(zip).digest("base64"), CodeSize: zip.length };
}
