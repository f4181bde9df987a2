/**
 * A store that fails while the power stays, and a store with anything in it.
 * @module
 */
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { Outbox } from "../../../src/device/outbox/index.js";
import { encodeRecord } from "../../../src/device/outbox/record.js";
import { SLOT_COUNT, SLOT_KEY_PREFIX } from "../../../src/device/outbox/slots.js";
import type { Cases } from "../case.js";
import { leftoversOf, TornStore } from "../torn-store.js";
import { message, numbersIn, reopened } from "./messages.js";

function record(number: number): Uint8Array {
	const topic = utf8Encode(`t${number}`);
	return new Uint8Array(encodeRecord({ id: number, topic, payload: Uint8Array.of(number), retain: false }));
}

/** A store in which no value can be deleted, for as long as that is so. */
class UndeletableStore extends TornStore {
	isWorn = true;

	override delete(key: string): void {
		if (this.isWorn) throw new Error("worn");
		super.delete(key);
	}
}

const failing: Cases = {
	"a write that fails is told, and whatever it has left nothing is kept": (check) => {
		for (const leftover of leftoversOf({ key: "q", bytes: 17 })) {
			const store = new TornStore();
			const outbox = reopened(store);
			outbox.add(message(1));
			store.failAt(1, leftover);
			check.throws(() => outbox.add(message(2)), { code: "store-failed", step: "outbox" });
			check.same(numbersIn(outbox), [1]);
			check.is(store.values.size, 1);
			outbox.add(message(3));
			check.same(numbersIn(reopened(store)), [1, 3]);
		}
	},
	"a write that fails drops nothing": (check) => {
		const store = new TornStore();
		const outbox = reopened(store, { capacity: 2, whenFull: "drop-oldest" });
		outbox.add(message(1));
		outbox.add(message(2));
		store.failAt(2, "before");
		check.throws(() => outbox.add(message(3)), { code: "store-failed" });
		check.same(numbersIn(reopened(store)), [1, 2]);
	},
	"a settled message that cannot be deleted is told, and may be there after a restart": (check) => {
		const store = new TornStore();
		const outbox = reopened(store);
		const { id } = outbox.add(message(1));
		store.failAt(1, "before");
		const failure = outbox.settle(id);
		check.is(failure?.code, "store-failed");
		check.is(failure?.step, "outbox");
		check.same(outbox.ids, []);
		check.same(numbersIn(reopened(store)), [1]);
	},
	"what could not be deleted is deleted with the next one": (check) => {
		const store = new TornStore();
		const outbox = reopened(store);
		const [first, second] = [outbox.add(message(1)).id, outbox.add(message(2)).id];
		store.failAt(2, "before");
		outbox.settle(first);
		check.is(store.values.size, 2);
		check.is(outbox.settle(second), undefined);
		check.is(store.values.size, 0);
	},
	"whatever could not be deleted is deleted before anything is added": (check) => {
		const store = new UndeletableStore();
		const outbox = reopened(store);
		for (const { id } of [1, 2, 3].map((number) => outbox.add(message(number)))) outbox.settle(id);
		check.is(store.values.size, 3);
		store.isWorn = false;
		outbox.add(message(4));
		check.is(store.values.size, 1);
		check.same(numbersIn(reopened(store)), [4]);
	},
	"a store that deletes nothing is written over, and works": (check) => {
		const store = new UndeletableStore();
		const outbox = reopened(store, { capacity: 2 });
		for (let number = 1; number < 100; number++) {
			const { id } = outbox.add(message(number));
			check.is(outbox.settle(id)?.code, "store-failed");
		}
		check.is(store.values.size, 1);
		check.same(numbersIn(reopened(store)), [99]);
	},
	"a dropped message that cannot be deleted is told with it": (check) => {
		const store = new UndeletableStore();
		const outbox = reopened(store, { capacity: 1, whenFull: "drop-oldest" });
		outbox.add(message(1));
		const [dropped] = outbox.add(message(2)).dropped;
		check.is(dropped?.topic, "t1");
		check.is(dropped?.failure?.code, "store-failed");
		check.is(outbox.drop(outbox.ids[0]!)?.failure?.code, "store-failed");
	},
	"a message whose writing and deleting fail may turn up, and its id is not given again": (check) => {
		const store = new UndeletableStore();
		const outbox = reopened(store);
		outbox.add(message(1));
		store.failAt(1, "after");
		check.throws(() => outbox.add(message(2)), {
			code: "store-failed",
			message: "the store failed: q1 was not written, and may be there after a restart (StoreFault: mutation 1)",
		});
		check.same(numbersIn(outbox), [1]);
		check.same(numbersIn(reopened(store)), [1, 2]);
		// It takes the place of the one that may turn up.
		check.is(outbox.add(message(3)).id, 3);
		check.same(numbersIn(reopened(store)), [1, 3]);
	},
	"a store that cannot be read is told, nothing is changed, and it can be tried again": (check) => {
		const store = new TornStore({ q0: record(1), q1: Uint8Array.of(1, 2, 3), q2: record(2) });
		store.unreadable.add("q2");
		const outbox = new Outbox({ store });
		check.throws(() => outbox.open(), { code: "store-failed", step: "outbox" });
		check.throws(() => outbox.add(message(3)), { code: "not-open" });
		check.same(store.mutations, []);
		store.unreadable.clear();
		check.same(outbox.open(), { messages: 2, damaged: 1, dropped: [] });
		check.same(numbersIn(outbox), [1, 2]);
	},
	"a message that cannot be read is told and kept": (check) => {
		const store = new TornStore();
		const outbox = reopened(store);
		const { id } = outbox.add(message(1));
		store.unreadable.add("q0");
		check.throws(() => outbox.read(id), { code: "store-failed", step: "outbox" });
		check.is(outbox.topic(id), undefined);
		store.unreadable.clear();
		check.same(numbersIn(outbox), [1]);
	},
	"a message that cannot be read is dropped without its topic": (check) => {
		const store = new TornStore();
		const outbox = reopened(store);
		const { id } = outbox.add(message(1));
		store.unreadable.add("q0");
		check.same(outbox.drop(id), { id });
		check.is(store.values.size, 0);
	},
	"a message that is spoilt, gone or another meanwhile is told and gone": (check) => {
		for (const value of [Uint8Array.of(1), record(7), undefined]) {
			const store = new TornStore();
			const outbox = reopened(store);
			const { id } = outbox.add(message(1));
			if (value === undefined) store.values.delete("q0");
			else store.values.set("q0", value);
			check.throws(() => outbox.read(id), { code: "damaged", step: "outbox" });
			check.is(outbox.has(id), false);
			check.is(outbox.bytes, 0);
			check.is(store.values.size, 0);
		}
	},
	"an error holds no payload": (check) => {
		const store = new TornStore();
		const outbox = reopened(store);
		store.failAt(0, "before");
		try {
			outbox.add({ topic: "t", payload: utf8Encode("SECRET"), qos: 1 });
		} catch (error) {
			check.is(JSON.stringify({ ...(error as object), text: String(error) }).includes("SECRET"), false);
			return;
		}
		throw new RangeError("the store did not fail");
	},
};

const damage: Cases = {
	"what is no message is deleted and counted, the others are there": (check) => {
		const store = new TornStore({
			q0: new Uint8Array(0),
			q3: record(5),
			q4: record(5).subarray(0, 9),
			q9: Uint8Array.of(0xff, 0xff),
			q64: record(4),
		});
		const outbox = new Outbox({ store });
		check.same(outbox.open(), { messages: 2, damaged: 3, dropped: [] });
		check.same(numbersIn(outbox), [4, 5]);
		check.same([...store.values.keys()], ["q3", "q64"]);
	},
	"of two messages with one id the first is kept": (check) => {
		const store = new TornStore({ q0: record(5), q1: record(5) });
		const outbox = new Outbox({ store });
		check.same(outbox.open(), { messages: 1, damaged: 1, dropped: [] });
		check.same([...store.values.keys()], ["q0"]);
	},
	"damage that cannot be deleted is written over": (check) => {
		const store = new UndeletableStore({ q0: record(1), q1: Uint8Array.of(1) });
		const outbox = new Outbox({ store });
		check.same(outbox.open(), { messages: 1, damaged: 1, dropped: [] });
		outbox.add(message(2));
		check.same([...store.values.keys()], ["q0", "q1"]);
		check.same(numbersIn(reopened(store)), [1, 2]);
	},
	"a store with damage in every slot is an empty outbox that works": (check) => {
		const store = new TornStore();
		for (let slot = 0; slot < SLOT_COUNT; slot++)
			store.values.set(`${SLOT_KEY_PREFIX}${slot}`, record(slot + 1).fill(slot, 12));
		const outbox = new Outbox({ store });
		check.same(outbox.open(), { messages: 0, damaged: SLOT_COUNT, dropped: [] });
		check.is(store.values.size, 0);
		outbox.add(message(1));
		check.same(numbersIn(reopened(store)), [1]);
	},
	"a message in every slot can be read and settled, and room is made by that": (check) => {
		const store = new TornStore();
		for (let slot = 0; slot < SLOT_COUNT; slot++) store.values.set(`${SLOT_KEY_PREFIX}${slot}`, record(slot + 1));
		const outbox = reopened(store, { capacity: 64 });
		check.is(outbox.size, SLOT_COUNT);
		check.throws(() => outbox.add(message(99)), { code: "full" });
		for (const id of outbox.ids.slice(0, 2)) outbox.settle(id);
		outbox.add(message(99));
		check.is(outbox.size, 64);
	},
};

export const cases: Cases = { ...failing, ...damage };
