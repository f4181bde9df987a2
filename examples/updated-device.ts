/**
 * A device whose firmware is updated over MQTT: it takes an image that the updater has signed, boots it on trial, and goes
 * back to the one before if it does not get online.
 *
 * Updates are offered below `devices/<client id>/update` (docs/firmware.md, "Updates"). `devices/<client id>/firmware` tells,
 * retained, which version runs.
 * @module
 */
import type { Application } from "../src/device/application/index.js";

/**
 * @param publicKey RSA, PEM: of whoever signs updates. It is part of the firmware, so that only an update can change it; its
 * private half never is on a device.
 */
export function updatedDevice(publicKey: string): Application {
	return {
		update: {
			topic: ({ clientId }) => `devices/${clientId}/update`,
			publicKey,
		},
		reportTopic: ({ clientId }) => `devices/${clientId}/resets`,
		changed(status, device) {
			if (status.state !== "online") return;
			device.publish(
				`devices/${device.clientId}/firmware`,
				{ version: device.firmwareVersion ?? null },
				{ retain: true },
			);
		},
	};
}
