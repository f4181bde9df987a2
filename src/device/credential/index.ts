/**
 * The credential: parsed from JSON text or read from the device's store.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { Utf8Error, utf8Decode } from "../encoding/utf8.js";
import type { KeyValueStore } from "../ports.js";
import type { Credential } from "./credential.js";
import { parseCredential } from "./parse.js";

export * from "./credential.js";
export { CREDENTIAL_VERSION, parseCredential } from "./parse.js";

/** The store's key under which provisioning leaves the credential, as JSON in UTF-8. */
export const CREDENTIAL_KEY = "credential";

/**
 * @throws {DeviceError} step `credential`; code `not-provisioned` where there is none, `store-failed` where the store
 * cannot be read, else as {@link parseCredential}.
 */
export function readCredential(store: KeyValueStore): Credential {
	const value = readValue(store);
	if (value === undefined) throw storedError("not-provisioned", "the device holds no credential", "provision it first");
	try {
		return parseCredential(utf8Decode(new Uint8Array(value)));
	} catch (error) {
		if (!(error instanceof Utf8Error)) throw error;
		throw storedError("not-json", "the stored credential is not UTF-8", "provision the device again");
	}
}

function readValue(store: KeyValueStore): ArrayBuffer | undefined {
	try {
		return store.read(CREDENTIAL_KEY);
	} catch (error) {
		throw storedError("store-failed", `the store cannot be read (${String(error)})`, "provision the device again");
	}
}

function storedError(code: string, cause: string, remedy: string): DeviceError {
	return new DeviceError({ code, step: "credential", cause, remedy });
}
