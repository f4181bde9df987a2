/**
 * Long lives of any outbox: power lost again and again, a store that fails now and then, anything in the store to begin with.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import { Outbox, type OutboxLimits } from "../../../src/device/outbox/index.js";
import { encodeRecord } from "../../../src/device/outbox/record.js";
import { SLOT_COUNT, SLOT_KEY_PREFIX } from "../../../src/device/outbox/slots.js";
import { check } from "../case.js";
import { type Leftover, TornStore } from "../torn-store.js";
import { message, numbersIn, reopened } from "./messages.js";
import { PlayedOutbox, type Step } from "./played-outbox.js";

const limits: fc.Arbitrary<OutboxLimits> = fc.record({
	capacity: fc.integer({ min: 1, max: 6 }),
	maximumBytes: fc.integer({ min: 512, max: 700 }),
	whenFull: fc.constantFrom("refuse" as const, "drop-oldest" as const),
});

const step: fc.Arbitrary<Step> = fc.oneof(
	{ weight: 4, arbitrary: fc.record({ do: fc.constant("add" as const), bytes: fc.nat({ max: 300 }) }) },
	{
		weight: 4,
		arbitrary: fc.record({
			do: fc.constantFrom("settle" as const, "drop" as const, "sent" as const),
			which: fc.nat(9),
		}),
	},
	{ weight: 1, arbitrary: fc.constant({ do: "recall" as const }) },
);

const leftover: fc.Arbitrary<Leftover> = fc.oneof(
	fc.constantFrom("before" as const, "after" as const, "absent" as const),
	fc.record({ torn: fc.nat({ max: 330 }) }),
);

/** Mutations from the power-up on until the trouble, what it leaves, and what is done until then. */
const life = fc.record({
	trouble: fc.constantFrom("cutAt" as const, "failAt" as const),
	after: fc.nat({ max: 12 }),
	leftover,
	steps: fc.array(step, { maxLength: 14 }),
});

test("however often the power is lost or the store fails, all that was taken is there", (t) => {
	let cuts = 0;
	fc.assert(
		fc.property(limits, fc.array(life, { minLength: 1, maxLength: 6 }), (chosen, lives) => {
			const store = new TornStore();
			const played = new PlayedOutbox(store, chosen, check);
			for (const { trouble, after, leftover, steps } of lives) {
				played.restart(() => store[trouble](store.mutations.length + after, leftover));
				for (const one of steps) played.step(one);
				if (store.isCut) cuts++;
			}
			played.restart();
			played.prove();
		}),
		{ numRuns: 1500 },
	);
	t.true(cuts > 500, `the power was lost ${cuts} times`);
});

/** A record, part of one, one with a byte amiss, or any bytes. */
const value = fc
	.record({
		id: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 0xffffffff })),
		topic: fc.constantFrom("t7", "", "a/#"),
		bytes: fc.uint8Array({ maxLength: 20 }),
		harm: fc.constantFrom("none", "cut", "bit", "noise"),
		where: fc.nat(),
	})
	.map(({ id, topic, bytes, harm, where }) => {
		const record = new Uint8Array(encodeRecord({ id, topic: utf8Encode(topic), payload: bytes, retain: false }));
		if (harm === "noise") return { id: 0, stored: bytes };
		if (harm === "cut") return { id: 0, stored: record.subarray(0, where % record.length) };
		if (harm === "none") return { id, stored: record };
		record[where % record.length]! ^= 1 << (where & 7);
		return { id: 0, stored: record };
	});

function sorted(ids: Iterable<number>): number[] {
	return [...ids].sort((a, b) => a - b);
}

test("whatever is in the store, the outbox opens with the messages there are, says what was damaged, and works", (t) => {
	const slots = fc.dictionary(
		fc.nat({ max: SLOT_COUNT - 1 }).map((slot) => `${SLOT_KEY_PREFIX}${slot}`),
		value,
		{ maxKeys: 20, noNullPrototype: true },
	);
	fc.assert(
		fc.property(slots, fc.constantFrom("refuse" as const, "drop-oldest" as const), (values, whenFull) => {
			const entries = Object.entries(values);
			const store = new TornStore(Object.fromEntries(entries.map(([key, { stored }]) => [key, stored])));
			const whole = new Set(entries.map(([, { id }]) => id).filter((id) => id > 0));
			const outbox = new Outbox({ store, capacity: 64, whenFull });
			t.deepEqual(outbox.open(), { messages: whole.size, damaged: entries.length - whole.size, dropped: [] });
			t.deepEqual(sorted(outbox.ids), sorted(whole));
			t.is(store.values.size, whole.size);
			const { id } = outbox.add(message(3));
			t.deepEqual(sorted(reopened(store).ids), sorted([...whole, id]));
			for (const one of outbox.ids) outbox.settle(one);
			t.is(store.values.size, 0);
			outbox.add(message(5));
			t.deepEqual(numbersIn(reopened(store)), [5]);
		}),
		{ numRuns: 500 },
	);
});

test("the largest record comes back whole", (t) => {
	const largest = { maximumBytes: 65_536 };
	const store = new TornStore();
	const outbox = reopened(store, largest);
	const { id } = outbox.add(message(1, 65_520));
	t.is(outbox.bytes, 65_536);
	t.is(reopened(store, largest).read(id)?.message.payload.length, 65_520);
	t.throws(() => outbox.add(message(2, 65_521)), { code: "too-large" });
});
