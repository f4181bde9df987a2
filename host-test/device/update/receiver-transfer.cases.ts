/**
 * The way of an image: the pace, what of the messages is taken, silence, lost connections, and the restart.
 * @module
 */
import { DeviceError } from "../../../src/device/device-error.js";
import { encodeDataMessage } from "../../../src/device/update/offer.js";
import { RESTART_DELAY } from "../../../src/device/update/update-interface.js";
import { PATIENCE_TRIES, patience } from "../../../src/device/update/update-table.js";
import type { Cases, Check } from "../case.js";
import { answerTo, offerOf, PlayedUpdate, RELEASE_2, RELEASE_3, TOPIC } from "./played-updater.js";

const { image } = RELEASE_2;

/** How long all the patience of a device lasts. */
function allPatience(): number {
	let sum = 0;
	for (let unanswered = 0; unanswered < PATIENCE_TRIES; unanswered++) sum += patience(unanswered);
	return sum;
}

/** It asks again after five seconds, and does not give up before it has asked as often as it ever does. */
function expectAllPatience(check: Check, world: PlayedUpdate): void {
	const count = world.requests.length;
	world.clock.advance(4_999);
	check.is(world.requests.length, count);
	world.clock.advance(1);
	check.is(world.requests.length, count + 1);
	world.clock.advance(allPatience() - 5_001);
	check.is(world.receiver.state, "receiving");
}

export const cases: Cases = {
	"an image is asked for part by part, one request at a time, and completed": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		for (const count of [1, 2, 3]) {
			check.is(world.requests.length, count);
			world.serve(image, 1);
		}
		check.same(world.requests, [
			{ version: 2, offset: 0, length: 16 },
			{ version: 2, offset: 16, length: 16 },
			{ version: 2, offset: 32, length: 8 },
		]);
		check.same(world.slots.log, ["begin 40", "write 16", "write 16", "write 8", "complete"]);
		check.same(world.slots.next, image);
		check.same(world.events.slice(1), [
			{ event: "update-progress", version: 2, received: 16, size: 40 },
			{ event: "update-progress", version: 2, received: 32, size: 40 },
			{ event: "update-progress", version: 2, received: 40, size: 40 },
			{ event: "update-ready", version: 2 },
		]);
		check.same(world.statuses[1], { state: "ready", version: 2 });
	},
	"an image may be a chunk, a multiple of chunks, or smaller than one": (check) => {
		for (const [chunkSize, requests] of [
			[40, 1],
			[20, 2],
			[39, 2],
			[65_536, 1],
			[1, 40],
		] as const) {
			const world = PlayedUpdate.of(RELEASE_2, { chunkSize });
			world.serve(image);
			check.same(world.slots.next, image, `${chunkSize}`);
			check.is(world.requests.length, requests, `${chunkSize}`);
		}
	},
	"4096 bytes are asked for at a time unless told otherwise": (check) => {
		const world = PlayedUpdate.of(RELEASE_2, { chunkSize: undefined });
		check.same(world.requests, [{ version: 2, offset: 0, length: 40 }]);
		world.serve(image);
		check.same(world.slots.next, image);
	},
	"requests go out at QoS 0, what is told at QoS 1": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		check.same([world.qos.get(`${TOPIC}/request`), world.qos.get(`${TOPIC}/status`)], [0, 1]);
	},
	"an answer may come in several messages, and is asked for no second time": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.bytes(0, image.subarray(0, 5));
		world.bytes(5, image.subarray(5, 15));
		check.same(world.offsets, [0]);
		world.bytes(15, image.subarray(15, 16));
		check.same(world.offsets, [0, 16]);
	},
	"a later part of an answer is not taken before the earlier ones": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.bytes(8, image.subarray(8, 16));
		world.bytes(1, image.subarray(1, 8));
		check.is(world.told, "offered");
		world.bytes(0, image.subarray(0, 8));
		world.bytes(8, image.subarray(8, 16));
		world.answered = 1;
		world.serve(image);
		check.same(world.slots.next, image);
	},
	"a part of an answer starts the wait for the rest anew, which is then asked for": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.clock.advance(4_999);
		world.bytes(0, image.subarray(0, 5));
		world.clock.advance(4_999);
		check.same(world.offsets, [0]);
		world.clock.advance(1);
		check.same(world.requests[1], { version: 2, offset: 5, length: 16 });
	},
	"bytes that were taken are not taken again": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		const [first] = world.requests;
		for (let i = 0; i < 3; i++) world.data(answerTo(first!, image));
		check.is(world.told, "offered progress");
		check.same(world.offsets, [0, 16]);
		world.answered = 1;
		world.serve(image);
		check.same(world.slots.next, image);
	},
	"bytes from elsewhere, of another version, unasked for, none or too many are ignored": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.serve(image, 1);
		const sixteen = image.subarray(16, 32);
		world.bytes(15, sixteen);
		world.bytes(17, sixteen);
		world.bytes(32, image.subarray(32));
		world.bytes(4294967295, sixteen);
		world.bytes(16, sixteen, 3);
		world.bytes(16, sixteen, 0);
		world.bytes(16, image.subarray(16, 33));
		world.bytes(16, new Uint8Array(0));
		world.data(new Uint8Array(7));
		world.data(new Uint8Array(0));
		check.is(world.told, "offered progress");
		check.is(world.slots.count("write"), 1);
		check.same(world.offsets, [0, 16]);
	},
	"data without an image under way is ignored": (check) => {
		const world = new PlayedUpdate();
		const data = encodeDataMessage({ version: 2, offset: 0, bytes: image });
		world.data(data);
		world.receiver.online();
		world.data(data);
		check.is(world.told, "");
		const ready = PlayedUpdate.of(RELEASE_2);
		ready.serve(image);
		ready.data(data);
		check.is(ready.slots.count("write"), 3);
	},
	"an answer that does not come is asked for again, ever more rarely, and then given up": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.serve(image, 1);
		const moments: number[] = [];
		let last = 0;
		for (let now = 0; now < allPatience(); now += 1_000) {
			if (world.requests.length > last) moments.push(now);
			last = world.requests.length;
			world.clock.advance(1_000);
		}
		check.same(moments, [0, 5_000, 15_000, 35_000, 75_000, 135_000, 195_000, 255_000, 315_000, 375_000]);
		check.same(world.offsets.slice(1), Array(PATIENCE_TRIES).fill(16));
		check.is(world.told, "offered progress failed");
		check.is(world.trouble, "unanswered");
		const status = world.statuses[world.statuses.length - 1];
		check.is(status?.state === "failed" && status.code, "unanswered");
		check.same(world.slots.log, ["begin 40", "write 16", "close"]);
		check.is(world.receiver.state, "listening");
		check.is(world.clock.pending, 0);
	},
	"after it has given up the device has all its patience for the next offer": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.clock.advance(allPatience());
		world.offer(offerOf(RELEASE_2));
		expectAllPatience(check, world);
	},
	"bytes that come give the device its patience back": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.clock.advance(allPatience() - 1);
		world.bytes(0, image.subarray(0, 16));
		expectAllPatience(check, world);
	},
	"the transfer goes on where it was when the connection was lost": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.serve(image, 1);
		world.receiver.offline();
		check.is(world.receiver.state, "paused");
		check.is(world.clock.pending, 0);
		world.clock.advance(86_400_000);
		check.same(world.offsets, [0, 16]);
		world.receiver.online();
		check.same(world.offsets, [0, 16, 16]);
		world.answered = 2;
		world.serve(image);
		check.same(world.slots.next, image);
		check.is(world.slots.count("begin"), 1);
	},
	"a connection that is lost at every request ends in the image all the same": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		for (let turn = 0; turn < 40; turn++) {
			world.receiver.offline();
			world.receiver.online();
			if (turn % 10 === 9) world.serve(image, 1);
			world.answered = world.requests.length - 1;
		}
		check.same(world.slots.next, image);
	},
	"a connection in place of one whose end nobody told is asked on at once": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.receiver.online();
		check.same(world.offsets, [0, 0]);
		check.is(world.clock.pending, 1);
	},
	"bytes that were on their way inside the device when the connection was lost are kept": (check) => {
		const world = PlayedUpdate.of(RELEASE_2, { chunkSize: 40 });
		world.receiver.offline();
		world.bytes(0, image.subarray(0, 16));
		check.same(world.offsets, [0]);
		check.is(world.clock.pending, 0);
		world.bytes(16, image.subarray(16));
		check.is(world.receiver.state, "ready");
		check.same(world.slots.next, image);
	},
	"stopped, a receiver forgets the image under way and leaves no writer open": (check) => {
		for (const isLost of [false, true]) {
			const world = PlayedUpdate.of(RELEASE_2);
			world.serve(image, 1);
			if (isLost) world.receiver.offline();
			world.receiver.stop();
			world.receiver.stop();
			check.same(world.slots.log, ["begin 40", "write 16", "close"]);
			check.is(world.told, "offered progress");
			check.is(world.receiver.state, "offline");
			check.is(world.clock.pending, 0);
			world.receiver.online();
			world.offer(offerOf(RELEASE_2));
			world.answered = world.requests.length - 1;
			world.serve(image);
			check.same(world.slots.next, image);
		}
	},
	"an image whose bytes are not those offered is never completed": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.serve(RELEASE_3.image.subarray(0, 40));
		check.is(world.told, "offered progress progress progress failed");
		check.is(world.trouble, "hash-mismatch");
		check.is(world.slots.next, undefined);
		check.same(world.slots.log.slice(-2), ["write 8", "close"]);
		check.is(world.receiver.state, "listening");
	},
	"a byte that is wrong, wherever it is, keeps the image from being completed": (check) => {
		for (let at = 0; at < image.length; at++) {
			const wrong = image.slice();
			wrong[at]! ^= 1 << (at % 8);
			const world = PlayedUpdate.of(RELEASE_2, { chunkSize: 40 });
			world.serve(wrong);
			check.is(world.trouble, "hash-mismatch", `${at}`);
			check.is(world.slots.count("complete"), 0, `${at}`);
		}
	},
	"without an owner who decides the device restarts once what it told can be out": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.serve(image);
		world.clock.advance(RESTART_DELAY - 1);
		check.is(world.slots.count("restart"), 0);
		world.clock.advance(1);
		check.is(world.slots.count("restart"), 1);
		check.is(world.receiver.state, "restarting");
		world.clock.advance(3_600_000);
		check.is(world.slots.count("restart"), 1);
	},
	"the owner chooses the moment, and restarts once": (check) => {
		let restart = () => {};
		const world = PlayedUpdate.of(RELEASE_2, {
			onReady(now) {
				restart = now;
			},
		});
		world.serve(image);
		world.clock.advance(86_400_000);
		check.is(world.receiver.state, "ready");
		check.is(world.slots.count("restart"), 0);
		restart();
		restart();
		check.is(world.slots.count("restart"), 1);
	},
	"the updater is told that the image is ready before the owner is asked": (check) => {
		let told = "";
		const world: PlayedUpdate = PlayedUpdate.of(RELEASE_2, {
			onReady(restart) {
				told = world.statuses.map(({ state }) => state).join(" ");
				restart();
			},
		});
		world.serve(image);
		check.is(told, "receiving ready");
		check.is(world.receiver.state, "restarting");
	},
	"while it restarts the device takes nothing": (check) => {
		const world = PlayedUpdate.of(RELEASE_2, { onReady: (restart) => restart() });
		world.serve(image);
		const { told } = world;
		world.offer(offerOf(RELEASE_3));
		world.receiver.offline();
		world.receiver.online();
		check.is(world.told, told);
	},
	"a request that cannot be sent is made again": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.unsendable = new DeviceError({ code: "busy", step: "link", cause: "busy", remedy: "wait" });
		world.serve(image, 1);
		check.same(world.offsets, [0]);
		world.unsendable = undefined;
		world.clock.advance(5_000);
		check.same(world.offsets, [0, 16]);
	},
	"a device that cannot send gives up, and says why": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.unsendable = new Error("no room");
		world.clock.advance(allPatience());
		const last = world.events[world.events.length - 1];
		check.is(last?.event === "update-failed" && last.error.message.includes("no room"), true);
	},
	"what could not be told is told when the device comes online, the last of it": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.unsendable = new Error("busy");
		world.offer(offerOf(RELEASE_2, { version: 9 }));
		world.serve(RELEASE_3.image);
		world.clock.advance(allPatience());
		check.same(
			world.statuses.map(({ state }) => state),
			["receiving"],
		);
		world.unsendable = undefined;
		world.receiver.offline();
		world.receiver.online();
		world.receiver.online();
		check.same(
			world.statuses.map(({ state }) => state),
			["receiving", "failed"],
		);
	},
	"no event and no message holds a signature": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.offer(offerOf(RELEASE_2, { version: 9 }));
		world.serve(image);
		const told = JSON.stringify([world.events, world.statuses, world.requests]);
		check.is(told.includes(RELEASE_2.signature.slice(0, 12)), false);
	},
};
