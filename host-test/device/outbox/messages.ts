/**
 * Messages that tests tell apart by a number, and outboxes that hold some.
 * @module
 */
import type { OutgoingMessage } from "../../../src/device/link/index.js";
import { Outbox, type OutboxLimits } from "../../../src/device/outbox/index.js";
import type { KeyValueStore } from "../../../src/device/ports.js";

/** Bytes of a record besides the payload where the topic is that of a {@link message} numbered 0 to 9. */
export const OVERHEAD = 16;

/** A message whose topic, and each of whose `bytes` of payload, is its number. */
export function message(number: number, bytes = 1): OutgoingMessage {
	return { topic: `t${number}`, payload: new Uint8Array(bytes).fill(number), qos: 1 };
}

/** An outbox as it is after a restart. */
export function reopened(store: KeyValueStore, limits: OutboxLimits = {}): Outbox {
	const outbox = new Outbox({ store, ...limits });
	outbox.open();
	return outbox;
}

/** Numbers of the messages in it, the oldest first; `NaN` for one that is not as it was made. */
export function numbersIn(outbox: Outbox): number[] {
	return outbox.ids.map((id) => {
		const { topic, payload } = outbox.read(id)!.message;
		const number = Number(topic.slice(1));
		return payload.every((byte) => byte === number % 256) ? number : Number.NaN;
	});
}
