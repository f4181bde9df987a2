/** Bytes that MQTT forbids and that mqtt-packet lets pass, or that it reads wrongly; written by hand from the specification. */
import test from "ava";
import { PacketReader } from "../../src/broker/packet-reader.js";
import { Violation } from "../../src/broker/violation.js";

const CONNECT = {
	4: "10 10 00044d515454 04 02 003c 0004 64657631",
	5: "10 11 00044d515454 05 02 003c 00 0004 64657631",
};

function codeOf(...hex: string[]): string {
	const reader = new PacketReader(4096);
	reader.push(Buffer.from(hex.join("").replace(/\s/g, ""), "hex"));
	try {
		let last = "nothing";
		for (let next = reader.next(); next !== undefined; next = reader.next()) last = next.packet.cmd;
		return last;
	} catch (error) {
		if (error instanceof Violation) return error.code;
		throw error;
	}
}

/** Name, version, packet after CONNECT, what becomes of it. */
const AFTER_CONNECT: readonly (readonly [string, 4 | 5, string, string])[] = [
	["PUBLISH at QoS 0", 4, "30 04 0001 61 62", "publish"],
	["PUBLISH with DUP at QoS 0", 4, "38 04 0001 61 62", "malformed-packet"],
	["PUBLISH at QoS 3", 4, "36 06 0001 61 0001 62", "malformed-packet"],
	["PUBLISH at QoS 1 without an identifier", 4, "32 03 0001 61", "malformed-packet"],
	["PUBLISH at QoS 1 with identifier 0", 4, "32 06 0001 61 0000 62", "protocol-error"],
	["PUBLISH with a topic longer than the packet", 4, "30 04 0009 61 62", "malformed-packet"],
	["PUBLISH with a lone continuation byte in its topic", 4, "30 04 0001 80 62", "malformed-packet"],
	["PUBLISH with a surrogate in its topic", 4, "30 06 0003 eda080 62", "malformed-packet"],
	["PUBLISH with U+0000 in its topic", 4, "30 05 0002 6100 62", "malformed-packet"],
	["PUBLISH without properties", 5, "30 03 0001 61", "malformed-packet"],
	["PUBLISH with empty properties", 5, "30 05 0001 61 00 62", "publish"],
	["PUBLISH with properties longer than the packet", 5, "30 05 0001 61 09 62", "malformed-packet"],
	["PUBLISH with a property of CONNECT", 5, "30 09 0001 61 05 11 00000001", "protocol-error"],
	["PUBLISH with an unknown property", 5, "30 06 0001 61 02 7f 00", "protocol-error"],
	["PUBLISH with a Subscription Identifier", 5, "30 06 0001 61 02 0b 01", "protocol-error"],
	["PUBLISH with a property twice", 5, "30 08 0001 61 04 01 00 01 00", "protocol-error"],
	["PUBLISH with Payload Format Indicator 2", 5, "30 06 0001 61 02 01 02", "malformed-packet"],
	["PUBLISH with a wildcard in Response Topic", 5, "30 08 0001 61 04 08 0001 23", "protocol-error"],
	["PUBLISH with two user properties of one name", 5, "30 10 0001 61 0c 26 0001 61 0000 26 0001 61 0000", "publish"],
	["PUBLISH with a property length in a longer form", 5, "30 05 0001 61 8000", "malformed-packet"],
	["PUBACK", 4, "40 02 0001", "puback"],
	["PUBACK of one byte", 4, "40 01 00", "malformed-packet"],
	["PUBACK with identifier 0", 4, "40 02 0000", "protocol-error"],
	["PUBACK with bytes left over", 4, "40 03 0001 00", "malformed-packet"],
	["PUBACK with flags", 4, "41 02 0001", "malformed-packet"],
	["PUBACK with a reason code", 5, "40 03 0001 00", "puback"],
	["PUBACK with a reason code that is none", 5, "40 03 0001 7f", "malformed-packet"],
	["SUBSCRIBE", 4, "82 06 0001 0001 61 00", "subscribe"],
	["SUBSCRIBE without a filter", 4, "82 02 0001", "protocol-error"],
	["SUBSCRIBE with identifier 0", 4, "82 06 0000 0001 61 00", "protocol-error"],
	["SUBSCRIBE with reserved flags 0", 4, "80 06 0001 0001 61 00", "malformed-packet"],
	["SUBSCRIBE at QoS 3", 4, "82 06 0001 0001 61 03", "malformed-packet"],
	["SUBSCRIBE with an option of MQTT 5", 4, "82 06 0001 0001 61 04", "malformed-packet"],
	["SUBSCRIBE with No Local", 5, "82 07 0001 00 0001 61 04", "subscribe"],
	["SUBSCRIBE with Retain Handling 3", 5, "82 07 0001 00 0001 61 30", "malformed-packet"],
	["SUBSCRIBE with Subscription Identifier 0", 5, "82 09 0001 02 0b00 0001 61 00", "protocol-error"],
	["SUBSCRIBE without options", 4, "82 05 0001 0001 61", "malformed-packet"],
	["UNSUBSCRIBE", 4, "a2 05 0001 0001 61", "unsubscribe"],
	["UNSUBSCRIBE without a filter", 4, "a2 02 0001", "protocol-error"],
	["PINGREQ", 4, "c0 00", "pingreq"],
	["PINGREQ with a body", 4, "c0 01 00", "malformed-packet"],
	["DISCONNECT", 4, "e0 00", "disconnect"],
	["DISCONNECT with a body", 4, "e0 01 00", "malformed-packet"],
	["DISCONNECT without a reason code", 5, "e0 00", "disconnect"],
	["DISCONNECT with a reason code that is none", 5, "e0 01 7f", "malformed-packet"],
	["DISCONNECT with a Server Reference", 5, "e0 06 00 04 1c 0001 61", "protocol-error"],
	["CONNACK", 4, "20 02 0000", "unexpected-packet"],
	["SUBACK", 4, "90 03 0001 00", "unexpected-packet"],
	["PINGRESP", 4, "d0 00", "unexpected-packet"],
	["PUBREL", 4, "62 02 0001", "unexpected-packet"],
	["AUTH", 5, "f0 00", "unexpected-packet"],
	["a packet of type 0", 4, "00 00", "unexpected-packet"],
];

for (const [name, version, hex, expected] of AFTER_CONNECT) {
	test(`MQTT ${version}: ${name}: ${expected}`, (t) => {
		t.is(codeOf(CONNECT[version], hex), expected);
	});
}

const FIRST: readonly (readonly [string, string, string])[] = [
	["CONNECT of MQTT 3.1.1", CONNECT[4], "connect"],
	["CONNECT of MQTT 5", CONNECT[5], "connect"],
	["CONNECT of MQTT 3.1", "10 12 0006 4d5149736470 03 02 003c 0004 64657631", "unsupported-protocol-version"],
	["CONNECT of level 6", "10 10 00044d515454 06 02 003c 0004 64657631", "unsupported-protocol-version"],
	["CONNECT of a bridge", "10 10 00044d515454 84 02 003c 0004 64657631", "unsupported-protocol-version"],
	["CONNECT of another protocol", "10 10 00044d515458 04 02 003c 0004 64657631", "malformed-packet"],
	["CONNECT with the reserved flag", "10 10 00044d515454 04 03 003c 0004 64657631", "malformed-packet"],
	["CONNECT with will QoS and no will", "10 10 00044d515454 04 0a 003c 0004 64657631", "malformed-packet"],
	["CONNECT with will RETAIN and no will", "10 10 00044d515454 04 22 003c 0004 64657631", "malformed-packet"],
	["CONNECT with will QoS 3", "10 16 00044d515454 04 1e 003c 0004 64657631 0001 61 0001 62", "malformed-packet"],
	["CONNECT with a password alone, 3.1.1", "10 13 00044d515454 04 42 003c 0004 64657631 0001 61", "malformed-packet"],
	["CONNECT with a password alone, 5", "10 14 00044d515454 05 42 003c 00 0004 64657631 0001 61", "connect"],
	["CONNECT with bytes left over", "10 11 00044d515454 04 02 003c 0004 64657631 00", "malformed-packet"],
	["CONNECT that ends in its client id", "10 0e 00044d515454 04 02 003c 0004 6465", "malformed-packet"],
	["CONNECT without properties", "10 0a 00044d515454 05 02 003c", "malformed-packet"],
	["CONNECT with Receive Maximum 0", "10 14 00044d515454 05 02 003c 03 21 0000 0004 64657631", "protocol-error"],
	[
		"CONNECT with Maximum Packet Size 0",
		"10 16 00044d515454 05 02 003c 05 27 00000000 0004 64657631",
		"protocol-error",
	],
	["CONNECT with data and no method", "10 15 00044d515454 05 02 003c 04 16 0001 61 0004 64657631", "protocol-error"],
	["CONNECT with header flags", "11 10 00044d515454 04 02 003c 0004 64657631", "malformed-packet"],
];

for (const [name, hex, expected] of FIRST) {
	test(`${name}: ${expected}`, (t) => {
		t.is(codeOf(hex), expected);
	});
}
