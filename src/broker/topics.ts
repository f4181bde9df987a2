/**
 * Topic names and topic filters (MQTT 5 section 4.7): which are valid, and which AWS IoT Core accepts.
 * @module
 */
import type { BrokerLimits } from "./limits.js";

/**
 * Where AWS IoT Core and the standard part ways: with `"aws"` the filter `sensor/#` does not match the topic `sensor`
 * (AWS page "MQTT topics"), and topics that start with `$` belong to AWS.
 */
export type Dialect = "aws" | "standard";

type TopicLimits = Pick<BrokerLimits, "topicBytes" | "topicSlashes">;

/** What is wrong with a topic name as a PUBLISH or a will carries it; `undefined` when nothing is. */
export function topicNameFault(topic: string, limits: TopicLimits, dialect: Dialect): string | undefined {
	if (topic === "") return "an empty topic name";
	if (/[+#]/.test(topic)) return "a wildcard in a topic name [MQTT-3.3.2-2]";
	if (dialect === "aws" && topic.startsWith("$") && !topic.startsWith("$aws/")) {
		return "a topic that starts with $ and is none of AWS's";
	}
	return sizeFault(topic, limits);
}

/** What is wrong with a topic filter as a SUBSCRIBE carries it; `undefined` when nothing is. */
export function topicFilterFault(filter: string, limits: TopicLimits): string | undefined {
	if (filter === "") return "an empty topic filter [MQTT-4.7.3-1]";
	const levels = filter.split("/");
	for (const [index, level] of levels.entries()) {
		if (level.includes("+") && level !== "+") return "a + that does not fill its level [MQTT-4.7.1-2]";
		if (!level.includes("#")) continue;
		if (level !== "#") return "a # that does not fill its level [MQTT-4.7.1-1]";
		if (index !== levels.length - 1) return "a # before the last level [MQTT-4.7.1-1]";
	}
	return sizeFault(filter, limits);
}

/** Whether a valid topic filter has a wildcard; one without matches the topic of the same name and no other. */
export function hasWildcard(filter: string): boolean {
	return /[+#]/.test(filter);
}

/** Whether a valid topic filter matches a topic name (MQTT 5 section 4.7). */
export function topicMatches(filter: string, topic: string, dialect: Dialect): boolean {
	// A wildcard in the first level does not match topics that start with $ [MQTT-4.7.2-1].
	if (topic.startsWith("$") && /^[+#]/.test(filter)) return false;
	const levels = filter.split("/");
	const names = topic.split("/");
	const toTheEnd = levels.at(-1) === "#";
	if (toTheEnd) levels.pop();
	// `sensor/#` matches `sensor` itself by the standard, and does not on AWS.
	const fewest = levels.length + (toTheEnd && dialect === "aws" ? 1 : 0);
	if (toTheEnd ? names.length < fewest : names.length !== fewest) return false;
	return levels.every((level, index) => level === "+" || level === names[index]);
}

/** True of `$share/group/filter` (MQTT 5 section 4.8.2) and of what merely starts like it. */
export function isSharedSubscription(filter: string): boolean {
	return filter === "$share" || filter.startsWith("$share/");
}

/** The prefix that Basic Ingest puts before a topic; AWS does not count it. */
const BASIC_INGEST = /^\$aws\/rules\/[^/]+\//;

function sizeFault(text: string, limits: TopicLimits): string | undefined {
	const counted = text.replace(BASIC_INGEST, "");
	const bytes = Buffer.byteLength(counted);
	if (bytes > limits.topicBytes) return `${bytes} bytes, where ${limits.topicBytes} are allowed`;
	const slashes = counted.split("/").length - 1;
	if (slashes > limits.topicSlashes) return `${slashes} slashes, where ${limits.topicSlashes} are allowed`;
	return undefined;
}
