import test from "ava";
import fc from "fast-check";
import { SubscriptionIndex } from "../../src/broker/subscription-index.js";
import { type Dialect, topicMatches } from "../../src/broker/topics.js";

const AT_MOST_ONCE = { qos: 0, noLocal: false, retainAsPublished: false } as const;

/** MQTT section 4.7 word for word, without a tree: one filter against one topic. */
function matches(filter: string, topic: string, dialect: Dialect): boolean {
	const wanted = filter.split("/");
	const levels = topic.split("/");
	if (topic.startsWith("$") && /^[+#]/.test(filter)) return false;
	const isMulti = wanted.at(-1) === "#";
	const fixed = isMulti ? wanted.slice(0, -1) : wanted;
	if (levels.length < fixed.length || (!isMulti && levels.length > fixed.length)) return false;
	if (isMulti && dialect === "aws" && levels.length === fixed.length) return false;
	return fixed.every((level, index) => level === "+" || level === levels[index]);
}

function bySubscriber([a]: readonly [number, number], [b]: readonly [number, number]): number {
	return a - b;
}

const level = fc.constantFrom("a", "b", "", "$x");
const topic = fc.array(level, { minLength: 1, maxLength: 5 }).map((levels) => levels.join("/"));
const filter = fc
	.tuple(fc.array(fc.oneof(level, fc.constant("+")), { minLength: 1, maxLength: 4 }), fc.boolean())
	.map(([levels, multi]) => [...levels, ...(multi ? ["#"] : [])].join("/"));
const dialect = fc.constantFrom<Dialect>("aws", "standard");

for (const [filterText, topicText, aws, standard] of [
	["sensor/#", "sensor", false, true],
	["sensor/#", "sensor/1", true, true],
	["sensor/#", "sensor/", true, true],
	["#", "sensor", true, true],
	["#", "$aws/things", false, false],
	["+/things", "$aws/things", false, false],
	["$aws/#", "$aws/things", true, true],
	["+", "/a", false, false],
	["+/+", "/a", true, true],
	["/+", "/a", true, true],
	["a/+", "a/", true, true],
	["a/+/c", "a/b/c", true, true],
	["a/+/#", "a/b", false, true],
	["A", "a", false, false],
] as const) {
	test(`${filterText} on ${topicText}: AWS ${aws}, standard ${standard}`, (t) => {
		for (const [name, expected] of [
			["aws", aws],
			["standard", standard],
		] as const) {
			const index = new SubscriptionIndex<string>(name);
			index.add(filterText, "subscriber", AT_MOST_ONCE);
			t.is(index.match(topicText).has("subscriber"), expected, name);
			t.is(matches(filterText, topicText, name), expected, `${name}, by the oracle`);
			t.is(topicMatches(filterText, topicText, name), expected, `${name}, without a tree`);
		}
	});
}

test("the tree finds what a scan of all filters finds, after any subscriptions and unsubscriptions", (t) => {
	const change = fc.record({ add: fc.boolean(), filter, subscriber: fc.nat(3), qos: fc.constantFrom(0, 1) });
	fc.assert(
		fc.property(
			dialect,
			fc.array(change, { maxLength: 40 }),
			fc.array(topic, { maxLength: 8 }),
			(name, changes, topics) => {
				const index = new SubscriptionIndex<number>(name);
				const scan = new Map<string, { filter: string; subscriber: number; qos: 0 | 1 }>();
				for (const { add, filter, subscriber, qos } of changes) {
					const key = `${subscriber} ${filter}`;
					if (add) {
						index.add(filter, subscriber, { qos, noLocal: false, retainAsPublished: false });
						scan.set(key, { filter, subscriber, qos });
					} else {
						t.is(index.remove(filter, subscriber), scan.delete(key));
					}
				}
				for (const text of topics) {
					const expected = new Map<number, number>();
					for (const { filter, subscriber, qos } of scan.values()) {
						if (matches(filter, text, name)) expected.set(subscriber, Math.max(qos, expected.get(subscriber) ?? 0));
					}
					const found = [...index.match(text)].map(([subscriber, { qos }]) => [subscriber, qos] as const);
					t.deepEqual(found.sort(bySubscriber), [...expected].sort(bySubscriber));
				}
			},
		),
		{ numRuns: 500 },
	);
});

test("one filter on one topic matches as the oracle says", (t) => {
	fc.assert(
		fc.property(dialect, filter, topic, (name, filterText, topicText) => {
			t.is(topicMatches(filterText, topicText, name), matches(filterText, topicText, name));
		}),
		{ numRuns: 2000 },
	);
});

test("nothing is left of the tree when every subscription is gone", (t) => {
	fc.assert(
		fc.property(fc.array(fc.tuple(filter, fc.nat(3)), { maxLength: 30 }), (list) => {
			const index = new SubscriptionIndex<number>("aws");
			for (const [text, subscriber] of list) index.add(text, subscriber, AT_MOST_ONCE);
			for (const [text, subscriber] of list) index.remove(text, subscriber);
			t.true(index.isEmpty);
		}),
	);
});

test("a subscriber with several matching filters appears once, with the highest QoS", (t) => {
	const index = new SubscriptionIndex<string>("aws");
	index.add("a/+", "s", { qos: 1, noLocal: false, retainAsPublished: false });
	index.add("a/#", "s", { qos: 0, noLocal: false, retainAsPublished: false });
	t.deepEqual([...index.match("a/b")], [["s", { qos: 1, noLocal: false, retainAsPublished: false }]]);
});

test("No Local holds only when every matching filter asks for it", (t) => {
	const index = new SubscriptionIndex<string>("aws");
	index.add("a/+", "s", { qos: 0, noLocal: true, retainAsPublished: false });
	t.true(index.match("a/b").get("s")?.noLocal);
	index.add("a/b", "s", { qos: 0, noLocal: false, retainAsPublished: false });
	t.false(index.match("a/b").get("s")?.noLocal);
});

test("Retain As Published holds when one matching filter asks for it", (t) => {
	const index = new SubscriptionIndex<string>("aws");
	index.add("a/+", "s", { ...AT_MOST_ONCE, retainAsPublished: true });
	index.add("a/b", "s", AT_MOST_ONCE);
	t.true(index.match("a/b").get("s")?.retainAsPublished);
	index.add("a/+", "s", AT_MOST_ONCE);
	t.false(index.match("a/b").get("s")?.retainAsPublished);
});

test("a topic and a filter of 65,535 levels overflow no stack", (t) => {
	const index = new SubscriptionIndex<string>("standard");
	const deep = "a/".repeat(32_767);
	index.add(deep, "s", AT_MOST_ONCE);
	t.true(index.match(deep).has("s"));
	t.true(index.remove(deep, "s"));
	t.true(index.isEmpty);
});
