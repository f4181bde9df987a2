/**
 * Any coming and going of connections and acknowledgements, with servers that deny some messages.
 * @module
 */
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import type { OutcomeKind } from "../../../src/device/link/index.js";
import { numbersIn } from "./messages.js";
import { PlayedDelivery } from "./played-delivery.js";

type Act =
	| { readonly do: "add" | "start" | "pump" | "stop" }
	| { readonly do: "lose"; readonly kind: OutcomeKind }
	| { readonly do: "acknowledge"; readonly which: number; readonly code: number };

const act: fc.Arbitrary<Act> = fc.oneof(
	{ weight: 4, arbitrary: fc.constant({ do: "add" as const }) },
	{ weight: 3, arbitrary: fc.record({ do: fc.constantFrom("start" as const, "pump" as const, "stop" as const) }) },
	{
		weight: 2,
		arbitrary: fc.record({
			do: fc.constant("lose" as const),
			kind: fc.constantFrom<OutcomeKind>("policy-denied", "server-gone", "network", "time-to-live"),
		}),
	},
	{
		weight: 5,
		arbitrary: fc.record({
			do: fc.constant("acknowledge" as const),
			which: fc.nat(7),
			code: fc.constantFrom(0, 0, 0, 0x10, 0x87),
		}),
	},
);

/** Acts, and checks after each what must always be so. */
class Course {
	private readonly t: ExecutionContext;
	private readonly played: PlayedDelivery;
	private added = 0;
	private readonly ended = new Map<number, number>();
	/** Numbers sent on this connection, in order, and whether one at a time is due. */
	private sentHere: number[] = [];
	private readonly sentEver = new Set<number>();
	private suspects = new Set<number>();
	private isOnline = false;

	constructor(t: ExecutionContext, played: PlayedDelivery) {
		this.t = t;
		this.played = played;
	}

	act(act: Act): void {
		const { played } = this;
		if (act.do === "add") played.add(++this.added);
		else if (act.do === "pump") played.delivery.pump();
		else if (act.do === "start") this.start();
		else if (act.do === "acknowledge") this.acknowledge(act.which, act.code);
		else this.lose(act.do === "lose" ? act.kind : undefined);
		this.look();
	}

	/** Connections that nothing befalls deliver all that is left. */
	finish(): void {
		this.act({ do: "stop" });
		this.act({ do: "start" });
		while (this.played.waiting.size > 0) this.act({ do: "acknowledge", which: 0, code: 0 });
		this.t.is(this.played.outbox.size, 0);
		this.t.is(this.ended.size, this.added);
	}

	private start(): void {
		this.sentHere = [];
		this.isOnline = true;
		this.played.start();
	}

	private acknowledge(which: number, code: number): void {
		const waiting = [...this.played.waiting.keys()];
		const number = waiting[which % waiting.length];
		if (number === undefined) return;
		this.end(number);
		this.played.acknowledge(number, code);
		const [event] = this.played.events();
		this.t.true(event?.event === "acknowledged" && event.code === code);
	}

	private lose(kind: OutcomeKind | undefined): void {
		const waiting = [...this.played.waiting.keys()];
		if (this.isOnline && (kind === "policy-denied" || kind === "server-gone"))
			for (const number of waiting) this.suspects.add(number);
		this.isOnline = false;
		this.played.stop(kind);
	}

	private end(number: number): void {
		this.ended.set(number, (this.ended.get(number) ?? 0) + 1);
		this.suspects.delete(number);
	}

	private look(): void {
		const { t, played } = this;
		for (const event of played.events()) {
			if (event.event === "dropped") {
				t.is(event.cause, "denied");
				this.end(Number(event.topic!.slice(1)));
			} else t.is(event.event, "suspected");
		}
		for (const text of played.sent().split(" ").filter(Boolean)) {
			const number = Number.parseInt(text, 10);
			t.is(text.endsWith("+"), this.sentEver.has(number), "a duplicate exactly where it was sent before");
			this.sentEver.add(number);
			t.true(number > (this.sentHere.at(-1) ?? 0), "in order on one connection");
			this.sentHere.push(number);
		}
		if (this.suspects.size > 0) t.true(played.waiting.size <= 1, "one at a time");
		t.is(played.delivery.inFlight, played.waiting.size);
		t.true(played.waiting.size <= played.window);
		const left = Array.from({ length: this.added }, (_, i) => i + 1).filter((number) => !this.ended.has(number));
		t.deepEqual(numbersIn(played.outbox), left, "each is kept until it has ended");
		t.true(
			[...this.ended.values()].every((times) => times === 1),
			"and ends once",
		);
		if (this.isOnline && played.waiting.size === 0) t.is(left.length, 0, "nothing waits for an idle connection");
	}
}

test("each message is sent in order until it has ended, and ends exactly once", (t) => {
	fc.assert(
		fc.property(
			fc.array(act, { maxLength: 60 }),
			fc.integer({ min: 1, max: 4 }),
			fc.constantFrom(1, 2, 3, "never" as const),
			(acts, window, deniedAfter) => {
				const played = new PlayedDelivery({ capacity: 64, deniedAfter });
				played.window = window;
				const course = new Course(t, played);
				for (const one of acts) course.act(one);
				course.finish();
			},
		),
		{ numRuns: 500 },
	);
});
