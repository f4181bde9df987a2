/**
 * Which offers are followed, which are refused, and what is told of them. Nothing is written for a refused one.
 * @module
 */
import { utf8Encode } from "../../../src/device/encoding/utf8.js";
import type { Case, Cases, Check } from "../case.js";
import { offerOf, PlayedUpdate, RELEASE_2, RELEASE_3, TOPIC } from "./played-updater.js";
import { imageOf, type SlotsScript } from "./scripted-slots.js";

/** The offer is refused by `code`, told as an event and to the updater, and flash is as it was. */
function expectRefusal(check: Check, payload: Uint8Array, code: string, slots: SlotsScript = {}): void {
	const world = new PlayedUpdate({ slots });
	world.receiver.online();
	world.offer(payload);
	check.is(world.told, "refused", code);
	check.is(world.trouble, code);
	const [status] = world.statuses;
	check.is(status?.state === "refused" && status.code, code);
	check.is(status?.state === "refused" && status.cause !== "" && status.remedy !== "", true, code);
	check.same(world.requests, [], code);
	check.is(world.slots.changes, 0, code);
	check.is(world.receiver.state, "listening");
	check.is(world.clock.pending, 0);
}

function refusals(): Cases {
	const wrong: readonly [string, Uint8Array, string, SlotsScript?][] = [
		["that is no JSON", utf8Encode("offer"), "not-json"],
		["with a member out of bounds", offerOf(RELEASE_2, { size: 0 }), "out-of-bounds"],
		["of the version that runs", offerOf(RELEASE_2), "already-running", { running: imageOf(2, 9) }],
		["of an older version", offerOf(RELEASE_2), "not-newer", { running: imageOf(3, 9) }],
		["with another version than was signed", offerOf(RELEASE_2, { version: 9 }), "signature-wrong"],
		["with another size than was signed", offerOf(RELEASE_2, { size: 41 }), "signature-wrong"],
		["with another hash than was signed", offerOf(RELEASE_2, { sha256: RELEASE_3.sha256 }), "signature-wrong"],
		["with the signature of another", offerOf(RELEASE_2, { signature: RELEASE_3.signature }), "signature-wrong"],
		["with no bytes of a signature", offerOf(RELEASE_2, { signature: "" }), "signature-wrong"],
		["with a signature cut short", offerOf(RELEASE_2, { signature: RELEASE_2.signature.slice(4) }), "signature-wrong"],
		["of an image that does not fit", offerOf(RELEASE_2), "does-not-fit", { capacity: 39 }],
		["while the image that runs is on trial", offerOf(RELEASE_2), "on-trial", { isOnTrial: true }],
	];
	const cases: Record<string, Case> = {};
	for (const [what, payload, code, slots] of wrong)
		cases[`an offer ${what} is refused: ${code}`] = (check) => expectRefusal(check, payload, code, slots);
	return cases;
}

export const cases: Cases = {
	...refusals(),
	"a signed offer of a newer version is told, begun and asked for": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		check.same(world.events, [{ event: "update-offered", version: 2, size: 40 }]);
		check.same(world.statuses, [{ state: "receiving", version: 2, size: 40 }]);
		check.same(world.requests, [{ version: 2, offset: 0, length: 16 }]);
		check.same(world.slots.log, ["begin 40"]);
		check.is(world.receiver.state, "receiving");
	},
	"a refusal names the version it is about, where that could be read": (check) => {
		const world = new PlayedUpdate();
		world.offer(offerOf(RELEASE_2, { version: 7 }));
		world.offer(utf8Encode("{"));
		check.same(
			world.events.map((event) => "version" in event && event.version),
			[7, false],
		);
		check.same(
			world.statuses.map((status) => status.version),
			[7, undefined],
		);
	},
	"an offer delivered again changes nothing": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.serve(RELEASE_2.image, 1);
		world.offer(offerOf(RELEASE_2));
		check.is(world.told, "offered progress");
		check.same(world.offsets, [0, 16]);
		world.serve(RELEASE_2.image);
		world.offer(offerOf(RELEASE_2));
		check.is(world.told, "offered progress progress progress ready");
		check.is(world.slots.count("begin"), 1);
	},
	"an empty message, by which a retained offer is taken back, does nothing": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.offer(new Uint8Array());
		check.is(world.told, "offered");
		check.is(world.receiver.state, "receiving");
	},
	"a refused offer does not disturb the image under way": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.serve(RELEASE_2.image, 1);
		world.offer(utf8Encode("{"));
		world.offer(offerOf(RELEASE_2, { version: 9 }));
		world.serve(RELEASE_2.image);
		check.is(world.told, "offered progress refused refused progress progress ready");
		check.same(world.slots.next, RELEASE_2.image);
	},
	"a newer offer takes the place of the image under way": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.serve(RELEASE_2.image, 1);
		world.offer(offerOf(RELEASE_3));
		check.is(world.told, "offered progress failed offered");
		check.same(
			world.statuses.map((status) => `${status.state} ${status.version}`),
			["receiving 2", "failed 2", "receiving 3"],
		);
		check.same(world.slots.log, ["begin 40", "write 16", "close", "begin 57"]);
		world.answered = world.requests.length - 1;
		world.serve(RELEASE_3.image);
		check.same(world.slots.next, RELEASE_3.image);
		check.is(world.clock.pending, 1, "the restart alone");
	},
	"a newer offer whose image does not fit ends the one under way, and both are told": (check) => {
		const world = PlayedUpdate.of(RELEASE_2, { slots: { capacity: 50 } });
		world.offer(offerOf(RELEASE_3));
		check.is(world.told, "offered failed refused");
		check.is(world.trouble, "does-not-fit");
		check.is(world.receiver.state, "listening");
		check.is(world.clock.pending, 0);
	},
	"an older offer does not take the place of the image under way": (check) => {
		const world = PlayedUpdate.of(RELEASE_3);
		world.offer(offerOf(RELEASE_2));
		check.is(world.trouble, "not-newer");
		world.serve(RELEASE_3.image);
		check.same(world.slots.next, RELEASE_3.image);
	},
	"an image of the version under way and of another content is refused": (check) => {
		const world = PlayedUpdate.of(RELEASE_2);
		world.offer(offerOf(RELEASE_2, { sha256: RELEASE_3.sha256 }));
		world.offer(offerOf(RELEASE_2, { size: 41 }));
		check.is(world.told, "offered refused refused");
		check.is(world.trouble, "not-newer");
	},
	"once an image is complete no other is taken until the device has restarted": (check) => {
		const world = PlayedUpdate.of(RELEASE_2, { onReady: () => {} });
		world.serve(RELEASE_2.image);
		world.offer(offerOf(RELEASE_3));
		check.is(world.trouble, "restart-pending");
		check.is(world.slots.count("begin"), 1);
		check.same(world.slots.powerUp().running, RELEASE_2.image);
	},
	"after a failure the same offer begins anew": (check) => {
		const world = PlayedUpdate.of(RELEASE_2, { slots: { fault: { at: 2, kind: "fault" } } });
		world.serve(RELEASE_2.image);
		check.is(world.trouble, "flash-failed");
		world.offer(offerOf(RELEASE_2));
		check.is(world.offsets[world.offsets.length - 1], 0);
		world.serve(RELEASE_2.image);
		check.same(world.slots.next, RELEASE_2.image);
	},
	"an offer that comes before the device is told to be online is followed once it is": (check) => {
		const world = new PlayedUpdate();
		world.offer(offerOf(RELEASE_2));
		check.is(world.receiver.state, "paused");
		check.same(world.requests, []);
		world.receiver.online();
		check.same(world.offsets, [0]);
	},
	"messages of other topics do nothing": (check) => {
		const world = new PlayedUpdate();
		world.receiver.online();
		for (const topic of [TOPIC, `${TOPIC}/`, `${TOPIC}/offers`, `${TOPIC}/request`, "offer", ""])
			world.receiver.message(topic, offerOf(RELEASE_2));
		check.is(world.told, "");
	},
	"offers and data are subscribed to at QoS 1": (check) => {
		check.same(new PlayedUpdate().receiver.subscriptions, [
			{ filter: `${TOPIC}/offer`, qos: 1 },
			{ filter: `${TOPIC}/data`, qos: 1 },
		]);
	},
	"a topic or a chunk size out of bounds is refused at once": (check) => {
		for (const topic of ["", "a/+", "#", "a\0b", "é".repeat(125), "a/b/c/d/e/f/g/h"])
			check.throws(() => new PlayedUpdate({ topic }), { name: "RangeError" }, topic);
		for (const topic of ["u", "é".repeat(124), "a/b/c/d/e/f/g"]) new PlayedUpdate({ topic });
		for (const chunkSize of [0, -1, 1.5, 65_537, Number.NaN])
			check.throws(() => new PlayedUpdate({ chunkSize }), { name: "RangeError" }, `${chunkSize}`);
	},
};
