/**
 * The portable cases in Node; `../xs/cases.test.ts` runs the same ones in XS.
 * @module
 */
import test from "ava";
import { check } from "./case.js";
import { discoverCases } from "./discovery.js";

for (const { name, cases } of await discoverCases()) {
	for (const [title, run] of Object.entries(cases)) {
		test(`${name}: ${title}`, (t) => t.notThrows(() => run(check)));
	}
}
