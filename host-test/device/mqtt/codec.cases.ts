/**
 * Packets and their bytes, both ways: every packet type in both versions. Where the standards print an example it is
 * the one here, and its figure is named.
 * @module
 */
import { encodePacket } from "../../../src/device/mqtt/encode.js";
import type { Packet, ProtocolVersion } from "../../../src/device/mqtt/packets.js";
import type { Case, Cases } from "../case.js";
import { ascii, decodeHex } from "./packet-bytes.js";

const NO_BYTES = new Uint8Array(0);

/** The packet has exactly these bytes, and these bytes are the packet. */
function both(version: ProtocolVersion, packet: Packet, hex: string): Case {
	return (check) => {
		check.hex(encodePacket(packet, version), hex);
		check.same(decodeHex(hex, version), packet);
	};
}

/** These bytes are the packet too, though it has shorter ones. */
function alsoDecodes(version: ProtocolVersion, packet: Packet, hex: string): Case {
	return (check) => check.same(decodeHex(hex, version), packet);
}

function publish(topic: string, more: Partial<Extract<Packet, { type: "publish" }>> = {}): Packet {
	return { type: "publish", topic, payload: NO_BYTES, qos: 0, retain: false, dup: false, ...more };
}

const connect: Cases = {
	"3.1.1 CONNECT with the least in it": both(
		4,
		{ type: "connect", cleanStart: true, keepAlive: 0, clientId: "" },
		"10 0c 0004 4d515454 04 02 0000 0000",
	),
	"3.1.1 CONNECT with the flags and keep-alive of figure 3.6": both(
		4,
		{
			type: "connect",
			cleanStart: true,
			keepAlive: 10,
			clientId: "c",
			will: { topic: "w", payload: ascii("gone"), qos: 1, retain: false },
			username: "u",
			password: ascii("p"),
		},
		"10 1c 0004 4d515454 04 ce 000a 0001 63 0001 77 0004 676f6e65 0001 75 0001 70",
	),
	"3.1.1 CONNECT that resumes a session, with a retained will of QoS 0": both(
		4,
		{
			type: "connect",
			cleanStart: false,
			keepAlive: 65535,
			clientId: "c",
			will: { topic: "w", payload: NO_BYTES, qos: 0, retain: true },
		},
		"10 12 0004 4d515454 04 24 ffff 0001 63 0001 77 0000",
	),
	"5 CONNECT with the flags, keep-alive and session expiry of figure 3-6": both(
		5,
		{
			type: "connect",
			cleanStart: true,
			keepAlive: 10,
			clientId: "c",
			will: { topic: "w", payload: ascii("gone"), qos: 1, retain: false },
			username: "u",
			password: ascii("p"),
			properties: { sessionExpiryInterval: 10 },
		},
		"10 23 0004 4d515454 05 ce 000a 05 11 0000000a 0001 63 00 0001 77 0004 676f6e65 0001 75 0001 70",
	),
	"5 CONNECT with a password and no user name": both(
		5,
		{ type: "connect", cleanStart: true, keepAlive: 30, clientId: "", password: ascii("p") },
		"10 10 0004 4d515454 05 42 001e 00 0000 0001 70",
	),
	"5 CONNECT with every property of CONNECT and of a will": both(
		5,
		{
			type: "connect",
			cleanStart: true,
			keepAlive: 0,
			clientId: "",
			will: {
				topic: "w",
				payload: NO_BYTES,
				qos: 0,
				retain: false,
				properties: {
					willDelayInterval: 1,
					payloadFormatIndicator: 1,
					messageExpiryInterval: 2,
					contentType: "t",
					responseTopic: "r",
					correlationData: ascii("d"),
					userProperties: [["k", "v"]],
				},
			},
			properties: {
				sessionExpiryInterval: 0xffff_ffff,
				receiveMaximum: 1,
				maximumPacketSize: 1,
				topicAliasMaximum: 0,
				requestResponseInformation: 1,
				requestProblemInformation: 0,
				userProperties: [["k", "v"]],
			},
		},
		`10 4d 0004 4d515454 05 06 0000
		 1b 11 ffffffff 21 0001 27 00000001 22 0000 19 01 17 00 26 0001 6b 0001 76
		 0000
		 1f 18 00000001 01 01 02 00000002 03 0001 74 08 0001 72 09 0001 64 26 0001 6b 0001 76
		 0001 77 0000`,
	),
};

const connack: Cases = {
	"3.1.1 CONNACK of a new session": both(4, { type: "connack", sessionPresent: false, code: 0 }, "20 02 00 00"),
	"3.1.1 CONNACK of a resumed session": both(4, { type: "connack", sessionPresent: true, code: 0 }, "20 02 01 00"),
	"3.1.1 CONNACK 5": both(4, { type: "connack", sessionPresent: false, code: 5 }, "20 02 00 05"),
	"3.1.1 CONNACK 7, AWS's own": both(4, { type: "connack", sessionPresent: false, code: 7 }, "20 02 00 07"),
	"5 CONNACK of a new session": both(5, { type: "connack", sessionPresent: false, code: 0 }, "20 03 00 00 00"),
	"5 CONNACK 0x87 with a reason string": both(
		5,
		{ type: "connack", sessionPresent: false, code: 0x87, properties: { reasonString: "no" } },
		"20 08 00 87 05 1f 0002 6e6f",
	),
	"5 CONNACK with every property": both(
		5,
		{
			type: "connack",
			sessionPresent: true,
			code: 0,
			properties: {
				sessionExpiryInterval: 3600,
				receiveMaximum: 100,
				maximumQoS: 1,
				retainAvailable: 1,
				maximumPacketSize: 149_504,
				assignedClientIdentifier: "i",
				topicAliasMaximum: 8,
				reasonString: "",
				userProperties: [
					["k", ""],
					["k", "v"],
				],
				wildcardSubscriptionAvailable: 1,
				subscriptionIdentifiersAvailable: 0,
				sharedSubscriptionAvailable: 1,
				serverKeepAlive: 1200,
				responseInformation: "r",
				serverReference: "s",
			},
		},
		`20 3c 01 00 39
		 11 00000e10 21 0064 24 01 25 01 27 00024800 12 0001 69 22 0008 1f 0000
		 26 0001 6b 0000 26 0001 6b 0001 76 28 01 29 00 2a 01 13 04b0 1a 0001 72 1c 0001 73`,
	),
};

const messages: Cases = {
	"3.1.1 PUBLISH with the topic and packet id of figure 3.11": both(
		4,
		publish("a/b", { qos: 1, packetId: 10 }),
		"32 07 0003 612f62 000a",
	),
	"3.1.1 PUBLISH at QoS 0, retained": both(
		4,
		publish("t", { payload: ascii("on"), retain: true }),
		"31 05 0001 74 6f6e",
	),
	"3.1.1 PUBLISH sent again": both(4, publish("t", { qos: 1, dup: true, packetId: 65535 }), "3a 05 0001 74 ffff"),
	"3.1.1 PUBACK": both(4, { type: "puback", packetId: 10, code: 0 }, "40 02 000a"),
	"5 PUBLISH with the topic and packet id of figure 3-9": both(
		5,
		publish("a/b", { qos: 1, packetId: 10 }),
		"32 08 0003 612f62 000a 00",
	),
	"5 PUBLISH with every property": both(
		5,
		publish("t", {
			payload: ascii("on"),
			properties: {
				payloadFormatIndicator: 0,
				messageExpiryInterval: 0,
				topicAlias: 1,
				responseTopic: "r",
				correlationData: NO_BYTES,
				userProperties: [["", ""]],
				contentType: "",
			},
		}),
		"30 1f 0001 74 19 01 00 02 00000000 23 0001 08 0001 72 09 0000 26 0000 0000 03 0000 6f6e",
	),
	"5 PUBLISH whose topic is an alias": both(
		5,
		publish("", { properties: { topicAlias: 65535 } }),
		"30 06 0000 03 23 ffff",
	),
	"5 PUBACK of success is two bytes long": both(5, { type: "puback", packetId: 10, code: 0 }, "40 02 000a"),
	"5 PUBACK of failure leaves out the property length": both(
		5,
		{ type: "puback", packetId: 10, code: 0x87 },
		"40 03 000a 87",
	),
	"5 PUBACK of success with a property has a code": both(
		5,
		{ type: "puback", packetId: 10, code: 0, properties: { reasonString: "" } },
		"40 07 000a 00 03 1f 0000",
	),
	"5 PUBACK may say success at length": alsoDecodes(5, { type: "puback", packetId: 10, code: 0 }, "40 04 000a 00 00"),
};

const subscriptions: Cases = {
	"3.1.1 SUBSCRIBE with the filters and packet id of figures 3.21 and 3.23, for QoS 1 and 0": both(
		4,
		{
			type: "subscribe",
			packetId: 10,
			subscriptions: [
				{ filter: "a/b", qos: 1 },
				{ filter: "c/d", qos: 0 },
			],
		},
		"82 0e 000a 0003 612f62 01 0003 632f64 00",
	),
	"3.1.1 SUBACK with a code of each kind": both(
		4,
		{ type: "suback", packetId: 10, codes: [0, 1, 0x80] },
		"90 05 000a 000180",
	),
	"3.1.1 UNSUBSCRIBE of figure 3.30": both(
		4,
		{ type: "unsubscribe", packetId: 10, filters: ["a/b", "c/d"] },
		"a2 0c 000a 0003 612f62 0003 632f64",
	),
	"3.1.1 UNSUBACK": both(4, { type: "unsuback", packetId: 10, codes: [] }, "b0 02 000a"),
	"5 SUBSCRIBE with every option": both(
		5,
		{
			type: "subscribe",
			packetId: 10,
			subscriptions: [
				{ filter: "a/b", qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 },
				{ filter: "+/#", qos: 0, noLocal: true, retainAsPublished: true, retainHandling: 2 },
				{ filter: "$share/g/a", qos: 0, noLocal: false, retainAsPublished: true, retainHandling: 1 },
			],
			properties: { userProperties: [["k", "v"]] },
		},
		`82 23 000a 07 26 0001 6b 0001 76
		 0003 612f62 01 0003 2b2f23 2c 000a 2473686172652f672f61 18`,
	),
	"5 SUBACK with a reason string": both(
		5,
		{ type: "suback", packetId: 10, codes: [1, 0x87], properties: { reasonString: "no" } },
		"90 0a 000a 05 1f 0002 6e6f 01 87",
	),
	"5 UNSUBSCRIBE": both(5, { type: "unsubscribe", packetId: 10, filters: ["#"] }, "a2 06 000a 00 0001 23"),
	"5 UNSUBACK": both(5, { type: "unsuback", packetId: 10, codes: [0, 0x11] }, "b0 05 000a 00 00 11"),
	"5 SUBSCRIBE options left out are 0": (check) => {
		const packet: Packet = { type: "subscribe", packetId: 1, subscriptions: [{ filter: "a", qos: 1 }] };
		check.hex(encodePacket(packet, 5), "82 07 0001 00 0001 61 01");
	},
};

const rest: Cases = {
	"3.1.1 PINGREQ": both(4, { type: "pingreq" }, "c0 00"),
	"3.1.1 PINGRESP": both(4, { type: "pingresp" }, "d0 00"),
	"3.1.1 DISCONNECT": both(4, { type: "disconnect", code: 0 }, "e0 00"),
	"5 PINGREQ": both(5, { type: "pingreq" }, "c0 00"),
	"5 PINGRESP": both(5, { type: "pingresp" }, "d0 00"),
	"5 DISCONNECT of success is empty": both(5, { type: "disconnect", code: 0 }, "e0 00"),
	"5 DISCONNECT with the will leaves out the property length": both(5, { type: "disconnect", code: 4 }, "e0 01 04"),
	"5 DISCONNECT of a server that says why and where to": both(
		5,
		{ type: "disconnect", code: 0x9c, properties: { reasonString: "x", serverReference: "y" } },
		"e0 0a 9c 08 1f 0001 78 1c 0001 79",
	),
	"5 DISCONNECT of a client with a session expiry": both(
		5,
		{ type: "disconnect", code: 0, properties: { sessionExpiryInterval: 0 } },
		"e0 07 00 05 11 00000000",
	),
	"5 DISCONNECT may say success at length": alsoDecodes(5, { type: "disconnect", code: 0 }, "e0 02 00 00"),
};

const dataTypes: Cases = {
	"A string beyond the Basic Multilingual Plane has the bytes of figure 1-2": both(
		5,
		publish("A\u{2A6D4}"),
		"30 08 0005 41f0aa9b94 00",
	),
	"U+FEFF is kept where it stands [MQTT-1.5.4-3]": both(5, publish("\uFEFF"), "30 06 0003 efbbbf 00"),
	"Remaining Length takes one byte up to 127 and two from 128": (check) => {
		check.hex(encodePacket(publish("t", { payload: new Uint8Array(124) }), 4).subarray(0, 3), "30 7f 00");
		check.hex(encodePacket(publish("t", { payload: new Uint8Array(125) }), 4).subarray(0, 4), "30 8001 00");
	},
	"Remaining Length takes two bytes up to 16383 and three from 16384": (check) => {
		check.hex(encodePacket(publish("t", { payload: new Uint8Array(16380) }), 4).subarray(0, 4), "30 ff7f 00");
		check.hex(encodePacket(publish("t", { payload: new Uint8Array(16381) }), 4).subarray(0, 5), "30 808001 00");
	},
	"Property Length of 127 bytes takes one": (check) => {
		const packet = publish("t", { properties: { contentType: "c".repeat(124) } });
		check.same(decodeHex(`30 8301 0001 74 7f 03 007c ${"63".repeat(124)}`, 5), packet);
	},
	"Property Length of more than 127 bytes takes two": (check) => {
		const packet = publish("t", { properties: { contentType: "c".repeat(125) } });
		check.hex(encodePacket(packet, 5).subarray(0, 11), "30 8501 0001 74 8001 03 007d");
		check.same(decodeHex(`30 8501 0001 74 8001 03 007d ${"63".repeat(125)}`, 5), packet);
	},
	"The array holds the packet and nothing else": (check) => {
		const bytes = encodePacket(publish("t"), 4);
		check.is(bytes.buffer.byteLength, bytes.length);
	},
	"An empty set of properties is none, on MQTT 3.1.1 too": (check) => {
		check.hex(encodePacket(publish("t", { properties: {} }), 4), "30 03 0001 74");
		check.hex(encodePacket({ type: "puback", packetId: 1, code: 0, properties: {} }, 5), "40 02 0001");
	},
};

export const cases: Cases = { ...connect, ...connack, ...messages, ...subscriptions, ...rest, ...dataTypes };
