/**
 * Messages out and in: packet ids, acknowledgements, limits of both sides.
 * @module
 */

import { encodePacket } from "../../../src/device/mqtt/encode.js";
import type { Packet } from "../../../src/device/mqtt/packets.js";
import { type Cases, fromHex } from "../case.js";
import { ascii } from "./packet-bytes.js";
import { DISCONNECT_PROTOCOL_ERROR, failure, incoming, message, online, type Played } from "./played-client.js";

const publishing: Cases = {
	"a message at QoS 0 has no packet id": (check) => {
		const { client, sent } = online();
		check.is(client.publish(message({ qos: 0 }), 0), 0);
		check.same(sent, ["3006000174006f6e"]);
	},

	"a message at QoS 1 is acknowledged by its packet id": (check) => {
		const { client, sent, events, from } = online();
		check.is(client.publish(message(), 0), 1);
		check.same(sent, ["32080001740001006f6e"]);
		from({ type: "puback", packetId: 1, code: 0 });
		check.same(events, [{ type: "acknowledged", packetId: 1, code: 0 }]);
	},

	"retain and properties are sent": (check) => {
		const { client, sent } = online();
		client.publish(message({ qos: 0, retain: true, properties: { messageExpiryInterval: 1 } }), 0);
		check.same(sent, ["310b0001740502000000016f6e"]);
	},

	"a PUBACK of refusal is told with code and reason": (check) => {
		const { client, events, from } = online();
		client.publish(message(), 0);
		from({ type: "puback", packetId: 1, code: 0x87, properties: { reasonString: "why" } });
		check.same(events, [{ type: "acknowledged", packetId: 1, code: 0x87, reason: "why" }]);
	},

	"packet ids go on, and are free once acknowledged": (check) => {
		const { client, from } = online();
		check.is(client.publish(message(), 0), 1);
		check.is(client.subscribe([{ filter: "a", qos: 0 }], 0), 2);
		from({ type: "puback", packetId: 1, code: 0 });
		check.is(client.publish(message(), 0), 3);
	},

	"eight messages may wait for PUBACK, and no more": (check) => {
		const { client, sent, from } = online();
		for (let count = 0; count < 8; count++) client.publish(message(), 0);
		check.is(client.canPublish, false);
		check.throws(() => client.publish(message(), 0), { name: "MqttError", code: "receive-maximum" });
		check.is(sent.length, 8);
		from({ type: "puback", packetId: 5, code: 0 });
		check.is(client.canPublish, true);
		check.is(client.publish(message(), 0), 9);
	},

	"a message at QoS 0 needs no room": (check) => {
		const { client } = online({}, { receiveMaximum: 1 });
		client.publish(message(), 0);
		check.is(client.publish(message({ qos: 0 }), 0), 0);
	},

	"a subscription needs no room for messages": (check) => {
		const { client } = online({}, { receiveMaximum: 1 });
		client.subscribe([{ filter: "a", qos: 0 }], 0);
		check.is(client.canPublish, true);
	},

	"messages take no room from subscriptions": (check) => {
		const { client } = online();
		for (let count = 0; count < 7; count++) client.publish(message(), 0);
		check.is(client.subscribe([{ filter: "a", qos: 0 }], 0), 8);
	},

	"the server's receive maximum counts where it is smaller": (check) => {
		const { client } = online({}, { receiveMaximum: 1 });
		client.publish(message(), 0);
		check.throws(() => client.publish(message(), 0), { code: "receive-maximum" });
	},

	"the device's receive maximum counts where it is smaller": (check) => {
		const { client } = online({ receiveMaximum: 1 }, { receiveMaximum: 100 });
		client.publish(message(), 0);
		check.is(client.canPublish, false);
	},

	"a packet larger than the server takes is refused, and the packet id stays free": (check) => {
		const { client, sent } = online({}, { maximumPacketSize: 10 });
		check.throws(() => client.publish(message({ topic: "long" }), 0), { name: "MqttError", code: "packet-too-large" });
		check.same(sent, []);
		check.is(client.publish(message(), 0), 1);
		check.is(sent.length, 1);
	},

	"QoS 1 is refused where the server takes QoS 0 only": (check) => {
		const { client } = online({}, { maximumQoS: 0 });
		check.throws(() => client.publish(message(), 0), { code: "qos-not-supported" });
		check.is(client.publish(message({ qos: 0 }), 0), 0);
	},

	"retain is refused where the server retains nothing": (check) => {
		const { client } = online({}, { retainAvailable: 0 });
		check.throws(() => client.publish(message({ retain: true }), 0), { code: "retain-not-supported" });
	},

	"a topic alias is refused": (check) => {
		const { client } = online({}, { topicAliasMaximum: 10 });
		const aliased = message({ properties: { topicAlias: 1 } });
		check.throws(() => client.publish(aliased, 0), { code: "topic-alias-not-supported" });
	},

	"a message that cannot be encoded is refused, and the connection goes on": (check) => {
		const { client, events } = online();
		check.throws(() => client.publish(message({ topic: "#" }), 0), { name: "MqttEncodeError", code: "bad-topic" });
		check.is(client.publish(message(), 0), 1);
		check.same(events, []);
	},

	"PUBACK for a packet id that is free is a protocol error": (check) => {
		const played = online();
		played.from({ type: "puback", packetId: 1, code: 0 });
		check.is(failure(played.events), "protocol-error");
		check.same(played.sent, [DISCONNECT_PROTOCOL_ERROR]);
	},

	"a second PUBACK for the same message is a protocol error": (check) => {
		const played = online();
		played.client.publish(message(), 0);
		played.from({ type: "puback", packetId: 1, code: 0 });
		played.look();
		played.from({ type: "puback", packetId: 1, code: 0 });
		check.is(failure(played.events), "protocol-error");
	},
};

const receiving: Cases = {
	"a message at QoS 0 is handed over": (check) => {
		const { events, sent, from } = online();
		const packet: Packet = { type: "publish", topic: "t", payload: ascii("on"), qos: 0, retain: true, dup: false };
		from(packet);
		check.same(events, [{ type: "message", packet }]);
		check.same(sent, []);
	},

	"messages at QoS 0 leave nothing behind": (check) => {
		const { events, from } = online({ receiveMaximum: 1 });
		const packet: Packet = { type: "publish", topic: "t", payload: ascii("on"), qos: 0, retain: false, dup: false };
		from(packet);
		from(packet);
		check.same(
			events.map(({ type }) => type),
			["message", "message"],
		);
	},

	"a message at QoS 1 is handed over first, then acknowledged": (check) => {
		let sentBefore: number | undefined;
		const played: Played = online({}, undefined, () => {
			sentBefore = played.sent.length;
		});
		played.from(incoming(7));
		check.is(sentBefore, 0);
		check.same(played.sent, ["40020007"]);
	},

	"a message is not acknowledged once the application has closed the client": (check) => {
		const played: Played = online({}, undefined, () => played.client.disconnect(0));
		played.from(incoming(7));
		check.same(played.sent, ["e000"]);
	},

	"messages after the one that closed the client are not handed over": (check) => {
		const played: Played = online({}, undefined, () => played.client.disconnect(0));
		played.client.receive(fromHex(`3206 0001 74 0001 00`.repeat(2)), 0);
		check.is(played.events.length, 1);
	},

	"the same packet id may come again after its PUBACK": (check) => {
		const { events, from } = online();
		from(incoming(7));
		from(incoming(7));
		check.same(
			events.map(({ type }) => type),
			["message", "message"],
		);
	},

	"a packet id that is not acknowledged yet must not come again": (check) => {
		let depth = 0;
		const played: Played = online({}, undefined, () => {
			if (depth++ === 0) played.from(incoming(7));
		});
		played.from(incoming(7));
		check.same(
			played.events.map(({ type }) => type),
			["message", "failed"],
		);
		check.same(played.sent, [DISCONNECT_PROTOCOL_ERROR]);
	},

	"more unacknowledged messages than the receive maximum are refused with 0x93": (check) => {
		let id = 1;
		const played: Played = online({ receiveMaximum: 2 }, undefined, () => played.from(incoming(++id)));
		played.from(incoming(1));
		check.same(
			played.events.map(({ type }) => type),
			["message", "message", "failed"],
		);
		check.same(played.sent, ["e00193"]);
	},

	"a topic alias is refused with 0x94, as none was granted": (check) => {
		const played = online();
		played.client.receive(fromHex("30 07 0001 74 03 23 0001"), 0);
		check.is(failure(played.events), "protocol-error");
		check.same(played.sent, ["e00194"]);
	},

	"a message in pieces is handed over once it is whole": (check) => {
		const { client, events } = online();
		const bytes = encodePacket(incoming(1), 5);
		for (let at = 0; at < bytes.length; at++) client.receive(bytes.subarray(at, at + 1), at);
		check.is(events.length, 1);
	},
};

export const cases: Cases = { ...publishing, ...receiving };
