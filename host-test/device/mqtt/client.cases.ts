/**
 * The client, played against by hand: every byte it sends and every event it tells.
 * @module
 */
import { MqttClient } from "../../../src/device/mqtt/client.js";
import type { MqttClientEvent, MqttClientOptions, PublishMessage } from "../../../src/device/mqtt/client-interface.js";
import { encodePacket } from "../../../src/device/mqtt/encode.js";
import type { Packet, Properties, ProtocolVersion } from "../../../src/device/mqtt/packets.js";
import { type Case, type Cases, fromHex, toHex } from "../case.js";
import { ascii } from "./packet-bytes.js";

const CONNACK_TIMEOUT = 10_000;
const KEEP_ALIVE = 30_000;

/** A client with what it sent, in hex, and what it told. */
interface Played {
	readonly client: MqttClient;
	readonly sent: string[];
	readonly events: MqttClientEvent[];
	/** Gives the client a packet of the server. */
	from(packet: Packet, now?: number): void;
	/** What was sent and told since the last look. */
	look(): { sent: string[]; events: MqttClientEvent[] };
}

function play(options: Partial<MqttClientOptions> = {}, onMessage?: () => void): Played {
	const version = options.version ?? 5;
	const sent: string[] = [];
	const events: MqttClientEvent[] = [];
	const client = new MqttClient(
		{
			version,
			clientId: "c",
			keepAlive: 30,
			cleanStart: true,
			maximumPacketSize: 1024,
			connackTimeout: CONNACK_TIMEOUT,
			...options,
		},
		{
			send: (bytes) => sent.push(toHex(bytes)),
			event: (event) => {
				events.push(event);
				if (event.type === "message") onMessage?.();
			},
		},
	);
	return {
		client,
		sent,
		events,
		from: (packet, now = 0) => client.receive(encodePacket(packet, version), now),
		look: () => ({ sent: sent.splice(0), events: events.splice(0) }),
	};
}

/** A client that is connected at moment 0; nothing sent or told yet. */
function online(options: Partial<MqttClientOptions> = {}, granted?: Properties, onMessage?: () => void): Played {
	const played = play(options, onMessage);
	played.client.connect(0);
	played.from({ type: "connack", sessionPresent: false, code: 0, properties: granted });
	played.look();
	return played;
}

function message(more: Partial<PublishMessage> = {}): PublishMessage {
	return { topic: "t", payload: ascii("on"), qos: 1, ...more };
}

function incoming(packetId: number): Packet {
	return { type: "publish", topic: "t", payload: ascii("on"), qos: 1, retain: false, dup: false, packetId };
}

/** The code of the one `failed` event there must be. */
function failure(events: readonly MqttClientEvent[]): string {
	const [event, ...others] = events;
	return event?.type === "failed" && others.length === 0 ? event.error.code : `${events.map(({ type }) => type)}`;
}

const DISCONNECT_PROTOCOL_ERROR = "e00182";

const connecting: Cases = {
	"on MQTT 5, CONNECT tells the largest packet the device takes": (check) => {
		const { client, sent } = play();
		client.connect(0);
		check.same(sent, ["101300044d5154540502001e0527000004000001" + "63"]);
	},

	"on MQTT 5, CONNECT tells session expiry and receive maximum where they are given": (check) => {
		const { client, sent } = play({ sessionExpiryInterval: 60, receiveMaximum: 4 });
		client.connect(0);
		check.same(sent, ["101b00044d5154540502001e0d" + "110000003c" + "210004" + "2700000400" + "000163"]);
	},

	"on MQTT 3.1.1, CONNECT holds credentials and will": (check) => {
		const { client, sent } = play({
			version: 4,
			username: "u",
			password: ascii("p"),
			will: { topic: "w", payload: ascii("x"), qos: 1, retain: true },
		});
		client.connect(0);
		check.same(sent, ["101900044d51545404ee001e" + "000163" + "000177" + "000178" + "000175" + "000170"]);
	},

	"nothing is sent before connect": (check) => {
		const { client, sent } = play();
		client.tick(1_000_000);
		check.same(sent, []);
		check.is(client.deadline(), undefined);
	},

	"options that make no CONNECT are refused, and nothing is sent": (check) => {
		const { client, sent } = play({ clientId: "\0" });
		check.throws(() => client.connect(0), { name: "MqttEncodeError", code: "bad-string" });
		check.same(sent, []);
	},

	"connect works once": (check) => {
		const { client } = play();
		client.connect(0);
		check.throws(() => client.connect(0), { name: "MqttError", code: "already-used" });
	},

	"nothing can be sent before CONNACK": (check) => {
		const { client, sent } = play();
		check.throws(() => client.publish(message(), 0), { code: "not-connected" });
		client.connect(0);
		check.throws(() => client.publish(message(), 0), { code: "not-connected" });
		check.throws(() => client.subscribe([{ filter: "a", qos: 0 }], 0), { code: "not-connected" });
		check.throws(() => client.unsubscribe(["a"], 0), { code: "not-connected" });
		check.is(client.canPublish, false);
		check.is(sent.length, 1);
	},

	"CONNACK with success connects": (check) => {
		const played = play();
		played.client.connect(0);
		const connack: Packet = { type: "connack", sessionPresent: false, code: 0, properties: { serverKeepAlive: 60 } };
		played.from(connack);
		check.same(played.events, [{ type: "connected", connack }]);
		check.is(played.client.canPublish, true);
	},

	"CONNACK with another code refuses, with the server's reason": (check) => {
		const played = play();
		played.client.connect(0);
		played.from({ type: "connack", sessionPresent: false, code: 0x87, properties: { reasonString: "why" } });
		check.same(played.events, [{ type: "refused", code: 0x87, reason: "why" }]);
		check.is(played.client.deadline(), undefined);
		check.is(played.sent.length, 1);
	},

	"on MQTT 3.1.1, CONNACK 7 of AWS refuses": (check) => {
		const played = play({ version: 4 });
		played.client.connect(0);
		played.from({ type: "connack", sessionPresent: false, code: 7 });
		check.same(played.events, [{ type: "refused", code: 7 }]);
	},

	"a session after a clean start is a protocol error [MQTT-3.2.2-4]": (check) => {
		const played = play();
		played.client.connect(0);
		played.look();
		played.from({ type: "connack", sessionPresent: true, code: 0 });
		check.is(failure(played.events), "protocol-error");
		check.same(played.sent, [DISCONNECT_PROTOCOL_ERROR]);
	},

	"a session is taken up where it was asked for": (check) => {
		const played = play({ cleanStart: false });
		played.client.connect(0);
		played.from({ type: "connack", sessionPresent: true, code: 0 });
		check.is(played.events[0]?.type, "connected");
	},

	"the server's DISCONNECT before CONNACK is told for its reason": (check) => {
		const played = play();
		played.client.connect(0);
		played.from({ type: "disconnect", code: 0x9b });
		check.same(played.events, [{ type: "disconnected", code: 0x9b }]);
	},

	"a message before CONNACK fails without a word to the server": (check) => {
		const played = play();
		played.client.connect(0);
		played.look();
		played.from(incoming(1));
		const { sent, events } = played.look();
		check.is(failure(events), "protocol-error");
		check.same(sent, []);
	},

	"bytes that are no MQTT before CONNACK fail without a word to the server": (check) => {
		const played = play();
		played.client.connect(0);
		played.look();
		played.client.receive(ascii("HTTP/1.1 400"), 0);
		const { sent, events } = played.look();
		check.is(failure(events), "malformed-packet");
		check.same(sent, []);
	},

	"bytes before connect fail": (check) => {
		const played = play();
		played.from({ type: "pingresp" });
		check.is(failure(played.events), "protocol-error");
	},

	"without CONNACK the client gives up at its deadline, not before": (check) => {
		const { client, events } = play();
		client.connect(500);
		check.is(client.deadline(), 500 + CONNACK_TIMEOUT);
		client.tick(499 + CONNACK_TIMEOUT);
		check.same(events, []);
		client.tick(500 + CONNACK_TIMEOUT);
		check.is(failure(events), "connack-timed-out");
		check.is(events[0]?.type === "failed" && events[0].error.message, `no answer for ${CONNACK_TIMEOUT} ms`);
		check.is(client.deadline(), undefined);
	},
};

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

const subscribing: Cases = {
	"SUBSCRIBE is answered by codes, with the server's reason": (check) => {
		const { client, sent, events, from } = online();
		check.is(
			client.subscribe(
				[
					{ filter: "a", qos: 1 },
					{ filter: "b", qos: 0 },
				],
				0,
			),
			1,
		);
		check.same(sent, ["820b0001" + "00" + "00016101" + "00016200"]);
		from({ type: "suback", packetId: 1, codes: [1, 0x87], properties: { reasonString: "why" } });
		check.same(events, [{ type: "subscribed", packetId: 1, codes: [1, 0x87], reason: "why" }]);
	},

	"SUBACK with another number of codes is a protocol error [MQTT-3.8.4-6]": (check) => {
		const { client, events, from } = online();
		client.subscribe([{ filter: "a", qos: 1 }], 0);
		from({ type: "suback", packetId: 1, codes: [1, 1] });
		check.is(failure(events), "protocol-error");
	},

	"UNSUBSCRIBE is answered by codes": (check) => {
		const { client, sent, events, from } = online();
		check.is(client.unsubscribe(["a"], 0), 1);
		check.same(sent, ["a2060001" + "00" + "000161"]);
		from({ type: "unsuback", packetId: 1, codes: [0x11] });
		check.same(events, [{ type: "unsubscribed", packetId: 1, codes: [0x11] }]);
	},

	"on MQTT 3.1.1, UNSUBACK has no codes": (check) => {
		const { client, events, from } = online({ version: 4 });
		client.unsubscribe(["a", "b"], 0);
		from({ type: "unsuback", packetId: 1, codes: [] });
		check.same(events, [{ type: "unsubscribed", packetId: 1, codes: [] }]);
	},

	"an answer to another kind of request is a protocol error": (check) => {
		const { client, events, from } = online();
		client.subscribe([{ filter: "a", qos: 1 }], 0);
		from({ type: "unsuback", packetId: 1, codes: [0] });
		check.is(failure(events), "protocol-error");
	},

	"eight requests may wait for their answer, and no more": (check) => {
		const { client, from } = online();
		for (let count = 0; count < 4; count++) {
			client.subscribe([{ filter: "a", qos: 0 }], 0);
			client.unsubscribe(["a"], 0);
		}
		check.throws(() => client.subscribe([{ filter: "a", qos: 0 }], 0), { code: "too-many-requests" });
		check.throws(() => client.unsubscribe(["a"], 0), { code: "too-many-requests" });
		from({ type: "suback", packetId: 1, codes: [0] });
		check.is(client.unsubscribe(["a"], 0), 9);
	},

	"a filter that cannot be encoded is refused, and its packet id stays free": (check) => {
		const { client } = online();
		check.throws(() => client.subscribe([{ filter: "", qos: 0 }], 0), { code: "bad-topic-filter" });
		check.is(client.subscribe([{ filter: "a", qos: 0 }], 0), 1);
	},
};

const PINGREQ = "c000";

const keepAlive: Cases = {
	"PINGREQ is sent when nothing was for the keep-alive": (check) => {
		const { client, sent } = online();
		check.is(client.deadline(), KEEP_ALIVE);
		client.tick(KEEP_ALIVE - 1);
		check.same(sent, []);
		client.tick(KEEP_ALIVE);
		check.same(sent, [PINGREQ]);
	},

	"what is sent and received puts PINGREQ off": (check) => {
		const { client, from } = online();
		client.publish(message(), 1_000);
		from({ type: "puback", packetId: 1, code: 0 }, 2_000);
		check.is(client.deadline(), 1_000 + KEEP_ALIVE);
	},

	"sending alone does not put PINGREQ off: the server may be gone": (check) => {
		const { client } = online();
		client.publish(message({ qos: 0 }), 20_000);
		check.is(client.deadline(), KEEP_ALIVE);
	},

	"receiving alone does not put PINGREQ off: the server counts what is sent": (check) => {
		const { client, from } = online();
		from({ type: "publish", topic: "t", payload: ascii(""), qos: 0, retain: false, dup: false }, 20_000);
		check.is(client.deadline(), KEEP_ALIVE);
	},

	"PINGRESP begins the next keep-alive": (check) => {
		const { client, sent, from } = online();
		client.tick(KEEP_ALIVE);
		from({ type: "pingresp" }, KEEP_ALIVE + 100);
		check.is(client.deadline(), 2 * KEEP_ALIVE);
		client.tick(2 * KEEP_ALIVE);
		check.same(sent, [PINGREQ, PINGREQ]);
	},

	"without PINGRESP the client gives up": (check) => {
		const { client, events } = online();
		client.tick(KEEP_ALIVE);
		check.is(client.deadline(), KEEP_ALIVE + CONNACK_TIMEOUT);
		client.tick(KEEP_ALIVE + CONNACK_TIMEOUT);
		check.is(failure(events), "keep-alive-timed-out");
		check.is(client.deadline(), undefined);
	},

	"other packets are no PINGRESP": (check) => {
		const { client, events, from } = online();
		client.publish(message(), 0);
		client.tick(KEEP_ALIVE);
		from({ type: "puback", packetId: 1, code: 0 }, KEEP_ALIVE + 1);
		check.is(events[0]?.type, "acknowledged");
		check.is(client.deadline(), KEEP_ALIVE + CONNACK_TIMEOUT);
	},

	"messages go out while PINGRESP is awaited": (check) => {
		const { client, sent } = online();
		client.tick(KEEP_ALIVE);
		client.publish(message({ qos: 0 }), KEEP_ALIVE + 1);
		check.is(sent.length, 2);
	},

	"PINGRESP is not awaited longer than the keep-alive": (check) => {
		const { client } = online({ keepAlive: 5 });
		client.tick(5_000);
		check.is(client.deadline(), 10_000);
	},

	"the server's keep-alive counts": (check) => {
		const { client } = online({}, { serverKeepAlive: 1200 });
		check.is(client.deadline(), 1_200_000);
	},

	"a keep-alive of 0 is none": (check) => {
		check.is(online({ keepAlive: 0 }).client.deadline(), undefined);
		check.is(online({}, { serverKeepAlive: 0 }).client.deadline(), undefined);
	},

	"a PINGRESP unasked for does no harm": (check) => {
		const { events, from } = online();
		from({ type: "pingresp" });
		check.same(events, []);
	},
};

/** Bytes of the server that fail a connected client, and the DISCONNECT it sends on MQTT 5. */
interface Violation {
	readonly what: string;
	readonly hex: string;
	readonly code: string;
	readonly disconnect: string;
}

const violations: readonly Violation[] = [
	{ what: "a first byte that begins no packet", hex: "00", code: "malformed-packet", disconnect: "e00181" },
	{ what: "a packet too large for the device", hex: "30 8108", code: "packet-too-large", disconnect: "e00195" },
	{ what: "a packet that only clients send", hex: "c0 00", code: "protocol-error", disconnect: "e00182" },
	{ what: "AUTH", hex: "f0 00", code: "unsupported", disconnect: "e00182" },
	{ what: "a message at QoS 2", hex: "34 06 0001 74 0001 00", code: "unsupported", disconnect: "e00182" },
];

const violationsOfMqtt5: readonly Violation[] = [
	{ what: "a second CONNACK", hex: "20 03 0000 00", code: "protocol-error", disconnect: "e00182" },
	{ what: "a refusal after success", hex: "20 03 0087 00", code: "protocol-error", disconnect: "e00182" },
	{ what: "a subscription identifier", hex: "30 06 0001 74 02 0b 01", code: "unsupported", disconnect: "e00182" },
];

function failsTheClient({ hex, code, disconnect }: Violation, version: ProtocolVersion): Case {
	return (check) => {
		const played = online({ version });
		played.client.receive(fromHex(hex), 0);
		check.is(failure(played.events), code);
		check.same(played.sent, version === 5 ? [disconnect] : []);
		check.is(played.client.deadline(), undefined);
	};
}

const ending: Record<string, Case> = {
	"the server's DISCONNECT is told with its reason, and nothing is answered": (check) => {
		const played = online();
		played.from({ type: "disconnect", code: 0x8e, properties: { reasonString: "why" } });
		check.same(played.events, [{ type: "disconnected", code: 0x8e, reason: "why" }]);
		check.same(played.sent, []);
		check.is(played.client.deadline(), undefined);
	},

	"disconnect says goodbye, once, and no event follows": (check) => {
		const { client, sent, events, from } = online();
		client.disconnect(0);
		client.disconnect(0);
		from(incoming(1));
		client.tick(1_000_000);
		check.same(sent, ["e000"]);
		check.same(events, []);
		check.throws(() => client.publish(message(), 0), { code: "not-connected" });
		check.throws(() => client.connect(0), { code: "already-used" });
	},

	"disconnect can have the will sent": (check) => {
		const { client, sent } = online();
		client.disconnect(0, 4);
		check.same(sent, ["e00104"]);
	},

	"disconnect with a code that is none is refused, and the connection goes on": (check) => {
		const { client } = online();
		check.throws(() => client.disconnect(0, 0x42), { code: "bad-reason-code" });
		check.is(client.canPublish, true);
	},

	"disconnect before CONNACK sends nothing": (check) => {
		const { client, sent } = play();
		client.connect(0);
		client.disconnect(0);
		check.is(sent.length, 1);
		check.is(client.deadline(), undefined);
	},

	"on MQTT 3.1.1, a DISCONNECT of the server is a protocol error, and nothing is answered": (check) => {
		const played = online({ version: 4 });
		played.from({ type: "disconnect", code: 0 });
		check.is(failure(played.events), "protocol-error");
		check.same(played.sent, []);
	},

	"packets before a bad one in the same bytes are handed over": (check) => {
		const { client, events } = online();
		client.receive(fromHex("30 04 0001 74 00 00 00"), 0);
		check.same(
			events.map(({ type }) => type),
			["message", "failed"],
		);
	},

	"an error that the application throws in a handler is its own": (check) => {
		const played = online({}, undefined, () => {
			throw new RangeError("mine");
		});
		check.throws(() => played.from(incoming(1)), { name: "RangeError", message: "mine" });
		check.is(played.events.length, 1);
	},
};

for (const violation of violations) {
	ending[`on MQTT 3.1.1, ${violation.what} fails the client without a word`] = failsTheClient(violation, 4);
}
for (const violation of [...violations, ...violationsOfMqtt5]) {
	ending[`on MQTT 5, ${violation.what} fails the client, and the server is told`] = failsTheClient(violation, 5);
}

export const cases: Cases = {
	...connecting,
	...publishing,
	...receiving,
	...subscribing,
	...keepAlive,
	...ending,
};
