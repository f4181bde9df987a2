/**
 * What cannot be sent: each refusal of the encoder, by its code.
 * @module
 */
import { encodePacket } from "../../../src/device/mqtt/encode.js";
import type { Packet, Properties, ProtocolVersion, QoS } from "../../../src/device/mqtt/packets.js";
import type { Case, Cases } from "../case.js";

const NO_BYTES = new Uint8Array(0);

function refused(version: ProtocolVersion, packet: Packet, code: string): Case {
	return (check) => check.throws(() => encodePacket(packet, version), { name: "MqttEncodeError", code, reasonCode: 0 });
}

function publish(more: Partial<Extract<Packet, { type: "publish" }>>): Packet {
	return { type: "publish", topic: "t", payload: NO_BYTES, qos: 0, retain: false, dup: false, ...more };
}

function connect(more: Partial<Extract<Packet, { type: "connect" }>>): Packet {
	return { type: "connect", cleanStart: true, keepAlive: 0, clientId: "c", ...more };
}

function withProperties(properties: Properties): Packet {
	return publish({ properties });
}

/** A value that TypeScript does not let through. */
const QOS_2 = 2 as QoS;

const strings: Cases = {
	"U+0000 in a string [MQTT-1.5.4-2]": refused(4, connect({ clientId: "a\0b" }), "bad-string"),
	"U+0000 at the end of a string": refused(4, connect({ clientId: "a\0" }), "bad-string"),
	"a high surrogate alone [MQTT-1.5.4-1]": refused(4, connect({ clientId: "a\ud83d" }), "bad-string"),
	"a low surrogate alone": refused(4, connect({ clientId: "\ude00a" }), "bad-string"),
	"a string of 65536 bytes": refused(4, connect({ clientId: "c".repeat(65536) }), "out-of-range"),
	"a string of 65536 bytes in fewer characters": refused(4, connect({ clientId: "é".repeat(32768) }), "out-of-range"),
	"a password of 65536 bytes": refused(4, connect({ username: "u", password: new Uint8Array(65536) }), "out-of-range"),
	"the message of a refused string does not hold it": (check) => {
		let message = "";
		try {
			encodePacket(connect({ username: "top-secret\0" }), 4);
		} catch (error) {
			message = (error as Error).message;
		}
		check.is(message, "user name: U+0000 or lone surrogate");
	},
};

const topics: Cases = {
	"an empty topic": refused(4, publish({ topic: "" }), "bad-topic"),
	"an empty topic without an alias": refused(5, publish({ topic: "" }), "bad-topic"),
	"a topic with + [MQTT-3.3.2-2]": refused(4, publish({ topic: "a/+/b" }), "bad-topic"),
	"a topic with #": refused(4, publish({ topic: "a/#" }), "bad-topic"),
	"a will with a wildcard in its topic": refused(
		4,
		connect({ will: { topic: "#", payload: NO_BYTES, qos: 0, retain: false } }),
		"bad-topic",
	),
	"a response topic with a wildcard [MQTT-3.3.2-14]": refused(5, withProperties({ responseTopic: "a/#" }), "bad-topic"),
};

for (const filter of [
	"",
	"a#",
	"#/a",
	"a/#/b",
	"a+",
	"a/+b",
	"$share/",
	"$share/g",
	"$share/g/",
	"$share//a",
	"$share/+/a",
]) {
	const packets: readonly Packet[] = [
		{ type: "subscribe", packetId: 1, subscriptions: [{ filter, qos: 0 }] },
		{ type: "unsubscribe", packetId: 1, filters: [filter] },
	];
	(topics as Record<string, Case>)[`the topic filter "${filter}"`] = (check) => {
		for (const packet of packets) {
			check.throws(() => encodePacket(packet, 5), { code: "bad-topic-filter" }, packet.type);
		}
	};
}

const fields: Cases = {
	"QoS 1 without a packet id": refused(4, publish({ qos: 1 }), "bad-packet-id"),
	"packet id 0": refused(4, publish({ qos: 1, packetId: 0 }), "bad-packet-id"),
	"packet id 65536": refused(4, publish({ qos: 1, packetId: 65536 }), "out-of-range"),
	"a packet id at QoS 0 [MQTT-2.2.1-2]": refused(4, publish({ packetId: 1 }), "bad-packet-id"),
	"dup at QoS 0 [MQTT-3.3.1-2]": refused(4, publish({ dup: true }), "bad-flags"),
	"PUBLISH at QoS 2": refused(5, publish({ qos: QOS_2, packetId: 1 }), "out-of-range"),
	"a will of QoS 2": refused(
		5,
		connect({ will: { topic: "w", payload: NO_BYTES, qos: QOS_2, retain: false } }),
		"out-of-range",
	),
	"a subscription for QoS 2": refused(
		5,
		{ type: "subscribe", packetId: 1, subscriptions: [{ filter: "a", qos: QOS_2 }] },
		"out-of-range",
	),
	"a keep-alive of 65536 seconds": refused(4, connect({ keepAlive: 65536 }), "out-of-range"),
	"a keep-alive with a fraction": refused(4, connect({ keepAlive: 0.5 }), "out-of-range"),
	"SUBSCRIBE without subscriptions": refused(
		4,
		{ type: "subscribe", packetId: 1, subscriptions: [] },
		"nothing-to-send",
	),
	"UNSUBSCRIBE without filters": refused(4, { type: "unsubscribe", packetId: 1, filters: [] }, "nothing-to-send"),
	"SUBACK without codes": refused(4, { type: "suback", packetId: 1, codes: [] }, "nothing-to-send"),
	"5 UNSUBACK without codes": refused(5, { type: "unsuback", packetId: 1, codes: [] }, "nothing-to-send"),
	"no local on a shared subscription [MQTT-3.8.3-4]": refused(
		5,
		{ type: "subscribe", packetId: 1, subscriptions: [{ filter: "$share/g/a", qos: 0, noLocal: true }] },
		"bad-flags",
	),
	"retain handling 3": refused(
		5,
		{ type: "subscribe", packetId: 1, subscriptions: [{ filter: "a", qos: 0, retainHandling: 3 as 2 }] },
		"bad-flags",
	),
	"a session present with a refusal [MQTT-3.2.2-6]": refused(
		5,
		{ type: "connack", sessionPresent: true, code: 0x87 },
		"bad-flags",
	),
	"a reason code of another packet": refused(5, { type: "disconnect", code: 0x85 }, "bad-reason-code"),
	"SUBACK for QoS 2": refused(5, { type: "suback", packetId: 1, codes: [2] }, "bad-reason-code"),
};

const versions: Cases = {
	"properties on MQTT 3.1.1": refused(4, publish({ properties: { contentType: "t" } }), "not-in-3.1.1"),
	"properties of PUBACK on MQTT 3.1.1": refused(
		4,
		{ type: "puback", packetId: 1, code: 0, properties: { reasonString: "r" } },
		"not-in-3.1.1",
	),
	"subscription options on MQTT 3.1.1": refused(
		4,
		{ type: "subscribe", packetId: 1, subscriptions: [{ filter: "a", qos: 0, retainAsPublished: true }] },
		"not-in-3.1.1",
	),
	"a password without a user name on MQTT 3.1.1 [MQTT-3.1.2-22]": refused(
		4,
		connect({ password: NO_BYTES }),
		"not-in-3.1.1",
	),
	"an empty client id without a clean session on MQTT 3.1.1 [MQTT-3.1.3-7]": refused(
		4,
		connect({ clientId: "", cleanStart: false }),
		"bad-client-id",
	),
	"a reason code on MQTT 3.1.1": refused(4, { type: "disconnect", code: 4 }, "bad-reason-code"),
	"codes in the UNSUBACK of MQTT 3.1.1": refused(4, { type: "unsuback", packetId: 1, codes: [0] }, "bad-reason-code"),
};

const properties: Cases = {
	"a property of another packet": refused(5, withProperties({ sessionExpiryInterval: 1 }), "property-not-allowed"),
	"a property of the will in CONNECT itself": refused(
		5,
		connect({ properties: { willDelayInterval: 1 } }),
		"property-not-allowed",
	),
	"a property that nobody knows": refused(5, withProperties({ colour: "red" } as Properties), "property-not-allowed"),
	"a flag of 2": refused(5, withProperties({ payloadFormatIndicator: 2 as 1 }), "out-of-range"),
	"a topic alias of 0 [MQTT-3.3.2-8]": refused(5, withProperties({ topicAlias: 0 }), "out-of-range"),
	"a receive maximum of 0": refused(5, connect({ properties: { receiveMaximum: 0 } }), "out-of-range"),
	"a maximum packet size of 0": refused(5, connect({ properties: { maximumPacketSize: 0 } }), "out-of-range"),
	"an interval of 2^32 seconds": refused(5, withProperties({ messageExpiryInterval: 2 ** 32 }), "out-of-range"),
	"U+0000 in a user property": refused(5, withProperties({ userProperties: [["k", "\0"]] }), "bad-string"),
};

export const cases: Cases = { ...strings, ...topics, ...fields, ...versions, ...properties };
