/**
 * What a device finds in its store at power-up.
 * @module
 */
import { CredentialVault, provisionStore, wipe } from "../../../src/device/credential/index.js";
import type { KeyValueStore } from "../../../src/device/ports.js";
import { type Cases, toHex } from "../case.js";
import { testKeyPkcs1 } from "../signing/test-key.js";
import { TornStore } from "../torn-store.js";
import { connected, digest, json, mutationsOf, powerUp, provisioned, told, uses } from "./played-vault.js";
import { ED25519, ED25519_PUBLIC, ED25519_SEED, MINTED, PRESIGNED, RSA, UNSIGNED } from "./samples.js";

/** A record that its bytes were changed in. */
function damaged(change: (bytes: Uint8Array) => Uint8Array): Uint8Array {
	return change(provisioned().values.get("credential")!.slice());
}

const FOREIGN = Uint8Array.of(1, 2, 3);
const TRUNCATED = damaged((bytes) => bytes.subarray(0, 40).slice());
const DAMAGED = damaged((bytes) => bytes.fill(0, 30, 31));

function storeOf(sample: object): TornStore {
	const store = new TornStore();
	provisionStore(store, JSON.stringify(sample), digest);
	return store;
}

export const cases: Cases = {
	"the only credential there is, is used, not on trial, and nothing is written": (check) => {
		const store = provisioned();
		check.is(
			mutationsOf(store, () => check.is(uses(store, 5), "OLD OLD OLD OLD OLD")),
			0,
		);
	},
	"that it has connected is written once": (check) => {
		const store = provisioned();
		const vault = powerUp(store);
		vault.select();
		check.is(
			mutationsOf(store, () => vault.prove()),
			1,
		);
		check.is(
			mutationsOf(store, () => vault.prove()),
			0,
		);
		const again = powerUp(store);
		check.is(told(again.select()), "OLD");
		check.is(
			mutationsOf(store, () => again.prove()),
			0,
		);
	},
	"proving and rejecting mean nothing before there is a selection": (check) => {
		const store = provisioned();
		const vault = powerUp(store);
		check.is(
			mutationsOf(store, () => {
				vault.prove();
				vault.reject();
			}),
			0,
		);
		check.throws(() => vault.readKey(), { code: "not-selected", step: "credential" });
	},
	"where there is none that could be used, the slot that tells more is told": (check) => {
		const nothing = {};
		for (const [first, second, code] of [
			[nothing, nothing, "not-provisioned"],
			[{ credential: FOREIGN }, nothing, "record-foreign"],
			[nothing, { credential2: FOREIGN }, "record-foreign"],
			[{ credential: FOREIGN }, { credential2: TRUNCATED }, "record-truncated"],
			[{ credential: DAMAGED }, { credential2: TRUNCATED }, "record-damaged"],
			[{ credential: TRUNCATED }, { credential2: DAMAGED }, "record-damaged"],
		] as const) {
			const store = new TornStore({ ...first, ...second });
			check.throws(() => powerUp(store).select(), { code, step: "credential" }, code);
			check.is(store.mutations.length, 0);
		}
	},
	"a store that cannot be read is told before everything else": (check) => {
		for (const key of ["credential", "credential2"]) {
			const store = new TornStore(key === "credential" ? { credential2: DAMAGED } : { credential: DAMAGED });
			store.unreadable.add(key);
			check.throws(() => powerUp(store).select(), { code: "store-failed", step: "credential" }, key);
		}
	},
	"JSON that lies bare in the store is no record": (check) => {
		const text = json("OLD");
		const store = new TornStore({ credential: Uint8Array.from(text, (character) => character.charCodeAt(0)) });
		check.throws(() => powerUp(store).select(), { code: "record-foreign" });
	},
	"a slot that is damaged is got around and told": (check) => {
		for (const [key, bytes, code] of [
			["credential", DAMAGED, "record-damaged"],
			["credential2", TRUNCATED, "record-truncated"],
		] as const) {
			const store = provisioned();
			connected(store).propose(json("NEW"));
			store.values.set(key, bytes);
			const selected = powerUp(store).select();
			check.is(told(selected), key === "credential" ? "NEW" : "OLD");
			check.is(selected.fault?.code, code);
		}
	},
	"a slot that cannot be read for a while is got around, told, and not forgotten": (check) => {
		const store = provisioned();
		const vault = connected(store);
		vault.propose(json("NEW"));
		vault.select();
		vault.prove();
		store.unreadable.add("credential2");
		const meanwhile = powerUp(store);
		const selected = meanwhile.select();
		check.is(told(selected), "OLD");
		check.is(selected.fault?.code, "store-failed");
		check.is(
			mutationsOf(store, () => {
				meanwhile.prove();
				check.throws(() => meanwhile.propose(json("NEWER")), { code: "store-failed" });
			}),
			0,
		);
		store.unreadable.clear();
		check.is(uses(store, 2), "NEW NEW");
	},
	"a pointer that cannot be read is told, and both records are tried": (check) => {
		const store = provisioned();
		connected(store).propose(json("NEW"));
		store.unreadable.add("credential-use");
		const selected = powerUp(store).select();
		check.is(told(selected), "NEW?");
		check.is(selected.fault?.code, "store-failed");
	},
	"the key of each mode is read fresh, and wiping it leaves the store as it is": (check) => {
		for (const [sample, expected] of [
			[PRESIGNED, undefined],
			[UNSIGNED, undefined],
			[RSA, toHex(testKeyPkcs1())],
			[MINTED, toHex(testKeyPkcs1())],
			[ED25519, toHex(ED25519_SEED) + toHex(ED25519_PUBLIC)],
		] as const) {
			const store = storeOf(sample);
			const vault = powerUp(store);
			vault.select();
			for (let i = 0; i < 2; i++) {
				const key = vault.readKey();
				check.is(key && toHex(key), expected, sample.mode);
				if (key !== undefined) wipe(key);
			}
		}
	},
	"a key of another credential than the selected one is not given": (check) => {
		const store = storeOf(ED25519);
		const vault = powerUp(store);
		vault.select();
		provisionStore(store, JSON.stringify({ ...ED25519, clientId: "thermometer-2" }), digest);
		check.throws(() => vault.readKey(), { code: "credential-changed", step: "credential" });
		store.values.delete("credential");
		check.throws(() => vault.readKey(), { code: "credential-changed" });
		store.unreadable.add("credential");
		check.throws(() => vault.readKey(), { code: "store-failed" });
	},
	"no key stays behind in what was read or written": (check) => {
		const seen: ArrayBuffer[] = [];
		const values = storeOf(ED25519).values;
		const store: KeyValueStore = {
			read(key) {
				const value = values.get(key)?.slice().buffer as ArrayBuffer | undefined;
				if (value !== undefined && key !== "credential-use") seen.push(value);
				return value;
			},
			write(key, value) {
				values.set(key, new Uint8Array(value.slice(0)));
				if (key !== "credential-use") seen.push(value);
			},
			delete: (key) => void values.delete(key),
		};
		const seed = toHex(ED25519_SEED);
		const expectWiped = (what: string) => {
			check.is(seen.length > 0, true, what);
			for (const buffer of seen) check.is(toHex(new Uint8Array(buffer)).includes(seed), false, what);
			seen.length = 0;
		};
		const vault = new CredentialVault(store, digest);
		vault.select();
		expectWiped("select");
		wipe(vault.readKey()!);
		expectWiped("readKey");
		const [key, record] = [...values][0]!;
		values.set(key, record.slice().fill(0, 20, 21));
		check.throws(() => vault.readKey(), { code: "record-damaged" });
		expectWiped("readKey of a damaged record");
		values.set(key, record);
		vault.prove();
		check.is(vault.propose(JSON.stringify({ ...ED25519, clientId: "thermometer-2" })), true);
		expectWiped("propose");
		provisionStore(store, JSON.stringify(ED25519), digest);
		expectWiped("provisionStore");
	},
};
