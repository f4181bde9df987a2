/**
 * How a connection ends: by either side, or by a violation.
 * @module
 */
import type { ProtocolVersion } from "../../../src/device/mqtt/packets.js";
import { type Case, type Cases, fromHex } from "../case.js";
import { failure, incoming, message, online, play } from "./played-client.js";

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

export const cases: Cases = ending;
