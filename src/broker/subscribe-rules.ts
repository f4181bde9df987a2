/**
 * What becomes of each topic filter of a SUBSCRIBE, and which an UNSUBSCRIBE may have.
 * @module
 */
import type { ISubscription } from "mqtt-packet";
import type { BrokerLimits } from "./limits.js";
import type { ProtocolVersion } from "./packet-rules.js";
import type { Authorize } from "./session.js";
import type { Subscription } from "./subscription-index.js";
import { isSharedSubscription, topicFilterFault } from "./topics.js";
import { Violation } from "./violation.js";

/** A filter is granted, or refused with a reason code that an MQTT 5 client survives. */
export type SubscriptionVerdict =
	| {
			readonly granted: true;
			readonly filter: string;
			readonly subscription: Subscription;
			/** Whether the retained messages of the filter are sent now (Retain Handling, MQTT 5 section 3.8.3.1). */
			readonly wantsRetained: boolean;
	  }
	| {
			readonly granted: false;
			/** Reason code for SUBACK. */
			readonly reasonCode: number;
			readonly reason?: string | undefined;
			/** The rule that was broken; absent when it was the policies that refused. */
			readonly violation?: Violation;
	  };

interface Subscriber {
	readonly version: ProtocolVersion;
	readonly limits: BrokerLimits;
	readonly authorize: Authorize;
	/** Filters already subscribed to. */
	readonly filters: ReadonlySet<string>;
}

const NOT_AUTHORIZED = 0x87;

/** Retain Handling: retained messages are sent always, for a new subscription only, never. */
const RETAIN_HANDLING = { always: 0, ifNew: 1 } as const;

/**
 * Judges one topic filter.
 * @param count topic filters in the SUBSCRIBE.
 * @throws {Violation} where the connection must end.
 */
export function judgeSubscription(wanted: ISubscription, count: number, subscriber: Subscriber): SubscriptionVerdict {
	const { version, limits, authorize, filters } = subscriber;
	const { topic } = wanted;
	checkFilter(topic, limits);
	if (isSharedSubscription(topic)) {
		throw new Violation("shared-subscriptions-unsupported", "SUBSCRIBE to a shared subscription");
	}
	// MQTT 5 demands that a broker without QoS 2 grants less [MQTT-3.2.2-9]; AWS leaves a 3.1.1 client without SUBACK.
	if (wanted.qos === 2 && version === 4) {
		throw new Violation("qos-2-unsupported", "SUBSCRIBE: expected QoS 0 or 1, got 2");
	}
	if (count > limits.filtersPerSubscribe) return overQuota(tooManyFilters("SUBSCRIBE", count, limits));
	if (filters.size >= limits.subscriptionsPerConnection && !filters.has(topic)) {
		const message = `subscriptions: expected at most ${limits.subscriptionsPerConnection} in one connection`;
		return overQuota(new Violation("too-many-subscriptions", message));
	}
	const qos = wanted.qos === 0 ? 0 : 1;
	const { allowed, reason } = authorize({ action: "subscribe", topic, qos });
	if (!allowed) return { granted: false, reasonCode: NOT_AUTHORIZED, reason };
	const { nl: noLocal = false, rap: retainAsPublished = false } = wanted;
	const subscription = { qos, noLocal, retainAsPublished } as const;
	return { granted: true, filter: topic, subscription, wantsRetained: wantsRetained(wanted, filters) };
}

/** MQTT 3.1.1 has no Retain Handling: there every SUBSCRIBE brings the retained messages [MQTT-3.8.4-3]. */
function wantsRetained({ topic, rh = RETAIN_HANDLING.always }: ISubscription, filters: ReadonlySet<string>): boolean {
	return rh === RETAIN_HANDLING.always || (rh === RETAIN_HANDLING.ifNew && !filters.has(topic));
}

/**
 * Checks the topic filters of an UNSUBSCRIBE. UNSUBACK has no reason code for a quota (MQTT 5 section 3.11.3), so too
 * many of them end the connection.
 * @throws {Violation}
 */
export function checkUnsubscriptions(filters: readonly string[], limits: BrokerLimits): void {
	if (filters.length > limits.filtersPerSubscribe) throw tooManyFilters("UNSUBSCRIBE", filters.length, limits);
	for (const filter of filters) checkFilter(filter, limits);
}

function checkFilter(filter: string, limits: BrokerLimits): void {
	const fault = topicFilterFault(filter, limits);
	if (fault !== undefined) throw new Violation("topic-filter-invalid", `topic filter: ${fault}`);
}

function tooManyFilters(packet: string, count: number, { filtersPerSubscribe }: BrokerLimits): Violation {
	const message = `${packet}: expected at most ${filtersPerSubscribe} topic filters, got ${count}`;
	return new Violation("too-many-filters", message);
}

function overQuota(violation: Violation): SubscriptionVerdict {
	return { granted: false, reasonCode: violation.reasonCode, violation };
}
