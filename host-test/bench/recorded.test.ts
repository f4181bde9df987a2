/** @module */
import { readFile } from "node:fs/promises";
import test from "ava";
import fc from "fast-check";
import { complaints, readRecorded, withRecorded } from "./recorded.js";
import { type Row, row } from "./rows.js";

const DOCUMENT = "Before.\n<!-- bench -->\n\nold\n\n<!-- /bench -->\nAfter.\n";
const rows = [row("a call, beside another", "bytes", 1000, 500), row("time", "ms", 1, 2.5)];

test("a run's rows come back from the document as they were written", (t) => {
	const written = withRecorded(DOCUMENT, "bench", rows);
	t.true(written.startsWith("Before.\n") && written.endsWith("After.\n"));
	t.deepEqual(readRecorded(written, "bench"), rows);
	t.is(withRecorded(written, "bench", rows), written);
});

test("a section with nothing in it, or with what stands elsewhere too, is written where it is", (t) => {
	for (const section of ["", "\n", "Before."]) {
		const written = withRecorded(`Before.\n<!-- bench -->${section}<!-- /bench -->\n`, "bench", rows);
		t.true(written.startsWith("Before.\n<!-- bench -->\n\n    a call"), written);
		t.deepEqual(readRecorded(written, "bench"), rows);
	}
});

test("figures of any size come back with three digits behind the point", (t) => {
	const figures = fc.integer({ min: 1, max: 2_000_000_000 });
	const property = fc.property(figures, figures, (baseline, ours) => {
		const [read] = readRecorded(withRecorded(DOCUMENT, "bench", [row("x", "slots", baseline, ours)]), "bench");
		return read?.ours === Number(ours.toPrecision(4)) && read.baseline === Number(baseline.toPrecision(4));
	});
	fc.assert(property);
	t.pass();
});

test("an exact figure may grow by three in a hundred", (t) => {
	const grown = (ours: number, unit: Row["unit"] = "bytes") =>
		complaints(rows, [row(rows[0]!.name, unit, 1000, ours), rows[1]!]);
	t.deepEqual(grown(515), []);
	t.deepEqual(grown(516), ['"a call, beside another" grew from 500 to 516 bytes']);
	t.deepEqual(grown(100), []);
});

test("a time may grow: it is another machine's", (t) => {
	t.deepEqual(complaints(rows, [rows[0]!, row("time", "ms", 1, 250)]), []);
});

test("a row that the document lacks, and one that was not measured, are told", (t) => {
	t.deepEqual(complaints(rows, [rows[0]!, row("new", "ms", 1, 1)]), [
		'"new" is not in docs/performance.md',
		'"time" of docs/performance.md was not measured',
	]);
});

test("a document without a place for the figures is a defect", (t) => {
	t.throws(() => readRecorded("nothing", "bench"), { message: /expected <!-- bench -->/ });
});

test("docs/performance.md keeps the device's figures, exact ones and times", async (t) => {
	const document = await readFile(new URL("../../docs/performance.md", import.meta.url), "utf8");
	const kept = readRecorded(document, "bench:device");
	t.deepEqual(new Set(kept.map(({ unit }) => unit)), new Set(["bytes", "slots", "instructions", "ms"]));
	t.is(new Set(kept.map(({ name }) => name)).size, kept.length);
	t.is(withRecorded(document, "bench:device", kept), document);
});
