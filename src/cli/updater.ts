/**
 * The other side of a device's updates: offers a release, and answers whoever asks for a part of it.
 * @module
 */
import type { Application, Cancel } from "../device/application/index.js";
import type { UpdateStatus } from "../device/update/index.js";
import type { FirmwareRelease } from "../host/firmware-release.js";

/** Milliseconds after which an offer that nobody has answered is made again: the device may not have been online. */
const OFFER_INTERVAL = 10_000;

export interface UpdaterListener {
	/** Nobody has answered, `times` offers long. */
	unanswered(times: number): void;
	/** Bytes of the image from its beginning that are on their way, of all. */
	progress(sent: number, size: number): void;
	/** What a device says of this release. */
	status(status: UpdateStatus): void;
}

/** @param topic below which the device takes updates. */
export function updater(topic: string, release: FirmwareRelease, listener: UpdaterListener): Application {
	let isAnswered = false;
	let offers = 0;
	let cancel: Cancel | undefined;
	return {
		subscriptions: () => [`${topic}/request`, `${topic}/status`],
		changed({ state }, device) {
			cancel?.();
			if (state !== "online") return;
			const offer = () => {
				offers++;
				device.publish(`${topic}/offer`, release.offer);
			};
			offer();
			cancel = device.every(OFFER_INTERVAL, () => {
				if (isAnswered) return;
				listener.unanswered(offers);
				offer();
			});
		},
		message(message, device) {
			if (message.topic === `${topic}/status`) {
				const status = message.json() as UpdateStatus | undefined;
				// One that could not read an offer cannot name its version.
				if (status === undefined || ("version" in status && status.version !== release.version)) return;
				isAnswered = true;
				listener.status(status);
				return;
			}
			const answer = release.answer(message.payload);
			if (answer === undefined) return;
			isAnswered = true;
			device.publish(`${topic}/data`, answer.payload);
			listener.progress(answer.sent, release.size);
		},
		// What is not acknowledged yet is given again when it is asked for again.
		connection: { outbox: { maximumBytes: 65_536, whenFull: "drop-oldest" } },
	};
}
