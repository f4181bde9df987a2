/**
 * Gives a device its credential: the first one, or one in place of whatever it has.
 * @module
 */
import type { Digest, KeyValueStore } from "../ports.js";
import { wipe } from "../signing/wipe.js";
import { parseCredential } from "./parse.js";
import { encodeCredentialRecord } from "./record.js";
import { CredentialSlots, nextSequence } from "./slots.js";

/**
 * Writes a credential where the device reads it, then deletes what rotation has left. Power lost on the way leaves the old
 * credential in use or the new one.
 * @param json as `parseCredential` takes it.
 * @param digest as of `parseCredential`.
 * @throws {DeviceError} as `parseCredential`, with nothing written; code `store-failed`.
 */
export function provisionStore(store: KeyValueStore, json: string, digest: Digest): void {
	const { credential, privateKey } = parseCredential(json, digest);
	const slots = new CredentialSlots(store);
	// After the last number the first one: what has a higher one is deleted.
	const sequence = nextSequence(slots.look()) ?? 1;
	const record = { origin: "provisioned", sequence, credential, privateKey } as const;
	const bytes = encodeCredentialRecord(record);
	try {
		slots.write(0, bytes);
		clearRotation(slots);
	} finally {
		wipe(bytes);
		if (privateKey !== undefined) wipe(privateKey);
	}
}

/** The slot goes first: without the pointer it would be tried. */
function clearRotation(slots: CredentialSlots): void {
	slots.clear(1);
	slots.clearPointer();
}
