/** @module */
import { ImageTransfer } from "../../../src/device/update/image-transfer.js";
import { parseOffer } from "../../../src/device/update/offer.js";
import type { Cases } from "../case.js";
import { offerOf, RELEASE_2 } from "./played-updater.js";
import { ScriptedSlots } from "./scripted-slots.js";
import { TestSha256 } from "./sha256.js";

const { image } = RELEASE_2;

function transferOf(slots: ScriptedSlots): ImageTransfer {
	return new ImageTransfer(parseOffer(offerOf(RELEASE_2)), slots, () => new TestSha256());
}

export const cases: Cases = {
	"nothing is expected before it was asked for": (check) => {
		const transfer = transferOf(new ScriptedSlots());
		const message = { version: 2, offset: 0, bytes: image.subarray(0, 4) };
		check.is(transfer.expects(message), false);
		check.same(transfer.next(4), { version: 2, offset: 0, length: 4 });
		check.is(transfer.expects(message), true);
		check.is(transfer.isAnswered, false);
		transfer.take(message.bytes);
		check.same([transfer.isAnswered, transfer.received, transfer.isWhole], [true, 4, false]);
		check.is(transfer.expects(message), false);
	},
	"what is not whole is not completed": (check) => {
		const slots = new ScriptedSlots();
		const transfer = transferOf(slots);
		transfer.next(40);
		transfer.take(image.subarray(0, 39));
		check.throws(() => transfer.complete(), { code: "incomplete", step: "update" });
		check.is(slots.count("complete"), 0);
		transfer.take(image.subarray(39));
		transfer.complete();
		check.same(slots.next, image);
	},
};
