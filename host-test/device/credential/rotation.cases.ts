/**
 * A new credential takes the place of the old one once it has connected, and not before.
 * @module
 */
import { decodeCredentialRecord, encodeCredentialRecord } from "../../../src/device/credential/index.js";
import type { Cases } from "../case.js";
import type { TornStore } from "../torn-store.js";
import { connected, json, mutationsOf, powerUp, provisioned, told, uses } from "./played-vault.js";
import { ED25519, PRESIGNED, RSA } from "./samples.js";

/** What lies in the slots, by token. */
function stored(store: TornStore): string {
	return ["credential", "credential2"]
		.map((key) => store.values.get(key))
		.map((bytes) => (bytes === undefined ? "-" : told({ ...decodeCredentialRecord(bytes), onTrial: false })))
		.join(" ");
}

/** A device with a proven credential and a new one that is on trial. */
function onTrial(store = provisioned()) {
	const vault = connected(store);
	vault.propose(json("NEW"));
	vault.select();
	return { store, vault };
}

export const cases: Cases = {
	"a new credential is used from the next selection on, on trial, and beside the old one": (check) => {
		const store = provisioned();
		const vault = connected(store);
		check.is(vault.propose(json("NEW")), true);
		check.is(stored(store), "OLD NEW");
		check.is(told(vault.select()), "NEW?");
	},
	"once it has connected it is the one": (check) => {
		const { store, vault } = onTrial();
		check.is(
			mutationsOf(store, () => vault.prove()),
			1,
		);
		check.is(
			mutationsOf(store, () => vault.prove()),
			0,
		);
		check.is(told(vault.select()), "NEW");
		check.is(
			mutationsOf(store, () => check.is(uses(store, 5), "NEW NEW NEW NEW NEW")),
			0,
		);
	},
	"credential after credential, the slots take turns and the one in use is never written over": (check) => {
		const store = provisioned("0");
		const vault = connected(store);
		for (let i = 1; i < 6; i++) {
			vault.propose(json(String(i)));
			check.is(stored(store), i % 2 === 1 ? `${i - 1} ${i}` : `${i} ${i - 1}`);
			check.is(told(vault.select()), `${i}?`);
			vault.prove();
		}
		check.is(uses(store, 1), "5");
	},
	"one that does not connect is used in three power-ups, then the old one is": (check) => {
		const store = provisioned();
		connected(store).propose(json("NEW"));
		check.is(uses(store, 6), "NEW? NEW? NEW? OLD? OLD? OLD?");
		check.is(told(connected(store).select()), "OLD");
		check.is(uses(store, 3), "OLD OLD OLD");
	},
	"a trial is counted before the credential is given, and once in a power-up": (check) => {
		const store = provisioned();
		connected(store).propose(json("NEW"));
		const vault = powerUp(store);
		check.is(
			mutationsOf(store, () => void vault.select()),
			1,
		);
		check.is(
			mutationsOf(store, () => check.is([1, 2, 3, 4].map(() => told(vault.select())).join(" "), "NEW? NEW? NEW? NEW?")),
			0,
		);
		check.is(uses(store, 3), "NEW? NEW? OLD?");
	},
	"one that is rejected gives way to the old one, and is forgotten when that has connected": (check) => {
		const { store, vault } = onTrial();
		vault.reject();
		check.is(told(vault.select()), "OLD?");
		vault.prove();
		check.is(told(vault.select()), "OLD");
		check.is(uses(store, 2), "OLD OLD");
	},
	"a rejection outlasts the power": (check) => {
		const { store, vault } = onTrial();
		vault.reject();
		check.is(uses(store, 2), "OLD? OLD?");
	},
	"the old one, rejected too, gives the new one its turn again: the gateway may take nothing else any more": (
		check,
	) => {
		const { store, vault } = onTrial();
		for (const expected of ["OLD?", "NEW?", "OLD?", "NEW?"]) {
			vault.reject();
			check.is(told(vault.select()), expected);
		}
		vault.prove();
		check.is(uses(store, 2), "NEW NEW");
	},
	"what is not on trial is not rejected": (check) => {
		const store = provisioned();
		const vault = connected(store);
		check.is(
			mutationsOf(store, () => vault.reject()),
			0,
		);
		check.is(told(vault.select()), "OLD");
	},
	"the credential in use, however it is written, changes nothing": (check) => {
		const store = provisioned();
		const vault = connected(store);
		const { version, mode, ...rest } = JSON.parse(json("OLD"));
		const other = JSON.stringify(
			{ ...rest, mode, version, endpoint: { serverName: "h", port: 443, host: "h" } },
			null,
			2,
		);
		check.is(
			mutationsOf(store, () => {
				for (const text of [json("OLD"), other]) check.is(vault.propose(text), false, text);
			}),
			0,
		);
		const trial = onTrial();
		check.is(
			mutationsOf(trial.store, () => check.is(trial.vault.propose(json("NEW")), false)),
			0,
		);
		check.is(told(trial.vault.select()), "NEW?");
	},
	"another key is another credential": (check) => {
		const store = provisioned();
		const vault = connected(store);
		vault.propose(JSON.stringify(ED25519));
		vault.select();
		vault.prove();
		const bytes = store.values.get("credential2")!;
		const record = decodeCredentialRecord(bytes);
		const key = record.privateKey!.slice().fill(7, 0, 1);
		store.values.set("credential2", encodeCredentialRecord({ ...record, privateKey: key }));
		const other = powerUp(store);
		other.select();
		other.prove();
		check.is(other.propose(JSON.stringify(ED25519)), true);
	},
	"what is no credential is refused before anything is written": (check) => {
		const store = provisioned();
		const vault = connected(store);
		for (const [text, code] of [
			["no json", "not-json"],
			[json(""), "wrong-length"],
			[JSON.stringify({ ...PRESIGNED, rotationTopic: "#" }), "wrong-form"],
			[JSON.stringify({ ...RSA, privateKey: "SECRET" }), "key-not-pem"],
			[JSON.stringify({ ...ED25519, privateKey: "SECRET" }), "key-malformed"],
			["[".repeat(5_000), "too-deep"],
		] as const)
			check.is(
				mutationsOf(store, () => check.throws(() => vault.propose(text), { name: "DeviceError", code })),
				0,
				code,
			);
		check.is(uses(store, 2), "OLD OLD");
	},
	"a newer one takes the place of one that is on trial": (check) => {
		const { store, vault } = onTrial();
		check.is(vault.propose(json("NEWER")), true);
		check.is(stored(store), "OLD NEWER");
		check.throws(() => vault.readKey(), { code: "not-selected" });
		check.is(
			mutationsOf(store, () => vault.prove()),
			0,
			"nothing is selected",
		);
		check.is(uses(store, 4), "NEWER? NEWER? NEWER? OLD?");
	},
	"a new one has its trials, whatever became of the one before": (check) => {
		const store = provisioned();
		connected(store).propose(json("NEW"));
		uses(store, 4);
		connected(store).propose(json("NEWER"));
		check.is(uses(store, 4), "NEWER? NEWER? NEWER? OLD?");
	},
	"a device that has never connected keeps the credential it has": (check) => {
		const store = provisioned();
		const vault = powerUp(store);
		vault.select();
		check.is(vault.propose(json("NEW")), true);
		check.is(stored(store), "OLD NEW");
		check.is(uses(store, 4), "NEW? NEW? NEW? OLD?");
	},
	"with two of which none is known to work, neither is written over": (check) => {
		const { store } = onTrial();
		store.values.delete("credential-use");
		const vault = powerUp(store);
		vault.select();
		const refused = { code: "unsettled", step: "credential" };
		check.is(
			mutationsOf(store, () => check.throws(() => vault.propose(json("NEWER")), refused)),
			0,
		);
		vault.prove();
		check.is(vault.propose(json("NEWER")), true);
		check.is(stored(store), "NEWER NEW");
	},
	"one that has connected is not written over before that is in the store": (check) => {
		const { store, vault } = onTrial();
		store.failAt(store.mutations.length, "before");
		check.throws(() => vault.prove(), { code: "store-failed", step: "credential" });
		store.failAt(store.mutations.length, "before");
		check.throws(() => vault.propose(json("NEWER")), { code: "store-failed" });
		check.is(stored(store), "OLD NEW");
		check.is(vault.propose(json("NEWER")), true);
		check.is(stored(store), "NEWER NEW");
		check.is(uses(store, 4), "NEWER? NEWER? NEWER? NEW?");
	},
	"a trial that cannot be counted is not begun": (check) => {
		const store = provisioned();
		const vault = connected(store);
		vault.propose(json("NEW"));
		store.failAt(store.mutations.length, "before");
		const selected = vault.select();
		check.is(told(selected), "OLD");
		check.is(selected.fault?.code, "store-failed");
		check.is(uses(store, 1), "NEW?");
	},
	"where nothing is known to work, one is used although that cannot be counted": (check) => {
		const { store } = onTrial();
		store.values.delete("credential-use");
		store.failAt(store.mutations.length, "before");
		const selected = powerUp(store).select();
		check.is(told(selected), "NEW?");
		check.is(selected.fault?.code, "store-failed");
	},
	"a rejection that the store does not take holds until the power is lost": (check) => {
		const { store, vault } = onTrial();
		store.failAt(store.mutations.length, "before");
		check.throws(() => vault.reject(), { code: "store-failed" });
		check.is(told(vault.select()), "OLD?");
		vault.prove();
		check.is(uses(store, 2), "OLD OLD");
	},
	"a store that fails while a new one is written leaves the old one in use": (check) => {
		for (const leftover of ["before", "absent", { torn: 20 }] as const) {
			const store = provisioned();
			const vault = connected(store);
			store.failAt(store.mutations.length, leftover);
			check.throws(() => vault.propose(json("NEW")), { code: "store-failed" });
			check.is(told(vault.select()), "OLD");
			check.is(vault.propose(json("NEW")), true);
			check.is(told(vault.select()), "NEW?");
		}
	},
	"a store with room for two records takes a third one": (check) => {
		const store = provisioned();
		const vault = connected(store);
		vault.propose(json("NEW"));
		vault.select();
		vault.prove();
		const room = [...store.values.values()].reduce((sum, { length }) => sum + length, 0);
		const { write } = store;
		// NVS writes the new value before it gives back the room of the old one.
		store.write = (key, value) => {
			const used = [...store.values.values()].reduce((sum, { length }) => sum + length, 0);
			if (used + value.byteLength > room) throw new Error("full");
			write.call(store, key, value);
		};
		check.is(vault.propose(json("ONE")), true);
		check.is(stored(store), "ONE NEW");
	},
	"a retained message does not bring back what was given up, nor what was replaced": (check) => {
		const { store, vault } = onTrial();
		vault.reject();
		vault.select();
		vault.prove();
		const leftBehind = { code: "left-behind", step: "credential" };
		check.is(
			mutationsOf(store, () => check.throws(() => vault.propose(json("NEW"), true), leftBehind)),
			0,
		);
		check.is(vault.propose(json("NEWER"), true), true);
		vault.select();
		vault.prove();
		check.throws(() => vault.propose(json("OLD"), true), leftBehind);
		check.is(vault.propose(json("NEWER"), true), false);
	},
	"sent again by somebody, what was given up is tried again": (check) => {
		const { vault } = onTrial();
		vault.reject();
		vault.select();
		vault.prove();
		check.is(vault.propose(json("NEW")), true);
		check.is(told(vault.select()), "NEW?");
	},
	"a rotation has no number left after the last one": (check) => {
		const store = provisioned();
		const record = decodeCredentialRecord(store.values.get("credential")!);
		store.values.set("credential", encodeCredentialRecord({ ...record, sequence: 0xffff_ffff }));
		const vault = connected(store);
		check.throws(() => vault.propose(json("NEW")), { code: "sequence-exhausted", step: "credential" });
	},
};
