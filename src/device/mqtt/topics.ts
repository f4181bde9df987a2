/**
 * Topic names and topic filters (MQTT 5 sections 4.7 and 4.8).
 * @module
 */

const SHARED = "$share/";

/** What a refused name or filter is told to be. */
export const BAD_TOPIC = "topic empty, or with a wildcard";
export const BAD_FILTER = "topic filter empty, or a wildcard amiss";

/** At least one character, no wildcard [MQTT-4.7.3-1, MQTT-3.3.2-2]. */
export function isTopicName(text: string): boolean {
	return text !== "" && !hasWildcard(text);
}

/**
 * At least one character; `+` alone in its level [MQTT-4.7.1-2], `#` alone in the last [MQTT-4.7.1-1]. A shared
 * subscription is `$share/name/filter`, its name neither empty nor with a wildcard [MQTT-4.8.2-1, MQTT-4.8.2-2];
 * AWS IoT Core reads it so on MQTT 3.1.1 too.
 */
export function isTopicFilter(text: string): boolean {
	if (!isShared(text)) return isPlainFilter(text);
	const slash = text.indexOf("/", SHARED.length);
	return slash > 0 && isTopicName(text.slice(SHARED.length, slash)) && isPlainFilter(text.slice(slash + 1));
}

/** Whether the filter asks for a shared subscription. */
export function isShared(filter: string): boolean {
	return filter.startsWith(SHARED);
}

function isPlainFilter(text: string): boolean {
	const levels = text.split("/");
	const last = levels.length - 1;
	return (
		text !== "" &&
		levels.every((level, index) => level === "+" || (level === "#" && index === last) || !hasWildcard(level))
	);
}

function hasWildcard(text: string): boolean {
	return text.includes("+") || text.includes("#");
}
