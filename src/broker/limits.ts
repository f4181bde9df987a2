/**
 * The limits a broker holds its clients to, and the figures of AWS IoT Core.
 *
 * They are one value, so that a test or a profile changes a figure without touching the code that applies it.
 * @module
 */

/** Bounds of one broker; every figure is inclusive. */
export interface BrokerLimits {
	/** Bytes of a whole control packet, fixed header included; announced as Maximum Packet Size on MQTT 5. */
	readonly packetBytes: number;
	/** Bytes of the payload of a PUBLISH or a will. */
	readonly payloadBytes: number;
	/** UTF-8 bytes of a topic name or topic filter. */
	readonly topicBytes: number;
	/** Slashes in a topic name or topic filter. */
	readonly topicSlashes: number;
	/** UTF-8 bytes of a client identifier. */
	readonly clientIdBytes: number;
	/** Topic filters in one SUBSCRIBE or UNSUBSCRIBE. */
	readonly filtersPerSubscribe: number;
	readonly subscriptionsPerConnection: number;
	/** Seconds; a client that asks for less gets this. */
	readonly keepAliveMinimum: number;
	/** Seconds; a client that asks for more, or for none at all (0), gets this. */
	readonly keepAliveMaximum: number;
	/** QoS 1 messages on their way and not acknowledged, in each direction. */
	readonly receiveMaximum: number;
	/** Messages that wait for one slow client; what comes on top is dropped. */
	readonly queuedMessages: number;
	/** Bytes of topic, payload and properties that wait for one slow client; what comes on top is dropped. */
	readonly queuedBytes: number;
	/** Retained messages in the whole broker; a PUBLISH that would add one more is refused. */
	readonly retainedMessages: number;
	/** Bytes of topic, payload and properties of all retained messages; a PUBLISH that would go beyond is refused. */
	readonly retainedBytes: number;
	/** Milliseconds from the start of a connection to a whole CONNECT. */
	readonly connectTimeout: number;
	/** Milliseconds that a client may leave what was written to it untaken. */
	readonly stallTimeout: number;
	/** Milliseconds that a connection being closed may take to drain before it is cut. */
	readonly lingerTimeout: number;
}

const KIB = 1024;

/**
 * AWS IoT Core message broker quotas (AWS page "AWS IoT Core endpoints and quotas"). The packet limit is the payload's
 * 128 KB and room for the topic and the properties. The last seven are this broker's own. AWS has a quota of
 * retained messages for each account, too, and lets it be raised; here memory sets the figure.
 */
export const AWS_LIMITS: BrokerLimits = {
	packetBytes: (128 + 18) * KIB,
	payloadBytes: 128 * KIB,
	topicBytes: 256,
	topicSlashes: 7,
	clientIdBytes: 128,
	filtersPerSubscribe: 8,
	subscriptionsPerConnection: 50,
	keepAliveMinimum: 30,
	keepAliveMaximum: 1200,
	receiveMaximum: 100,
	queuedMessages: 1000,
	queuedBytes: 4 * KIB * KIB,
	retainedMessages: 10_000,
	retainedBytes: 64 * KIB * KIB,
	connectTimeout: 10_000,
	stallTimeout: 60_000,
	lingerTimeout: 2_000,
};

/** Seconds of keep-alive that hold for a client which asked for `requested` seconds (0..65535). */
export function effectiveKeepAlive(requested: number, limits: BrokerLimits): number {
	if (requested === 0) return limits.keepAliveMaximum;
	return Math.min(Math.max(requested, limits.keepAliveMinimum), limits.keepAliveMaximum);
}
