/** @module */
import { type Cases, toHex } from "../case.js";
import { RELEASE_2, RELEASE_3 } from "./played-updater.js";
import { sha256Of } from "./sha256.js";

export const cases: Cases = {
	"the releases are what their offers say": (check) => {
		for (const { image, version, size, sha256 } of [RELEASE_2, RELEASE_3]) {
			check.same([image[0], image.length], [version, size]);
			check.is(toHex(sha256Of(image)), sha256);
		}
	},
};
