/**
 * The device's TLS socket under every order of events: what TCP, resolver and owner do is drawn at random, and whatever
 * it was, the promises of `src/device/ports.ts` hold.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { PlayedSocket } from "./played-socket.js";
import { frame, plaintextOf } from "./scripted-engine.js";

/** What an owner does each time it is told something, or between. */
type Deed = "read-all" | "read-some" | "write" | "write-all" | "too-much" | "close" | "throw" | "nothing";

type Event =
	| { readonly kind: "allow"; readonly room: number }
	| { readonly kind: "deliver"; readonly count: number }
	| { readonly kind: "end"; readonly says: boolean }
	| { readonly kind: "tcp-fault" }
	| { readonly kind: "tcp-lost" }
	| { readonly kind: "deferred" }
	| { readonly kind: "owner"; readonly deed: Deed };

/** Owners that only read and write, so that nothing is cut short by their doing. */
const sound = fc.constantFrom<Deed>("read-all", "read-all", "read-some", "write", "write-all", "too-much", "nothing");
const anyDeed = fc.oneof(
	{ weight: 12, arbitrary: sound },
	{ weight: 1, arbitrary: fc.constantFrom<Deed>("close", "throw") },
);

const deliver = fc.record({ kind: fc.constant("deliver" as const), count: fc.integer({ min: 1, max: 700 }) });
const allow = fc.record({ kind: fc.constant("allow" as const), room: fc.integer({ min: 1, max: 200 }) });
const deferred = fc.constant<Event>({ kind: "deferred" });
const end = fc.record({ kind: fc.constant("end" as const), says: fc.boolean() });
const owner = (deed: fc.Arbitrary<Deed>) => fc.record({ kind: fc.constant("owner" as const), deed });

const harmless = (deed: fc.Arbitrary<Deed>): fc.Arbitrary<Event> => fc.oneof(deliver, allow, deferred, owner(deed));
const anyEvent: fc.Arbitrary<Event> = fc.oneof(
	{ weight: 20, arbitrary: harmless(anyDeed) },
	{ weight: 1, arbitrary: end },
	{ weight: 1, arbitrary: fc.constantFrom<Event>({ kind: "tcp-fault" }, { kind: "tcp-lost" }) },
);

/** What the server has to say, all in all: bytes in records of random sizes, and how it ends. */
const serverStream = fc.record({
	records: fc.array(fc.integer({ min: 1, max: 255 }), { maxLength: 30 }),
	last: fc.constantFrom("goodbye", "failure", "alert", "nothing"),
});

class Theatre {
	readonly play: PlayedSocket;
	readonly plaintext: number[] = [];
	readonly written: number[] = [];
	/** What was told after the last that may be told. */
	afterEnd = 0;
	escaped: unknown[] = [];
	mostHeld = 0;
	private readonly wire: Uint8Array;
	private at = 0;
	private room = 0;
	private isOver = false;
	private readonly deeds: readonly Deed[];
	private turn = 0;

	constructor(stream: { records: number[]; last: string }, deeds: readonly Deed[]) {
		const parts = [frame.finished()];
		for (const size of stream.records) {
			const bytes = Array.from({ length: size }, (_, i) => (this.plaintext.length + i) % 256);
			this.plaintext.push(...bytes);
			parts.push(frame.data(...bytes));
		}
		if (stream.last === "goodbye") parts.push(frame.goodbye());
		if (stream.last === "failure") parts.push(frame.failure("record"));
		if (stream.last === "alert") parts.push(frame.alert(40));
		this.wire = Uint8Array.from(parts.flatMap((part) => [...part]));
		this.deeds = deeds;
		this.play = new PlayedSocket({
			onReadable: () => this.told(),
			onWritable: (_play, count) => {
				this.room = count;
				this.told();
			},
			onError: () => {
				this.told();
				this.isOver = true;
			},
		});
	}

	run(event: Event): void {
		const { play } = this;
		try {
			if (event.kind === "allow") play.tcp.allow(event.room);
			else if (event.kind === "deliver") this.deliver(event.count);
			else if (event.kind === "end") play.tcp.end(event.says ? { code: "timed-out", message: "" } : undefined);
			else if (event.kind === "tcp-fault") play.tcp.fault = new Error("not ready");
			else if (event.kind === "tcp-lost") play.tcp.isLost = true;
			else if (event.kind === "deferred") play.runDeferred();
			else this.act(event.deed === "throw" ? "nothing" : event.deed);
		} catch (error) {
			this.escaped.push(error);
		}
		this.mostHeld = Math.max(this.mostHeld, this.at - play.tcp.unread - play.engine.taken);
	}

	/** Everything arrives, everything is taken: nothing can be left to come. */
	finish(): void {
		this.run({ kind: "allow", room: 1_000_000 });
		this.run({ kind: "deliver", count: this.wire.length });
		for (let round = 0; round < 2 * this.plaintext.length + 8; round++) {
			this.act("read-all");
			this.play.runDeferred();
		}
	}

	private deliver(count: number): void {
		const part = this.wire.subarray(this.at, this.at + count);
		this.at += part.length;
		if (part.length > 0) this.play.tcp.deliver(part);
	}

	private told(): void {
		if (this.isOver) this.afterEnd++;
		this.act(this.deeds[this.turn++ % Math.max(1, this.deeds.length)] ?? "nothing");
	}

	private act(deed: Deed): void {
		const { play } = this;
		if (deed === "read-all") play.read();
		else if (deed === "read-some") play.read(7);
		else if (deed === "write") this.write(Math.min(5, this.room));
		else if (deed === "write-all") this.write(this.room);
		else if (deed === "too-much") this.writeTooMuch();
		else if (deed === "close") {
			this.isOver = true;
			play.socket.close();
		} else if (deed === "throw") throw new Error("the owner's fault");
	}

	private write(count: number): void {
		const bytes = Uint8Array.from({ length: count }, (_, i) => (this.written.length + i) % 256);
		this.written.push(...bytes);
		this.room = this.play.socket.write(bytes);
	}

	private writeTooMuch(): void {
		try {
			this.play.socket.write(new Uint8Array(this.room + 1));
			this.escaped.push("too much was taken");
		} catch (error) {
			if (!(error instanceof RangeError)) throw error;
		}
	}
}

function isPrefix(part: readonly number[], whole: readonly number[]): boolean {
	return part.length <= whole.length && part.every((byte, at) => byte === whole[at]);
}

/** What holds at every moment, whatever happened. */
function checkAlways({ play, plaintext, written, afterEnd, escaped, mostHeld }: Theatre): void {
	const failures = play.told.filter((what) => !/^(secured|writable|readable) /.test(what));
	const broken = [
		escaped.length > 0 && `escaped: ${escaped.join()}`,
		afterEnd > 0 && "told after the end",
		failures.length > 1 && `failures: ${failures}`,
		!isPrefix(play.received, plaintext) && "received what was not sent, or not in its order",
		!isPrefix(plaintextOf(play.tcp.sent), written) && "sent what was not written, or not in its order",
		play.engine.late > 0 && "the engine was used after it was freed",
		play.engine.closes > 1 && "the engine was freed twice",
		play.tcp.misuses.length > 0 && `TCP: ${play.tcp.misuses}`,
		mostHeld > 1024 && `${mostHeld} bytes held`,
		play.told.length > 0 && failures.length === 0 && !play.told[0]!.startsWith("secured") && "told before secured",
	].filter((what) => what !== false);
	if (broken.length > 0) throw new Error(broken.join("; "));
}

const RUNS = { numRuns: 1500 };

test("whatever happens in whatever order, the promises hold", (t) => {
	fc.assert(
		fc.property(
			serverStream,
			fc.array(anyDeed, { maxLength: 12 }),
			fc.array(anyEvent, { maxLength: 40 }),
			(...drawn) => {
				const [stream, deeds, events] = drawn;
				const theatre = new Theatre(stream, deeds);
				for (const event of events) {
					theatre.run(event);
					checkAlways(theatre);
				}
				theatre.play.socket.close();
				checkAlways(theatre);
				if (theatre.play.engine.closes !== 1 || theatre.play.tcp.closes !== 1) throw new Error("not freed once");
			},
		),
		RUNS,
	);
	t.pass();
});

test("with an owner that goes on reading every byte arrives in order, then the end that the server chose", (t) => {
	const expected: Readonly<Record<string, string | undefined>> = {
		goodbye: undefined,
		failure: "record",
		alert: "alert",
		nothing: "truncated",
	};
	fc.assert(
		fc.property(
			serverStream,
			fc.array(sound, { maxLength: 12 }),
			fc.array(harmless(sound), { maxLength: 30 }),
			(...drawn) => {
				const [stream, deeds, events] = drawn;
				const theatre = new Theatre(stream, deeds);
				for (const event of events) theatre.run(event);
				theatre.finish();
				theatre.run({ kind: "end", says: false });
				checkAlways(theatre);
				const { play, plaintext } = theatre;
				if (play.received.length !== plaintext.length)
					throw new Error(`${play.received.length} of ${plaintext.length} bytes; ${play.told}`);
				if (play.failure === undefined || play.failure.detail !== expected[stream.last])
					throw new Error(`told ${play.failure?.detail}`);
			},
		),
		RUNS,
	);
	t.pass();
});

test("with a TCP that takes everything in the end, every byte written goes out", (t) => {
	fc.assert(
		fc.property(fc.array(sound, { maxLength: 12 }), fc.array(harmless(sound), { maxLength: 40 }), (deeds, events) => {
			const theatre = new Theatre({ records: [9, 9, 9], last: "nothing" }, deeds);
			for (const event of events) theatre.run(event);
			theatre.finish();
			const { play, written } = theatre;
			if (play.engine.pending > 0) throw new Error(`${play.engine.pending} bytes wait`);
			if (plaintextOf(play.tcp.sent).length !== written.length) throw new Error("lost what was written");
		}),
		RUNS,
	);
	t.pass();
});
