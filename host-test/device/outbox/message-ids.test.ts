/** @module */
import test from "ava";
import fc from "fast-check";
import { followingId, LAST_MESSAGE_ID, sortOldestFirst } from "../../../src/device/outbox/message-ids.js";

test("ids given one after the other are brought back into that order, wherever they began and whichever are left", (t) => {
	const begin = fc.oneof(
		fc.integer({ min: 1, max: LAST_MESSAGE_ID }),
		fc.integer({ min: LAST_MESSAGE_ID - 100, max: LAST_MESSAGE_ID }),
	);
	fc.assert(
		fc.property(
			begin,
			fc.array(fc.boolean(), { minLength: 1, maxLength: 65 }),
			fc.func(fc.nat()),
			(first, stays, key) => {
				const given: { id: number }[] = [];
				for (let id = first, at = 0; at < stays.length; id = followingId(id), at++) if (stays[at]) given.push({ id });
				const shuffled = [...given].sort((a, b) => key(a.id) - key(b.id));
				sortOldestFirst(shuffled);
				t.deepEqual(shuffled, given);
			},
		),
		{ numRuns: 500 },
	);
});
