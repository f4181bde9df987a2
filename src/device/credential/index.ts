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

/** @throws {DeviceError} step `credential`; code `not-provisioned` where there is none, else as {@link parseCredential}. */
export function readCredential(store: KeyValueStore): Credential {
	const value = store.read(CREDENTIAL_KEY);
	if (value === undefined)
		throw new DeviceError({
			code: "not-provisioned",
			step: "credential",
			cause: "the device holds no credential",
			remedy: "provision it first",
		});
	try {
		return parseCredential(utf8Decode(new Uint8Array(value)));
	} catch (error) {
		if (!(error instanceof Utf8Error)) throw error;
		throw new DeviceError({
			code: "not-json",
			step: "credential",
			cause: "the stored credential is not UTF-8",
			remedy: "provision the device again",
		});
	}
}
