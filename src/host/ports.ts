/**
 * Clock, random, digest and hash of `src/device/ports.ts` on Node.
 * @module
 */
import { createHash, randomBytes } from "node:crypto";
import type { Clock, Digest, Hash, Random } from "../device/ports.js";

export const nodeClock: Clock = {
	wallTime: () => Date.now(),
	monotonic: () => performance.now(),
	setTimer: (callback, delay) => setTimeout(callback, delay),
	clearTimer: (timer) => clearTimeout(timer as NodeJS.Timeout),
};

export const nodeRandom: Random = {
	bytes: (count) => new Uint8Array(randomBytes(count)),
};

export const nodeDigest: Digest = {
	sha256: (data) => new Uint8Array(createHash("sha256").update(data).digest()),
	sha512: (data) => new Uint8Array(createHash("sha512").update(data).digest()),
};

export function nodeHash(): Hash {
	const hash = createHash("sha256");
	return { update: (data) => void hash.update(data), digest: () => new Uint8Array(hash.digest()) };
}
