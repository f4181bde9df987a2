/**
 * The power is lost at every write of a life, in the engine and against the gateway: messages, their acknowledgements, a new
 * credential, its trial and its proof. `device/agent/power-cuts.cases.ts` tears every write at more places, without either.
 * @module
 */
import type { ExecutionContext } from "ava";
import { type Leftover, TornStore } from "../device/torn-store.js";
import { nativeTest } from "../xs/engine-test.js";
import type { XsEngine } from "../xs/index.js";
import { Field } from "./field.js";

const test = await nativeTest();

const ROTATION = "devices/dev1/credential";
const LEFTOVERS: readonly Leftover[] = ["before", "after", "absent", { torn: 9 }];

/** Two messages, a new credential, two more messages. The power may go at any moment of it. */
async function life(field: Field, store: TornStore, username: string): Promise<void> {
	const steps = [
		() => field.publish(),
		() => field.publish(),
		() => field.until("acknowledgements", () => field.unacknowledged === 0 || store.isCut),
		async () => field.propose(ROTATION, { username }),
		() => field.until("trial", () => field.isOnline || store.isCut),
		() => field.publish(),
		() => field.until("acknowledgement", () => field.unacknowledged === 0 || store.isCut),
	];
	for (const step of steps) {
		if (store.isCut) return;
		await step();
	}
}

async function start(t: ExecutionContext, engine: XsEngine, store: TornStore): Promise<Field> {
	return Field.start(t, { engine, store, credential: { rotationTopic: ROTATION } });
}

test("power lost at every write: every message arrives, and the device is online again", async (t, engine) => {
	const store = new TornStore();
	const field = await start(t, engine, store);
	const before = store.mutations.length;
	await life(field, store, "first");
	const writes = store.mutations.length - before;
	t.true(writes >= 8, `${writes} writes`);
	let cuts = 0;
	for (let write = 0; write < writes; write++)
		for (const leftover of LEFTOVERS) {
			store.cutAt(store.mutations.length + write, leftover);
			await life(field, store, `${write} ${JSON.stringify(leftover)}`);
			if (store.isCut) cuts++;
			await field.powerOff();
			store.powerUp();
			await field.powerOn();
			await field.until("all acknowledgements", () => field.unacknowledged === 0);
			await field.until("a connection", () => field.isOnline);
			t.is(await field.waiting(), 0);
		}
	t.true(cuts > 3 * writes, `${cuts} cuts in ${writes} writes`);
	t.deepEqual(field.lost, []);
});
