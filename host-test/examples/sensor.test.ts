/**
 * The thermometer of the examples, on the virtual device in XS, against the gateway.
 * @module
 */
import { fileURLToPath } from "node:url";
import { Field } from "../field/field.js";
import { nativeTest } from "../xs/engine-test.js";

const test = await nativeTest();
const application = fileURLToPath(new URL("../../examples/sensor.ts", import.meta.url));

test("it publishes the temperature at once and every minute", async (t, engine) => {
	const field = await Field.start(t, { engine, application, listen: "devices/dev1/readings" });
	await field.next("acknowledged");
	await field.advance(120_000);
	t.true(field.heard.length >= 3, field.heard.join("\n"));
	for (const reading of field.heard) {
		const { celsius, at } = JSON.parse(reading.slice("devices/dev1/readings ".length)) as Record<string, unknown>;
		t.true(typeof celsius === "number" && celsius >= 19 && celsius <= 23, reading);
		t.regex(String(at), /^2027-01-15T\d\d:\d\d:\d\d\.\d{3}Z$/);
	}
});

test("a command sets the interval, and the device keeps to it when its power comes back", async (t, engine) => {
	const field = await Field.start(t, { engine, application, listen: "devices/dev1/readings" });
	await field.next("subscribed");
	field.send("devices/dev1/commands", { interval: 5 });
	await field.next("message");
	await field.advance(0);
	const before = field.heard.length;
	await field.advance(20_500);
	t.is(field.heard.length - before, 4);
	await field.powerOff();
	await field.powerOn();
	await field.next("acknowledged");
	await field.advance(0);
	const after = field.heard.length;
	await field.advance(20_500);
	t.true(field.heard.length - after >= 4, `${field.heard.length - after}`);
});

test("a command that makes no sense changes nothing and breaks nothing", async (t, engine) => {
	const field = await Field.start(t, { engine, application });
	await field.next("subscribed");
	for (const payload of ["no json", "[]", { interval: 0 }, { interval: "5" }, { interval: 1e9 }])
		field.send("devices/dev1/commands", payload);
	await field.advance(30_000);
	t.deepEqual(
		field.events.filter(({ event }) => event === "application-fault"),
		[],
	);
	t.is(field.events.filter(({ event }) => event === "message").length, 5);
});

test("readings of hours without a network: the newest are kept", async (t, engine) => {
	const field = await Field.start(t, { engine, application });
	await field.next("acknowledged");
	field.network.isDown = true;
	field.network.cutAll();
	await field.advance(3_600_000);
	const dropped = field.events.filter(({ event }) => event === "dropped");
	t.true(dropped.length >= 20, `${dropped.length} dropped`);
	t.is(await field.waiting(), 32);
	field.network.isDown = false;
	await field.next("online");
	await field.advance(10_000);
	t.true((await field.waiting()) <= 1);
});
