/**
 * What flash, the hash, a loss of power and an owner who calls back may do to an update: the image that runs stays as it
 * is, and the next attempt ends in the exact image.
 * @module
 */
import type { Hash } from "../../../src/device/ports.js";
import type { UpdateEvent } from "../../../src/device/update/index.js";
import type { Cases, Check } from "../case.js";
import { offerOf, PlayedUpdate, RELEASE_2, RELEASE_3 } from "./played-updater.js";
import { imageOf, ScriptedSlots } from "./scripted-slots.js";
import { TestSha256 } from "./sha256.js";

const { image } = RELEASE_2;
/** Changes of flash that {@link RELEASE_2} takes in chunks of 16 bytes: begin, three writes, complete. */
const CHANGES = 5;

/** A hash that throws in the call with this number, counted over all of its methods and instances. */
function failingHash(at: number): () => Hash {
	let calls = 0;
	const call = <T>(run: () => T): T => {
		if (calls++ === at) throw new Error("no memory");
		return run();
	};
	return () =>
		call(() => {
			const hash = new TestSha256();
			return { update: (data) => call(() => hash.update(data)), digest: () => call(() => hash.digest()) };
		});
}

/** From power-up on, another attempt ends in the image. */
function expectImage(check: Check, world: PlayedUpdate, what: string): void {
	world.receiver.online();
	world.offer(offerOf(RELEASE_2));
	world.serve(image);
	check.same(world.slots.next, image, what);
}

export const cases: Cases = {
	"flash that fails at any change ends the update, and the next attempt ends in the image": (check) => {
		const codes: string[] = [];
		for (let at = 0; at < CHANGES; at++) {
			const world = PlayedUpdate.of(RELEASE_2, { slots: { fault: { at, kind: "fault" } } });
			world.serve(image);
			codes.push(world.trouble ?? "none");
			check.is(world.receiver.state, "listening", `${at}`);
			check.is(world.slots.next, undefined, `${at}`);
			check.is(world.slots.count("close"), at === 0 ? 0 : 1, `${at}`);
			check.is(world.clock.pending, 0, `${at}`);
			world.answered = world.requests.length;
			expectImage(check, world, `${at}`);
		}
		check.same(codes, ["does-not-fit", "flash-failed", "flash-failed", "flash-failed", "image-refused"]);
	},
	"what flash throws is told, and not at any length": (check) => {
		const slots = new ScriptedSlots();
		slots.begin = () => {
			throw new Error("x".repeat(5_000));
		};
		const world = PlayedUpdate.of(RELEASE_2, { slots });
		const [status] = world.statuses;
		check.is(status?.state === "refused" && status.cause.includes("Error: xxx"), true);
		check.is(JSON.stringify(status).length < 600, true);
	},
	"power that is cut at any change leaves the image that runs, or the whole new one": (check) => {
		for (const kind of ["cut-before", "cut-after"] as const)
			for (let at = 0; at < CHANGES; at++) {
				const world = PlayedUpdate.of(RELEASE_2, { slots: { fault: { at, kind } } });
				world.serve(image);
				check.is(world.slots.isCut, true);
				const after = world.powerUp();
				const isDone = at === CHANGES - 1 && kind === "cut-after";
				check.same(after.slots.running, isDone ? image : imageOf(1, 30), `${kind} ${at}`);
				check.is(after.slots.isOnTrial, isDone);
				if (!isDone) expectImage(check, after, `${kind} ${at}`);
			}
	},
	"power that is cut between any two messages leaves the image that runs": (check) => {
		for (let parts = 0; parts < 3; parts++) {
			const world = PlayedUpdate.of(RELEASE_2);
			world.serve(image, parts);
			const after = world.powerUp();
			check.same(after.slots.running, imageOf(1, 30), `${parts}`);
			expectImage(check, after, `${parts}`);
		}
	},
	"a complete image boots after a loss of power before the restart, too": (check) => {
		const world = PlayedUpdate.of(RELEASE_2, { onReady: () => {} });
		world.serve(image);
		check.same(world.powerUp().slots.running, image);
	},
	"a hash that fails at any call ends the update, and nothing is completed": (check) => {
		// Three calls for the signature; then one to begin, one a chunk, and the digest.
		for (let at = 0; at < 8; at++) {
			const world = PlayedUpdate.of(RELEASE_2, { createHash: failingHash(at) });
			world.serve(image);
			check.is(world.told.split(" ").pop(), at < 4 ? "refused" : "failed", `${at}`);
			check.is(world.trouble, "hash-failed", `${at}`);
			check.is(world.slots.count("complete"), 0, `${at}`);
			check.is(world.slots.count("begin"), at < 4 ? 0 : 1, `${at}`);
			check.is(world.clock.pending, 0, `${at}`);
			world.answered = world.requests.length;
			expectImage(check, world, `${at}`);
		}
	},
	"a hash that says another thing than was signed keeps the image from being completed": (check) => {
		let made = 0;
		const createHash = (): Hash => {
			const hash = new TestSha256();
			// The first one is the signature's.
			if (made++ > 0) hash.update(Uint8Array.of(0));
			return hash;
		};
		const world = PlayedUpdate.of(RELEASE_2, { createHash });
		world.serve(image);
		check.is(world.trouble, "hash-mismatch");
	},
	"an owner who loses and finds the connection in any event gets the image": (check) => {
		for (const name of ["offered", "progress", "ready"] as const) {
			const world = PlayedUpdate.of(RELEASE_2, {
				react: (event, { receiver }) => {
					if (event.event !== `update-${name}`) return;
					receiver.offline();
					receiver.online();
				},
			});
			world.serve(image);
			check.same(world.slots.next, image, name);
			check.same(world.offsets, [0, 16, 32], name);
			check.is(world.told, "offered progress progress progress ready", name);
			check.is(world.clock.pending, 1, "the restart alone");
		}
	},
	"an owner who loses the connection in any event waits for no answer": (check) => {
		for (const name of ["offered", "progress"] as const) {
			const world = PlayedUpdate.of(RELEASE_2, {
				react: (event, { receiver }) => {
					if (event.event === `update-${name}`) receiver.offline();
				},
			});
			world.serve(image, 1);
			check.is(world.receiver.state, "paused", name);
			check.is(world.clock.pending, 0, name);
		}
	},
	"an owner who feeds the next bytes in an event gets the image": (check) => {
		const world = PlayedUpdate.of(RELEASE_2, {
			chunkSize: 40,
			react: (event, played) => {
				if (event.event === "update-progress" && event.received < 40)
					played.bytes(event.received, image.subarray(event.received, event.received + 8));
			},
		});
		world.bytes(0, image.subarray(0, 8));
		check.same(world.slots.next, image);
		check.is(world.slots.count("complete"), 1);
		check.is(world.clock.pending, 1, "the restart alone");
	},
	"an owner who feeds a newer offer in an event has that one followed": (check) => {
		for (const name of ["offered", "progress"] as const) {
			let isFed = false;
			const world = PlayedUpdate.of(RELEASE_2, {
				react: (event: UpdateEvent, played) => {
					if (isFed || event.event !== `update-${name}`) return;
					isFed = true;
					played.offer(offerOf(RELEASE_3));
				},
			});
			// Of version 2 the first part is answered, where it was asked for at all.
			if (name === "progress") world.serve(image, 1);
			world.serve(RELEASE_3.image);
			check.same(world.slots.next, RELEASE_3.image, name);
			check.is(world.slots.count("begin"), 2, name);
			check.is(world.slots.count("close"), 1, name);
		}
	},
	"an owner who stops the receiver, or offers a newer image, at the last bytes has nothing completed": (check) => {
		for (const isStopped of [true, false]) {
			const world = PlayedUpdate.of(RELEASE_2, {
				chunkSize: 40,
				react: (event, played) => {
					if (event.event !== "update-progress") return;
					if (isStopped) played.receiver.stop();
					else played.offer(offerOf(RELEASE_3));
				},
			});
			world.receiver.offline();
			world.bytes(0, image);
			check.is(world.slots.count("complete"), 0);
			check.is(world.told, isStopped ? "offered progress" : "offered progress failed offered");
		}
	},
	"an owner who stops the receiver while an image is superseded is told of no other": (check) => {
		const world = PlayedUpdate.of(RELEASE_2, {
			react: (event, { receiver }) => {
				if (event.event === "update-failed") receiver.stop();
			},
		});
		world.offer(offerOf(RELEASE_3));
		check.is(world.told, "offered failed");
		check.same(
			world.statuses.map(({ state }) => state),
			["receiving", "failed"],
		);
		check.same(world.slots.log.slice(-2), ["begin 57", "close"]);
	},
	"an owner who feeds the failed offer again has it begun anew": (check) => {
		let isFed = false;
		const world = PlayedUpdate.of(RELEASE_2, {
			slots: { fault: { at: 1, kind: "fault" } },
			react: (event, played) => {
				if (isFed || event.event !== "update-failed") return;
				isFed = true;
				played.offer(offerOf(RELEASE_2));
			},
		});
		world.serve(image);
		check.is(world.told, "offered failed offered progress progress progress ready");
		check.same(world.slots.next, image);
	},
	"an owner who feeds an offer while one is superseded leaves no writer open": (check) => {
		let isFed = false;
		const world = PlayedUpdate.of(RELEASE_2, {
			react: (event, played) => {
				if (isFed || event.event !== "update-failed") return;
				isFed = true;
				played.offer(offerOf(RELEASE_2));
			},
		});
		world.offer(offerOf(RELEASE_3));
		check.is(world.trouble, undefined);
		check.is(world.told, "offered failed refused offered");
		world.answered = world.requests.length - 1;
		world.serve(RELEASE_3.image);
		check.same(world.slots.next, RELEASE_3.image);
	},
};
