/**
 * Random packets, of every type and within everything MQTT allows this codec, for property tests.
 * @module
 */
import fc from "fast-check";
import type { Packet, Properties, ProtocolVersion, Subscription, Will } from "../../../src/device/mqtt/packets.js";

type PropertyName = keyof Properties;

/** Text of any code points but U+0000; not long, as length is tried apart. */
const text = fc.string({ unit: "binary", maxLength: 20 }).map((value) => value.replaceAll("\0", "0"));
const someText = text.filter((value) => value !== "");

/** Now and then as long as a string of MQTT may be. */
const anyText = fc.oneof(
	{ weight: 40, arbitrary: text },
	{ weight: 1, arbitrary: fc.constantFrom("x".repeat(65535), "é".repeat(32767), "\u{1F511}".repeat(16383)) },
);

export const bytes = fc.oneof(
	{ weight: 20, arbitrary: fc.uint8Array({ maxLength: 40 }) },
	{ weight: 1, arbitrary: fc.uint8Array({ minLength: 120, maxLength: 300 }) },
);

const topicName = someText.map((value) => value.replaceAll(/[+#]/g, "-"));

const plainFilter = fc
	.tuple(fc.array(fc.oneof(topicName, fc.constant("+")), { minLength: 1, maxLength: 4 }), fc.boolean())
	.map(([levels, isDeep]) => [...levels, ...(isDeep ? ["#"] : [])].join("/"));

/** A name before which nothing can turn a plain filter into a shared one. */
const shareName = fc.stringMatching(/^[a-z0-9 ]{1,8}$/);

const topicFilter = fc.oneof(
	{ weight: 4, arbitrary: plainFilter.filter((filter) => !filter.startsWith("$share/")) },
	{ weight: 1, arbitrary: fc.tuple(shareName, plainFilter).map(([name, filter]) => `$share/${name}/${filter}`) },
);

const flag = fc.constantFrom(0 as const, 1 as const);
const uint16 = fc.integer({ min: 0, max: 0xffff });
const positive16 = fc.integer({ min: 1, max: 0xffff });
const uint32 = fc.integer({ min: 0, max: 0xffff_ffff });
const positive32 = fc.integer({ min: 1, max: 0xffff_ffff });

/** Values are not empty: see "Where the oracle differs" in `oracle.ts`. */
const userProperties = fc.array(fc.tuple(text, someText), { minLength: 1, maxLength: 3 });

const PROPERTY_VALUES: { readonly [Name in PropertyName]-?: fc.Arbitrary<NonNullable<Properties[Name]>> } = {
	payloadFormatIndicator: flag,
	messageExpiryInterval: uint32,
	contentType: text,
	responseTopic: topicName,
	correlationData: bytes,
	sessionExpiryInterval: uint32,
	assignedClientIdentifier: text,
	serverKeepAlive: uint16,
	requestProblemInformation: flag,
	willDelayInterval: uint32,
	requestResponseInformation: flag,
	responseInformation: text,
	serverReference: text,
	reasonString: text,
	receiveMaximum: positive16,
	topicAliasMaximum: uint16,
	topicAlias: positive16,
	maximumQoS: flag,
	retainAvailable: flag,
	userProperties,
	maximumPacketSize: positive32,
	wildcardSubscriptionAvailable: flag,
	subscriptionIdentifiersAvailable: flag,
	sharedSubscriptionAvailable: flag,
};

/** MQTT 5, the table of properties of each packet's own section. */
const PROPERTIES = {
	connect: [
		"sessionExpiryInterval",
		"receiveMaximum",
		"maximumPacketSize",
		"topicAliasMaximum",
		"requestResponseInformation",
		"requestProblemInformation",
		"userProperties",
	],
	will: [
		"willDelayInterval",
		"payloadFormatIndicator",
		"messageExpiryInterval",
		"contentType",
		"responseTopic",
		"correlationData",
		"userProperties",
	],
	connack: [
		"sessionExpiryInterval",
		"receiveMaximum",
		"maximumQoS",
		"retainAvailable",
		"maximumPacketSize",
		"assignedClientIdentifier",
		"topicAliasMaximum",
		"reasonString",
		"userProperties",
		"wildcardSubscriptionAvailable",
		"subscriptionIdentifiersAvailable",
		"sharedSubscriptionAvailable",
		"serverKeepAlive",
		"responseInformation",
		"serverReference",
	],
	publish: [
		"payloadFormatIndicator",
		"messageExpiryInterval",
		"topicAlias",
		"responseTopic",
		"correlationData",
		"userProperties",
		"contentType",
	],
	answer: ["reasonString", "userProperties"],
	request: ["userProperties"],
	disconnect: ["sessionExpiryInterval", "reasonString", "userProperties", "serverReference"],
} as const satisfies Readonly<Record<string, readonly PropertyName[]>>;

/** MQTT 5 tables 3-1, 3-4, 3-8 (without granted QoS 2), 3-9, 3-10; MQTT 3.1.1 table 3.1 and section 3.9.3. */
const CODES = {
	connack: [
		0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x8c, 0x90, 0x95, 0x97, 0x99, 0x9a, 0x9b, 0x9c,
		0x9d, 0x9f,
	],
	connack4: [1, 2, 3, 4, 5, 7],
	puback: [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99],
	suback: [0x00, 0x01, 0x80, 0x83, 0x87, 0x8f, 0x91, 0x97, 0x9e, 0xa1, 0xa2],
	suback4: [0x00, 0x01, 0x80],
	unsuback: [0x00, 0x11, 0x80, 0x83, 0x87, 0x8f, 0x91],
	disconnect: [
		0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8b, 0x8d, 0x8e, 0x8f, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98,
		0x99, 0x9a, 0x9b, 0x9c, 0x9d, 0x9e, 0x9f, 0xa0, 0xa1, 0xa2,
	],
} as const;

/** Some of the properties in any order; `undefined` where there is none, and always on MQTT 3.1.1. */
function propertiesOf(
	names: readonly PropertyName[],
	version: ProtocolVersion,
): fc.Arbitrary<{ properties?: Properties }> {
	if (version === 4) return fc.constant({});
	return fc.shuffledSubarray([...names]).chain((chosen) => {
		const values = Object.fromEntries(chosen.map((name) => [name, PROPERTY_VALUES[name]]));
		return fc.record(values).map((properties) => (chosen.length > 0 ? { properties: properties as Properties } : {}));
	});
}

function optional<Name extends string, T>(name: Name, value: fc.Arbitrary<T>): fc.Arbitrary<{ [Key in Name]?: T }> {
	return fc.option(value, { nil: undefined }).map((some) => (some === undefined ? {} : { [name]: some }) as never);
}

/** One object of several. */
function merged<T>(...parts: fc.Arbitrary<object>[]): fc.Arbitrary<T> {
	return fc.tuple(...parts).map((values) => Object.assign({}, ...values) as T);
}

function constant(type: Packet["type"]): fc.Arbitrary<object> {
	return fc.constant({ type });
}

function will(version: ProtocolVersion): fc.Arbitrary<Will> {
	return merged<Will>(
		fc.record({ topic: topicName, payload: bytes, qos: flag, retain: fc.boolean() }),
		propertiesOf(PROPERTIES.will, version),
	);
}

/** Within what mqtt-packet can make too: an empty client id with a clean start only, a password with a user name only. */
function connect(version: ProtocolVersion): fc.Arbitrary<Packet> {
	return merged<Packet & { username?: string; password?: Uint8Array; clientId: string }>(
		constant("connect"),
		fc.record({ cleanStart: fc.boolean(), keepAlive: uint16, clientId: anyText }),
		optional("username", anyText),
		optional("password", bytes),
		optional("will", will(version)),
		propertiesOf(PROPERTIES.connect, version),
	).map(({ password, ...packet }) => ({
		...packet,
		...(packet.username === undefined || password === undefined ? {} : { password }),
		...(packet.clientId === "" ? { cleanStart: true } : {}),
	}));
}

function connack(version: ProtocolVersion): fc.Arbitrary<Packet> {
	const refusal = fc.constantFrom(...(version === 5 ? CODES.connack : CODES.connack4));
	return merged(
		constant("connack"),
		fc.oneof(
			fc.record({ sessionPresent: fc.boolean(), code: fc.constant(0) }),
			fc.record({ sessionPresent: fc.constant(false), code: refusal }),
		),
		propertiesOf(PROPERTIES.connack, version),
	);
}

function publish(version: ProtocolVersion): fc.Arbitrary<Packet> {
	return merged(
		constant("publish"),
		fc.record({ topic: topicName, payload: bytes, retain: fc.boolean() }),
		fc.oneof(
			fc.record({ qos: fc.constant(0), dup: fc.constant(false) }),
			fc.record({ qos: fc.constant(1), dup: fc.boolean(), packetId: positive16 }),
		),
		propertiesOf(PROPERTIES.publish, version),
	);
}

function subscription(version: ProtocolVersion): fc.Arbitrary<Subscription> {
	if (version === 4) return fc.record({ filter: topicFilter, qos: flag });
	return fc
		.record({
			filter: topicFilter,
			qos: flag,
			noLocal: fc.boolean(),
			retainAsPublished: fc.boolean(),
			retainHandling: fc.constantFrom(0 as const, 1 as const, 2 as const),
		})
		.map((made) => ({ ...made, noLocal: made.noLocal && !made.filter.startsWith("$share/") }));
}

function some<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
	return fc.array(value, { minLength: 1, maxLength: 4 });
}

/** Any packet of the version, in a form that comes back the same from its bytes. */
export function anyPacket(version: ProtocolVersion): fc.Arbitrary<Packet> {
	const packetId = fc.record({ packetId: positive16 });
	const request = propertiesOf(PROPERTIES.request, version);
	const answer = propertiesOf(PROPERTIES.answer, version);
	const codes = (of: readonly number[]) => fc.record({ codes: some(fc.constantFrom(...of)) });
	const code = (of: readonly number[]) => fc.record({ code: fc.constantFrom(...(version === 5 ? of : [0])) });
	return fc.oneof(
		connect(version),
		connack(version),
		publish(version),
		merged<Packet>(constant("puback"), packetId, code(CODES.puback), answer),
		merged<Packet>(constant("subscribe"), packetId, fc.record({ subscriptions: some(subscription(version)) }), request),
		merged<Packet>(constant("suback"), packetId, codes(version === 5 ? CODES.suback : CODES.suback4), answer),
		merged<Packet>(constant("unsubscribe"), packetId, fc.record({ filters: some(topicFilter) }), request),
		merged<Packet>(
			constant("unsuback"),
			packetId,
			version === 5 ? codes(CODES.unsuback) : fc.constant({ codes: [] }),
			answer,
		),
		merged<Packet>(constant("pingreq")),
		merged<Packet>(constant("pingresp")),
		merged<Packet>(constant("disconnect"), code(CODES.disconnect), propertiesOf(PROPERTIES.disconnect, version)),
	);
}

/** `data` in pieces of any sizes, some of them empty. */
export function pieces(data: Uint8Array): fc.Arbitrary<Uint8Array[]> {
	return fc.array(fc.integer({ min: 0, max: data.length }), { maxLength: 12 }).map((cuts) => {
		const ends = [...cuts.sort((a, b) => a - b), data.length];
		return ends.map((end, index) => data.slice(ends[index - 1] ?? 0, end));
	});
}
