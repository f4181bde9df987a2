/**
 * Vaults over a store that can fail, and credentials that differ in their tokens alone.
 * @module
 */
import { CredentialVault, provisionStore, type SelectedCredential } from "../../../src/device/credential/index.js";
import { TornStore } from "../torn-store.js";
import { playedDigest } from "./samples.js";

export const digest = playedDigest();

/** The JSON of a credential with this token; small, for its record is cut at every byte. */
export function json(token: string): string {
	return JSON.stringify({
		version: 1,
		mode: "unsigned",
		clientId: "c",
		endpoint: { host: "h" },
		tokenKeyName: "t",
		token,
	});
}

/** A store as provisioning leaves it. */
export function provisioned(token = "OLD"): TornStore {
	const store = new TornStore();
	provisionStore(store, json(token), digest);
	return store;
}

/** A device that was just switched on. */
export function powerUp(store: TornStore): CredentialVault {
	return new CredentialVault(store, digest);
}

/** One that has connected with the credential that it had. */
export function connected(store: TornStore = provisioned()): CredentialVault {
	const vault = powerUp(store);
	vault.select();
	vault.prove();
	return vault;
}

/** Its token, and a question mark where it is on trial. */
export function told({ credential, onTrial }: SelectedCredential): string {
	const token = credential.mode === "unsigned" ? credential.token : credential.mode;
	return `${token}${onTrial ? "?" : ""}`;
}

/** What a device uses in this many power-ups in which it never connects. */
export function uses(store: TornStore, count: number): string {
	return Array.from({ length: count }, () => told(powerUp(store).select())).join(" ");
}

/** How many writes and deletes `act` makes. */
export function mutationsOf(store: TornStore, act: () => void): number {
	const before = store.mutations.length;
	act();
	return store.mutations.length - before;
}
