/**
 * SUBSCRIBE and UNSUBSCRIBE, and their answers.
 * @module
 */
import type { Cases } from "../case.js";
import { failure, online } from "./played-client.js";

export const cases: Cases = {
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
