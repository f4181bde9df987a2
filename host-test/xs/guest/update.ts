/**
 * A guest that receives an update, hashed by the device's own C; its flash is memory.
 * @module
 */
import { base64Decode, base64Encode } from "../../../src/device/encoding/base64.js";
import type { FirmwareSlots } from "../../../src/device/ports.js";
import { parseRsaPublicKey } from "../../../src/device/signing/rsa-public-key.js";
import { UpdateAttempts, UpdateReceiver } from "../../../src/device/update/index.js";
import { nativePorts } from "../../../src/firmware/native-ports.js";
import { native } from "./native.js";
import { startGuest, type World } from "./start-guest.js";

/** Version 1 runs. What was completed is told. */
function slotsOf({ emit }: World): FirmwareSlots {
	return {
		version: 1,
		isOnTrial: false,
		confirm() {},
		rollBack() {},
		restart: () => emit({ restart: true }),
		begin(size) {
			const image = new Uint8Array(size);
			let written = 0;
			return {
				write(bytes) {
					image.set(bytes, written);
					written += bytes.length;
				},
				complete: () => emit({ completed: base64Encode(image) }),
				close() {},
			};
		},
	};
}

startGuest((world) => {
	const { emit, ports } = world;
	let receiver: UpdateReceiver | undefined;
	return {
		/** Topic, and the updater's public key in PEM. */
		start(argument) {
			const { topic, publicKey } = argument as { topic: string; publicKey: string };
			receiver = new UpdateReceiver({
				clock: ports.clock,
				slots: slotsOf(world),
				createHash: nativePorts(native!).createHash,
				attempts: new UpdateAttempts(ports.store),
				publicKey: parseRsaPublicKey(publicKey),
				topic,
				publish: (to, payload) => emit({ to, payload: base64Encode(payload) }),
				onReady: (restart) => restart(),
				onEvent: (event) => emit({ event: event.event, code: "error" in event ? event.error.code : undefined }),
			});
			receiver.online();
		},
		message(argument) {
			const { topic, payload } = argument as { topic: string; payload: string };
			receiver!.message(topic, base64Decode(payload));
		},
	};
});
