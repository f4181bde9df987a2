/**
 * What a person puts into a device counts for more than what the device has come to by itself.
 * @module
 */
import {
	decodeCredentialRecord,
	encodeCredentialRecord,
	parseCredential,
	provisionStore,
} from "../../../src/device/credential/index.js";
import type { Cases } from "../case.js";
import { leftoversOf, TornStore } from "../torn-store.js";
import { connected, digest, json, mutationsOf, powerUp, provisioned, told, uses } from "./played-vault.js";

/** A device that has rotated its credential, once or twice. */
function rotated(times: 1 | 2): TornStore {
	const store = provisioned();
	const vault = connected(store);
	for (const token of ["NEW", "NEWER"].slice(0, times)) {
		vault.propose(json(token));
		vault.select();
		vault.prove();
	}
	return store;
}

/** A tool that knows the first slot alone, and leaves the others as they are. */
function writeFirst(store: TornStore, token: string, sequence: number): void {
	const record = { ...parseCredential(json(token), digest), origin: "provisioned", sequence } as const;
	store.values.set("credential", encodeCredentialRecord(record));
}

export const cases: Cases = {
	"the first credential has number 1 and comes from provisioning": (check) => {
		const { origin, sequence } = decodeCredentialRecord(provisioned().values.get("credential")!);
		check.same({ origin, sequence }, { origin: "provisioned", sequence: 1 });
	},
	"a credential in place of others has the highest number, and they are gone": (check) => {
		for (const [times, sequence] of [
			[1, 3],
			[2, 4],
		] as const) {
			const store = rotated(times);
			provisionStore(store, json("AGAIN"), digest);
			check.is(decodeCredentialRecord(store.values.get("credential")!).sequence, sequence);
			check.same([...store.values.keys()], ["credential"]);
			check.is(uses(store, 3), "AGAIN AGAIN AGAIN");
		}
	},
	"what is no credential is not written": (check) => {
		const store = provisioned();
		check.is(
			mutationsOf(store, () => check.throws(() => provisionStore(store, json(""), digest), { code: "wrong-length" })),
			0,
		);
	},
	"its number is above that of a record which cannot be read at the moment": (check) => {
		const store = rotated(1);
		store.unreadable.add("credential2");
		check.throws(() => provisionStore(store, json("AGAIN"), digest), { code: "store-failed" });
		check.is(decodeCredentialRecord(store.values.get("credential")!).sequence, 3);
		check.is(uses(store, 2), "AGAIN AGAIN");
	},
	"a store that fails is told": (check) => {
		const store = new TornStore();
		store.failAt(0, "before");
		check.throws(() => provisionStore(store, json("OLD"), digest), { code: "store-failed", step: "credential" });
	},
	"a record that a tool puts into the first slot alone wins at once over every rotation, whatever its number": (
		check,
	) => {
		for (const times of [1, 2] as const)
			for (const sequence of [1, 2, 3, 4, 0xffff_ffff]) {
				const store = rotated(times);
				writeFirst(store, "AGAIN", sequence);
				check.is(uses(store, 5), "AGAIN AGAIN AGAIN AGAIN AGAIN");
				connected(store);
				check.is(
					mutationsOf(store, () => check.is(uses(store, 3), "AGAIN AGAIN AGAIN")),
					0,
				);
			}
	},
	"it wins over one that is on trial, too": (check) => {
		const store = provisioned();
		const vault = connected(store);
		vault.propose(json("NEW"));
		vault.select();
		writeFirst(store, "AGAIN", 2);
		check.is(uses(store, 3), "AGAIN AGAIN AGAIN");
	},
	"it is never given up for an older one": (check) => {
		const store = rotated(1);
		writeFirst(store, "AGAIN", 2);
		const vault = powerUp(store);
		check.is(told(vault.select()), "AGAIN");
		check.is(
			mutationsOf(store, () => vault.reject()),
			0,
		);
		check.is(told(vault.select()), "AGAIN");
	},
	"a device that has not connected with it yet takes no other one over it, nor over what it replaces": (check) => {
		const store = rotated(1);
		writeFirst(store, "AGAIN", 2);
		const vault = powerUp(store);
		vault.select();
		check.is(
			mutationsOf(store, () => check.throws(() => vault.propose(json("NEWER")), { code: "unsettled" })),
			0,
		);
		vault.prove();
		check.is(vault.propose(json("NEWER")), true);
		check.is(told(vault.select()), "NEWER?");
	},
	"with a torn pointer, too, it goes first when its number is the highest": (check) => {
		const store = rotated(2);
		store.values.delete("credential-use");
		writeFirst(store, "AGAIN", 4);
		check.is(uses(store, 4), "AGAIN? AGAIN? AGAIN? NEW?");
	},
	"rotation goes on from there": (check) => {
		const store = rotated(2);
		provisionStore(store, json("AGAIN"), digest);
		const vault = connected(store);
		vault.propose(json("LATEST"));
		check.is(uses(store, 4), "LATEST? LATEST? LATEST? AGAIN?");
	},
	"after the last number it begins anew": (check) => {
		const store = rotated(1);
		writeFirst(store, "AGAIN", 0xffff_ffff);
		connected(store);
		provisionStore(store, json("LATEST"), digest);
		check.is(decodeCredentialRecord(store.values.get("credential")!).sequence, 1);
		check.is(uses(store, 2), "LATEST LATEST");
	},
	"power lost on the way leaves the old credential in use or the new one, in a store that replaces a value as one": (
		check,
	) => {
		const whole = rotated(1);
		provisionStore(whole, json("AGAIN"), digest);
		const count = whole.mutations.length;
		for (let cut = rotated(1).mutations.length; cut < count; cut++)
			for (const leftover of leftoversOf(whole.mutations[cut]!)) {
				if (typeof leftover !== "string" || leftover === "absent") continue;
				const store = rotated(1);
				store.cutAt(cut, leftover);
				check.throws(() => provisionStore(store, json("AGAIN"), digest), { name: "DeviceError" });
				check.throws(() => store.read("credential"), { name: "PowerCut" });
				store.powerUp();
				const isWritten = cut > rotated(1).mutations.length || leftover === "after";
				check.is(uses(store, 4), isWritten ? "AGAIN AGAIN AGAIN AGAIN" : "NEW NEW NEW NEW", `${cut} ${leftover}`);
			}
	},
};
