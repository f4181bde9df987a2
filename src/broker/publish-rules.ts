/**
 * Which messages may be published, whoever publishes them: what a PUBLISH of a client may carry, and what every message
 * must be.
 * @module
 */
import type { IPublishPacket } from "mqtt-packet";
import type { BrokerLimits } from "./limits.js";
import { type Content, forwardedProperties } from "./message.js";
import { type Dialect, topicNameFault } from "./topics.js";
import { Violation } from "./violation.js";

interface PublishRules {
	readonly limits: BrokerLimits;
	readonly dialect: Dialect;
}

/**
 * The message of a PUBLISH that has passed the packet rules.
 * @throws {Violation}
 */
export function readPublish(packet: IPublishPacket, rules: PublishRules): Content {
	const { topic, qos, retain, properties } = packet;
	if (qos === 2) throw new Violation("qos-2-unsupported", "PUBLISH: expected QoS 0 or 1, got 2");
	if (properties?.topicAlias !== undefined) {
		throw new Violation("topic-alias-invalid", `topic alias: expected none, got ${properties.topicAlias}`);
	}
	const payload = typeof packet.payload === "string" ? Buffer.from(packet.payload) : packet.payload;
	checkMessage({ topic, payload }, rules);
	return { topic, payload, qos, retain, properties: forwardedProperties(properties) };
}

/**
 * Checks the topic name and the size of the payload.
 * @param of whose they are, as errors say it: "" or for instance "will ".
 * @throws {Violation} `topic-name-invalid`, `packet-too-large`
 */
export function checkMessage(
	{ topic, payload }: Pick<Content, "topic" | "payload">,
	{ limits, dialect }: PublishRules,
	of = "",
): void {
	const fault = topicNameFault(topic, limits, dialect);
	if (fault !== undefined) throw new Violation("topic-name-invalid", `${of}topic name: ${fault}`);
	if (payload.length > limits.payloadBytes) {
		const message = `${of}payload: expected at most ${limits.payloadBytes} bytes, got ${payload.length}`;
		throw new Violation("packet-too-large", message);
	}
}
