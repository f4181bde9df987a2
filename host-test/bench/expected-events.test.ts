/** @module */
import test from "ava";
import { ExpectedEvents } from "./expected-events.js";

test("an event is waited for, whatever comes before it", async (t) => {
	const events = new ExpectedEvents();
	const online = events.next("online");
	events.take({ event: "connecting" });
	events.take({ event: "online" });
	await t.notThrowsAsync(online);
});

for (const event of ["over", "failed"]) {
	test(`a device that tells ${event} fails what is waited for, and all that is waited for later`, async (t) => {
		const events = new ExpectedEvents();
		const online = events.next("online");
		events.take({ event });
		await t.throwsAsync(online, { message: `bench: the device told "${event}"` });
		await t.throwsAsync(events.next("acknowledged"), { message: `bench: the device told "${event}"` });
	});
}
