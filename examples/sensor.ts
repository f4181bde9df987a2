/**
 * A thermometer: publishes the temperature every minute, and more or less often when it is told to.
 *
 * `devices/<client id>/readings` gets `{"celsius": 21.5, "at": "2027-01-15T08:00:00.000Z"}`; a command to
 * `devices/<client id>/commands` of `{"interval": 10}` sets the seconds between two readings, and the device keeps to it when
 * its power comes back.
 *
 * Run it without a board: `latchkey device --app examples/sensor.ts --credential credential.json --ca .latchkey/tls/ca.pem`.
 * @module
 */
import type { Application, Cancel, Device } from "../src/device/application/index.js";

/** Seconds between two readings: what it begins with, and what it takes. */
const USUAL = 60;
const LEAST = 1;
const MOST = 86_400;

/** @param celsius reads the sensor. On a board: the driver's sample, such as that of the SDK's `embedded:sensor/…` classes. */
export function thermometer(celsius: () => number): Application {
	let cancel: Cancel | undefined;

	function report(device: Device): void {
		const { time } = device;
		device.publish(`devices/${device.clientId}/readings`, {
			celsius: celsius(),
			...(time === undefined ? {} : { at: new Date(time).toISOString() }),
		});
	}

	function reportEvery(seconds: number, device: Device): void {
		cancel?.();
		cancel = device.every(seconds * 1000, () => report(device));
	}

	return {
		subscriptions: ({ clientId }) => [`devices/${clientId}/commands`],
		reportTopic: ({ clientId }) => `devices/${clientId}/resets`,
		start(device) {
			const kept = device.recall("interval");
			reportEvery(isInterval(kept) ? kept : USUAL, device);
			report(device);
		},
		message(message, device) {
			const interval = message.json()?.["interval"];
			if (!isInterval(interval)) return;
			device.remember("interval", interval);
			reportEvery(interval, device);
		},
		// A reading that nobody fetched for a long time is worth less than a new one.
		connection: { outbox: { capacity: 32, whenFull: "drop-oldest" } },
	};
}

function isInterval(value: unknown): value is number {
	return typeof value === "number" && value >= LEAST && value <= MOST;
}

/** A room that warms and cools by two degrees within ten minutes. */
function room(): number {
	return Math.round(10 * (21 + 2 * Math.sin((Date.now() * Math.PI) / 300_000))) / 10;
}

export default thermometer(room);
