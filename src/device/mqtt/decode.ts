/**
 * Any packet out of its bytes, for whoever plays the server's side too: a device needs `decode-server.ts` alone.
 * @module
 */
import {
	CONNECT,
	checkFirstByte,
	FROM_CLIENT,
	fromServer,
	packetType,
	SUBSCRIBE,
	UNSUBSCRIBE,
	WILL,
} from "./control-packets.js";
import { checkEnd, checkedQoS, checkTopic, decodeServerPacket, readPacketId, readServerBody } from "./decode-server.js";
import type {
	ClientPacket,
	ConnectPacket,
	Packet,
	ProtocolVersion,
	Sender,
	ServerPacket,
	SubscribePacket,
	Subscription,
	UnsubscribePacket,
	Will,
} from "./packets.js";
import { readProperties } from "./properties.js";
import { BAD_FILTER, isShared, isTopicFilter } from "./topics.js";
import { Reader } from "./wire.js";

/** The types that `from` sends, or either side: a set of `control-packets.ts`. */
export function acceptedFrom(from: Sender | undefined, version: ProtocolVersion): number {
	if (from === "client") return FROM_CLIENT;
	if (from === "server") return fromServer(version);
	return FROM_CLIENT | fromServer(version);
}

/**
 * The packet with first byte `header` and the bytes after its Remaining Length.
 *
 * Payload, password and other binary fields are views of `body`: whoever keeps them keeps `body`.
 * @param from who sent it; packets of either side are taken when omitted.
 * @throws {MqttDecodeError}
 */
export function decodePacket(header: number, body: Uint8Array, version: ProtocolVersion, from?: Sender): Packet {
	checkFirstByte(header, acceptedFrom(from, version));
	if (from === "server") return decodeServerPacket(header, body, version);
	const type = packetType(header);
	const reader = new Reader(body, type);
	const packet = readClientBody(reader, type as ClientPacket["type"], version);
	if (packet === undefined) return readServerBody(reader, type as ServerPacket["type"], header, version);
	checkEnd(reader);
	return packet;
}

/** What only a client sends; `undefined` for the rest. */
function readClientBody(
	reader: Reader,
	type: ClientPacket["type"],
	version: ProtocolVersion,
): ClientPacket | undefined {
	switch (type) {
		case "connect":
			return readConnect(reader, version);
		case "subscribe":
			return readSubscribe(reader, version);
		case "unsubscribe":
			return readUnsubscribe(reader, version);
		case "pingreq":
			return { type };
		default:
			return undefined;
	}
}

/** Section 3.1. */
function readConnect(reader: Reader, version: ProtocolVersion): ConnectPacket {
	if (reader.string("protocol name") !== "MQTT") throw reader.unsupported("protocol name: expected MQTT", 0x84);
	const level = reader.uint(1, "protocol version");
	if (level !== version) throw reader.unsupported(`protocol version: expected ${version}, got ${level}`, 0x84);
	const flags = reader.uint(1, "flags");
	checkConnectFlags(reader, flags, version);
	const keepAlive = reader.uint(2, "keep alive");
	const properties = readProperties(reader, CONNECT, version);
	const clientId = reader.string("client id");
	if (version === 4 && clientId === "" && !(flags & 0x02)) {
		throw reader.violation("client id empty without a clean session [MQTT-3.1.3-8]", 0x85);
	}
	return {
		type: "connect",
		cleanStart: (flags & 0x02) !== 0,
		keepAlive,
		clientId,
		will: flags & 0x04 ? readWill(reader, flags, version) : undefined,
		username: flags & 0x80 ? reader.string("user name") : undefined,
		password: flags & 0x40 ? reader.binary("password") : undefined,
		properties,
	};
}

/** The paragraphs of the last one are those of MQTT 3.1.1. */
function checkConnectFlags(reader: Reader, flags: number, version: ProtocolVersion): void {
	if (flags & 0x01) throw reader.malformed("reserved flag [MQTT-3.1.2-3]");
	if (!(flags & 0x04) && flags & 0x38) throw reader.malformed("will flags without a will [MQTT-3.1.2-11]");
	if (version === 4 && (flags & 0xc0) === 0x40) {
		throw reader.malformed("password without a user name [MQTT-3.1.2-22]");
	}
}

function readWill(reader: Reader, flags: number, version: ProtocolVersion): Will {
	const qos = checkedQoS(reader, (flags >> 3) & 0x03);
	const properties = readProperties(reader, WILL, version);
	const topic = reader.string("will topic");
	checkTopic(reader, topic);
	return { topic, payload: reader.binary("will payload"), qos, retain: (flags & 0x20) !== 0, properties };
}

/** Section 3.8. */
function readSubscribe(reader: Reader, version: ProtocolVersion): SubscribePacket {
	const packetId = readPacketId(reader);
	const properties = readProperties(reader, SUBSCRIBE, version);
	const subscriptions: Subscription[] = [];
	checkSome(reader);
	while (reader.left > 0) subscriptions.push(readSubscription(reader, version));
	return { type: "subscribe", packetId, subscriptions, properties };
}

/** Section 3.8.3.1; on MQTT 3.1.1 the upper six bits are reserved. */
function readSubscription(reader: Reader, version: ProtocolVersion): Subscription {
	const filter = readFilter(reader);
	const options = reader.uint(1, "subscription options");
	const reserved = version === 5 ? 0xc0 : 0xfc;
	if (options & reserved) throw reader.malformed("reserved subscription options [MQTT-3.8.3-5]");
	const qos = checkedQoS(reader, options & 0x03);
	if (version === 4) return { filter, qos };
	const noLocal = (options & 0x04) !== 0;
	const retainHandling = options >> 4;
	if (retainHandling > 2) throw reader.violation("retain handling 3");
	if (noLocal && isShared(filter)) throw reader.violation("no local on a shared subscription [MQTT-3.8.3-4]");
	return {
		filter,
		qos,
		noLocal,
		retainAsPublished: (options & 0x08) !== 0,
		retainHandling: retainHandling as 0 | 1 | 2,
	};
}

/** Section 3.10. */
function readUnsubscribe(reader: Reader, version: ProtocolVersion): UnsubscribePacket {
	const packetId = readPacketId(reader);
	const properties = readProperties(reader, UNSUBSCRIBE, version);
	const filters: string[] = [];
	checkSome(reader);
	while (reader.left > 0) filters.push(readFilter(reader));
	return { type: "unsubscribe", packetId, filters, properties };
}

/** A SUBSCRIBE or UNSUBSCRIBE without a filter is a Protocol Error [MQTT-3.8.3-2, MQTT-3.10.3-2]. */
function checkSome(reader: Reader): void {
	if (reader.left === 0) throw reader.violation("no topic filter");
}

function readFilter(reader: Reader): string {
	const filter = reader.string("topic filter");
	if (!isTopicFilter(filter)) throw reader.malformed(BAD_FILTER);
	return filter;
}
