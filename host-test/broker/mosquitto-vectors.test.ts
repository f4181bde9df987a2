/**
 * What a strict MQTT server answers, packet by packet, by the lenient rule: same packet type, CONNACK alike, closed or
 * kept alike. What this broker does not have yet ends in a violation that says so, and those vectors are counted apart.
 */
import test from "ava";
import { readVectors } from "../vectors.js";
import { Bench, type Client, settled } from "./harness.js";
import { packetBytes, type VectorGroup, type VectorTest } from "./packet-language.js";

const FILES = [
	"AUTH",
	"CONNACK",
	"CONNECT",
	"DISCONNECT",
	"OTHER",
	"PINGREQ",
	"PINGRESP",
	"PUBACK",
	"PUBCOMP",
	"PUBLISH",
	"PUBREC",
	"PUBREL",
	"SUBACK",
	"SUBSCRIBE",
	"UNSUBACK",
];

/** Violations that say: not here, or not yet. */
const ABSENT =
	/^violated (qos-2|shared-subscriptions|subscription-identifiers)-unsupported|topic-alias-invalid|client-id-missing/;
/** The packets of QoS 2, which a server with QoS 2 may take at any time. */
const QOS_2 = /^(PUBREC|PUBREL|PUBCOMP)$/;
/**
 * MQTT leaves it to the server whether control characters close a connection (section 1.5.4); here they do not: a
 * signature with line breaks is to be explained, not cut off.
 */
const CONTROL_CHARACTER = /with (U\+|0x)00[0-9A-F]{2}/;
/** Mosquitto's own: it keeps topics that start with $, needs a message of QoS 2, or has a shorter CONNACK. */
const MOSQUITTO_ONLY = /maximum packet size|qos2/;

const CONNECT = {
	4: "10 r14 s4 'MQTT' 04 02 k10 s2 'xx'",
	5: "10 r15 s4 'MQTT' 05 02 k10 r0 s2 'xx'",
};

test("the packet language gives the bytes it names", (t) => {
	t.is(packetBytes("10 r321 s5 'to ic' i7 L1").toString("hex"), "10c1020005746f2069630700000001");
	t.is(packetBytes("30 r268435456").toString("hex"), "308080808001");
});

for (const version of [4, 5] as const) {
	for (const file of FILES) {
		const groups = readVectors<readonly VectorGroup[]>(`mqtt/${file}.json`) ?? [];
		const vectors = groups.flatMap((group) => group.tests.map((vector) => ({ ...group, ...vector })));
		const wanted = vectors.filter(
			({ ver, disable, name }) => ver === version && disable !== true && !CONTROL_CHARACTER.test(name),
		);
		if (wanted.length === 0) continue;
		test(`MQTT ${version}: the vectors of ${file}`, async (t) => {
			let absent = 0;
			for (const vector of wanted) {
				const { client, fault } = await run(vector, version);
				const excused = ABSENT.test(client.log.at(-1) ?? "") || QOS_2.test(file) || MOSQUITTO_ONLY.test(vector.name);
				if (fault !== undefined && excused) absent++;
				else t.is(fault, undefined, `${vector.group}: ${vector.name}`);
			}
			t.true(absent < wanted.length || QOS_2.test(file), "every vector of the file is excused");
			t.log(`${wanted.length - absent} of ${wanted.length} vectors; ${absent} need what this broker does not have`);
		});
	}
}

async function run(vector: VectorTest, version: 4 | 5): Promise<{ client: Client; fault: string | undefined }> {
	const wide = { topicBytes: 65_535, topicSlashes: 65_535, clientIdBytes: 65_535 };
	const bench = new Bench({ dialect: "standard", limits: wide });
	const other = await bench.connect("other", 5);
	const client = bench.open(version);
	if (vector.connect !== false) {
		client.sendBytes(packetBytes(CONNECT[version]));
		await settled();
		client.bytes.length = 0;
	}
	const fault = await play(vector, client, other);
	const closes = vector.expect_disconnect !== false;
	const closed = client.transportState !== "open";
	const alike = closed === closes ? undefined : `expected ${closes ? "the end" : "to stay connected"}`;
	return { client, fault: fault ?? alike };
}

/** Sends and compares; the first difference. */
async function play(vector: VectorTest, client: Client, other: Client): Promise<string | undefined> {
	for (const step of vector.msgs) {
		if (step.type === "send") client.sendBytes(packetBytes(step.payload));
		if (step.type === "external_publish") publish(step, other);
		await settled();
		if (step.type !== "recv") continue;
		const expected = packetBytes(step.payload);
		const received = client.bytes.shift();
		if (received === undefined && client.transportState !== "open") return undefined;
		if (received === undefined || !isAlike(received, expected)) {
			return `expected ${step.payload}, got ${received?.toString("hex") ?? "nothing"}`;
		}
	}
	return undefined;
}

function publish({ topic = "", payload, qos = 0 }: VectorTest["msgs"][number], client: Client): void {
	client.send({ cmd: "publish", topic, payload, qos, messageId: 1, dup: false, retain: false });
}

/** Same type; a CONNACK with success where success is expected. */
function isAlike(received: Buffer, expected: Buffer): boolean {
	const [type = 0] = received;
	const [expectedType = 0] = expected;
	if (type >> 4 !== expectedType >> 4) return false;
	return type >> 4 !== 2 || (received[3] === 0) === (expected[3] === 0);
}
