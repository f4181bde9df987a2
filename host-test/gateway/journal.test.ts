import test from "ava";
import { RefusalJournal, type RefusalRecord } from "../../src/gateway/journal.js";

function record(at: number): RefusalRecord {
	const refusal = { code: "c", step: "tls", reason: "SNI_MISUSED", cause: "", remedy: "" } as const;
	return { at, connection: "id", remote: "127.0.0.1:1", refusal };
}

test("the newest record comes first", (t) => {
	const journal = new RefusalJournal(3);
	t.deepEqual(journal.newest(), []);
	for (const at of [1, 2]) journal.add(record(at));
	t.deepEqual(
		journal.newest().map(({ at }) => at),
		[2, 1],
	);
});

test("a full journal forgets the oldest", (t) => {
	const journal = new RefusalJournal(3);
	for (let at = 1; at <= 8; at++) {
		journal.add(record(at));
		const expected = [at, at - 1, at - 2].filter((value) => value > 0);
		t.deepEqual(
			journal.newest().map((one) => one.at),
			expected,
		);
	}
});
