/**
 * The table of operations in the documentation.
 * @module
 */
import test from "ava";
import { apiTable } from "../../src/control-plane/api-table.js";
import { shelfOperations } from "./shelf.js";

test("an operation is a row: how it is called, what it does not take, where it differs, what tests it", (t) => {
	const [putThing, , , publish] = shelfOperations;
	if (putThing === undefined || publish === undefined) throw new TypeError("the shelf has lost operations");
	const rows = [putThing, { ...publish, differences: "one | two\nlines" }];
	t.is(
		apiTable(rows, { "iot:PutThing": ["a.test.ts", "b.test.ts"] }),
		[
			"| Operation | Method and path | Supported | Differences | Tested by |",
			"| --- | --- | --- | --- | --- |",
			"| iot PutThing | POST `/thing/{thingName}` | all but `future` | - | `a.test.ts`, `b.test.ts` |",
			"| iot-data Publish | POST `/topics/{topic}` | yes | one \\| two lines | - |",
			"",
		].join("\n"),
	);
});
