/**
 * PINGREQ, PINGRESP, and the moments the client asks to be woken at.
 * @module
 */
import type { Cases } from "../case.js";
import { ascii } from "./packet-bytes.js";
import { CONNACK_TIMEOUT, failure, KEEP_ALIVE, message, online } from "./played-client.js";

const PINGREQ = "c000";

export const cases: Cases = {
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
	},

	"a server that turns it off is asked all the same, or a dead one would not be noticed": (check) => {
		check.is(online({ keepAlive: 60 }, { serverKeepAlive: 0 }).client.deadline(), 60_000);
	},

	"a PINGRESP unasked for does no harm": (check) => {
		const { events, from } = online();
		from({ type: "pingresp" });
		check.same(events, []);
	},
};
