/**
 * What a client did against MQTT or against the broker's limits: one code a cause, with the reason code MQTT 5 has for it.
 *
 * The table is the one place that says how each is answered; nobody reads error text.
 * @module
 */

interface Answer {
	/** Reason code of the CONNACK or DISCONNECT that MQTT 5 clients get (MQTT 5 section 2.4). */
	readonly reasonCode: number;
	/** What the developer of the client can do about it. */
	readonly remedy: string;
}

const ANSWERS = {
	"malformed-packet": {
		reasonCode: 0x81,
		remedy: "Look at the bytes the client sends: they are no valid MQTT control packet.",
	},
	"protocol-error": {
		reasonCode: 0x82,
		remedy: "Correct the client: the packet is well formed and the specification forbids it here.",
	},
	"first-packet-not-connect": {
		reasonCode: 0x82,
		remedy: "Send CONNECT first, and nothing else until CONNACK has come.",
	},
	"second-connect": { reasonCode: 0x82, remedy: "Send CONNECT once a connection; open a new one to connect again." },
	"unexpected-packet": {
		reasonCode: 0x82,
		remedy: "Use the packets of QoS 0 and 1 only; AUTH and the packets of QoS 2 are not supported.",
	},
	"connect-timeout": { reasonCode: 0x8d, remedy: "Send the whole CONNECT as soon as TLS stands." },
	"unsupported-protocol-version": { reasonCode: 0x84, remedy: "Use MQTT 3.1.1 (level 4) or MQTT 5 (level 5)." },
	"enhanced-authentication-unsupported": {
		reasonCode: 0x8c,
		remedy: "Leave the Authentication Method out; credentials go into the user name and the password of CONNECT.",
	},
	"client-id-missing": {
		reasonCode: 0x85,
		remedy: "Give the client an identifier of its own, or use MQTT 5, where the broker assigns one.",
	},
	"client-id-too-long": { reasonCode: 0x85, remedy: "Shorten the client identifier." },
	"client-id-reserved": { reasonCode: 0x85, remedy: "Choose a client identifier that does not start with $." },
	"packet-too-large": { reasonCode: 0x95, remedy: "Send smaller messages: a payload may have 128 KB." },
	"topic-name-invalid": {
		reasonCode: 0x90,
		remedy: "Publish to a topic of at most 256 bytes and 7 slashes, without wildcards, not reserved by AWS ($...).",
	},
	"topic-filter-invalid": {
		reasonCode: 0x8f,
		remedy: "Use a filter of at most 256 bytes and 7 slashes, with + alone in its level and # alone in the last.",
	},
	"topic-alias-invalid": {
		reasonCode: 0x94,
		remedy: "Do not use topic aliases: the broker announces a Topic Alias Maximum of 0.",
	},
	"qos-2-unsupported": { reasonCode: 0x9b, remedy: "Use QoS 0 or 1." },
	"retained-quota-exceeded": {
		reasonCode: 0x97,
		remedy: "Delete retained messages that are not needed: publish to their topics with RETAIN and no payload.",
	},
	"shared-subscriptions-unsupported": {
		reasonCode: 0x9e,
		remedy: "Subscribe to the filter itself: this broker does not have shared subscriptions yet.",
	},
	"subscription-identifiers-unsupported": {
		reasonCode: 0xa1,
		remedy: "Subscribe without a Subscription Identifier; AWS IoT Core does not support them.",
	},
	"too-many-filters": {
		reasonCode: 0x97,
		remedy: "Split the SUBSCRIBE or UNSUBSCRIBE: at most 8 filters in one packet.",
	},
	"too-many-subscriptions": { reasonCode: 0x97, remedy: "Use fewer subscriptions: at most 50 in one connection." },
} as const satisfies Readonly<Record<string, Answer>>;

export type ViolationCode = keyof typeof ANSWERS;

/** Thrown where a client breaks a rule; `message` says what was expected and what came. */
export class Violation extends Error {
	override name = "Violation";
	readonly code: ViolationCode;
	/** Reason code of MQTT 5. */
	readonly reasonCode: number;
	readonly remedy: string;

	constructor(code: ViolationCode, message: string) {
		super(message);
		this.code = code;
		this.reasonCode = ANSWERS[code].reasonCode;
		this.remedy = ANSWERS[code].remedy;
	}
}
