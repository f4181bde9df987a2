/** @module */
import test from "ava";
import { check } from "../case.js";
import { checkHistories } from "./caution-histories.js";

test("every history of five happenings comes to what it says as a whole", (t) => {
	t.notThrows(() => checkHistories(5, check));
});
