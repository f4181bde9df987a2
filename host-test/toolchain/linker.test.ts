import test from "ava";
import { readLinkedText, readLinkerReport } from "../../src/toolchain/linker.js";

test("the linker's figures are read", (t) => {
	const report = readLinkerReport(["# xsl modules", "### 1520 instances, 1571 keys, 80 colors, 0 holes"]);
	t.deepEqual(report, { figures: { instances: 1520, keys: 1571 }, notFrozen: 0, complaints: [] });
});

test("a link that did not come to its end has no figures", (t) => {
	t.is(readLinkerReport(["# xsl modules"]).figures, undefined);
});

test("objects of ours that are not frozen are counted, the SDK's are not", (t) => {
	const report = readLinkerReport([
		"### warning: device/link/outcome: outcomeOf() REMEDIES: not frozen",
		"### warning: firmware/power-up: powerUp() resetOf() REASONS: not frozen",
		"### warning: resetReason: default() reasons: not frozen",
	]);
	t.is(report.notFrozen, 2);
	t.deepEqual(report.complaints, []);
});

test("state in a preloaded module is an error", (t) => {
	const report = readLinkerReport(["### warning: firmware/clock: last: no const"]);
	t.deepEqual(report.complaints, ["firmware/clock: last: no const"]);
});

test("what the manifest names and is not there is an error", (t) => {
	const lines = ["### warning: no modules match: ./src/device/gone", "### error: directory not found: ./src/none"];
	t.is(readLinkerReport(lines).complaints.length, 2);
});

test("a table of BigInts that is too short for what refers to it is found", (t) => {
	const use = (at: number, size: number) => `.data = (txU4*)&gxBigIntData[${at}], .size = ${size}, .sign = 0,`;
	const complaints = (text: string) => readLinkedText(text).length;
	t.is(complaints(`#define mxBigIntCount 16\n${use(0, 8)}\n${use(8, 8)}\n`), 0);
	t.is(complaints(`#define mxBigIntCount 16\n${use(0, 8)}\n${use(9, 8)}\n`), 1);
	t.is(complaints(use(0, 1)), 1);
	t.is(complaints("no BigInt at all"), 0);
});

test("a regular expression in flash is an error", (t) => {
	t.regex(readLinkedText("#define mxRegExpCount 44\n").join(), /regular expression/);
});
