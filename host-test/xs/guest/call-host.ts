/**
 * The one way out of the machine.
 * @module
 */
import { MessageReader, type MessageWriter } from "../protocol.js";

/** Defined by the engine's host program (`host/machine.c`). */
declare const host: { call(message: ArrayBuffer): ArrayBuffer };

/**
 * Asks Node and waits for the answer.
 * @throws {RangeError} or an Error, as the port in Node threw.
 */
export function callHost(message: MessageWriter): MessageReader {
	return new MessageReader(new Uint8Array(host.call(message.end().buffer)));
}
