/** @module */
import { DEEPEST_JSON, parseJson } from "../../../src/device/encoding/json.js";
import type { Cases } from "../case.js";

export const cases: Cases = {
	"what nests up to the bound is read, one more is refused": (check) => {
		const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
		check.is(Array.isArray(parseJson(nested(DEEPEST_JSON))), true);
		check.throws(() => parseJson(nested(DEEPEST_JSON + 1)), { code: "too-deep" });
		check.throws(() => parseJson('{"a":'.repeat(DEEPEST_JSON + 1)), { code: "too-deep" });
	},
	"brackets in text count for nothing, whatever is escaped before them": (check) => {
		const brackets = "[".repeat(50);
		check.is(parseJson(`"\\"\\"\\"${brackets}\\\\"`), `"""${brackets}\\`);
		check.throws(() => parseJson(`["\\\\",${brackets}`), { code: "too-deep" });
	},
	"many beside each other are not deep": (check) => {
		check.is((parseJson(`[${"[],{},".repeat(100)}0]`) as unknown[]).length, 201);
	},
	"what is no JSON is refused without quoting it": (check) => {
		for (const text of ["", "SECRET", '{"a":SECRET}', "]]]", '"SECRET', "[1,]", "nul"])
			check.throws(() => parseJson(text), { code: "not-json", message: "the text is not JSON" }, text);
	},
};
