import test from "ava";
import fc from "fast-check";
import { readBytes, readMoment, readNumber, readTruth } from "../../src/policy/condition-values.js";

test("reads integers and decimals, and nothing else, as numbers", (t) => {
	for (const [text, value] of [
		["10", 10],
		["-0.5", -0.5],
		["+1e3", 1000],
		[".5", 0.5],
		["2.", 2],
	] as const) {
		t.is(readNumber(text), value);
	}
	for (const text of ["", " 1", "1 ", "0x10", "1e999", "NaN", "Infinity", "1,5", "--1", "."])
		t.is(readNumber(text), undefined);
});

test("reads the W3C forms of ISO 8601 as moments", (t) => {
	const at = (text: string) => Date.parse(text);
	for (const [text, iso] of [
		["2020", "2020-01-01T00:00:00Z"],
		["2020-02", "2020-02-01T00:00:00Z"],
		["2020-02-29", "2020-02-29T00:00:00Z"],
		["2020-01-01T00:00:01Z", "2020-01-01T00:00:01Z"],
		["2020-01-01T10:30+01:30", "2020-01-01T09:00:00Z"],
		["2020-01-01T10:30:00-00:30", "2020-01-01T11:00:00Z"],
		["2020-01-01T00:00:00.25Z", "2020-01-01T00:00:00.250Z"],
		["0050-03-01", "0050-03-01T00:00:00Z"],
	] as const) {
		t.is(readMoment(text), at(iso), text);
	}
});

test("reads seconds since 1970 as moments", (t) => {
	t.is(readMoment("0"), 0);
	t.is(readMoment("1571245658.069"), 1_571_245_658_069);
});

test("a day or hour that does not exist, a time without a zone and other text are no moments", (t) => {
	for (const text of [
		"",
		"2020-13",
		"2020-02-30",
		"2019-02-29",
		"2020-1-1",
		"2020-01-01T24:00Z",
		"2020-01-01T00:60Z",
		"2020-01-01T00:00:00",
		"2020-01-01T00Z",
		"2020-01-01T00:00+24:00",
		"2020-01-01T00:00+01:60",
		"20200101T000000Z",
		"tomorrow",
		"-1",
		"9".repeat(400),
	]) {
		t.is(readMoment(text), undefined, text);
	}
});

test("every moment is read back from its ISO form", (t) => {
	fc.assert(
		fc.property(fc.date({ min: new Date("0000-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }), (date) => {
			t.is(readMoment(date.toISOString()), date.getTime());
		}),
	);
});

test("reads true and false in any case", (t) => {
	t.deepEqual(["true", "FALSE", "1", ""].map(readTruth), [true, false, undefined, undefined]);
});

test("reads base64 with padding, in one form for equal bytes", (t) => {
	t.is(readBytes("QmluYXJ5VmFsdWVJbkJhc2U2NA=="), "QmluYXJ5VmFsdWVJbkJhc2U2NA==");
	t.is(readBytes("QR=="), readBytes("QQ=="));
	t.deepEqual(["Q", "QQ", "QQ=", "Q===", "Q-==", " QQ=="].map(readBytes), Array(6).fill(undefined));
});
