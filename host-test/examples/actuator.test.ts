/**
 * The lamp of the examples, on the virtual device in XS, against the gateway.
 * @module
 */
import { fileURLToPath } from "node:url";
import type { ExecutionContext } from "ava";
import { Field } from "../field/field.js";
import { nativeTest } from "../xs/engine-test.js";
import type { XsEngine } from "../xs/index.js";

const test = await nativeTest();
const application = fileURLToPath(new URL("../../examples/actuator.ts", import.meta.url));

/** A lamp that is online and has reported, the last report there was, and what it reports after a wish. */
async function lampOnline(t: ExecutionContext, engine: XsEngine) {
	const field = await Field.start(t, { engine, application, listen: "devices/dev1/reported" });
	const last = () => JSON.parse(field.heard.at(-1)?.slice("devices/dev1/reported ".length) ?? "null") as unknown;
	const desire = async (payload: string | object) => {
		const { length } = field.heard;
		field.send("devices/dev1/desired", payload);
		await field.until("a report", () => field.heard.length > length);
		return last();
	};
	await field.until("the first report", () => field.heard.length > 0);
	return { field, last, desire };
}

test("it reports what it is when it comes online, and after every wish", async (t, engine) => {
	const { last, desire } = await lampOnline(t, engine);
	t.deepEqual(last(), { power: "off", level: 100 });
	t.deepEqual(await desire({ power: "on", level: 40 }), { power: "on", level: 40 });
	t.deepEqual(await desire({ level: 10 }), { power: "on", level: 10 });
});

test("what it cannot do it refuses by name, and does the rest", async (t, engine) => {
	const { desire } = await lampOnline(t, engine);
	t.deepEqual(await desire({ power: "on", level: 101, colour: "red" }), {
		power: "on",
		level: 100,
		refused: ["level", "colour"],
	});
	t.deepEqual(await desire("no json"), { power: "on", level: 100 });
	t.deepEqual(await desire('{"__proto__":{"power":"off"},"constructor":1}'), {
		power: "on",
		level: 100,
		refused: ["__proto__", "constructor"],
	});
});

test("it is what it was when its power comes back, and learns what it missed from the retained wish", async (t, engine) => {
	const { field, last, desire } = await lampOnline(t, engine);
	await desire({ power: "on", level: 55 });
	await field.powerOff();
	await switchOn(field, 1);
	t.deepEqual(last(), { power: "on", level: 55 });
	await field.powerOff();
	field.send("devices/dev1/desired", { level: 5 }, true);
	// One because it is online, one because of the wish.
	await switchOn(field, 2);
	t.deepEqual(last(), { power: "on", level: 5 });
});

/** Until so many more reports have come. */
async function switchOn(field: Field, reports: number): Promise<void> {
	const { length } = field.heard;
	await field.powerOn();
	await field.until(`${reports} reports`, () => field.heard.length >= length + reports);
}
