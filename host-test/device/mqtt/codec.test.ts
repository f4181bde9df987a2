/**
 * The codec against an independent one, real clients' packets, and whatever bytes there are.
 * @module
 */
import test from "ava";
import fc from "fast-check";
import { encodePacket } from "../../../src/device/mqtt/encode.js";
import { MqttDecodeError } from "../../../src/device/mqtt/errors.js";
import { PacketStream } from "../../../src/device/mqtt/packet-stream.js";
import type { ConnectPacket, Packet, ProtocolVersion } from "../../../src/device/mqtt/packets.js";
import { readVectors } from "../../vectors.js";
import { fromHex } from "../case.js";
import { anyPacket, bytes, pieces } from "./arbitraries.js";
import { comparable, oracleDecode, oracleEncode } from "./oracle.js";
import { PLENTY } from "./packet-bytes.js";

const VERSIONS = [4, 5] as const satisfies readonly ProtocolVersion[];
const NAMES = { 4: "3.1.1", 5: "5" } as const;

/** Every packet of `data`, pushed in one piece. */
function decodeAll(data: Uint8Array, version: ProtocolVersion, maximumPacketSize = PLENTY): Packet[] {
	const stream = new PacketStream({ version, maximumPacketSize });
	stream.push(data);
	return drain(stream);
}

function drain(stream: PacketStream): Packet[] {
	const packets: Packet[] = [];
	for (let packet = stream.next(); packet !== undefined; packet = stream.next()) packets.push(packet);
	return packets;
}

for (const version of VERSIONS) {
	const name = NAMES[version];

	test(`${name}: mqtt-packet reads what we write`, (t) => {
		fc.assert(
			fc.property(anyPacket(version), (packet) => {
				t.deepEqual(comparable(oracleDecode(encodePacket(packet, version), version)), comparable(packet));
			}),
			{ numRuns: 1000 },
		);
	});

	test(`${name}: we read what mqtt-packet writes`, (t) => {
		fc.assert(
			fc.property(anyPacket(version), (packet) => {
				const [decoded, ...others] = decodeAll(oracleEncode(packet, version), version);
				t.deepEqual(others, []);
				t.deepEqual(comparable(decoded!), comparable(packet));
			}),
			{ numRuns: 1000 },
		);
	});

	test(`${name}: no packet of ours is longer than mqtt-packet's`, (t) => {
		fc.assert(
			fc.property(anyPacket(version), (packet) => {
				t.true(encodePacket(packet, version).length <= oracleEncode(packet, version).length);
			}),
		);
	});

	test(`${name}: packets come back the same from any pieces, within the memory of one packet`, (t) => {
		const streams = fc
			.array(anyPacket(version), { maxLength: 5 })
			.map((packets) => ({ packets, data: packets.map((packet) => encodePacket(packet, version)) }))
			.chain(({ packets, data }) =>
				pieces(new Uint8Array(Buffer.concat(data))).map((parts) => ({
					packets,
					parts,
					largest: Math.max(2, ...data.map(({ length }) => length)),
				})),
			);
		fc.assert(
			fc.property(streams, ({ packets, parts, largest }) => {
				const stream = new PacketStream({ version, maximumPacketSize: largest });
				const decoded = parts.flatMap((part) => {
					stream.push(part);
					const complete = drain(stream);
					t.true(stream.buffered <= largest);
					return complete;
				});
				t.deepEqual(decoded.map(trimmed), packets.map(trimmed));
			}),
		);
	});

	test(`${name}: damaged packets are read or refused, and what was read can be sent and read again`, (t) => {
		fc.assert(
			fc.property(anyPacket(version), damage, (packet, spoil) => {
				checkReadOrRefused(t, spoil(encodePacket(packet, version)), version);
			}),
			{ numRuns: 3000 },
		);
	});

	test(`${name}: any bytes are read or refused, within the memory of one packet`, (t) => {
		fc.assert(
			fc.property(anyParts(version), (parts) => {
				const stream = new PacketStream({ version, maximumPacketSize: 64 });
				for (const part of parts) {
					stream.push(part);
					if (refusalOf(() => drain(stream)) !== undefined) t.is(stream.buffered, 0);
					t.true(stream.buffered <= 64);
				}
			}),
			{ numRuns: 3000 },
		);
	});

	test(`${name}: a packet cut short is never given`, (t) => {
		fc.assert(
			fc.property(
				anyPacket(version),
				fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
				(packet, share) => {
					const data = encodePacket(packet, version);
					t.deepEqual(decodeAll(data.subarray(0, Math.floor(share * data.length)), version), []);
				},
			),
		);
	});
}

test("a packet of more than 268435455 bytes has no bytes", (t) => {
	const payload = new Uint8Array(268_435_455);
	const packet: Packet = { type: "publish", topic: "t", payload, qos: 0, retain: false, dup: false };
	t.throws(() => encodePacket(packet, 4), { name: "MqttEncodeError", code: "packet-too-large" });
});

interface ConnectVector {
	readonly id: string;
	readonly connect?: {
		readonly protocolVersion: ProtocolVersion;
		readonly clientId: string;
		readonly cleanStart: boolean;
		readonly keepAlive: number;
		readonly username: string | null;
		readonly password: string | null;
	};
	readonly packetHex?: string;
}

const clients = readVectors<{ vectors: readonly ConnectVector[] }>("aws/mqtt-connect.json");
for (const { id, connect, packetHex } of clients?.vectors ?? []) {
	if (connect === undefined || packetHex === undefined) continue;
	test(`the CONNECT of a real client is read, and written byte for byte: ${id}`, (t) => {
		const { protocolVersion, username, password, ...fields } = connect;
		const [packet] = decodeAll(fromHex(packetHex), protocolVersion) as [ConnectPacket];
		t.like(packet, { type: "connect", ...fields });
		t.is(packet.username ?? null, username);
		t.is(packet.password === undefined ? null : Buffer.from(packet.password).toString(), password);
		t.is(Buffer.from(encodePacket(packet, protocolVersion)).toString("hex"), packetHex);
	});
}

/** Changes, takes away or puts in some bytes. */
const damage: fc.Arbitrary<(data: Uint8Array) => Uint8Array> = fc
	.array(
		fc.record({
			at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
			removed: fc.constantFrom(0, 1, 1, 1, 2),
			put: fc.uint8Array({ maxLength: 2 }),
		}),
		{ minLength: 1, maxLength: 3 },
	)
	.map((edits) => (data) => {
		const list = [...data];
		for (const { at, removed, put } of edits) list.splice(Math.floor(at * list.length), removed, ...put);
		return Uint8Array.from(list);
	});

/** Packets, damaged packets and noise. */
function anyParts(version: ProtocolVersion): fc.Arbitrary<Uint8Array[]> {
	const whole = anyPacket(version).map((packet) => encodePacket(packet, version));
	const damaged = fc.tuple(whole, damage).map(([data, spoil]) => spoil(data));
	return fc.array(fc.oneof({ weight: 4, arbitrary: whole }, damaged, bytes), { maxLength: 5 });
}

function checkReadOrRefused(
	t: { deepEqual(actual: unknown, expected: unknown): unknown },
	data: Uint8Array,
	version: ProtocolVersion,
): void {
	let packets: Packet[] = [];
	refusalOf(() => {
		packets = decodeAll(data, version);
	});
	for (const packet of packets) t.deepEqual(decodeAll(encodePacket(packet, version), version), [packet]);
}

/** The error that `run` throws, which must be ours and be complete. */
function refusalOf(run: () => unknown): MqttDecodeError | undefined {
	try {
		run();
		return undefined;
	} catch (error) {
		if (error instanceof MqttDecodeError && error.reasonCode >= 0x80 && error.message !== "") return error;
		throw error;
	}
}

/** Without members that are there and `undefined`. */
function trimmed(packet: Packet): unknown {
	return Object.fromEntries(
		Object.entries(packet)
			.filter(([, value]) => value !== undefined)
			.map(([key, value]) => [key, key === "will" ? trimmed(value as Packet) : value]),
	);
}
