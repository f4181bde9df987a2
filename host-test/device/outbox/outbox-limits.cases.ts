/**
 * What the outbox does not take, and what gives way.
 * @module
 */
import type { OutgoingMessage } from "../../../src/device/link/index.js";
import { Outbox, type OutboxLimits } from "../../../src/device/outbox/index.js";
import type { Cases } from "../case.js";
import { TornStore } from "../torn-store.js";
import { memoryStore } from "../world.js";
import { message, numbersIn, OVERHEAD, reopened } from "./messages.js";

/** An outbox with the messages 1 to `count` in it. */
function filled(count: number, limits: OutboxLimits, bytes = 1) {
	const store = new TornStore();
	const outbox = reopened(store, limits);
	for (let number = 1; number <= count; number++) outbox.add(message(number, bytes));
	return { store, outbox };
}

const DROPPING = { whenFull: "drop-oldest" } as const;

const refusing: Cases = {
	"sixteen messages are kept, and no more, unless told otherwise": (check) => {
		const { outbox } = filled(16, {});
		check.throws(() => outbox.add(message(17)), { code: "full", step: "outbox" });
		check.is(outbox.size, 16);
	},
	"8192 bytes are kept, and no more, unless told otherwise": (check) => {
		const { outbox } = filled(8, {}, 1024 - OVERHEAD);
		check.is(outbox.bytes, 8192);
		check.throws(() => outbox.add(message(9, 0)), { code: "full" });
		const [first] = outbox.ids;
		outbox.settle(first!);
		outbox.add(message(9, 1024 - OVERHEAD));
	},
	"a full outbox says by how much": (check) => {
		const { outbox } = filled(2, { capacity: 2 }, 10);
		check.throws(() => outbox.add(message(3, 20)), {
			code: "full",
			message: "2 messages of 2 and 52 bytes of 8192 cannot give way to 36 more",
		});
	},
	"a message that could never fit is told from one that does not fit now": (check) => {
		const { outbox, store } = filled(1, { maximumBytes: 512 });
		check.throws(() => outbox.add(message(2, 512 - OVERHEAD + 1)), {
			code: "too-large",
			message: "the message takes 513 bytes, all together may take 512",
		});
		check.throws(() => outbox.add(message(2, 512 - OVERHEAD)), { code: "full" });
		outbox.settle(outbox.ids[0]!);
		outbox.add(message(2, 512 - OVERHEAD));
		check.same(numbersIn(reopened(store)), [2]);
	},
	"sixty-four messages are kept where that is told": (check) => {
		const { outbox, store } = filled(64, { capacity: 64 });
		check.throws(() => outbox.add(message(65)), { code: "full" });
		check.is(store.values.size, 64);
		check.is(reopened(store).size, 64);
	},
	"more than the capacity is kept when it was more before": (check) => {
		const { store } = filled(5, {});
		const outbox = reopened(store, { capacity: 2 });
		check.same(numbersIn(outbox), [1, 2, 3, 4, 5]);
		check.throws(() => outbox.add(message(6)), { code: "full" });
		for (const id of outbox.ids.slice(0, 4)) outbox.settle(id);
		outbox.add(message(6));
		check.same(numbersIn(outbox), [5, 6]);
	},
	"what no server would take is refused at once": (check) => {
		const { outbox, store } = filled(0, {});
		const refused: readonly (readonly [Partial<OutgoingMessage>, string])[] = [
			[{ qos: 0 }, "qos"],
			[{ topic: "" }, "topic"],
			[{ topic: "a/+" }, "topic"],
			[{ topic: "#" }, "topic"],
			[{ topic: "a\0b" }, "topic"],
			[{ topic: "a\ud800b" }, "topic"],
		];
		for (const [part, field] of refused)
			check.throws(() => outbox.add({ ...message(1), ...part }), { code: "unsendable", step: "outbox", field });
		check.same(store.mutations, []);
	},
	"options out of bounds are refused": (check) => {
		for (const wrong of [
			{ capacity: 0 },
			{ capacity: 65 },
			{ capacity: 1.5 },
			{ maximumBytes: 511 },
			{ maximumBytes: 65_537 },
		])
			check.throws(() => new Outbox({ store: memoryStore(), ...wrong }), { name: "RangeError" }, JSON.stringify(wrong));
	},
};

const givingWay: Cases = {
	"the oldest gives way, and is told": (check) => {
		const { outbox, store } = filled(3, { capacity: 3, ...DROPPING });
		const [oldest] = outbox.ids;
		check.same(outbox.add(message(4)).dropped, [{ id: oldest, topic: "t1" }]);
		check.same(numbersIn(outbox), [2, 3, 4]);
		check.same(numbersIn(reopened(store)), [2, 3, 4]);
		check.is(store.values.size, 3);
	},
	"as many give way as the bytes need": (check) => {
		const { outbox, store } = filled(5, { maximumBytes: 512, ...DROPPING }, 100 - OVERHEAD);
		const { dropped } = outbox.add(message(6, 250 - OVERHEAD));
		check.same(
			dropped.map(({ topic }) => topic),
			["t1", "t2", "t3"],
		);
		check.is(outbox.bytes, 450);
		check.same(numbersIn(reopened(store)), [4, 5, 6]);
	},
	"nothing gives way while there is room": (check) => {
		const { outbox } = filled(2, { capacity: 3, ...DROPPING });
		check.same(outbox.add(message(3)).dropped, []);
	},
	"what is in flight does not give way": (check) => {
		const { outbox } = filled(3, { capacity: 3, ...DROPPING });
		outbox.sent(outbox.ids[0]!);
		outbox.add(message(4));
		check.same(numbersIn(outbox), [1, 3, 4]);
		for (const id of outbox.ids) outbox.sent(id);
		check.throws(() => outbox.add(message(5)), { code: "full" });
		outbox.recall();
		outbox.add(message(5));
		check.same(numbersIn(outbox), [3, 4, 5]);
	},
	"nothing gives way to a message that would not fit all the same": (check) => {
		const { outbox } = filled(2, { maximumBytes: 512, ...DROPPING }, 200 - OVERHEAD);
		outbox.sent(outbox.ids[1]!);
		check.throws(() => outbox.add(message(3, 313 - OVERHEAD)), { code: "full" });
		check.throws(() => outbox.add(message(3, 513 - OVERHEAD)), { code: "too-large" });
		check.same(numbersIn(outbox), [1, 2]);
		outbox.add(message(3, 312 - OVERHEAD));
		check.same(numbersIn(outbox), [2, 3]);
	},
	"the new message is stored before the old one goes, and never over a live one": (check) => {
		const { outbox, store } = filled(64, { capacity: 64, ...DROPPING });
		const live = [...store.values.keys()];
		const before = store.mutations.length;
		outbox.add(message(65));
		const [write, removal, ...more] = store.mutations.slice(before);
		check.is(write?.bytes === undefined || live.includes(write.key), false);
		check.same([removal, more], [{ key: live[0] }, []]);
	},
	"what is too much after a restart stays until something newer comes": (check) => {
		const { store } = filled(5, {});
		const outbox = new Outbox({ store, capacity: 2, ...DROPPING });
		check.same(outbox.open(), { messages: 5, damaged: 0, dropped: [] });
		check.is(outbox.add(message(6)).dropped.length, 4);
		check.same(numbersIn(reopened(store)), [5, 6]);
	},
	"where a power cut has left no slot free, the oldest gives way when the outbox is opened": (check) => {
		const store = overfull();
		check.is(store.values.size, 65);
		const outbox = new Outbox({ store, capacity: 64, ...DROPPING });
		check.same(outbox.open(), { messages: 64, damaged: 0, dropped: [{ id: 1, topic: "t1" }] });
		const { id } = outbox.add(message(66));
		check.same([outbox.size, outbox.ids[0], outbox.ids[63]], [64, 3, id]);
		check.is(store.values.size, 64);
	},
};

/** What the power lost between storing a message and deleting the one that gives way to it leaves of a full outbox. */
function overfull(): TornStore {
	const { outbox, store } = filled(64, { capacity: 64, ...DROPPING });
	store.cutAt(store.mutations.length + 1, "before");
	outbox.add(message(65));
	store.powerUp();
	return store;
}

export const cases: Cases = { ...refusing, ...givingWay };
