/**
 * Updates over every kind of network, flash and updater that can be made up: what ends complete is the image that was
 * signed, byte for byte, and nothing else is ever made bootable.
 * @module
 */
import { randomBytes } from "node:crypto";
import test, { type ExecutionContext } from "ava";
import fc from "fast-check";
import { encodeDataMessage } from "../../../src/device/update/offer.js";
import { nodeHash } from "../../../src/host/ports.js";
import { answerTo, offerOf, PlayedUpdate, RELEASE_2, type Release } from "./played-updater.js";
import { imageOf, type SlotsScript } from "./scripted-slots.js";
import { releaseOf } from "./signed-releases.js";

const image = fc.uint8Array({ minLength: 1, maxLength: 200 });
const chunkSize = fc.integer({ min: 1, max: 64 });

function begin(release: Release, size: number, slots: SlotsScript = {}): PlayedUpdate {
	return PlayedUpdate.of(release, { chunkSize: size, createHash: nodeHash, slots, onReady: () => {} });
}

/** Whatever happened, what would boot is the image that ran or the one that was signed. */
function expectSound(t: ExecutionContext, world: PlayedUpdate, release: Release): void {
	const { next } = world.slots;
	t.is(next !== undefined, world.told.split(" ").includes("ready"));
	if (next !== undefined) t.deepEqual(next, release.image);
}

test("any image in chunks of any size is received exactly", (t) => {
	fc.assert(
		fc.property(image, chunkSize, (bytes, size) => {
			const release = releaseOf(bytes, 2);
			const world = begin(release, size);
			world.serve(bytes);
			t.deepEqual(world.slots.next, bytes);
			t.is(world.requests.length, Math.ceil(bytes.length / size));
			t.is(world.slots.count("write"), world.requests.length);
		}),
		{ numRuns: 60 },
	);
});

test("an image of a megabyte is received with one request and one write for each 4096 bytes", (t) => {
	const bytes = new Uint8Array(randomBytes(1_000_000));
	const release = releaseOf(bytes, 2);
	const world = begin(release, 4096, { capacity: 1_000_000 });
	world.serve(bytes);
	t.deepEqual(world.slots.next, bytes);
	t.is(world.requests.length, 245);
	t.is(world.slots.count("write"), 245);
});

/** What a network may do, one step at a time; numbers choose among the messages that are on their way. */
const networkStep = fc.oneof(
	{ weight: 6, arbitrary: fc.record({ kind: fc.constant("deliver" as const), at: fc.nat(50) }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("repeat" as const), at: fc.nat(50) }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("lose" as const), at: fc.nat(50) }) },
	{ weight: 2, arbitrary: fc.record({ kind: fc.constant("wait" as const), at: fc.nat(20_000) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("reconnect" as const), at: fc.nat(20_000) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant("offer" as const), at: fc.nat(1) }) },
);

/** A network between an honest updater and the device. */
class WildNetwork {
	private readonly world: PlayedUpdate;
	private readonly release: Release;
	/** Data messages that are on their way. */
	private readonly waiting: Uint8Array[] = [];
	private seen = 0;

	constructor(world: PlayedUpdate, release: Release) {
		this.world = world;
		this.release = release;
	}

	step({ kind, at }: { readonly kind: string; readonly at: number }): void {
		const { world, waiting } = this;
		for (; this.seen < world.requests.length; this.seen++)
			waiting.push(answerTo(world.requests[this.seen]!, this.release.image));
		const index = waiting.length === 0 ? -1 : at % waiting.length;
		if (kind === "wait") world.clock.advance(at);
		else if (kind === "offer") world.offer(offerOf(this.release));
		else if (kind === "reconnect") {
			world.receiver.offline();
			world.clock.advance(at);
			world.receiver.online();
		} else if (index < 0) return;
		else if (kind === "repeat") world.data(waiting[index]!);
		else {
			const [message] = waiting.splice(index, 1);
			if (kind === "deliver") world.data(message!);
		}
	}
}

test("messages lost, repeated and out of order, and connections lost, end in the exact image or in none", (t) => {
	let complete = 0;
	fc.assert(
		fc.property(image, chunkSize, fc.array(networkStep, { maxLength: 120 }), (bytes, size, steps) => {
			const release = releaseOf(bytes, 2);
			const world = begin(release, size);
			const network = new WildNetwork(world, release);
			for (const step of steps) network.step(step);
			expectSound(t, world, release);
			// Once the network is sound again, so is the update.
			world.receiver.online();
			world.offer(offerOf(release));
			for (let left = world.requests.length; left >= 0; left--) world.serve(bytes);
			t.deepEqual(world.slots.next, bytes);
			complete++;
		}),
		{ numRuns: 150 },
	);
	t.true(complete >= 150);
});

test("answers in pieces of any size end in the exact image", (t) => {
	fc.assert(
		fc.property(
			image,
			chunkSize,
			fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }),
			(bytes, size, pieces) => {
				const release = releaseOf(bytes, 2);
				const world = begin(release, size);
				for (let turn = 0; world.answered < world.requests.length; ) {
					const { offset, length } = world.requests[world.answered++]!;
					for (let at = offset; at < offset + length; ) {
						const end = Math.min(offset + length, at + pieces[turn++ % pieces.length]!);
						world.data(encodeDataMessage({ version: 2, offset: at, bytes: bytes.subarray(at, end) }));
						at = end;
					}
				}
				t.deepEqual(world.slots.next, bytes);
				t.is(world.requests.length, Math.ceil(bytes.length / size));
			},
		),
		{ numRuns: 60 },
	);
});

test("bytes changed anywhere on the way never become bootable", (t) => {
	fc.assert(
		fc.property(image, chunkSize, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, size, place, change) => {
			const wrong = bytes.slice();
			wrong[place % wrong.length]! ^= change;
			const release = releaseOf(bytes, 2);
			const world = begin(release, size);
			world.serve(wrong);
			t.is(world.trouble, "hash-mismatch");
			t.is(world.slots.next, undefined);
			t.is(world.slots.count("complete"), 0);
		}),
		{ numRuns: 100 },
	);
});

const header = fc.tuple(fc.constantFrom(0, 1, 2, 3, 0xffffffff), fc.oneof(fc.nat(220), fc.constant(0xffffffff)));
const anyData = fc.oneof(
	fc.uint8Array({ maxLength: 40 }),
	fc
		.tuple(header, fc.uint8Array({ maxLength: 80 }))
		.map(([[version, offset], bytes]) => encodeDataMessage({ version, offset, bytes })),
);
/** Offers that no updater signed: arbitrary bytes, and signed ones with a member changed. */
const unsignedOffer = fc.oneof(
	fc.uint8Array({ maxLength: 100 }),
	fc.json().map((text) => Buffer.from(text)),
	fc.integer({ min: 3, max: 0xffffffff }).map((version) => offerOf(RELEASE_2, { version })),
	fc.integer({ min: 41, max: 0xffffffff }).map((size) => offerOf(RELEASE_2, { size })),
	fc.nat(255).map((at) => offerOf(RELEASE_2, { signature: withBit(RELEASE_2.signature, at) })),
);
const call = fc.oneof(
	fc.record({ kind: fc.constant("offer" as const), payload: unsignedOffer }),
	fc.record({ kind: fc.constant("data" as const), payload: anyData }),
	fc.record({ kind: fc.constantFrom("online" as const, "offline" as const, "wait" as const) }),
);

function withBit(base64: string, byte: number): string {
	const bytes = Buffer.from(base64, "base64");
	bytes[byte]! ^= 0x20;
	return bytes.toString("base64");
}

function make(world: PlayedUpdate, made: { readonly kind: string; readonly payload?: Uint8Array }): void {
	if (made.kind === "offer") world.offer(made.payload!);
	else if (made.kind === "data") world.data(made.payload!);
	else if (made.kind === "wait") world.clock.advance(30_000);
	else if (made.kind === "online") world.receiver.online();
	else world.receiver.offline();
}

test("whatever comes without the updater's signature, nothing is thrown and flash is not touched", (t) => {
	fc.assert(
		fc.property(fc.array(call, { maxLength: 30 }), (calls) => {
			const world = new PlayedUpdate({ createHash: nodeHash });
			for (const made of calls) make(world, made);
			t.deepEqual(world.slots.log, []);
			t.deepEqual(world.requests, []);
			t.true(world.events.every(({ event }) => event === "update-refused"));
		}),
		{ numRuns: 200 },
	);
});

test("whatever comes while an image is under way, nothing is thrown and only that image becomes bootable", (t) => {
	fc.assert(
		fc.property(image, chunkSize, fc.array(call, { maxLength: 40 }), fc.nat(3), (bytes, size, calls, served) => {
			const release = releaseOf(bytes, 2);
			const world = begin(release, size);
			world.serve(bytes, served);
			for (const made of calls) make(world, made);
			expectSound(t, world, release);
			t.is(world.slots.count("begin"), 1);
		}),
		{ numRuns: 200 },
	);
});

test("flash that fails, or power that is cut, at any change leaves a bootable image, and the next attempt ends well", (t) => {
	const kinds = fc.constantFrom("fault" as const, "cut-before" as const, "cut-after" as const);
	fc.assert(
		fc.property(image, chunkSize, kinds, fc.nat(), (bytes, size, kind, place) => {
			const changes = 2 + Math.ceil(bytes.length / size);
			const release = releaseOf(bytes, 2);
			const world = begin(release, size, { fault: { at: place % changes, kind } });
			world.serve(bytes);
			const isDone = kind === "cut-after" && place % changes === changes - 1;
			t.deepEqual(world.slots.powerUp().running, isDone ? bytes : imageOf(1, 30));
			t.false(world.told.split(" ").includes("ready"));
			if (isDone) return;
			const again = begin(release, size, { running: world.slots.powerUp().running });
			again.serve(bytes);
			t.deepEqual(again.slots.next, bytes);
		}),
		{ numRuns: 100 },
	);
});
