/** @module */
import type { Cases } from "./case.js";
import { type Leftover, leftoversOf, TornStore } from "./torn-store.js";

function value(...bytes: number[]): ArrayBuffer {
	return Uint8Array.from(bytes).buffer;
}

/** What is stored under `k`, where a write of 4 5 6 over 1 2 was the trouble. */
function after(leftover: Leftover): Uint8Array | undefined {
	const store = new TornStore({ k: Uint8Array.of(1, 2) });
	store.cutAt(0, leftover);
	try {
		store.write("k", value(4, 5, 6));
	} catch {
		store.powerUp();
	}
	return store.values.get("k");
}

export const cases: Cases = {
	"without trouble it is a store": (check) => {
		const store = new TornStore();
		check.is(store.read("k"), undefined);
		store.write("k", value(1));
		check.same(store.read("k"), value(1));
		store.write("k", value(2));
		check.same(store.read("k"), value(2));
		store.delete("k");
		store.delete("k");
		check.is(store.read("k"), undefined);
		check.same(store.mutations, [{ key: "k", bytes: 1 }, { key: "k", bytes: 1 }, { key: "k" }, { key: "k" }]);
	},
	"it keeps copies": (check) => {
		const store = new TornStore();
		const given = Uint8Array.of(1);
		store.write("k", given.buffer);
		given[0] = 9;
		new Uint8Array(store.read("k")!)[0] = 9;
		check.same(store.read("k"), value(1));
	},
	"the write that the power is lost in leaves what was said": (check) => {
		check.same(after("before"), Uint8Array.of(1, 2));
		check.same(after("after"), Uint8Array.of(4, 5, 6));
		check.is(after("absent"), undefined);
		check.same(after({ torn: 0 }), new Uint8Array(0));
		check.same(after({ torn: 2 }), Uint8Array.of(4, 5));
		check.same(after({ torn: 3 }), Uint8Array.of(4, 5, 6));
	},
	"the delete that the power is lost in was done or not": (check) => {
		for (const leftover of ["before", "after"] as const) {
			const store = new TornStore({ k: Uint8Array.of(1) });
			store.cutAt(0, leftover);
			check.throws(() => store.delete("k"), { name: "PowerCut" });
			check.is(store.values.has("k"), leftover === "before");
		}
	},
	"nothing works from the cut on, until the power is back": (check) => {
		const store = new TornStore({ k: Uint8Array.of(1) });
		store.cutAt(1, "before");
		store.write("a", value(1));
		check.is(store.isCut, false);
		check.throws(() => store.write("b", value(1)), { name: "PowerCut" });
		check.is(store.isCut, true);
		check.throws(() => store.read("k"), { name: "PowerCut" });
		check.throws(() => store.write("c", value(1)), { name: "PowerCut" });
		check.throws(() => store.delete("k"), { name: "PowerCut" });
		store.powerUp();
		store.write("c", value(1));
		check.same([...store.values.keys()], ["k", "a", "c"]);
		check.is(store.mutations.length, 3);
	},
	"a call that fails leaves what was said, and the next one works": (check) => {
		const store = new TornStore();
		store.failAt(0, { torn: 1 });
		check.is(store.isDue, true);
		check.throws(() => store.write("k", value(1, 2)), { name: "StoreFault" });
		check.is(store.isDue, false);
		check.same(store.read("k"), value(1));
		store.write("k", value(3));
		check.same(store.read("k"), value(3));
	},
	"trouble that has not come does not come after the power was off": (check) => {
		const store = new TornStore();
		store.cutAt(0, "before");
		store.powerUp();
		check.is(store.isDue, false);
		store.write("k", value(1));
	},
	"a key can be unreadable": (check) => {
		const store = new TornStore({ k: Uint8Array.of(1) });
		store.unreadable.add("k");
		check.throws(() => store.read("k"), { name: "StoreFault" });
	},
	"a key that NVS would not take is refused": (check) => {
		const store = new TornStore();
		for (const key of ["", "sixteen-letters-", "ü"]) check.throws(() => store.read(key), { name: "RangeError" }, key);
		store.read("fifteen-letters");
	},
	"what can be left of a mutation is all there is": (check) => {
		check.same(leftoversOf({ key: "k", bytes: 1 }), ["before", "after", "absent", { torn: 0 }, { torn: 1 }]);
		check.same(leftoversOf({ key: "k" }), ["before", "after"]);
	},
};
