/**
 * What this device does. Change this module and nothing else; `examples/` has others to begin with, and
 * `src/device/application/application.ts` says what an application may rely on.
 *
 * As it is, the device tells every minute how it does, to `devices/<client id>/readings`, and obeys two commands at
 * `devices/<client id>/commands`: `{"interval": 10}` sets the seconds between two reports, `{"restart": true}` restarts it.
 * @module
 */
import type { Application, Cancel, Device } from "../device/application/index.js";

/** Seconds. */
const USUAL_INTERVAL = 60;
const LONGEST_INTERVAL = 86_400;

let cancel: Cancel | undefined;

function report(device: Device): void {
	const { connections, retries, outbox, since } = device.status;
	device.publish(`devices/${device.clientId}/readings`, {
		connections,
		retries,
		waiting: outbox.messages,
		onlineSince: since,
		...(device.time === undefined ? {} : { at: new Date(device.time).toISOString() }),
	});
}

function reportEvery(seconds: number, device: Device): void {
	cancel?.();
	cancel = device.every(seconds * 1000, () => report(device));
}

const application: Application = {
	subscriptions: ({ clientId }) => [`devices/${clientId}/commands`],
	reportTopic: ({ clientId }) => `devices/${clientId}/resets`,
	start(device) {
		reportEvery(USUAL_INTERVAL, device);
	},
	message(message, device) {
		const { interval, restart } = message.json() ?? {};
		if (typeof interval === "number" && interval >= 1 && interval <= LONGEST_INTERVAL) reportEvery(interval, device);
		// After its acknowledgement; and a retained one would restart the device for ever.
		if (restart === true && !message.isRetained) device.after(1_000, () => device.restart());
	},
	// A report that waited for hours is worth less than a new one.
	connection: { outbox: { whenFull: "drop-oldest" } },
};

export default application;
