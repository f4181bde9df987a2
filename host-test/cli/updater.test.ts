/**
 * The side of updates that is no device: what it offers when, in a world with its own clock.
 * @module
 */
import test from "ava";
import { updater } from "../../src/cli/updater.js";
import { FirmwareRelease } from "../../src/host/firmware-release.js";
import { createPemPair } from "../authorizer/keys.js";
import { PlayedApplication } from "../device/application/played-application.js";

const TOPIC = "devices/dev1/update";
const { privateKey } = createPemPair();
const RELEASE = new FirmwareRelease(new Uint8Array(100), 2, privateKey);

/** An updater that is online, and what it told. */
function online() {
	const told: unknown[] = [];
	const world = new PlayedApplication(
		updater(TOPIC, RELEASE, {
			unanswered: (times) => told.push(`unanswered ${times}`),
			progress: (sent, size) => told.push(`${sent} of ${size}`),
			status: ({ state }) => told.push(state),
		}),
	);
	world.bringOnline();
	return {
		world,
		told,
		/** Offers on the last connection, all of them acknowledged. */
		offers() {
			world.acknowledge();
			return world.publishes.filter(({ topic }) => topic === `${TOPIC}/offer`).length;
		},
	};
}

test("an offer that nobody answers is made again, so that a device which comes online later hears it", (t) => {
	const { world, told, offers } = online();
	t.is(offers(), 1);
	world.clock.advance(9_999);
	t.is(offers(), 1);
	world.clock.advance(1);
	t.is(offers(), 2);
	world.clock.advance(10_000);
	t.is(offers(), 3);
	t.deepEqual(told, ["unanswered 1", "unanswered 2"]);
});

test("a device that asks has heard the offer, and one that tells its status has", (t) => {
	for (const [topic, payload] of [
		["request", { version: 2, offset: 0, length: 50 }],
		["status", { state: "receiving", version: 2, size: 100 }],
	] as const) {
		const { world, told, offers } = online();
		world.receive(`${TOPIC}/${topic}`, payload);
		world.clock.advance(60_000);
		t.is(offers(), 1, topic);
		t.deepEqual(told, [topic === "request" ? "50 of 100" : "receiving"]);
	}
});

test("what is said of another version, or by nobody who knows how, is no answer", (t) => {
	const { world, told, offers } = online();
	world.receive(`${TOPIC}/status`, { state: "failed", version: 1, code: "c", cause: "c", remedy: "r" });
	world.receive(`${TOPIC}/status`, "nonsense");
	world.receive(`${TOPIC}/request`, { version: 1, offset: 0, length: 50 });
	t.deepEqual(told, []);
	world.clock.advance(10_000);
	t.is(offers(), 2);
});

test("a connection that is lost takes its offers with it, and the next one begins with one", (t) => {
	const { world, told, offers } = online();
	offers();
	world.network.last.fail("closed");
	world.clock.advance(9_000);
	t.is(world.network.sockets.length, 2);
	world.bringOnline();
	t.is(offers(), 1);
	world.clock.advance(9_000);
	t.is(offers(), 1);
	t.deepEqual(told, []);
});
