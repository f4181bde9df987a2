import { readFileSync } from "node:fs";
import test from "ava";
import { apiDocument } from "./api-document.js";

test("docs/api.md is what npm run docs:api makes of the table", (t) => {
	t.is(readFileSync(new URL("../../docs/api.md", import.meta.url), "utf8"), apiDocument());
});
