/**
 * Moments in the life of a device at which its owner may do something, and what that is.
 * @module
 */
import type { AgentEvent, AgentState } from "../../../src/device/agent/index.js";

/** All events but of what the outbox drops, of what is unusable, and of what is signed. */
export const EVENTS: readonly AgentEvent["event"][] = [
	"joining",
	"network-up",
	"clock-set",
	"credential-read",
	"connecting",
	"secured",
	"online",
	"subscribed",
	"message",
	"acknowledged",
	"refreshing",
	"credential-proposed",
	"credential-proven",
	"suspected",
	"over",
];

/** All states but off and failed. */
export const STATES: readonly AgentState[] = [
	"starting",
	"joining",
	"synchronizing",
	"signing",
	"connecting",
	"online",
	"refreshing",
	"waiting",
	"refused",
];

interface Switched {
	start(): void;
	stop(): void;
}

/** What can be done to a device's switch. */
export const SWITCHING: Readonly<Record<string, (device: Switched) => void>> = {
	stop: (device) => device.stop(),
	start: (device) => device.start(),
	"stop, start": (device) => {
		device.stop();
		device.start();
	},
	"stop, start, stop": (device) => {
		device.stop();
		device.start();
		device.stop();
	},
};
