/**
 * Why the outbox does not take a message, as errors; none holds a payload.
 * @module
 */
import { DeviceError } from "../device-error.js";
import { utf8Decode } from "../encoding/utf8.js";
import type { OutgoingMessage } from "../link/index.js";
import { isTopicName } from "../mqtt/topics.js";

export function outboxError(code: string, cause: string, remedy: string, field?: string): DeviceError {
	return new DeviceError({ code, step: "outbox", cause, remedy, ...(field === undefined ? {} : { field }) });
}

/**
 * What would be refused at every connection is refused now, while somebody is there to hear it.
 * @param topic the message's topic in UTF-8.
 * @throws {DeviceError} code `unsendable`.
 */
export function requireSendable({ topic, qos }: OutgoingMessage, topicBytes: Uint8Array): void {
	if (qos !== 1)
		throw outboxError("unsendable", `expected 1, got ${qos}`, "publish at QoS 0 without the outbox", "qos");
	if (!isTopicName(topic))
		throw outboxError("unsendable", "expected a name without wildcards, got none", "give another topic", "topic");
	// [MQTT-1.5.4-1, MQTT-1.5.4-2]; what is stored in place of a lone surrogate would be another topic.
	if (topicBytes.includes(0) || utf8Decode(topicBytes) !== topic)
		throw outboxError("unsendable", "expected Unicode without U+0000", "give another topic", "topic");
}

export function tooLarge(size: number, maximum: number): DeviceError {
	return outboxError(
		"too-large",
		`the message takes ${size} bytes, all together may take ${maximum}`,
		"send smaller messages, or give the outbox more bytes",
	);
}

/** What is kept of one thing, and how much of it may be. */
interface Fill {
	readonly kept: number;
	readonly maximum: number;
}

export function full(messages: Fill, bytes: Fill, size: number): DeviceError {
	return outboxError(
		"full",
		`${messages.kept} messages of ${messages.maximum} and ${bytes.kept} bytes of ${bytes.maximum} cannot give way to ${size} more`,
		"wait for acknowledgements, or let the oldest give way",
	);
}
