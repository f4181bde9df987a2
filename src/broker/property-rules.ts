/**
 * The properties of MQTT 5 that a client may send: in which packets, of which type, with which values.
 *
 * mqtt-packet accepts every property everywhere and any number of times; this table is MQTT 5 section 2.2.2.2.
 * @module
 */
import type { Cursor } from "./cursor.js";
import { Violation } from "./violation.js";

/** Where a block of properties stands. */
export type PropertyPlace = "connect" | "will" | "publish" | "puback" | "subscribe" | "unsubscribe" | "disconnect";

interface Rule {
	readonly name: string;
	readonly places: readonly PropertyPlace[];
	readonly read: (cursor: Cursor, name: string) => void;
}

const text = (cursor: Cursor, name: string): void => {
	cursor.text(name);
};
const binary = (cursor: Cursor, name: string): void => {
	cursor.binary(name);
};
const flag = (cursor: Cursor, name: string): void => {
	cursor.flag(name);
};
const uint16 = (cursor: Cursor, name: string): void => {
	cursor.uint16(name);
};
const uint32 = (cursor: Cursor, name: string): void => {
	cursor.uint32(name);
};

const USER_PROPERTY = 0x26;

const RULES: ReadonlyMap<number, Rule> = new Map<number, Rule>([
	[0x01, { name: "Payload Format Indicator", places: ["publish", "will"], read: flag }],
	[0x02, { name: "Message Expiry Interval", places: ["publish", "will"], read: uint32 }],
	[0x03, { name: "Content Type", places: ["publish", "will"], read: text }],
	[0x08, { name: "Response Topic", places: ["publish", "will"], read: topicName }],
	[0x09, { name: "Correlation Data", places: ["publish", "will"], read: binary }],
	[0x0b, { name: "Subscription Identifier", places: ["subscribe"], read: notZero((c, name) => c.variable(name)) }],
	[0x11, { name: "Session Expiry Interval", places: ["connect", "disconnect"], read: uint32 }],
	[0x15, { name: "Authentication Method", places: ["connect"], read: text }],
	[0x16, { name: "Authentication Data", places: ["connect"], read: binary }],
	[0x17, { name: "Request Problem Information", places: ["connect"], read: flag }],
	[0x18, { name: "Will Delay Interval", places: ["will"], read: uint32 }],
	[0x19, { name: "Request Response Information", places: ["connect"], read: flag }],
	[0x1f, { name: "Reason String", places: ["puback", "disconnect"], read: text }],
	[0x21, { name: "Receive Maximum", places: ["connect"], read: notZero((c, name) => c.uint16(name)) }],
	[0x22, { name: "Topic Alias Maximum", places: ["connect"], read: uint16 }],
	[0x23, { name: "Topic Alias", places: ["publish"], read: uint16 }],
	[
		USER_PROPERTY,
		{
			name: "User Property",
			places: ["connect", "will", "publish", "puback", "subscribe", "unsubscribe", "disconnect"],
			read(cursor, name) {
				cursor.text(`name of ${name}`);
				cursor.text(`value of ${name}`);
			},
		},
	],
	[0x27, { name: "Maximum Packet Size", places: ["connect"], read: notZero((c, name) => c.uint32(name)) }],
]);

/**
 * Reads one block of properties with its length.
 * @throws {Violation} `malformed-packet`, or `protocol-error` for one that the place does not allow or that is repeated.
 */
export function checkProperties(cursor: Cursor, place: PropertyPlace): void {
	const block = cursor.part(cursor.variable("property length"), "properties");
	const seen = new Set<number>();
	while (!block.atEnd) {
		const id = block.variable("property identifier");
		const rule = RULES.get(id);
		if (rule === undefined || !rule.places.includes(place)) {
			const label = rule?.name ?? `property 0x${id.toString(16)}`;
			throw new Violation("protocol-error", `${label} is no property of a client's ${place}`);
		}
		if (seen.has(id) && id !== USER_PROPERTY) {
			throw new Violation("protocol-error", `${rule.name}: expected once, got twice`);
		}
		seen.add(id);
		rule.read(block, rule.name);
	}
	if (seen.has(0x16) && !seen.has(0x15)) {
		throw new Violation("protocol-error", "Authentication Data without an Authentication Method");
	}
}

function notZero(read: (cursor: Cursor, name: string) => number): Rule["read"] {
	return (cursor, name) => {
		if (read(cursor, name) === 0) throw new Violation("protocol-error", `${name}: expected 1 or more, got 0`);
	};
}

function topicName(cursor: Cursor, name: string): void {
	const topic = cursor.text(name);
	if (topic === "" || /[+#]/.test(topic)) {
		throw new Violation("protocol-error", `${name}: expected a topic name without wildcards [MQTT-3.3.2-14]`);
	}
}
