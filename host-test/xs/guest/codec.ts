/**
 * A guest that decodes and encodes MQTT packets.
 * @module
 */
import { codecOutcome } from "../../device/mqtt/codec-outcome.js";
import { startGuest } from "./start-guest.js";

startGuest(() => ({
	outcome(argument) {
		const { hex, version } = argument as { hex: string; version: 4 | 5 };
		return codecOutcome(hex, version);
	},
}));
