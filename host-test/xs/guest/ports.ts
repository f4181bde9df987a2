/**
 * The guest's random numbers, digest and store: Node's own, through the bridge.
 * @module
 */
import type { Digest, KeyValueStore, Random } from "../../../src/device/ports.js";
import { HOST_CALL, MessageWriter } from "../protocol.js";
import { callHost } from "./call-host.js";

export const guestRandom: Random = {
	bytes: (count) => callHost(new MessageWriter(HOST_CALL.random).u32(count)).bytes(),
};

export const guestDigest: Digest = {
	sha256: (data) => callHost(new MessageWriter(HOST_CALL.sha256).bytes(data)).bytes(),
	sha512: (data) => callHost(new MessageWriter(HOST_CALL.sha512).bytes(data)).bytes(),
};

export const guestStore: KeyValueStore = {
	read(key) {
		const answer = callHost(new MessageWriter(HOST_CALL.storeRead).text(key));
		return answer.u32() === 1 ? answer.bytes().buffer : undefined;
	},
	write(key, value) {
		callHost(new MessageWriter(HOST_CALL.storeWrite).text(key).bytes(new Uint8Array(value)));
	},
	delete(key) {
		callHost(new MessageWriter(HOST_CALL.storeDelete).text(key));
	},
};
