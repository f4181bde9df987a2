/**
 * A network that is slow: nothing is lost, and nothing is taken for a fault before its time.
 * @module
 */
import type { ExecutionContext } from "ava";
import { nativeTest } from "../xs/engine-test.js";
import type { XsEngine } from "../xs/index.js";
import type { Direction } from "./faulty-network.js";
import { Field } from "./field.js";

const test = await nativeTest();

/** Every which byte is held. A prime: it meets every place of a record sooner or later. */
const STRIDE = 13;
/** Milliseconds: less than the gateway waits for a CONNECT, and the device for its answer. */
const DELAY = 8_000;

async function start(t: ExecutionContext, engine: XsEngine): Promise<Field> {
	const field = await Field.start(t, { engine, subscriptions: ["devices/dev1/commands"] });
	await field.publish();
	await field.until("a connection without a fault", () => field.unacknowledged === 0);
	return field;
}

async function reconnect(field: Field): Promise<void> {
	field.network.cutAll();
	await field.next("over");
	await field.publish();
	const { begun } = field.attempts;
	await field.until("the next connection", () => field.attempts.begun > begun);
}

async function holdBytes(t: ExecutionContext, engine: XsEngine, direction: Direction): Promise<void> {
	const field = await start(t, engine);
	const { network } = field;
	const length = network.moved[direction];
	for (let at = 0; at < length; at += STRIDE) {
		network.fault = { kind: "hold", direction, at };
		await reconnect(field);
		const from = field.events.length;
		await field.advance(DELAY);
		network.release();
		await field.until(`the acknowledgement after a delay at ${at}`, () => field.unacknowledged === 0);
		const over = field.events.slice(from).find(({ event }) => event === "over");
		t.is(over, undefined, `byte ${at}`);
	}
	t.deepEqual(field.lost, []);
}

test("each byte of the gateway comes by itself", async (t, engine) => {
	const field = await start(t, engine);
	field.network.trickles = true;
	await reconnect(field);
	await field.until("the acknowledgement", () => field.unacknowledged === 0);
	t.true(field.network.activity > 900, "byte by byte");
	t.is(field.events.filter(({ event }) => event === "over").length, 1, "the one that was cut");
});

test("a delay of eight seconds within what the gateway sends", (t, engine) => holdBytes(t, engine, "down"));
test("a delay of eight seconds within what the device sends", (t, engine) => holdBytes(t, engine, "up"));

test("a delay longer than the device waits is an outcome, and what comes later is not heard", async (t, engine) => {
	const field = await start(t, engine);
	const { network } = field;
	network.fault = { kind: "hold", direction: "down", at: 300 };
	await reconnect(field);
	const over = await field.next("over");
	t.is(over.outcome.kind, "network");
	network.release();
	network.fault = undefined;
	await field.until("the acknowledgement", () => field.unacknowledged === 0);
	t.deepEqual(field.lost, []);
});
