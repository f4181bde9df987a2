/**
 * What the outbox keeps, and in which order.
 * @module
 */
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { LAST_MESSAGE_ID } from "../../../src/device/outbox/message-ids.js";
import { Outbox } from "../../../src/device/outbox/outbox.js";
import { encodeRecord } from "../../../src/device/outbox/record.js";
import type { Cases } from "../case.js";
import { TornStore } from "../torn-store.js";
import { memoryStore } from "../world.js";
import { message, numbersIn, OVERHEAD, reopened } from "./messages.js";

/** A record in which the topic is `t` and the id. */
function record(id: number): Uint8Array {
	return new Uint8Array(
		encodeRecord({ id, topic: utf8Encode(`t${id}`), payload: Uint8Array.of(id & 255), retain: false }),
	);
}

export const cases: Cases = {
	"an empty store is an empty outbox": (check) => {
		const outbox = new Outbox({ store: memoryStore() });
		check.same(outbox.open(), { messages: 0, damaged: 0, dropped: [] });
		check.is(outbox.size, 0);
		check.is(outbox.bytes, 0);
		check.is(outbox.next(), undefined);
		check.is(outbox.read(1), undefined);
		check.is(outbox.topic(1), undefined);
		check.is(outbox.has(1), false);
	},
	"a message is kept as it is until it is settled": (check) => {
		const outbox = reopened(memoryStore());
		const sent = { topic: "ü/😀", payload: Uint8Array.of(0, 255), qos: 1, retain: true } as const;
		const { id, dropped } = outbox.add(sent);
		check.same(dropped, []);
		check.same(outbox.read(id), { id, message: sent, mayBeDuplicate: false });
		check.is(outbox.has(id), true);
		check.is(outbox.topic(id), "ü/😀");
		check.is(outbox.settle(id), undefined);
		check.is(outbox.has(id), false);
		check.is(outbox.read(id), undefined);
		check.is(outbox.size, 0);
	},
	"what the caller does to its payload afterwards does not matter": (check) => {
		const outbox = reopened(memoryStore());
		const payload = Uint8Array.of(1, 2, 3, 4);
		const { id } = outbox.add({ topic: "t", payload: payload.subarray(1, 3), qos: 1 });
		payload.fill(9);
		check.same(outbox.read(id)?.message, { topic: "t", payload: Uint8Array.of(2, 3), qos: 1, retain: false });
	},
	"size and bytes are those of the records": (check) => {
		const store = new TornStore();
		const outbox = reopened(store);
		const { id } = outbox.add(message(1, 10));
		outbox.add(message(2, 0));
		check.is(outbox.size, 2);
		check.is(outbox.bytes, 2 * OVERHEAD + 10);
		check.is(
			[...store.values.values()].reduce((sum, { length }) => sum + length, 0),
			outbox.bytes,
		);
		outbox.settle(id);
		check.is(outbox.bytes, OVERHEAD);
		check.is(reopened(store).bytes, OVERHEAD);
	},
	"a restart loses nothing: not the message, its order, retain": (check) => {
		const store = memoryStore();
		const first = reopened(store);
		first.add({ ...message(1), retain: true });
		const { id } = first.add(message(2));
		first.add(message(3));
		first.settle(id);
		const outbox = new Outbox({ store });
		check.same(outbox.open(), { messages: 2, damaged: 0, dropped: [] });
		check.same(numbersIn(outbox), [1, 3]);
		check.same(
			outbox.ids.map((other) => outbox.read(other)?.message.retain),
			[true, false],
		);
	},
	"the order is that of adding, whichever slots were free": (check) => {
		const store = memoryStore();
		const outbox = reopened(store);
		for (const number of [1, 2, 3, 4]) outbox.add(message(number));
		const [first, , third] = outbox.ids;
		outbox.settle(third!);
		outbox.settle(first!);
		for (const number of [5, 6, 7]) outbox.add(message(number));
		check.same(numbersIn(outbox), [2, 4, 5, 6, 7]);
		check.same(numbersIn(reopened(store)), [2, 4, 5, 6, 7]);
	},
	"ids go on above those found after a restart": (check) => {
		const store = new TornStore({ q5: record(7), q2: record(9) });
		const outbox = reopened(store);
		check.same(outbox.ids, [7, 9]);
		check.is(outbox.add(message(1)).id, 10);
	},
	"after the last id comes 1, and the order stays": (check) => {
		const store = new TornStore({ q0: record(LAST_MESSAGE_ID - 1), q1: record(LAST_MESSAGE_ID) });
		const outbox = reopened(store);
		check.is(outbox.add(message(1)).id, 1);
		check.is(outbox.add(message(2)).id, 2);
		check.same(reopened(store).ids, [LAST_MESSAGE_ID - 1, LAST_MESSAGE_ID, 1, 2]);
	},
	"the next one is the oldest that is not in flight": (check) => {
		const outbox = reopened(memoryStore());
		const [a, b, c] = [1, 2, 3].map((number) => outbox.add(message(number)).id);
		check.is(outbox.next(), a);
		check.is(outbox.next([a!]), b);
		outbox.sent(a!);
		check.is(outbox.next(), b);
		outbox.sent(b!);
		outbox.sent(c!);
		check.is(outbox.next(), undefined);
		outbox.recall();
		check.is(outbox.next(), a);
	},
	"a message may be a duplicate once it was sent, and after a restart": (check) => {
		const store = memoryStore();
		const outbox = reopened(store);
		const { id } = outbox.add(message(1));
		check.is(outbox.read(id)?.mayBeDuplicate, false);
		outbox.recall();
		check.is(outbox.read(id)?.mayBeDuplicate, false);
		outbox.sent(id);
		outbox.recall();
		check.is(outbox.read(id)?.mayBeDuplicate, true);
		check.is(reopened(store).read(id)?.mayBeDuplicate, true);
	},
	"a dropped message is told by its topic": (check) => {
		const store = new TornStore();
		const outbox = reopened(store);
		const { id } = outbox.add(message(1));
		check.same(outbox.drop(id), { id, topic: "t1" });
		check.is(outbox.drop(id), undefined);
		check.is(store.values.size, 0);
	},
	"settling or marking what is not there does nothing": (check) => {
		const outbox = reopened(memoryStore());
		outbox.add(message(1));
		check.is(outbox.settle(99), undefined);
		outbox.sent(99);
		check.same(numbersIn(outbox), [1]);
		check.is(outbox.next() === undefined, false);
	},
	"once open it does not read the store again": (check) => {
		const store = new TornStore();
		const outbox = reopened(store);
		const { id } = outbox.add(message(1));
		store.values.clear();
		check.same(outbox.open(), { messages: 1, damaged: 0, dropped: [] });
		check.same(outbox.ids, [id]);
	},
	"nothing is added before it has been opened": (check) => {
		const store = new TornStore({ q0: record(1) });
		check.throws(() => new Outbox({ store }).add(message(1)), { code: "not-open", step: "outbox" });
		check.same(store.mutations, []);
	},
	"keys of others are left alone": (check) => {
		const store = new TornStore({ credential: Uint8Array.of(1), q: Uint8Array.of(2), q65: Uint8Array.of(3) });
		const outbox = reopened(store);
		outbox.settle(outbox.add(message(1)).id);
		check.same([...store.values.keys()], ["credential", "q", "q65"]);
	},
};
