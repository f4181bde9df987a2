/**
 * The credential: parsed from JSON text, kept in the device's store as a checked record, and replaced by rotation.
 * @module
 */
export { wipe } from "../signing/wipe.js";
export * from "./credential.js";
export { CREDENTIAL_VERSION, parseCredential } from "./parse.js";
export { provisionStore } from "./provision.js";
export {
	type CredentialRecord,
	decodeCredentialRecord,
	encodeCredentialRecord,
	type RecordOrigin,
	type StoredRecord,
} from "./record.js";
export { CredentialVault, type SelectedCredential } from "./vault.js";
