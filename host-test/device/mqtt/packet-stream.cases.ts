/**
 * Packets out of pieces, and the end of a stream that is no MQTT.
 * @module
 */
import { encodePacket } from "../../../src/device/mqtt/encode.js";
import { PacketStream } from "../../../src/device/mqtt/packet-stream.js";
import type { Packet, PublishPacket } from "../../../src/device/mqtt/packets.js";
import { type Cases, type Check, fromHex } from "../case.js";
import { ascii, PLENTY } from "./packet-bytes.js";

const message: PublishPacket = {
	type: "publish",
	topic: "a/b",
	payload: ascii("payload"),
	qos: 1,
	retain: false,
	dup: false,
	packetId: 1,
};
const messageBytes = encodePacket(message, 4);

function open(maximumPacketSize: number): PacketStream {
	return new PacketStream({ version: 4, maximumPacketSize, from: "server" });
}

function drain(stream: PacketStream): Packet[] {
	const packets: Packet[] = [];
	for (let packet = stream.next(); packet !== undefined; packet = stream.next()) packets.push(packet);
	return packets;
}

function checkTooLarge(check: Check, stream: PacketStream): void {
	check.throws(() => stream.next(), { name: "MqttDecodeError", code: "packet-too-large", reasonCode: 0x95 });
}

export const cases: Cases = {
	"nothing comes of nothing": (check) => check.is(open(PLENTY).next(), undefined),

	"a packet that comes byte by byte is given once its last byte is there": (check) => {
		const stream = open(PLENTY);
		for (let at = 0; at < messageBytes.length - 1; at++) {
			stream.push(messageBytes.subarray(at, at + 1));
			check.is(stream.next(), undefined, `after byte ${at}`);
		}
		stream.push(messageBytes.subarray(-1));
		check.same(drain(stream), [message]);
	},

	"packets that come in one piece are given in order": (check) => {
		const stream = open(PLENTY);
		stream.push(fromHex("20 02 0000 d0 00 40 02 0007"));
		check.same(
			drain(stream).map((packet) => packet.type),
			["connack", "pingresp", "puback"],
		);
	},

	"a packet without a body is given with its second byte": (check) => {
		const stream = open(PLENTY);
		stream.push(fromHex("d0"));
		check.is(stream.next(), undefined);
		stream.push(fromHex("00"));
		check.same(drain(stream), [{ type: "pingresp" }]);
	},

	"a body that comes whole in a piece of its own is given": (check) => {
		const stream = open(PLENTY);
		stream.push(messageBytes.subarray(0, 2));
		check.is(stream.next(), undefined);
		stream.push(messageBytes.subarray(2));
		check.same(drain(stream), [message]);
		stream.push(messageBytes);
		check.same(drain(stream), [message]);
	},

	"a piece may hold the end of one packet and the whole of the next": (check) => {
		const stream = open(PLENTY);
		stream.push(messageBytes.subarray(0, 9));
		check.is(stream.next(), undefined);
		const piece = new Uint8Array(2 * messageBytes.length - 9);
		piece.set(messageBytes.subarray(9));
		piece.set(messageBytes, messageBytes.length - 9);
		stream.push(piece);
		check.same(drain(stream), [message, message]);
	},

	"a piece may be pushed before the one before is used up": (check) => {
		const stream = open(PLENTY);
		stream.push(fromHex("d0 00 d0"));
		check.same(stream.next(), { type: "pingresp" });
		stream.push(fromHex("00 d0 00"));
		check.same(drain(stream), [{ type: "pingresp" }, { type: "pingresp" }]);
	},

	"a payload that came whole is a view of the piece": (check) => {
		const stream = open(PLENTY);
		const piece = messageBytes.slice();
		stream.push(piece);
		const packet = stream.next() as PublishPacket;
		check.is(packet.payload.buffer, piece.buffer);
	},

	"a packet of exactly the maximum size is given": (check) => {
		const stream = open(messageBytes.length);
		stream.push(messageBytes);
		check.same(drain(stream), [message]);
	},

	"a packet one byte over the maximum size is refused before its body comes": (check) => {
		const stream = open(messageBytes.length - 1);
		stream.push(messageBytes.subarray(0, 2));
		checkTooLarge(check, stream);
		check.is(stream.buffered, 0);
	},

	"a packet of the greatest size is refused by its length alone": (check) => {
		const stream = open(PLENTY);
		stream.push(fromHex("30 ffffff7f"));
		checkTooLarge(check, stream);
	},

	"an unfinished packet holds as much memory as it has bytes, and no more once it is given": (check) => {
		const stream = open(PLENTY);
		stream.push(messageBytes.subarray(0, 5));
		check.is(stream.next(), undefined);
		check.is(stream.buffered, messageBytes.length - 2);
		stream.push(messageBytes.subarray(5));
		drain(stream);
		check.is(stream.buffered, 0);
	},

	"the first byte is judged before the second comes": (check) => {
		const stream = open(PLENTY);
		stream.push(ascii("H"));
		check.throws(() => stream.next(), { code: "malformed-packet" });
	},

	"a stream that failed stays failed, with the same error": (check) => {
		const stream = open(PLENTY);
		stream.push(fromHex("00"));
		let first: unknown;
		try {
			stream.next();
		} catch (error) {
			first = error;
		}
		stream.push(fromHex("d0 00"));
		let second: unknown;
		try {
			stream.next();
		} catch (error) {
			second = error;
		}
		check.is((first as { code?: string }).code, "malformed-packet");
		check.is(second, first);
	},

	"packets before a bad one are given": (check) => {
		const stream = open(PLENTY);
		stream.push(fromHex("d0 00 40 02 0000"));
		check.same(stream.next(), { type: "pingresp" });
		check.throws(() => stream.next(), { code: "protocol-error" });
	},
};
