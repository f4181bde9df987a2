/**
 * An image that does not stay is not fetched and booted for ever.
 * @module
 */
import { UpdateAttempts } from "../../../src/device/update/index.js";
import type { Cases } from "../case.js";
import { TornStore } from "../torn-store.js";
import { offerOf, PlayedUpdate, RELEASE_2, RELEASE_3 } from "./played-updater.js";

export const cases: Cases = {
	"an image that was rolled back is received three times, then refused, across restarts; a newer one is taken": (
		check,
	) => {
		const store = new TornStore();
		for (let i = 0; i < 3; i++) {
			// Each time the bootloader has gone back to image 1, and the retained offer is there again.
			const world = PlayedUpdate.of(RELEASE_2, { store });
			world.serve(RELEASE_2.image);
			check.is(world.told.endsWith("ready"), true, `time ${i}`);
		}
		const fourth = PlayedUpdate.of(RELEASE_2, { store });
		check.is(fourth.trouble, "given-up");
		check.is(fourth.slots.log.length, 0);
		fourth.offer(offerOf(RELEASE_3));
		check.is(fourth.told.endsWith("offered"), true);
	},
	"an image that is never what was offered is downloaded three times, then refused": (check) => {
		const world = new PlayedUpdate();
		world.receiver.online();
		const wrong = RELEASE_2.image.slice();
		wrong[20]! ^= 1;
		const codes: (string | undefined)[] = [];
		for (let i = 0; i < 5; i++) {
			world.offer(offerOf(RELEASE_2));
			world.serve(wrong);
			codes.push(world.trouble);
		}
		check.same(codes, ["hash-mismatch", "hash-mismatch", "hash-mismatch", "given-up", "given-up"]);
	},
	"what was begun and not received whole is not counted": (check) => {
		const store = new TornStore();
		for (let i = 0; i < 5; i++) PlayedUpdate.of(RELEASE_2, { store }).serve(RELEASE_2.image, 1);
		check.is(new UpdateAttempts(store).count(2), 0);
	},
	"a record that was torn at any byte counts as none, and is written anew": (check) => {
		const whole = new TornStore();
		new UpdateAttempts(whole).add(2);
		const bytes = whole.values.get("update-tries")!;
		for (let length = 0; length < bytes.length; length++) {
			const attempts = new UpdateAttempts(new TornStore({ "update-tries": bytes.slice(0, length) }));
			check.is(attempts.count(2), 0, `${length} bytes`);
			attempts.add(2);
			check.is(attempts.count(2), 1);
			check.is(attempts.count(3), 0);
		}
		for (let at = 0; at < 8 * bytes.length; at++) {
			const flipped = bytes.slice();
			flipped[at >> 3]! ^= 1 << (at & 7);
			check.is(new UpdateAttempts(new TornStore({ "update-tries": flipped })).count(2), 0, `bit ${at}`);
		}
	},
	"a store that fails fails the update, and the image is not booted": (check) => {
		const store = new TornStore();
		const world = PlayedUpdate.of(RELEASE_2, { store });
		store.failAt(0, "before");
		world.serve(RELEASE_2.image);
		check.is(world.trouble, "store-failed");
		check.is(world.slots.next, undefined);
	},
};
