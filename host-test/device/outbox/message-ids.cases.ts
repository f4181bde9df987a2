/** @module */
import { followingId, LAST_MESSAGE_ID, sortOldestFirst } from "../../../src/device/outbox/message-ids.js";
import type { Cases } from "../case.js";

function sorted(...ids: number[]): number[] {
	const messages = ids.map((id) => ({ id }));
	sortOldestFirst(messages);
	return messages.map(({ id }) => id);
}

export const cases: Cases = {
	"ids count up, and after the last comes 1": (check) => {
		check.is(followingId(0), 1);
		check.is(followingId(1), 2);
		check.is(followingId(0x7fffffff), 0x80000000);
		check.is(followingId(LAST_MESSAGE_ID - 1), LAST_MESSAGE_ID);
		check.is(followingId(LAST_MESSAGE_ID), 1);
	},
	"none and one are in order": (check) => {
		check.same(sorted(), []);
		check.same(sorted(7), [7]);
		check.same(sorted(LAST_MESSAGE_ID), [LAST_MESSAGE_ID]);
	},
	"the lowest id is the oldest": (check) => {
		check.same(sorted(3, 1, 2), [1, 2, 3]);
		check.same(sorted(10, 9, 100), [9, 10, 100]);
		check.same(sorted(0x80000001, 0x7fffffff, 0x80000000), [0x7fffffff, 0x80000000, 0x80000001]);
	},
	"of ids spread evenly the lowest is the oldest": (check) => {
		const third = LAST_MESSAGE_ID / 3;
		check.same(sorted(1 + 2 * third, 1, 1 + third), [1, 1 + third, 1 + 2 * third]);
	},
	"ids that have gone round are newer than those that have not": (check) => {
		check.same(sorted(1, LAST_MESSAGE_ID), [LAST_MESSAGE_ID, 1]);
		check.same(sorted(2, LAST_MESSAGE_ID - 3, 1, LAST_MESSAGE_ID), [LAST_MESSAGE_ID - 3, LAST_MESSAGE_ID, 1, 2]);
	},
};
