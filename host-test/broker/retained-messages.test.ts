import test from "ava";
import fc from "fast-check";
import { RetainedMessages } from "../../src/broker/retained-messages.js";

const LIMITS = { retainedMessages: 3, retainedBytes: 30 };

interface Kept {
	readonly payload: string;
	readonly bytes: number;
	readonly until: number;
}

/** What the store is, said the long way: a list of topics, looked at afresh for every question. */
class Model {
	private readonly kept = new Map<string, Kept>();

	keep(topic: string, message: Kept, now: number): boolean {
		const others = this.alive(now).filter(([name]) => name !== topic);
		const bytes = others.reduce((sum, [, other]) => sum + other.bytes, message.bytes);
		if (message.payload === "") this.kept.delete(topic);
		else if (others.length >= LIMITS.retainedMessages || bytes > LIMITS.retainedBytes) return false;
		else this.kept.set(topic, message);
		return true;
	}

	alive(now: number): [string, Kept][] {
		return [...this.kept].filter(([, { until }]) => now < until);
	}
}

const TOPICS = ["a", "b", "c", "d", "a/b"];

const publish = fc.record({
	topic: fc.constantFrom(...TOPICS),
	payload: fc.constantFrom("", "x", "0123456789"),
	/** Seconds. */
	expiry: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
});
/** Milliseconds. */
const pass = fc.integer({ min: 1, max: 2500 });

/** The same things done to the store and to the model. */
class Pair {
	private now = 1_000;
	private readonly store = new RetainedMessages({ limits: LIMITS, dialect: "aws", now: () => this.now });
	private readonly model = new Model();

	pass(milliseconds: number): void {
		this.now += milliseconds;
	}

	/** Whether the store takes the message, and whether it should. */
	publish(topic: string, payload: string, expiry: number | undefined): [boolean, boolean] {
		const bytes = topic.length + payload.length;
		const properties = expiry === undefined ? {} : { messageExpiryInterval: expiry };
		const content = { topic, payload: Buffer.from(payload), qos: 1 as const, retain: true, properties };
		const violation = this.store.keep({ ...content, bytes, publisher: "dev1", receivedAt: this.now });
		const until = expiry === undefined ? Number.POSITIVE_INFINITY : this.now + expiry * 1000;
		return [violation === undefined, this.model.keep(topic, { payload, bytes, until }, this.now)];
	}

	/** What the store has, asked topic by topic and as a whole, and what it should have. */
	contents(): [string[], string[], string[]] {
		const lines = (messages: ReturnType<RetainedMessages["all"]>) =>
			messages.map(({ topic, payload }) => `${topic}=${payload}`).sort();
		const single = lines(TOPICS.flatMap((topic) => this.store.matching(topic)));
		const expected = this.model.alive(this.now).map(([topic, { payload }]) => `${topic}=${payload}`);
		return [single, lines(this.store.all()), expected.sort()];
	}
}

test("after any messages and any time, the store holds what a list would", (t) => {
	fc.assert(
		fc.property(fc.array(fc.oneof(publish, pass), { maxLength: 40 }), (steps) => {
			const pair = new Pair();
			for (const step of steps) {
				if (typeof step === "number") {
					pair.pass(step);
				} else {
					const [taken, expected] = pair.publish(step.topic, step.payload, step.expiry);
					t.is(taken, expected);
				}
				const [single, all, expected] = pair.contents();
				t.deepEqual(single, expected);
				t.deepEqual(all, expected);
			}
		}),
		{ numRuns: 500 },
	);
});

test("what is kept changes neither with the buffer it came in nor keeps it alive", (t) => {
	const store = new RetainedMessages({ limits: LIMITS, dialect: "aws", now: () => 0 });
	const arena = Buffer.alloc(8192, "x");
	const properties = { correlationData: arena.subarray(10, 12) };
	const content = { topic: "a", payload: arena.subarray(0, 5), qos: 0 as const, retain: true, properties };
	store.keep({ ...content, bytes: 8, publisher: undefined, receivedAt: 0 });
	arena.fill("y");
	const message = store.get("a");
	t.is(message?.payload.toString(), "xxxxx");
	t.is(message?.payload.buffer.byteLength, 5);
	t.is(message?.properties.correlationData?.toString(), "xx");
});
