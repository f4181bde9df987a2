/**
 * A device's store in memory, as provisioning leaves it.
 * @module
 */
import { provisionStore } from "../src/device/credential/index.js";
import type { KeyValueStore } from "../src/device/ports.js";
import { nodeDigest } from "../src/host/ports.js";
import { memoryStore } from "./device/world.js";

/** @param credential as `parseCredential` takes it, as an object. */
export function provisionedStore(credential: object): KeyValueStore {
	const store = memoryStore();
	provisionStore(store, JSON.stringify(credential), nodeDigest);
	return store;
}
