/**
 * What MQTT demands of the bytes of each packet a client sends, beyond what mqtt-packet checks: exact lengths, UTF-8,
 * identifiers that are not zero, flags that go together.
 * @module
 */
import { Cursor } from "./cursor.js";
import { checkProperties } from "./property-rules.js";
import { Violation } from "./violation.js";

/** Protocol level in CONNECT: 4 is MQTT 3.1.1, 5 is MQTT 5. */
export type ProtocolVersion = 4 | 5;

/** Types of control packets, the high half of the first byte (MQTT 5 section 2.1.2). */
export const PACKET_TYPE = {
	connect: 1,
	publish: 3,
	puback: 4,
	subscribe: 8,
	unsubscribe: 10,
	pingreq: 12,
	disconnect: 14,
} as const;

/**
 * Checks a CONNECT up to its flags.
 * @returns the protocol level, which every later packet depends on.
 * @throws {Violation} `unsupported-protocol-version`, `malformed-packet`
 */
export function checkProtocolVersion(frame: Buffer, bodyAt: number): ProtocolVersion {
	const cursor = new Cursor(frame, bodyAt);
	const name = cursor.text("protocol name");
	const version = cursor.byte("protocol level");
	if (name === "MQTT" && (version === 4 || version === 5)) return version;
	if (name === "MQTT" || name === "MQIsdp") {
		throw new Violation("unsupported-protocol-version", `protocol level: expected 4 or 5, got ${version}`);
	}
	throw new Violation("malformed-packet", "protocol name: expected MQTT");
}

/**
 * Checks one whole packet.
 * @param frame the packet; its body starts at index `bodyAt`.
 * @throws {Violation}
 */
export function checkPacket(frame: Buffer, bodyAt: number, version: ProtocolVersion): void {
	const header = frame.readUInt8(0);
	const cursor = new Cursor(frame, bodyAt);
	switch (header >> 4) {
		case PACKET_TYPE.connect:
			checkConnect(cursor);
			break;
		case PACKET_TYPE.publish:
			checkPublish(cursor, header, version);
			break;
		case PACKET_TYPE.puback:
			checkPuback(cursor, version);
			break;
		case PACKET_TYPE.subscribe:
			checkSubscribe(cursor, version);
			break;
		case PACKET_TYPE.unsubscribe:
			checkUnsubscribe(cursor, version);
			break;
		case PACKET_TYPE.pingreq:
			cursor.finish("PINGREQ");
			break;
		case PACKET_TYPE.disconnect:
			checkDisconnect(cursor, version);
			break;
		default:
			throw new Violation("unexpected-packet", `a control packet of type ${header >> 4} from a client`);
	}
}

const FLAG = { reserved: 0x01, will: 0x04, willRetain: 0x20, password: 0x40, username: 0x80 } as const;

function checkConnect(cursor: Cursor): void {
	cursor.text("protocol name");
	const version = cursor.byte("protocol level");
	const flags = cursor.byte("connect flags");
	const willQoS = (flags >> 3) & 3;
	if (flags & FLAG.reserved) throw malformed("connect flags: the reserved bit is set [MQTT-3.1.2-3]");
	if (willQoS === 3) throw malformed("will QoS: expected 0..2, got 3 [MQTT-3.1.2-12]");
	if (!(flags & FLAG.will) && (willQoS > 0 || flags & FLAG.willRetain)) {
		throw malformed("connect flags: will QoS or RETAIN without a will");
	}
	if (version === 4 && flags & FLAG.password && !(flags & FLAG.username)) {
		throw malformed("connect flags: a password without a user name [MQTT-3.1.2-22]");
	}
	cursor.uint16("keep-alive");
	if (version === 5) checkProperties(cursor, "connect");
	cursor.text("client identifier");
	if (flags & FLAG.will) {
		if (version === 5) checkProperties(cursor, "will");
		cursor.text("will topic");
		cursor.binary("will payload");
	}
	if (flags & FLAG.username) cursor.text("user name");
	if (flags & FLAG.password) cursor.binary("password");
	cursor.finish("CONNECT");
}

function checkPublish(cursor: Cursor, header: number, version: ProtocolVersion): void {
	const qos = (header >> 1) & 3;
	if (qos === 3) throw malformed("PUBLISH: expected QoS 0..2, got 3 [MQTT-3.3.1-4]");
	if (qos === 0 && header & 0x08) throw malformed("PUBLISH: DUP at QoS 0 [MQTT-3.3.1-2]");
	cursor.text("topic name");
	if (qos > 0) checkPacketId(cursor);
	if (version === 5) checkProperties(cursor, "publish");
}

function checkPuback(cursor: Cursor, version: ProtocolVersion): void {
	checkPacketId(cursor);
	if (version === 5 && !cursor.atEnd) {
		cursor.byte("reason code");
		if (!cursor.atEnd) checkProperties(cursor, "puback");
	}
	cursor.finish("PUBACK");
}

function checkSubscribe(cursor: Cursor, version: ProtocolVersion): void {
	checkPacketId(cursor);
	if (version === 5) checkProperties(cursor, "subscribe");
	if (cursor.atEnd) throw new Violation("protocol-error", "SUBSCRIBE without a topic filter [MQTT-3.8.3-2]");
	while (!cursor.atEnd) {
		cursor.text("topic filter");
		const options = cursor.byte("subscription options");
		const reserved = version === 5 ? 0xc0 : 0xfc;
		if (options & reserved) throw malformed("subscription options: a reserved bit is set [MQTT-3.8.3-5]");
		if ((options & 3) === 3) throw malformed("subscription options: expected QoS 0..2, got 3");
		if (((options >> 4) & 3) === 3) throw malformed("Retain Handling: expected 0..2, got 3");
	}
}

function checkUnsubscribe(cursor: Cursor, version: ProtocolVersion): void {
	checkPacketId(cursor);
	if (version === 5) checkProperties(cursor, "unsubscribe");
	if (cursor.atEnd) throw new Violation("protocol-error", "UNSUBSCRIBE without a topic filter [MQTT-3.10.3-2]");
	while (!cursor.atEnd) cursor.text("topic filter");
}

function checkDisconnect(cursor: Cursor, version: ProtocolVersion): void {
	if (version === 5 && !cursor.atEnd) {
		cursor.byte("reason code");
		if (!cursor.atEnd) checkProperties(cursor, "disconnect");
	}
	cursor.finish("DISCONNECT");
}

function checkPacketId(cursor: Cursor): void {
	if (cursor.uint16("packet identifier") === 0) {
		throw new Violation("protocol-error", "packet identifier: expected 1..65535, got 0 [MQTT-2.2.1-3]");
	}
}

function malformed(message: string): Violation {
	return new Violation("malformed-packet", message);
}
