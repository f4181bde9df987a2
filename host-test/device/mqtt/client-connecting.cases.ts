/**
 * The client from CONNECT to CONNACK.
 * @module
 */
import type { Packet } from "../../../src/device/mqtt/packets.js";
import type { Cases } from "../case.js";
import { ascii } from "./packet-bytes.js";
import { CONNACK_TIMEOUT, DISCONNECT_PROTOCOL_ERROR, failure, incoming, message, play } from "./played-client.js";

export const cases: Cases = {
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
