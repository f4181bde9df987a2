/**
 * The portable cases of the device core in 32-bit XS, in a heap of a device's size.
 *
 * The Moddable SDK gives XS 94,208 bytes on an ESP32-C3 (its target `c3_devkit_rust`). The cap is two thirds of that, 64 KiB
 * of growth, half for each heap; the last third is for what loaded modules hold in RAM, where preload did not put
 * them into flash.
 * @module
 */
import { registerDeviceCases } from "./device-cases.js";

await registerDeviceCases({
	target: "x32",
	cap: { chunkBytes: 32 * 1024, slots: 2048 },
	ample: [
		// Strings and packets as long as MQTT allows, and longer than any of ours.
		"connect-fields: 65535 bytes fit and one more does not",
		"mqtt/codec: Remaining Length takes two bytes up to 16383 and three from 16384",
		"mqtt/encode-refusals: a string of 65536 bytes",
		"mqtt/encode-refusals: a string of 65536 bytes in fewer characters",
		// A network that keeps every packet and holds each byte on its way in a slot.
		"link/link: a socket with little room is fed in parts, and what waits is bounded",
		"link/link: a server that never reads cannot make the device hold more answers than its limit",
		// A server whose bytes lie in slots, one each, until they are read.
		"firmware/tls-socket: an owner that does not read leaves the rest with TCP, all but one piece",
		// A world that keeps every socket and event of hundreds of attempts.
		"agent/agent: refusals in a row are retried ever more rarely, and the state says that somebody must mend something",
		"agent/agent: each kind of outcome is counted for itself",
		"agent/agent: stop and start inside any event leave one connection, and a last stop leaves none",
		"agent/agent-watchdog: it is fed through every backoff, the longest too",
		"agent/agent-watchdog: a device that has not been online for a day is fed no more",
		// A text longer than any that a device is meant to take, beside the world that keeps it.
		"application/runner: a message of thousands of brackets is no JSON, and breaks no stack",
	],
});
