import test from "ava";
import { topicFilterFault, topicNameFault } from "../../src/broker/topics.js";

const LIMITS = { topicBytes: 256, topicSlashes: 7 };
const WIDE = { topicBytes: 65_535, topicSlashes: 65_535 };

for (const topic of ["a", "/", "a/b", "sensor/1/température", " ", "$aws/things/x/shadow/update", "a//b"]) {
	test(`the topic name ${JSON.stringify(topic)} is taken`, (t) => {
		t.is(topicNameFault(topic, LIMITS, "aws"), undefined);
	});
}

for (const [topic, fault] of [
	["", /empty/],
	["a/+", /wildcard/],
	["a/#", /wildcard/],
	["a+b", /wildcard/],
	["$SYS/uptime", /starts with \$/],
	["x".repeat(257), /257 bytes/],
	["é".repeat(129), /258 bytes/],
	["a/b/c/d/e/f/g/h/i", /8 slashes/],
] as const) {
	test(`the topic name ${JSON.stringify(topic.slice(0, 12))} is refused: ${fault.source}`, (t) => {
		t.regex(topicNameFault(topic, LIMITS, "aws") ?? "", fault);
	});
}

test("topics that start with $ are everybody's in the standard", (t) => {
	t.is(topicNameFault("$SYS/uptime", LIMITS, "standard"), undefined);
});

test("256 bytes and 7 slashes are taken", (t) => {
	t.is(topicNameFault("a/b/c/d/e/f/g/h", LIMITS, "aws"), undefined);
	t.is(topicNameFault("x".repeat(256), LIMITS, "aws"), undefined);
});

test("the prefix of Basic Ingest does not count", (t) => {
	t.is(topicNameFault(`$aws/rules/${"r".repeat(100)}/a/b/c/d/e/f/g/h`, LIMITS, "aws"), undefined);
	t.regex(topicNameFault("$aws/rules/r/a/b/c/d/e/f/g/h/i", LIMITS, "aws") ?? "", /8 slashes/);
});

for (const filter of ["#", "+", "/", "a/#", "+/+", "/+", "a/+/b/#", "$aws/things/+/shadow/#", "+/a/#"]) {
	test(`the topic filter ${filter} is taken`, (t) => {
		t.is(topicFilterFault(filter, LIMITS), undefined);
	});
}

for (const [filter, fault] of [
	["", /empty/],
	["a+", /\+ that does not fill/],
	["+a/b", /\+ that does not fill/],
	["a/b#", /# that does not fill/],
	["##", /# that does not fill/],
	["#/a", /# before the last/],
	["a/#/b", /# before the last/],
	["a/b/c/d/e/f/g/h/#", /8 slashes/],
	["x".repeat(257), /257 bytes/],
] as const) {
	test(`the topic filter ${JSON.stringify(filter.slice(0, 12))} is refused: ${fault.source}`, (t) => {
		t.regex(topicFilterFault(filter, LIMITS) ?? "", fault);
	});
}

test("limits are a value: a filter of many levels is taken where they allow it", (t) => {
	t.is(topicFilterFault("a/".repeat(1000), WIDE), undefined);
});
