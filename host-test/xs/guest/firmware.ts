/**
 * The guest's two places for images, and its hash: Node's, through the bridge.
 * @module
 */
import type { FirmwareSlots, FirmwareWriter, Hash } from "../../../src/device/ports.js";
import { HOST_CALL, MessageWriter } from "../protocol.js";
import { callHost } from "./call-host.js";

/** @param running what Node says of the image that runs. */
export function guestFirmware(running: { readonly version: number; readonly isOnTrial: boolean }): FirmwareSlots {
	let { isOnTrial } = running;
	return {
		version: running.version,
		get isOnTrial() {
			return isOnTrial;
		},
		confirm() {
			tell(HOST_CALL.firmwareConfirm);
			isOnTrial = false;
		},
		rollBack: () => tell(HOST_CALL.firmwareRollBack),
		restart: guestRestart,
		begin(size): FirmwareWriter {
			callHost(new MessageWriter(HOST_CALL.firmwareBegin).u32(size));
			return {
				write: (bytes) => void callHost(new MessageWriter(HOST_CALL.firmwareWrite).bytes(bytes)),
				complete: () => tell(HOST_CALL.firmwareComplete),
				close: () => tell(HOST_CALL.firmwareClose),
			};
		},
	};
}

export function guestRestart(): void {
	tell(HOST_CALL.restart);
}

export function guestHash(): Hash {
	const id = callHost(new MessageWriter(HOST_CALL.hashOpen)).u32();
	return {
		update: (data) => void callHost(new MessageWriter(HOST_CALL.hashUpdate).u32(id).bytes(data)),
		digest: () => callHost(new MessageWriter(HOST_CALL.hashDigest).u32(id)).bytes(),
	};
}

function tell(kind: number): void {
	callHost(new MessageWriter(kind));
}
