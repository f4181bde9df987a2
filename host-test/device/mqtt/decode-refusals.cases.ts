/**
 * What is not taken: each refusal of the decoder, by its code and the reason code of MQTT 5 that goes with it.
 * @module
 */
import type { ProtocolVersion, Sender } from "../../../src/device/mqtt/packets.js";
import type { Case, Cases } from "../case.js";
import { decodeHex } from "./packet-bytes.js";

function refused(code: string, reasonCode: number, version: ProtocolVersion, hex: string, from?: Sender): Case {
	const expected = { name: "MqttDecodeError", code, reasonCode };
	return (check) => check.throws(() => decodeHex(hex, version, from), expected);
}

function malformed(version: ProtocolVersion, hex: string, from?: Sender): Case {
	return refused("malformed-packet", 0x81, version, hex, from);
}

function violates(version: ProtocolVersion, hex: string, from?: Sender): Case {
	return refused("protocol-error", 0x82, version, hex, from);
}

function unsupported(reasonCode: number, version: ProtocolVersion, hex: string): Case {
	return refused("unsupported", reasonCode, version, hex);
}

const firstByte: Cases = {
	"type 0": malformed(5, "00 00"),
	"type 0 with flags": malformed(5, "0f 00"),
	"flags of CONNACK [MQTT-2.1.3-1]": malformed(4, "21 02 0000"),
	"flags of PUBACK, as in the first byte of an HTTP answer": malformed(4, "48 54 54 50"),
	"SUBSCRIBE without its flags": malformed(4, "80 06 0001 0001 61 00"),
	"UNSUBSCRIBE without its flags": malformed(4, "a0 05 0001 0001 61"),
	"flags of PINGRESP": malformed(4, "d1 00"),
	"flags of DISCONNECT": malformed(5, "e2 00"),
	PUBREC: unsupported(0x82, 4, "50 02 0001"),
	PUBREL: unsupported(0x82, 4, "62 02 0001"),
	PUBCOMP: unsupported(0x82, 4, "70 02 0001"),
	AUTH: unsupported(0x82, 5, "f0 00"),
	"CONNECT of a server": violates(4, "10 0c 0004 4d515454 04 02 0000 0000", "server"),
	"PINGREQ of a server": violates(4, "c0 00", "server"),
	"DISCONNECT of a server on MQTT 3.1.1": violates(4, "e0 00", "server"),
	"CONNACK of a client": violates(4, "20 02 0000", "client"),
	"PINGRESP of a client": violates(4, "d0 00", "client"),
};

const remainingLength: Cases = {
	"a Remaining Length of five bytes": malformed(4, "30 80808080 01"),
	"a Remaining Length that is longer than it need be [MQTT-1.5.5-1]": malformed(5, "c0 8000"),
	"a Remaining Length of four bytes for one": malformed(4, "d0 80808000"),
};

const lengths: Cases = {
	"a byte after PINGRESP": malformed(4, "d0 01 00"),
	"a byte after CONNACK": malformed(4, "20 03 0000 00"),
	"a byte after the PUBACK of MQTT 3.1.1": malformed(4, "40 03 0001 00"),
	"a byte after the properties of a PUBACK": malformed(5, "40 05 0001 00 00 00"),
	"a byte after the UNSUBACK of MQTT 3.1.1": malformed(4, "b0 03 0001 00"),
	"a byte after the DISCONNECT of MQTT 3.1.1": malformed(4, "e0 01 00"),
	"a byte after CONNECT": malformed(4, "10 0d 0004 4d515454 04 02 0000 0000 00"),
	"CONNACK of one byte": malformed(4, "20 01 00"),
	"5 CONNACK without a property length": malformed(5, "20 02 0000"),
	"PUBACK of one byte": malformed(4, "40 01 00"),
	"an empty PUBLISH": malformed(4, "30 00"),
	"PUBLISH whose topic ends early": malformed(4, "30 03 0002 61"),
	"PUBLISH at QoS 1 without a packet id": malformed(4, "32 03 0001 61"),
	"5 PUBLISH without a property length": malformed(5, "30 03 0001 61"),
	"SUBSCRIBE whose options are missing": malformed(4, "82 05 0001 0001 61"),
	"an empty SUBACK": malformed(4, "90 02 0001"),
	"an empty UNSUBACK of MQTT 5": malformed(5, "b0 03 0001 00"),
	"CONNECT without the password its flags tell of": malformed(4, "10 0f 0004 4d515454 04 c2 0000 0000 0001 75"),
};

const strings: Cases = {
	"a surrogate in UTF-8 [MQTT-1.5.4-1]": malformed(4, "30 05 0003 eda080"),
	"U+0000 [MQTT-1.5.4-2]": malformed(4, "30 05 0003 610062"),
	"an overlong form": malformed(4, "30 04 0002 c0af"),
	"a stray continuation byte": malformed(4, "30 03 0001 80"),
	"a sequence cut off": malformed(4, "30 04 0002 e282"),
	"a value above U+10FFFF": malformed(4, "30 06 0004 f4908080"),
};

const connect: Cases = {
	"another protocol name": unsupported(0x84, 4, "10 0e 0006 4d5149736470 04 02 0000 0000"),
	"MQTT 3.1.1 where 5 is spoken": unsupported(0x84, 5, "10 0c 0004 4d515454 04 02 0000 0000"),
	"MQTT 5 where 3.1.1 is spoken": unsupported(0x84, 4, "10 0d 0004 4d515454 05 02 0000 00 0000"),
	"the reserved flag [MQTT-3.1.2-3]": malformed(4, "10 0c 0004 4d515454 04 03 0000 0000"),
	"a will QoS without a will [MQTT-3.1.2-11]": malformed(4, "10 0c 0004 4d515454 04 0a 0000 0000"),
	"a will retain without a will [MQTT-3.1.2-13]": malformed(4, "10 0c 0004 4d515454 04 22 0000 0000"),
	"a will of QoS 2": unsupported(0x9b, 4, "10 11 0004 4d515454 04 16 0000 0000 0001 77 0000"),
	"a will of QoS 3 [MQTT-3.1.2-12]": malformed(4, "10 11 0004 4d515454 04 1e 0000 0000 0001 77 0000"),
	"a will topic with a wildcard": malformed(4, "10 11 0004 4d515454 04 06 0000 0000 0001 23 0000"),
	"a password without a user name on MQTT 3.1.1": malformed(4, "10 0f 0004 4d515454 04 42 0000 0000 0001 70"),
	"an empty client id without a clean session on MQTT 3.1.1 [MQTT-3.1.3-8]": refused(
		"protocol-error",
		0x85,
		4,
		"10 0c 0004 4d515454 04 00 0000 0000",
	),
	"an authentication method": unsupported(0x8c, 5, "10 11 0004 4d515454 05 02 0000 04 15 0001 61 0000"),
	"authentication data": unsupported(0x8c, 5, "10 11 0004 4d515454 05 02 0000 04 16 0001 61 0000"),
};

const connack: Cases = {
	"a reserved flag of CONNACK [MQTT-3.2.2-1]": malformed(4, "20 02 0200"),
	"a session present with a refusal [MQTT-3.2.2-6]": violates(5, "20 03 01 87 00"),
	"a session present with return code 1 on MQTT 3.1.1 [MQTT-3.2.2-4]": violates(4, "20 02 0101"),
	"return code 6 on MQTT 3.1.1": violates(4, "20 02 0006"),
	"a reason code of MQTT 5 on MQTT 3.1.1": violates(4, "20 02 0087"),
	"a return code of MQTT 3.1.1 on MQTT 5": violates(5, "20 03 00 05 00"),
};

const messages: Cases = {
	"PUBLISH at QoS 2": unsupported(0x9b, 4, "34 05 0001 61 0001"),
	"PUBLISH at QoS 3 [MQTT-3.3.1-4]": malformed(4, "36 05 0001 61 0001"),
	"dup at QoS 0 [MQTT-3.3.1-2]": malformed(4, "38 03 0001 61"),
	"PUBLISH with packet id 0": violates(4, "32 05 0001 61 0000"),
	"an empty topic on MQTT 3.1.1": malformed(4, "30 02 0000"),
	"an empty topic without an alias": violates(5, "30 03 0000 00"),
	"a topic with a wildcard [MQTT-3.3.2-2]": malformed(4, "30 03 0001 2b"),
	"a topic with a wildcard beside an alias": malformed(5, "30 07 0001 23 03 23 0001"),
	"a topic alias of 0": refused("protocol-error", 0x94, 5, "30 07 0001 61 03 23 0000"),
	"PUBACK with packet id 0": violates(4, "40 02 0000"),
	"PUBACK with a reason code of another packet": violates(5, "40 03 0001 11"),
};

const subscriptions: Cases = {
	"SUBSCRIBE of figures 3.21 and 3.23, which asks for QoS 2": unsupported(
		0x9b,
		4,
		"82 0e 000a 0003 612f62 01 0003 632f64 02",
	),
	"SUBACK of figures 3.26 and 3.27, which grants QoS 2": violates(4, "90 05 000a 000280"),
	"SUBSCRIBE without a filter [MQTT-3.8.3-2]": violates(4, "82 02 0001"),
	"UNSUBSCRIBE without a filter [MQTT-3.10.3-2]": violates(4, "a2 02 0001"),
	"SUBSCRIBE with packet id 0": violates(4, "82 06 0000 0001 61 00"),
	"an empty filter [MQTT-4.7.3-1]": malformed(4, "82 05 0001 0000 00"),
	"# before the last level [MQTT-4.7.1-1]": malformed(4, "82 08 0001 0003 232f61 00"),
	"+ within a level [MQTT-4.7.1-2]": malformed(4, "a2 06 0001 0002 612b"),
	"subscription options of MQTT 5 on MQTT 3.1.1": malformed(4, "82 06 0001 0001 61 04"),
	"reserved subscription options [MQTT-3.8.3-5]": malformed(5, "82 07 0001 00 0001 61 40"),
	"retain handling 3": violates(5, "82 07 0001 00 0001 61 30"),
	"a subscription for QoS 3": malformed(5, "82 07 0001 00 0001 61 03"),
	"no local on a shared subscription [MQTT-3.8.3-4]": violates(5, "82 10 0001 00 000a 2473686172652f672f61 04"),
	"a shared subscription without a name [MQTT-4.8.2-1]": malformed(5, "82 0f 0001 00 0009 2473686172652f2f61 00"),
	"SUBACK with a reason code of another packet": violates(5, "90 04 0001 00 11"),
	"UNSUBACK with a granted QoS": violates(5, "b0 04 0001 00 01"),
};

const disconnect: Cases = {
	"DISCONNECT with a reason code of CONNACK": violates(5, "e0 01 85"),
	"a session expiry in the DISCONNECT of a server [MQTT-3.14.2-2]": violates(5, "e0 07 00 05 11 00000000", "server"),
};

const properties: Cases = {
	"a property that nobody knows": malformed(5, "30 06 0001 61 02 7f 00"),
	"a property of another packet": malformed(5, "30 09 0001 61 05 11 00000000"),
	"a property of the will in a CONNECT itself": malformed(5, "10 12 0004 4d515454 05 02 0000 05 18 00000000 0000"),
	"a property twice": violates(5, "30 08 0001 61 04 01 00 01 00"),
	"a flag of 2": violates(5, "30 06 0001 61 02 01 02"),
	"a maximum QoS of 2": violates(5, "20 05 0000 02 24 02"),
	"a receive maximum of 0": violates(5, "20 06 0000 03 21 0000"),
	"a maximum packet size of 0": violates(5, "20 08 0000 05 27 00000000"),
	"a response topic with a wildcard [MQTT-3.3.2-14]": violates(5, "30 08 0001 61 04 08 0001 2b"),
	"a subscription identifier": unsupported(0xa1, 5, "82 09 0001 02 0b 01 0001 61 00"),
	"properties longer than the packet": malformed(5, "30 06 0001 61 05 01 00"),
	"a property longer than the properties": malformed(5, "30 09 0001 61 04 03 0003 6161"),
	"a property that runs into the payload": malformed(5, "30 0a 0001 61 04 03 0002 616161"),
	"a property length of five bytes": malformed(5, "30 08 0001 61 8080808001"),
	"a property length that is longer than it need be [MQTT-1.5.5-1]": malformed(5, "30 05 0001 61 8000"),
	"U+0000 in a user property": malformed(5, "30 0b 0001 61 07 26 0001 6b 0001 00"),
};

export const cases: Cases = {
	...firstByte,
	...remainingLength,
	...lengths,
	...strings,
	...connect,
	...connack,
	...messages,
	...subscriptions,
	...disconnect,
	...properties,
};
